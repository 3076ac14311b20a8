"""The researcher's Ed25519 key: made on the researcher's machine, and it stays there.

Imported only when something is signed, for `cryptography` is slow to load.
"""

import os
from pathlib import Path

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

PRIVATE_FILE = 0o600
"""Mode: its owner alone reads and writes."""
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL


def default_path() -> Path:
    """Give DATARANGE_KEY, or `~/.config/datarange/researcher.key`."""
    chosen = os.environ.get("DATARANGE_KEY")
    return Path(chosen) if chosen else Path.home() / ".config" / "datarange" / "researcher.key"


def public_key(path: Path) -> str:
    """Give the public half, base64 of 32 bytes; a key that is not there yet is made.

    Raises:
        BadInput: code `key.unreadable`; the file is no Ed25519 key, or cannot be written.
    """
    if not path.exists():
        _create(path)
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
    except FileExistsError:
        return  # Another process was first; its key serves as well.
    except OSError as cause:
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
