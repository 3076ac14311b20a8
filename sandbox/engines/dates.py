"""Date columns: each value becomes the number of its day, counted from 1970-01-01."""

import polars as pl

from sandbox.engines import changes
from sandbox.engines.columns import STEPS, count, first_row
from sandbox.errors import BadInput, Place
from sandbox.model.dataset import Change
from sandbox.model.names import ColumnName
from sandbox.model.schema import Lattice


def days(
    values: pl.Series, column: ColumnName, lattice: Lattice
) -> tuple[pl.Series, tuple[Change, ...]]:
    """Read dates as days, and move those outside of the bounds to the nearer one.

    Dates and times of a typed file lose their time; text is a date as ISO 8601 writes it, and
    empty text a missing value.

    Raises:
        BadInput: a value is no date (`ingest.wrong_type`, with its row).
    """
    dates = _dates(values, column)
    numbers = dates.cast(pl.Int32).cast(STEPS)
    inside = numbers.is_between(lattice.low, lattice.high)
    moved = changes.clamped(column, count(~inside))
    placed = numbers.clip(lattice.low, lattice.high).alias(column)
    return placed, (moved,) if moved.count else ()


def _dates(values: pl.Series, column: ColumnName) -> pl.Series:
    """Read dates, or text that is one.

    Raises:
        BadInput: as `days`; the text of the value stays out of the message.
    """
    if values.dtype == pl.Date or isinstance(values.dtype, pl.Datetime):
        return values.cast(pl.Date)
    written = values.cast(pl.String).str.strip_chars()
    plain = written.set(~written.str.contains(r"^\d{4}-\d{2}-\d{2}$"), None)
    dates = plain.str.to_date("%Y-%m-%d", strict=False)
    row = first_row(dates.is_null() & written.is_not_null() & (written != ""))
    if row is not None:
        raise BadInput(
            f"Column {column} is a date in the policy, and this row has something else",
            code="ingest.wrong_type",
            place=Place(row=row, clause=f"columns.{column}"),
        )
    return dates
