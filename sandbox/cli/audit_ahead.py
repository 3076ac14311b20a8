"""A long ledger's entries, read ahead by a second process: fetched, hashed and parsed there.

So an audit works on two processors, one of which does nothing but replay the rules. What the second
process says is ours and not the site's, so it may come in Python's own form.
"""

import marshal
import signal
from collections.abc import Iterator
from contextlib import closing, suppress
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from sandbox import errors
from sandbox.cli.audit_source import ADDRESSES
from sandbox.errors import DataRangeError, Place, Unavailable
from sandbox.ledger.leaf import Leaf, read_leaf
from sandbox.ledger.note import claimed_size
from sandbox.ledger.tiles import WIDTH, read_export
from sandbox.ledger.verify import Log

LONG = 20_000
"""Entries from which on a second process is worth its start, half a second."""


def leaves_of(source: str, log: Log) -> Iterator[Leaf] | None:
    """Read a long ledger's entries ahead; None for a short one, which is read as it is replayed."""
    size = claimed_size(log.checkpoint)
    return read_ahead(source, size) if size >= LONG else None


def read_ahead(source: str, size: int) -> Iterator[Leaf]:
    """Read the entries of a log that claims to have so many.

    Raises:
        BadInput, Unavailable: as the log's own reader; `audit.reader` if the process was ended.
    """
    processes = get_context("spawn")
    receiver, sender = processes.Pipe(duplex=False)
    reader = processes.Process(target=_read, args=(source, size, sender), daemon=True)
    reader.start()
    sender.close()
    try:
        with closing(receiver):
            yield from _received(receiver)
    finally:
        reader.terminate()
        reader.join()


def _received(receiver: Connection) -> Iterator[Leaf]:
    """Give what the other process sends, up to where it says that this is all."""
    while True:
        try:
            leaves, failure = marshal.loads(receiver.recv_bytes())  # noqa: S302  (from ourselves)
        except (EOFError, OSError):  # between two messages, or within one
            raise Unavailable(
                "The process that reads the ledger was ended", code="audit.reader"
            ) from None
        yield from map(Leaf._make, leaves)
        if failure is not None:
            raise _raised(*failure)
        if len(leaves) < WIDTH:
            return


def _read(source: str, size: int, sender: Connection) -> None:
    """Send what a log holds, a full tile's worth at a time; the last message is shorter."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C ends the audit, and this with it
    leaves: list[tuple[Any, ...]] = []
    failure = None
    with suppress(BrokenPipeError):
        try:
            for entry in _entries(source, size):
                leaves.append(tuple(read_leaf(entry)))
                if len(leaves) == WIDTH:
                    sender.send_bytes(marshal.dumps((leaves, None)))
                    leaves.clear()
        except DataRangeError as error:
            failure = _told(error)
        sender.send_bytes(marshal.dumps((leaves, failure)))


def _entries(source: str, size: int) -> Iterator[bytes]:
    if not source.startswith(ADDRESSES):
        return read_export(Path(source)).entries()
    from sandbox.client.log import RemoteTiles, connection_to  # noqa: PLC0415  (loads HTTP)

    return RemoteTiles(connection_to(source), size).entries()


def _told(error: DataRangeError) -> tuple[str, str, str, str | None]:
    """Write down an error of a log's reader, whose places are files."""
    place = error.place.file if error.place else None
    return type(error).__name__, error.message, error.code, place


def _raised(kind: str, message: str, code: str, file: str | None) -> DataRangeError:
    """Make the error again that the other process met."""
    known: type[DataRangeError] = getattr(errors, kind)
    return known(message, code=code, place=Place(file=file) if file else None)
