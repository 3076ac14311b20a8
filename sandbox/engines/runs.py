"""Rows on their way into a snapshot: one file a batch, sorted by the people's hashes.

What does not fit in memory waits on the disk, and comes back a range of hashes at a time: each
file is mapped, and of each only that range is touched. The folder is the site's own, and the rows
in it are as they will be in the snapshot: encoded, without a name.
"""

import io
import shutil
from itertools import count
from pathlib import Path

import polars as pl

from sandbox.engines.columns import HIGH, LOW
from sandbox.engines.staging import new_file

HASH_BITS = 64
"""Bits of a hash that ranges are made by: those of `HIGH`."""


class Runs:
    """Encoded rows of one file, in a folder of their own."""

    def __init__(self, folder: Path) -> None:
        """Make the folder."""
        folder.mkdir(mode=0o700)
        self._folder = folder
        self._numbers = count()
        self._files: list[Path] = []

    def add(self, rows: pl.DataFrame) -> None:
        """Keep a batch. Raises OSError if the disk is full."""
        buffer = io.BytesIO()
        rows.sort(HIGH, maintain_order=True).write_ipc(buffer, compression="uncompressed")
        path = self._folder / f"run-{next(self._numbers):06}.arrow"
        with new_file(path) as file:
            file.write(buffer.getbuffer())
        self._files.append(path)

    def range(self, number: int, bits: int) -> pl.DataFrame:
        """Give the rows of one of `2**bits` equal ranges of hashes, sorted by hash.

        A person's rows stand in the file's order. At least one batch was added.
        """
        first, after = (place << (HASH_BITS - bits) for place in (number, number + 1))
        pieces = [_between(path, first, after) for path in self._files]
        return pl.concat(pieces, rechunk=True).sort(HIGH, LOW, maintain_order=True)

    def remove(self) -> None:
        """Remove the folder with everything in it."""
        shutil.rmtree(self._folder)


def _between(path: Path, first: int, after: int) -> pl.DataFrame:
    """Cut the rows out whose hashes begin with these numbers, the last one excluded."""
    rows = pl.read_ipc(path, memory_map=True)
    start = rows[HIGH].search_sorted(first, side="left")
    # Behind the last range there is no number of 64 bits.
    stop = rows[HIGH].search_sorted(after, side="left") if after >> HASH_BITS == 0 else len(rows)
    return rows.slice(start, stop - start)
