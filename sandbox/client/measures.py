"""What can be asked of each group."""

from sandbox.wire import MeasureMessage


def count(column: str | None = None, name: str | None = None) -> MeasureMessage:
    """Count rows; with a column or an expression, rows where it is not null."""
    return MeasureMessage("count", column, name)


def people(name: str | None = None) -> MeasureMessage:
    """Count distinct people with at least one row."""
    return MeasureMessage("people", None, name)


def sum(column: str, name: str | None = None) -> MeasureMessage:  # noqa: A001  (SQL's own word)
    """Add a measured column or an expression up, `sum("a * b")`; nulls add nothing."""
    return MeasureMessage("sum", column, name)


def mean(column: str, name: str | None = None) -> MeasureMessage:
    """Average a measured column or an expression over the rows where it is not null."""
    return MeasureMessage("mean", column, name)


def min(column: str) -> MeasureMessage:  # noqa: A001  (SQL's own word)
    """Take the least value of a person's rows; only in `per_person`."""
    return MeasureMessage("min", column)


def max(column: str) -> MeasureMessage:  # noqa: A001  (SQL's own word)
    """Take the greatest value of a person's rows; only in `per_person`."""
    return MeasureMessage("max", column)


def distinct(column: str) -> MeasureMessage:
    """Count the different values of a person's rows; only in `per_person`."""
    return MeasureMessage("distinct", column)


def only(column: str) -> MeasureMessage:
    """Take what all of a person's rows share, null where they differ; only in `per_person`."""
    return MeasureMessage("only", column)
