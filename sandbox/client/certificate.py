"""Proof, checked on this machine, that an agreement's end was carried out (处置证明)."""

from dataclasses import asdict, dataclass
from pathlib import Path

from sandbox import wire


@dataclass(frozen=True, slots=True)
class Certificate:
    """A disposal certificate, with the key that it is verified by."""

    message: wire.DisposalCertificate
    ledger_key: str
    """C2SP verifier key; as trustworthy as the way by which it came."""

    @property
    def text(self) -> str:
        """What it says, in English; `text_zh` of the message says it in Chinese."""
        return self.message.text

    def verify(self, key: str | None = None) -> None:
        """Check entries, proofs and signature offline, by `key` or the key of the connection.

        Raises:
            NotVerified: one of them does not hold; the code says which.
            BadInput: the key or the certificate is malformed.
        """
        from sandbox.ledger.certificate import (  # noqa: PLC0415  (loads cryptography)
            verify_certificate,
        )

        verify_certificate(asdict(self.message), key or self.ledger_key)

    def save(self, file: Path) -> None:
        """Write it as JSON, for `datarange audit certificate`."""
        from sandbox.ledger.canonical import canonical  # noqa: PLC0415  (loads cryptography)

        file.write_bytes(canonical(asdict(self.message)))
