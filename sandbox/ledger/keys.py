"""Verifier keys as people configure them (c2sp.org/signed-note): `name+key id+base64(type || key)`.

Two types, both Ed25519: 0x01 signs notes, 0x04 co-signs checkpoints (c2sp.org/tlog-cosignature).
The type goes into the key id, so that a key of one type never passes for one of the other.
"""

import hashlib
import re
from dataclasses import dataclass
from typing import Final, Never, Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from sandbox.errors import BadInput
from sandbox.ledger.canonical import from_base64, to_base64

NOTE: Final = 1
"""Type of a key that signs notes."""
COSIGNATURE: Final = 4
"""Type of a witness's key."""
KEY_ID = 4
"""Bytes of a key id."""
NAME = r"(?P<name>[^\s+\ud800-\udfff]+)"
"""Pattern of a key's name."""

_LINE = re.compile(NAME + r"\+(?P<id>[0-9a-f]{8})\+(?P<key>[A-Za-z0-9+/=]+)")


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """A named public key of one type."""

    name: str
    type: int
    public: bytes

    @classmethod
    def read(cls, text: str, of_type: int) -> Self:
        """Read a key and check that its parts belong together.

        Raises:
            BadInput: code `key.malformed`; also if it is a key of another type.
        """
        match = _LINE.fullmatch(text)
        if match is None:
            _refuse()
        try:
            typed = from_base64(match["key"])
            Ed25519PublicKey.from_public_bytes(typed[1:])
        except (BadInput, ValueError):
            _refuse()
        key = cls(match["name"], of_type, typed[1:])
        if typed[0] != of_type or key.id.hex() != match["id"]:
            _refuse()
        return key

    @property
    def id(self) -> bytes:
        """Four bytes that name this key in a signature line."""
        named = self.name.encode() + b"\n" + self._typed
        return hashlib.sha256(named).digest()[:KEY_ID]

    def __str__(self) -> str:
        """Write the key as verifiers configure it."""
        return f"{self.name}+{self.id.hex()}+{to_base64(self._typed)}"

    def holds(self, signature: bytes, message: bytes) -> bool:
        """Tell whether an Ed25519 signature is this key's."""
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, message)
        except InvalidSignature:
            return False
        return True

    @property
    def _typed(self) -> bytes:
        return bytes([self.type]) + self.public


def named_key(name: str, of_type: int, public: bytes) -> VerifierKey:
    """Name a public key.

    Raises:
        BadInput: code `key.malformed`; the name is empty or has spaces or `+`, or the key has not
            32 bytes.
    """
    return VerifierKey.read(str(VerifierKey(name, of_type, public)), of_type)


def _refuse() -> Never:
    raise BadInput("Not an Ed25519 verifier key in the C2SP format", code="key.malformed")
