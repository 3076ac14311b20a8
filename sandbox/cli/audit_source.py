"""What an audit reads: an export's folder or a running site, and heads kept from earlier."""

from collections.abc import Iterable
from pathlib import Path

from sandbox.errors import BadInput, NotVerified, Place
from sandbox.ledger.note import MAX_NOTE, Checkpoint, open_checkpoint
from sandbox.ledger.tiles import read_export
from sandbox.ledger.verify import Log

ADDRESSES = ("http://", "https://")


def open_source(source: str, *, witnessed: bool) -> Log:
    """Open a ledger; of a running site up to its newest head, or its newest witnessed one.

    Raises:
        BadInput: no export stands there, or the address is none.
        Unavailable: no site answers there.
    """
    if not source.startswith(ADDRESSES):
        return read_export(Path(source))
    from sandbox.client.log import remote_log  # noqa: PLC0415  (loads HTTP; a folder needs none)

    return remote_log(source, witnessed=witnessed)


def signed_heads(files: Iterable[Path], vkey: str) -> tuple[Checkpoint, ...]:
    """Read heads that an auditor kept.

    Raises:
        NotVerified: code `ledger.checkpoint`; one is not signed by this ledger, so that it says
            nothing about it. The place names the file.
        BadInput: code `checkpoint.malformed` or `key.malformed`.
    """
    return tuple(_signed_head(file, vkey) for file in files)


def _signed_head(file: Path, vkey: str) -> Checkpoint:
    try:
        with file.open("rb") as content:
            text = content.read(MAX_NOTE + 1).decode(errors="surrogateescape")
        return open_checkpoint(text, vkey)
    except OSError:
        raise BadInput(
            "There is no checkpoint to be read", code="file.unreadable", place=_at(file)
        ) from None
    except (BadInput, NotVerified) as cause:
        raise type(cause)(cause.message, code=cause.code, place=_at(file)) from cause


def _at(file: Path) -> Place:
    return Place(file=str(file))
