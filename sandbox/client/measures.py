"""What can be asked of each group."""

from collections.abc import Sequence

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


def variance(column: str, name: str | None = None) -> MeasureMessage:
    """Give the variance of a measured column over its non-null rows, divided by those less one."""
    return MeasureMessage("variance", column, name)


def std(column: str, name: str | None = None) -> MeasureMessage:
    """Give the standard deviation of a measured column: the root of `variance`."""
    return MeasureMessage("stddev", column, name)


def covariance(*columns: str, name: str | None = None) -> MeasureMessage:
    """Give the covariance of two columns, or the matrix of more, over rows that have them all."""
    return MeasureMessage("covariance", next(iter(columns), None), name, columns[1:])


def correlation(*columns: str, name: str | None = None) -> MeasureMessage:
    """Give Pearson's correlation of two columns, or the matrix of more."""
    return MeasureMessage("correlation", next(iter(columns), None), name, columns[1:])


def regression(explained: str, by: Sequence[str], name: str | None = None) -> MeasureMessage:
    """Fit a line by least squares; the answer has an intercept and a coefficient a column.

    Each has a standard error and a half-width that hold the sample's error and the noise.
    """
    return MeasureMessage("regression", explained, name, tuple(by))


def ratio(over: str, under: str, name: str | None = None) -> MeasureMessage:
    """Divide the sum of one column by the sum of another, each over its own non-null rows."""
    return MeasureMessage("ratio", over, name, (under,))
