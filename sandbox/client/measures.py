"""What can be asked of each group."""

from sandbox.wire import MeasureMessage


def count(column: str | None = None, name: str | None = None) -> MeasureMessage:
    """Count rows; with a column, rows where it is not null."""
    return MeasureMessage("count", column, name)


def people(name: str | None = None) -> MeasureMessage:
    """Count distinct people with at least one row."""
    return MeasureMessage("people", None, name)


def sum(column: str, name: str | None = None) -> MeasureMessage:  # noqa: A001  (SQL's own word)
    """Add a measured column up; nulls add nothing."""
    return MeasureMessage("sum", column, name)


def mean(column: str, name: str | None = None) -> MeasureMessage:
    """Average a measured column over its non-null rows."""
    return MeasureMessage("mean", column, name)
