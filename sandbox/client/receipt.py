"""Proof, checked on this machine, that an answer stands in the ledger."""

import json
from dataclasses import dataclass, field

from sandbox import wire


@dataclass(frozen=True, slots=True)
class Receipt:
    """An inclusion proof, with the bytes of the answer that it proves."""

    message: wire.Receipt
    released: bytes = field(repr=False)
    """The site's reply: canonical JSON of a `wire.Released`."""
    ledger_key: str
    """C2SP verifier key; as trustworthy as the way by which it came."""

    def verify(self, key: str | None = None) -> None:
        """Check entry, proof and signature offline, by `key` or the key of the connection.

        Raises:
            NotVerified: one of them does not hold; the code says which.
            BadInput: the key or the receipt is malformed.
        """
        from sandbox.ledger.receipt import verify_receipt  # noqa: PLC0415  (loads cryptography)

        released = json.loads(self.released)
        verify_receipt(released["answer"], released["receipt"], key or self.ledger_key)
