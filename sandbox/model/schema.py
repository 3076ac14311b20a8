"""The public shape of a dataset: which columns exist, on which lattice or from which keys.

Everything here comes from the policy, nothing from rows, so a researcher may see all of it.
"""

from dataclasses import dataclass
from fractions import Fraction

from sandbox.model.names import ColumnName

MAX_STEPS = 2**31 - 1
"""Lattice steps that a bound may lie from zero."""
MAX_ROWS = 2**31 - 1
"""Rows of a snapshot. With MAX_STEPS this keeps every sum below 2**62: overflow cannot happen."""

FIRST_DAY, LAST_DAY = -719162, 2932896
"""0001-01-01 and 9999-12-31 in days after 1970-01-01."""


@dataclass(frozen=True, slots=True)
class Lattice:
    """Integers that stand for the values of a measured column: value = step * resolution."""

    low: int
    """Least step, inclusive."""
    high: int
    """Greatest step, inclusive."""
    resolution: Fraction
    """Size of one step, in the column's unit."""
    days: bool = False
    """Steps are dates: days after 1970-01-01."""

    def __post_init__(self) -> None:
        """Refuse an empty, huge or stepless lattice.

        Raises:
            ValueError: low is above high, a bound is out of reach, the step is not positive, or
                days are no days of the calendar.
        """
        if self.days and not (
            self.resolution == 1 and FIRST_DAY <= self.low <= self.high <= LAST_DAY
        ):
            raise ValueError("days are whole, and lie in the years 1 to 9999")
        if self.resolution <= 0 or self.low > self.high:
            raise ValueError("a lattice has a positive resolution and low <= high")
        if max(abs(self.low), abs(self.high)) > MAX_STEPS:
            raise ValueError(f"a lattice spans at most {MAX_STEPS} steps from zero")

    @property
    def middle(self) -> int:
        """The step that sums for means are centred on."""
        return (self.low + self.high) // 2

    def value(self, steps: Fraction | int) -> float:
        """Turn (possibly fractional, already private) steps into the column's unit."""
        return float(steps * self.resolution)


@dataclass(frozen=True, slots=True)
class Column:
    """One open column: either a category with declared keys or a number on a lattice."""

    name: ColumnName
    use: frozenset[str]
    """Any of `group`, `filter`, `measure`."""
    keys: tuple[str, ...] = ()
    """Declared categories, in the order of their codes 0, 1, ...; empty for numbers."""
    lattice: Lattice | None = None

    def __post_init__(self) -> None:
        """Refuse a column that is neither or both, or that repeats a key.

        Duplicate keys would answer the same people twice and show with certainty whether a
        group exists.

        Raises:
            ValueError: as above.
        """
        if bool(self.keys) == (self.lattice is not None):
            raise ValueError("a column has either keys or a lattice")
        if len(set(self.keys)) != len(self.keys):
            raise ValueError("keys are unique")

    @property
    def cells(self) -> int:
        """Number of groups that grouping by this column makes."""
        if self.lattice is not None:
            return self.lattice.high - self.lattice.low + 1
        return len(self.keys)


@dataclass(frozen=True, slots=True)
class Partition:
    """A declared partition of the people: budgets of its parts are spent side by side."""

    column: ColumnName
    """An open column with keys."""
    most: int
    """Parts that one person is in at most; ingest leaves rows in further ones out."""


@dataclass(frozen=True, slots=True)
class Schema:
    """The open columns of a dataset and its privacy unit."""

    unit: ColumnName
    """The column that names the person; it never enters a snapshot in the clear."""
    max_rows: int
    """Rows that one person has in a snapshot at most."""
    columns: tuple[Column, ...]
    closed: frozenset[ColumnName] = frozenset()
    """Columns that exist and stay closed; they are not copied into a snapshot."""
    partition: Partition | None = None

    def find(self, name: str) -> Column | None:
        """Look up an open column."""
        return next((column for column in self.columns if column.name == name), None)
