"""Signatures of the parties under an agreement: what is signed, and how it is checked."""

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from sandbox.errors import BadInput, NotVerified
from sandbox.ledger.canonical import from_base64

_AGREEMENT = "datarange/v1 agreement\n"


def agreement_message(digest: str) -> bytes:
    """Give what both parties sign: a label, a newline, and the digest's 64 ASCII digits.

    The label keeps a signature under an agreement from serving anywhere else.
    """
    return (_AGREEMENT + digest).encode()


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
