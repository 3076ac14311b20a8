"""Tokens that `datarange account login` keeps for this person, one a site, for their eyes only."""

import hashlib
import json
import os
import secrets
import stat
from pathlib import Path

from sandbox.errors import BadInput, Place

PRIVATE_FILE = 0o600
PRIVATE_FOLDER = 0o700
ID_DIGITS = 32
OTHERS = 0o077
"""Rights of everybody but the file's owner."""


def path() -> Path:
    """Give DATARANGE_TOKEN_FILE, or `~/.config/datarange/tokens.json`."""
    chosen = os.environ.get("DATARANGE_TOKEN_FILE")
    return Path(chosen) if chosen else Path.home() / ".config" / "datarange" / "tokens.json"


def kept(url: str) -> str | None:
    """Give the token that is kept for a site.

    Raises:
        BadInput: `token.file`, it cannot be read; `token.file_mode`, others can read it too.
    """
    return _read().get(_site(url))


def keep(url: str, token: str) -> Path:
    """Keep a token for a site, in the place of an earlier one; give the file.

    Raises:
        BadInput: as `kept`, or `token.file`: it cannot be written.
    """
    return _write({**_read(), _site(url): token})


def forget(url: str) -> None:
    """Keep no token for a site any more.

    Raises:
        BadInput: as `keep`.
    """
    tokens = _read()
    if tokens.pop(_site(url), None) is not None:
        _write(tokens)


def id_of(token: str) -> str:
    """Give the id that the site lists a token by: the first half of its SHA-256."""
    return hashlib.sha256(token.encode()).hexdigest()[:ID_DIGITS]


def _site(url: str) -> str:
    return url.rstrip("/")


def _read() -> dict[str, str]:
    file = path()
    try:
        with file.open(encoding="utf-8") as opened:
            if stat.S_IMODE(os.fstat(opened.fileno()).st_mode) & OTHERS:
                raise BadInput(
                    "Others can read the file of your tokens; revoke them, then delete it",
                    code="token.file_mode",
                    place=Place(file=str(file)),
                )
            found = json.load(opened)
    except FileNotFoundError:
        return {}
    except (OSError, ValueError):
        # Without the cause: it may quote the file.
        raise _unusable(file) from None
    if not isinstance(found, dict) or not all(isinstance(one, str) for one in found.values()):
        raise _unusable(file)
    return found


def _write(tokens: dict[str, str]) -> Path:
    """Put a whole file in the place of the old one; it is private before anything is in it."""
    file = path()
    draft = file.with_name(f".{file.name}.{secrets.token_hex(8)}")
    try:
        file.parent.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
        with open(
            draft, "x", encoding="utf-8", opener=lambda name, how: os.open(name, how, PRIVATE_FILE)
        ) as opened:
            json.dump(tokens, opened)
        draft.replace(file)
    except OSError:
        draft.unlink(missing_ok=True)
        raise _unusable(file) from None
    return file


def _unusable(file: Path) -> BadInput:
    return BadInput(
        "The file of your tokens cannot be used", code="token.file", place=Place(file=str(file))
    )
