"""Names and types of a snapshot's columns, shared by whoever writes and whoever reads one."""

import polars as pl

RESERVED = "@"
"""Names that begin so are ours; no open column may have one."""
PERSON = "@person"
"""Column of person numbers (UInt32)."""
HIGH, LOW = "@high", "@low"
"""Columns of a person's keyed hash: its first and its last 8 bytes, big-endian (UInt64)."""
CODES = pl.UInt32
"""Type of a category: the position of its key in the schema; null is no declared key."""
STEPS = pl.Int64
"""Type of a number: its lattice step; null is no value."""


def count(mask: pl.Series) -> int:
    """Count the rows where the mask is true."""
    return int(mask.sum())


def first_row(mask: pl.Series) -> int | None:
    """Give the first row where the mask is true, counted from 1, or None."""
    return (mask.arg_max() or 0) + 1 if mask.any() else None
