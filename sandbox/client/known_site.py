"""Which site stood at an address when an owner's key first signed for it, beside the key's file.

A site says itself which ledger is its own. One that names another's from one day to the next would
have the owner sign for there. The file has a line for each address: that, a space, and the origin.
"""

import os
import secrets
from pathlib import Path

from sandbox.errors import BadInput, NotVerified, Place


def require_same_site(key: Path, url: str, origin: str) -> None:
    """Compare the ledger that a site says is its own with what it said before; keep the first word.

    Raises:
        NotVerified: code `site.changed`; another site was at this address.
        BadInput: code `site.file`; what was said before cannot be read, or not be kept.
    """
    file = key.with_name(f"{key.name}.sites")
    known = _read(file)
    before = known.setdefault(url.rstrip("/"), origin)
    if before != origin:
        raise NotVerified(
            f"This key knows another site at this address, {before}; nothing was signed. "
            "If the site was founded anew, take its line out of the file",
            code="site.changed",
            place=Place(file=str(file)),
        )
    _write(file, known)


def _read(file: Path) -> dict[str, str]:
    try:
        lines = [line.split() for line in file.read_text(encoding="utf-8").splitlines()]
        return {url: origin for url, origin in lines}  # noqa: C416  (each has to be a pair)
    except FileNotFoundError:
        return {}
    except (OSError, ValueError):
        raise _unusable(file) from None


def _write(file: Path, known: dict[str, str]) -> None:
    """Put the whole file in the place of the old one, unless that says the same."""
    if known == _read(file):
        return
    lines = "".join(f"{url} {origin}\n" for url, origin in known.items())
    draft = file.with_name(f".{file.name}.{secrets.token_hex(8)}")
    try:
        with draft.open("xb") as opened:
            opened.write(lines.encode())
            opened.flush()
            os.fsync(opened.fileno())
        draft.replace(file)
    except OSError:
        draft.unlink(missing_ok=True)
        raise _unusable(file) from None


def _unusable(file: Path) -> BadInput:
    return BadInput(
        "The file of the sites that this key knows cannot be used",
        code="site.file",
        place=Place(file=str(file)),
    )
