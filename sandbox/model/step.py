"""The boundaries between the steps of an answer, by name: where a site may be cut off."""

from enum import StrEnum


class Step(StrEnum):
    """What has just been done. Those marked * still wait for their transaction's commit."""

    SUBMITTED = "submitted"
    JUDGED = "judged"
    """*"""
    CHARGED = "charged"
    """* The accounts are moved; the ledger does not say so yet."""
    DEBITED = "debited"
    """* The ledger says so."""
    RESERVED = "reserved"
    PLACED = "placed"
    """There is a place to compute in."""
    BEGUN = "begun"
    """The books say that rows may have been read: from here on nothing is given back."""
    EXECUTED = "executed"
    MEASURED = "measured"
    """Noise was drawn; nobody has seen it."""
    LOGGED = "logged"
    """* The ledger has the release; the answer is not stored yet."""
    STORED = "stored"
    """*"""
    RECORDED = "recorded"
    CANCELLED = "cancelled"
    """A debit was given back."""
    FAILED = "failed"
    """A paid failure is on record."""
