"""A witness's private key in a file, in the text form of Go's note tools.

`PRIVATE+KEY+<name>+<key id>+<base64 of 0x04 and the 32-byte seed>`: name and key stay together.
"""

import os
import stat
from pathlib import Path
from typing import Never

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from sandbox.errors import BadInput, Conflict, Place
from sandbox.ledger.canonical import from_base64, to_base64
from sandbox.ledger.cosignature import Cosignature, cosign, witness_key
from sandbox.ledger.keys import COSIGNATURE, named_key

PRIVATE_FILE = 0o600
"""Mode: its owner alone reads and writes."""
OTHERS = stat.S_IRWXG | stat.S_IRWXO
"""Permission bits that a key file never has."""
MAX_KEY = 4096
"""Bytes of a key file that are read at all."""

_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL
_PREFIX = "PRIVATE+KEY"


class WitnessKey:
    """Co-signs under one name."""

    def __init__(self, name: str, seed: bytes) -> None:
        """Take a key's name and its 32 secret bytes."""
        self.name = name
        self._key = Ed25519PrivateKey.from_private_bytes(seed)

    @property
    def public(self) -> str:
        """The C2SP verifier key that sites and auditors are given."""
        return witness_key(self.name, self._key.public_key().public_bytes_raw())

    def cosign(self, body: str, time: int) -> Cosignature:
        """Co-sign a head's text at a time in POSIX seconds."""
        public = self._key.public_key().public_bytes_raw()
        return cosign(body, self.name, public, self._key.sign, time)


def create(path: Path, name: str) -> WitnessKey:
    """Make a new key under a name, such as `witness.example/w1`.

    Raises:
        Conflict: code `key.exists`; the file is there already and stays as it is.
        BadInput: code `key.malformed` (the name has spaces or `+`) or `key.unreadable`.
    """
    secret = Ed25519PrivateKey.generate()
    key = WitnessKey(name, secret.private_bytes_raw())
    key_id = named_key(name, COSIGNATURE, secret.public_key().public_bytes_raw()).id.hex()
    typed = to_base64(bytes([COSIGNATURE]) + secret.private_bytes_raw())
    try:
        with os.fdopen(os.open(path, _NEW, PRIVATE_FILE), "w", encoding="utf-8") as file:
            file.write(f"{_PREFIX}+{name}+{key_id}+{typed}\n")
            file.flush()
            os.fsync(file.fileno())
    except FileExistsError:
        raise Conflict("There is a key already", code="key.exists", place=_at(path)) from None
    except OSError:
        raise BadInput(
            "The key cannot be written there", code="key.unreadable", place=_at(path)
        ) from None
    return key


def load(path: Path) -> WitnessKey:
    """Read a key that nobody else could have read.

    Raises:
        BadInput: code `key.permissions` or `key.unreadable`.
    """
    try:
        with path.open("rb") as file:
            open_to_others = os.fstat(file.fileno()).st_mode & OTHERS
            text = file.read(MAX_KEY).decode()
        # The last part is base64, which may have a `+` of its own.
        private, word, name, key_id, typed = text.removesuffix("\n").split("+", 4)
        key = WitnessKey(name, from_base64(typed)[1:])
    except (OSError, ValueError, BadInput):
        # Without the cause: a parser's message may quote the file.
        _refuse(path)
    sound = from_base64(typed)[0] == COSIGNATURE and key.public.split("+")[1] == key_id
    if f"{private}+{word}" != _PREFIX or not sound:
        _refuse(path)
    if open_to_others:
        raise BadInput(
            "The key is open to others. Change it with chmod 600, and think of it as known",
            code="key.permissions",
            place=_at(path),
        )
    return key


def _refuse(path: Path) -> Never:
    raise BadInput(
        "There is no readable witness's key", code="key.unreadable", place=_at(path)
    ) from None


def _at(path: Path) -> Place:
    return Place(file=str(path))
