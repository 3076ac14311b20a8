"""A person's Ed25519 key: made on their machine, and it stays there.

An owner signs policies, caps and the key that follows it; a researcher signs agreements. Imported
only when something is signed, for `cryptography` is slow to load.
"""

import os
from pathlib import Path
from typing import Literal

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from sandbox.errors import BadInput, Place
from sandbox.ledger.canonical import to_base64

Signatory = Literal["owner", "researcher"]

PRIVATE_FILE = 0o600
"""Mode: its owner alone reads and writes."""
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL


def default_path(signatory: Signatory) -> Path:
    """Give DATARANGE_KEY, or `~/.config/datarange/owner.key` or `researcher.key`."""
    chosen = os.environ.get("DATARANGE_KEY")
    if chosen:
        return Path(chosen)
    return Path.home() / ".config" / "datarange" / f"{signatory}.key"


def make_if_missing(path: Path) -> Path:
    """Make a key unless one is there, and give the path.

    Raises:
        BadInput: code `key.unreadable`; it cannot be written.
    """
    if not path.exists():
        _create(path)
    return path


def public_key(path: Path) -> str:
    """Give the public half, base64 of 32 bytes.

    Raises:
        BadInput: code `key.unreadable`; there is no such file, or it is no Ed25519 key.
    """
    return to_base64(_load(path).public_key().public_bytes_raw())


def sign(path: Path, message: bytes) -> str:
    """Sign with the key; base64 of 64 bytes.

    Raises:
        BadInput: code `key.unreadable`; there is no such file, or it is no Ed25519 key.
    """
    return to_base64(_load(path).sign(message))


def _create(path: Path) -> None:
    key = Ed25519PrivateKey.generate()
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with os.fdopen(os.open(path, _NEW, PRIVATE_FILE), "wb") as file:
            file.write(pem)
            file.flush()
            # A source stays in the care of this key: it must not be lost with the power.
            os.fsync(file.fileno())
    except OSError as cause:
        if path.exists():
            return  # Another process was first; its key serves as well.
        raise _unreadable("The key cannot be written there", path) from cause


def _load(path: Path) -> Ed25519PrivateKey:
    try:
        key = load_pem_private_key(path.read_bytes(), password=None)
    except (OSError, ValueError, TypeError, UnsupportedAlgorithm):
        # Without the cause: a parser's message may quote the file.
        raise _unreadable("There is no readable key", path) from None
    if not isinstance(key, Ed25519PrivateKey):
        raise _unreadable("The key is not an Ed25519 key", path)
    return key


def _unreadable(message: str, path: Path) -> BadInput:
    return BadInput(message, code="key.unreadable", place=Place(file=str(path)))
