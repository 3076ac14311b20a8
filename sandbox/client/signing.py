"""The researcher's signature under an agreement: what is signed is what was shown."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sandbox.client import signing_key
from sandbox.errors import BadInput, NotVerified
from sandbox.ledger.canonical import parse
from sandbox.ledger.signing import (
    AGREEMENT_TERMS,
    agreement_digest,
    agreement_message,
    check,
    words_digest,
)
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
    terms, words = _parts(agreement.document)
    granted = {
        "agreement": agreement.id,
        "amends": agreement.amends,
        "datasets": list(agreement.datasets),
        "site_key": agreement.site_key,
        "starts": agreement.starts,
        "ends": agreement.ends,
        "lanes": list(agreement.lanes),
        "accounting": agreement.accounting,
        "cap": agreement.budget,
    }
    written = {
        "version": agreement.version,
        "researcher": agreement.researcher,
        "text": agreement.text,
        "text_zh": agreement.text_zh,
    }
    if not (granted.items() <= terms.items() and written.items() <= words.items()):
        raise NotVerified(
            "The document to be signed is not the text that is shown", code="agreement.digest"
        )
    if agreement_digest(terms, words_digest(words)) != agreement.digest:
        raise NotVerified("The digest is of another document", code="agreement.digest")


def _parts(document: str) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """Read the terms and the words of a document; empty ones if it has others."""
    try:
        parsed = parse(document.encode())
    except BadInput:
        return {}, {}
    if not isinstance(parsed, dict) or parsed.keys() != {"terms", "words"}:
        return {}, {}
    terms, words = parsed["terms"], parsed["words"]
    if not isinstance(terms, dict) or not isinstance(words, dict):
        return {}, {}
    return (terms, words) if terms.keys() == set(AGREEMENT_TERMS) else ({}, {})
