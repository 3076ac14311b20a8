"""The ledger that needs no trust: Merkle log, signed heads, and a verifier that reads no database.

Nothing here imports the rest of the product except `sandbox.errors`: an auditor can lift this
folder out and run it alone.
"""
