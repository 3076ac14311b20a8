"""What parties sign in the ledger, and how their signatures are checked.

Each kind of thing has a label of its own, so that a signature under one serves for no other.
"""

from collections.abc import Mapping
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from sandbox.errors import BadInput, NotVerified
from sandbox.ledger.canonical import canonical, from_base64

_AGREEMENT = "datarange/v1 agreement\n"
_POLICY = b"datarange/v1 policy\n"
_CAPS = b"datarange/v1 cap change\n"
_KEY = b"datarange/v1 key change\n"


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
