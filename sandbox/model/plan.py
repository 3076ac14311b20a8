"""A question, compiled: the one form that SQL and the builder both become.

Every literal is already an integer (a lattice step or a key's code), so a predicate is total: no
cast, no arithmetic and no comparison in it can fail on any row. Nulls follow SQL: a comparison
with null is null, and a row stays only where the predicate is true.
"""

from dataclasses import dataclass
from enum import StrEnum

from sandbox.model.names import ColumnName, DatasetName


@dataclass(frozen=True, slots=True)
class Between:
    """`low <= column <= high` in lattice steps; None leaves an end open; low > high is never."""

    column: ColumnName
    low: int | None
    high: int | None


@dataclass(frozen=True, slots=True)
class IsIn:
    """The column's key is one of these codes."""

    column: ColumnName
    codes: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class IsNull:
    """The column has no value; the only predicate that is true of a null."""

    column: ColumnName


@dataclass(frozen=True, slots=True)
class Not:
    """Negation; null stays null."""

    operand: "Predicate"


@dataclass(frozen=True, slots=True)
class And:
    """All operands hold (Kleene's logic)."""

    operands: tuple["Predicate", ...]


@dataclass(frozen=True, slots=True)
class Or:
    """Some operand holds (Kleene's logic)."""

    operands: tuple["Predicate", ...]


Predicate = Between | IsIn | IsNull | Not | And | Or


class MeasureKind(StrEnum):
    """What can be asked of each group."""

    COUNT = "count"
    """Rows; with a column, rows where it is not null."""
    PEOPLE = "people"
    """Distinct people with at least one row."""
    SUM = "sum"
    """Sum of a measured column; nulls add nothing."""
    MEAN = "mean"
    """Mean of a measured column over its non-null rows."""


@dataclass(frozen=True, slots=True)
class Measure:
    """One output column of an answer."""

    name: str
    kind: MeasureKind
    column: ColumnName | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """A question of one dataset: filter, groups, measures. Public in full."""

    dataset: DatasetName
    where: Predicate | None
    group_by: tuple[ColumnName, ...]
    measures: tuple[Measure, ...]
    filtered: tuple[ColumnName, ...] = ()
    """Columns that the filter names, for the policy's judgement."""


class PartKind(StrEnum):
    """The exact sums that every measure is made of; the last two are an algorithm's."""

    ROWS = "rows"
    PEOPLE = "people"
    PRESENT = "present"
    """Rows where the column is not null."""
    SUM = "sum"
    """Sum over non-null rows of (step - centre)."""
    BLOCKS = "blocks"
    """Sum over blocks of each mean's value, in steps of its output's range."""
    RANKS = "ranks"
    """A score for each place where a median may lie: 0 less the blocks on its fuller side."""


@dataclass(frozen=True, slots=True)
class Part:
    """One integer vector (a number per group, value or place) that an engine computes."""

    kind: PartKind
    column: ColumnName | None = None
    centre: int = 0
    """Lattice step that is subtracted from each value before it is added."""
    value: int | None = None
    """Index, among all values of an algorithm, of the median whose scores these are."""
