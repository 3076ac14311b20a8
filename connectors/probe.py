"""Reading a Parquet file once in a process of its own, to see whether that can be survived.

A damaged length makes Polars ask for exabytes, upon which Rust aborts the whole process; no
`except` helps (found by flipping bytes of small files, about one in 10**5). So a child reads the
file first: it may die, and it says nothing, because a panic's text may quote the file.
"""

import os
import resource
import subprocess
import sys
import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path

import polars as pl

PIECE = 500_000
"""Rows that are looked at together."""
MAX_SECONDS = 600
"""Time for one file; ten million rows take a second."""


def survives(path: Path, names: Sequence[str]) -> bool:
    """Tell whether a process that reads these columns lives to tell."""
    try:
        child = subprocess.run(  # noqa: S603  (our interpreter, this file, no shell)
            [sys.executable, "-I", __file__, str(path.resolve()), *names],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=False,
            timeout=MAX_SECONDS,
        )
    except subprocess.TimeoutExpired:
        return False
    return child.returncode == 0


def scan(path: Path, names: Sequence[str]) -> pl.LazyFrame:
    """Select columns of a file that is taken literally: no patterns, partitions, statistics."""
    return pl.scan_parquet(
        path, glob=False, hive_partitioning=False, use_statistics=False, cache=False
    ).select(names)


def in_order(table: pl.LazyFrame, rows: int) -> Iterator[pl.DataFrame]:
    """Give the rows in the file's order, in pieces of about so many; holds few pieces at a time."""
    return table.collect_batches(chunk_size=rows, maintain_order=True, engine="streaming")


def _read_and_forget(path: Path, names: Sequence[str]) -> None:
    """Read everything within the machine's memory; a crash leaves no core file with rows in it."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    _, granted = resource.getrlimit(resource.RLIMIT_AS)
    limit = memory if granted == resource.RLIM_INFINITY else min(memory, granted)
    resource.setrlimit(resource.RLIMIT_AS, (limit, granted))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    warnings.simplefilter("ignore")
    for _ in in_order(scan(path, names), PIECE):
        pass


if __name__ == "__main__":
    _read_and_forget(Path(sys.argv[1]), sys.argv[2:])
