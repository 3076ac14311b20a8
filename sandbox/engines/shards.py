"""A snapshot's rows as Parquet files, each with whole people."""

import io
from dataclasses import dataclass
from math import ceil

import polars as pl

SHARD_ROWS = 1_000_000
"""Rows of a shard at most, about: what ingest and a processor hold at a time."""
ROW_GROUP = 250_000
"""Rows that a reader decodes at a time; every core gets several pieces of a shard."""


@dataclass(frozen=True, slots=True)
class Piece:
    """The bounded rows of a range of people's hashes, sorted by person."""

    place: int
    """Which of the equal ranges, from 0."""
    first: int
    """The number of the first person."""
    rows: pl.DataFrame
    hashes: pl.Series
    """One hash a person, by number from `first` on."""


def range_bits(rows: int, shard_rows: int) -> int:
    """Say how often to halve the range of hashes: so that a shard has at most so many rows, about.

    Halving lets the shards of two snapshots nest: one's shard is a union of whole ones of the
    other's, so the same people can be brought together shard by shard.
    """
    return (ceil(rows / shard_rows) - 1).bit_length()


def to_parquet(shard: pl.DataFrame) -> bytes:
    """Write a shard in memory, so that its digest is of what was meant, not of what a disk kept.

    LZ4 and the order by person were chosen by measuring: against Zstandard a grouped mean takes
    two thirds of the time, against no compression the file is two thirds of the size.
    """
    buffer = io.BytesIO()
    shard.write_parquet(buffer, compression="lz4", row_group_size=ROW_GROUP)
    return buffer.getvalue()
