"""The researcher's signature under an agreement that the site has signed."""

from pathlib import Path

from sandbox.client import researcher_key
from sandbox.ledger.signing import agreement_message, check
from sandbox.wire import AgreementCard, Signature


def signature(agreement: AgreementCard, key: Path | None) -> Signature:
    """Check that the site signed the digest, and sign the same.

    Raises:
        NotVerified: code `signature.invalid`.
        BadInput: code `key.unreadable`.
    """
    message = agreement_message(agreement.digest)
    check(agreement.site_key, agreement.site_signature, message)
    return Signature(researcher_key.sign(key or researcher_key.default_path(), message))
