"""The researcher's signature under an agreement: what is signed is what was shown."""

import json
from pathlib import Path

from sandbox.client import signing_key
from sandbox.errors import NotVerified
from sandbox.ledger.canonical import sha256
from sandbox.ledger.signing import agreement_message, check
from sandbox.wire import AgreementCard, Signature


def signature(agreement: AgreementCard, key: Path | None) -> Signature:
    """Check that the digest is of the text shown and that the site signed it, and sign the same.

    Raises:
        NotVerified: code `agreement.digest` or `signature.invalid`; nothing was signed.
        BadInput: code `key.unreadable`.
    """
    _check_document(agreement)
    message = agreement_message(agreement.digest)
    check(agreement.site_key, agreement.site_signature, message)
    return Signature(signing_key.sign(key or signing_key.default_path("researcher"), message))


def _check_document(agreement: AgreementCard) -> None:
    """A site could show one text and have another signed.

    Raises:
        NotVerified: code `agreement.digest`.
    """
    try:
        document = json.loads(agreement.document)
    except ValueError:
        document = None
    shown = {
        "id": agreement.id,
        "version": agreement.version,
        "amends": agreement.amends,
        "researcher": agreement.researcher,
        "site_key": agreement.site_key,
        "text": agreement.text,
        "text_zh": agreement.text_zh,
    }
    if not isinstance(document, dict) or not shown.items() <= document.items():
        raise NotVerified(
            "The document to be signed is not the text that is shown", code="agreement.digest"
        )
    if sha256(agreement.document.encode()) != agreement.digest:
        raise NotVerified("The digest is of another document", code="agreement.digest")
