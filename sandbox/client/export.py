"""The ledger as files: checkpoint and entry bundles, downloaded and written as C2SP tiles."""

from collections.abc import Iterator
from pathlib import Path

from sandbox.client.connection import Connection
from sandbox.errors import Unavailable
from sandbox.ledger.note import read_checkpoint
from sandbox.ledger.tiles import ENTRIES, WIDTH, tile_path, write_export

LOG = "/log/"


def export(connection: Connection, folder: Path) -> None:
    """Write the ledger as it was signed last; whether it holds is the verifier's to say.

    Raises:
        Conflict: the folder is not empty.
        Unavailable: the site's bundles do not fit its checkpoint, or the disk is full.
    """
    checkpoint = connection.raw("GET", f"{LOG}checkpoint").decode(errors="surrogateescape")
    body = checkpoint.partition("\n\n")[0] + "\n"
    write_export(folder, _entries(connection, read_checkpoint(body).size), checkpoint)


def _entries(connection: Connection, size: int) -> Iterator[bytes]:
    for start in range(0, size, WIDTH):
        width = min(WIDTH, size - start)
        bundle = connection.raw("GET", LOG + tile_path(ENTRIES, start // WIDTH, width))
        yield from _unpacked(bundle, width)


def _unpacked(bundle: bytes, width: int) -> Iterator[bytes]:
    """Split a bundle at its 16-bit lengths.

    Raises:
        Unavailable: code `site.foreign_answer`; it is not `width` entries long.
    """
    start = 0
    for _ in range(width):
        stop = start + 2 + int.from_bytes(bundle[start : start + 2], "big")
        yield bundle[start + 2 : stop]
        start = stop
    if start != len(bundle):
        raise Unavailable("A bundle of the ledger is torn", code="site.foreign_answer")
