"""The auditor's report: one page that needs no network, no script and no trust in the site.

The figures come from `sandbox.ledger`; here they become words, tables and drawings. All text of a
ledger is hostile until proven otherwise: it is cut, cleaned (`wording`) and escaped (templates).
"""
