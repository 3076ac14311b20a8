"""Files that appear whole or not at all."""

import secrets
from collections.abc import Iterable
from pathlib import Path

from sandbox.errors import Place, Unavailable


def write_whole(file: Path, parts: Iterable[str]) -> None:
    """Write text in UTF-8 beside its place, then move it there; an older file is replaced.

    Raises:
        Unavailable: code `report.unwritable`; no such folder, no right, no room.
    """
    draft = file.with_name(f".{file.name}.{secrets.token_hex(8)}")
    try:
        with draft.open("x", encoding="utf-8", newline="\n") as opened:
            opened.writelines(parts)
        draft.replace(file)
    except OSError as cause:
        raise Unavailable(
            "The file cannot be written", code="report.unwritable", place=Place(file=str(file))
        ) from cause
    finally:
        draft.unlink(missing_ok=True)
