"""Files of 32 secret bytes: made once, private to their owner, refused if others may reach them."""

import os
import secrets
import stat
from pathlib import Path

from sandbox.errors import Unavailable
from sandbox.store.new_file import new_file, sync

KEY = 32
"""Bytes of an Ed25519 seed (RFC 8032), of an AES-256 key, and of SHA-256's output."""
PRIVATE_FOLDER = 0o700
"""Mode: its owner alone may list and enter it."""
OTHERS = stat.S_IRWXG | stat.S_IRWXO
"""Permission bits that no key file has."""

UNAVAILABLE = "The keys cannot be read or made in their folder"


def private_folder(folder: Path) -> None:
    """Make a folder that its owner alone may enter, if there is none.

    Raises:
        Unavailable: code `keys.unavailable`.
    """
    try:
        folder.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
    except OSError as cause:
        raise Unavailable(UNAVAILABLE, code="keys.unavailable") from cause


def load_or_create(path: Path) -> bytes:
    """Read a file of 32 secret bytes; if there is none yet, draw them.

    Raises:
        Unavailable: `keys.unavailable`, `keys.permissions` or `keys.damaged`.
    """
    try:
        if not path.exists():
            with new_file(path) as draft:
                draft.write_bytes(secrets.token_bytes(KEY))
        return _load(path)
    except OSError as cause:
        raise Unavailable(UNAVAILABLE, code="keys.unavailable") from cause


def load(path: Path) -> bytes | None:
    """Read a file of 32 secret bytes; None if there is none.

    Raises:
        Unavailable: as above.
    """
    try:
        return _load(path)
    except FileNotFoundError:
        return None
    except OSError as cause:
        raise Unavailable(UNAVAILABLE, code="keys.unavailable") from cause


def destroy(path: Path) -> None:
    """Take a file away, if it is there; when this returns, its name is gone from the disk.

    Raises:
        Unavailable: code `keys.unavailable`; it may be there still.
    """
    try:
        path.unlink(missing_ok=True)
        sync(path.parent)
    except OSError as cause:
        raise Unavailable("A key cannot be destroyed", code="keys.unavailable") from cause


def _load(path: Path) -> bytes:
    """Read a key file that nobody else could have read or changed.

    Raises:
        Unavailable: `keys.permissions` or `keys.damaged`.
    """
    with path.open("rb") as file:
        mode = os.fstat(file.fileno()).st_mode
        if mode & OTHERS:
            raise Unavailable(
                f"The key file {path.name} is open to others (mode {stat.S_IMODE(mode):04o}). "
                "Change it with chmod 600, and think of the key as known if others had access",
                code="keys.permissions",
            )
        secret = file.read(KEY + 1)
    if len(secret) != KEY:
        raise Unavailable(f"The key file {path.name} is damaged", code="keys.damaged")
    return secret
