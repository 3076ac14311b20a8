"""Number columns: each value becomes the nearest step of the column's lattice.

Total by construction: what is no number is refused with its row, NaN and infinities become null,
and clamping happens in floating point, before the cast to integers, so nothing can overflow.
"""

import polars as pl

from sandbox.engines import changes
from sandbox.engines.columns import STEPS, count, first_row
from sandbox.errors import BadInput, Place
from sandbox.model.cost import text
from sandbox.model.dataset import Change
from sandbox.model.names import ColumnName
from sandbox.model.schema import Lattice

MAX_TERM = 2**53
"""Largest numerator and denominator of a resolution: up to here float64 holds integers exactly."""
TOLERANCE = 2.0**-40
"""Relative distance from a step that still counts as on it: 0.29 * 100 is 28.999999999999996."""


def steps(
    values: pl.Series, column: ColumnName, lattice: Lattice
) -> tuple[pl.Series, tuple[Change, ...]]:
    """Put values on the lattice: nearest step, ties to even, then clamped to the bounds.

    Empty text is a missing value; truth values count as 0 and 1.

    Raises:
        BadInput: a value is no number (`ingest.wrong_type`, with its row), or the resolution has
            more digits than float64 (`ingest.resolution`).
    """
    numbers = _numbers(values, column)
    finite = numbers.set(~numbers.is_finite(), None)
    scaled = _scaled(finite, column, lattice)
    nearest = scaled.round(mode="half_to_even")
    inside = nearest.is_between(lattice.low, lattice.high)
    between = (scaled - nearest).abs() > TOLERANCE * scaled.abs().clip(lower_bound=1.0)
    counted = (
        changes.not_finite(column, finite.null_count() - numbers.null_count()),
        changes.rounded(column, count(between & inside), text(lattice.resolution)),
        changes.clamped(column, count(~inside)),
    )
    placed = nearest.clip(lattice.low, lattice.high).cast(STEPS).alias(column)
    return placed, tuple(change for change in counted if change.count)


def _numbers(values: pl.Series, column: ColumnName) -> pl.Series:
    """Read numbers, truth values or text as float64.

    Raises:
        BadInput: as `steps`; the text of the value stays out of the message.
    """
    if values.dtype.is_numeric() or values.dtype in {pl.Boolean, pl.Null}:
        return values.cast(pl.Float64)
    written = values.cast(pl.String).str.strip_chars()
    numbers = written.cast(pl.Float64, strict=False)  # a date or time is never one
    row = first_row(numbers.is_null() & written.is_not_null() & (written != ""))
    if row is not None:
        raise BadInput(
            f"Column {column} is a number in the policy, and this row has something else",
            code="ingest.wrong_type",
            place=Place(row=row, clause=f"columns.{column}"),
        )
    return numbers


def _scaled(values: pl.Series, column: ColumnName, lattice: Lattice) -> pl.Series:
    """Measure values in steps; multiplying by 100 is more exact than dividing by 0.01.

    Raises:
        BadInput: as `steps`.
    """
    numerator, denominator = lattice.resolution.as_integer_ratio()
    if max(numerator, denominator) > MAX_TERM:
        raise BadInput(
            "The resolution has more digits than a measurement can have",
            code="ingest.resolution",
            place=Place(clause=f"columns.{column}.resolution"),
        )
    return values * float(denominator) / float(numerator)
