"""The key with which a site signs agreements for the owners."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SiteKey:
    """The key in force, as the ledger knows it."""

    public: str
    """Ed25519, base64 of 32 bytes."""
    changes: int = 0
    """How often the key has changed."""
