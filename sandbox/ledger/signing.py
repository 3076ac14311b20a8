"""What parties sign in the ledger, and how their signatures are checked.

Each kind of thing has a label of its own, so that a signature under one serves for no other.
"""

from collections.abc import Mapping
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from sandbox.errors import BadInput, NotVerified
from sandbox.ledger.canonical import canonical, from_base64, sha256

_AGREEMENT = "datarange/v1 agreement\n"
_POLICY = b"datarange/v1 policy\n"
_CAPS = b"datarange/v1 cap change\n"
_KEY = b"datarange/v1 key change\n"

AGREEMENT_TERMS = (
    "agreement",
    "application",
    "datasets",
    "source",
    "researcher_key",
    "site_key",
    "starts",
    "ends",
    "lanes",
    "accounting",
    "cap",
    "amends",
)
"""Fields of an agreement's entry that its digest is of, besides `words`."""


def agreement_digest(entry: Mapping[str, Any], words: str) -> str:
    """Digest what both parties sign: the terms, as the entry has them, and the words' SHA-256.

    So whoever has the entry sees that its terms were signed, and need not see the words.

    Raises:
        KeyError: a term is missing.
    """
    terms = {name: entry[name] for name in AGREEMENT_TERMS}
    return sha256(canonical({"terms": terms, "words": words}))


def words_digest(words: Mapping[str, Any]) -> str:
    """Digest the words of an agreement, in which its people are named."""
    return sha256(canonical(words))


def agreement_message(digest: str) -> bytes:
    """Give what both parties sign: a label, a newline, and the digest's 64 ASCII digits."""
    return (_AGREEMENT + digest).encode()


def policy_message(terms: Mapping[str, Any]) -> bytes:
    """Give what an owner signs under a policy: the label, then the terms' canonical JSON."""
    return _POLICY + canonical(terms)


def cap_message(terms: Mapping[str, Any]) -> bytes:
    """Give what an owner signs under a change of caps."""
    return _CAPS + canonical(terms)


def key_message(terms: Mapping[str, Any]) -> bytes:
    """Give what the old and the new key sign when one follows the other."""
    return _KEY + canonical(terms)


def check(public: str, signature: str, message: bytes) -> None:
    """Check an Ed25519 signature; key and signature are base64 of 32 and 64 bytes.

    Raises:
        NotVerified: code `signature.invalid`; also where key or signature is malformed.
    """
    try:
        key = Ed25519PublicKey.from_public_bytes(from_base64(public))
        key.verify(from_base64(signature), message)
    except (BadInput, ValueError, InvalidSignature) as cause:
        raise NotVerified("The signature does not hold", code="signature.invalid") from cause
