"""A question, compiled: the one form that SQL and the builder both become.

A table is derived first, from the rows or from one row a person; all else is about its columns.
"""

from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction

from sandbox.model.names import ColumnName, DatasetName
from sandbox.model.predicate import Predicate
from sandbox.model.schema import Column, Schema
from sandbox.model.value import Value


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
    VARIANCE = "variance"
    """Of a sample, as all spreads are: divided by the non-null rows less one."""
    STDDEV = "stddev"
    """Square root of the variance."""
    COVARIANCE = "covariance"
    """Of two columns, or the matrix of more, over rows where none is null."""
    CORRELATION = "correlation"
    """Pearson's, of two columns, or the matrix of more, over rows where none is null."""
    REGRESSION = "regression"
    """Least squares of a column on the others, over rows where none is null."""
    SLOPE = "slope"
    """The coefficient of a regression on one other column."""
    INTERCEPT = "intercept"
    """The intercept of a regression on one other column."""
    RATIO = "ratio"
    """Sum of a column over the sum of the other, each over its own non-null rows."""


@dataclass(frozen=True, slots=True)
class Measure:
    """One measure of an answer; most give one number a cell, some several."""

    name: str
    kind: MeasureKind
    column: ColumnName | None = None
    others: tuple[ColumnName, ...] = ()
    """Further columns of the table, where the kind takes some."""
    at: tuple[Fraction, ...] = ()
    """Shares between 0 and 1, where the kind takes some."""


@dataclass(frozen=True, slots=True)
class Derived:
    """A column that a plan adds to its table; it may be made of those before it."""

    column: Column
    """Its public shape: keys, or a lattice whose bounds no row can make it leave."""
    value: Value


class PersonKind(StrEnum):
    """What the rows of one person are made into; without any row a person is left out."""

    ROWS = "rows"
    """How many there are."""
    PRESENT = "present"
    """How many have a value."""
    SUM = "sum"
    """Sum of the values; 0 without any."""
    LEAST = "least"
    GREATEST = "greatest"
    DISTINCT = "distinct"
    """How many different values there are."""
    ONLY = "only"
    """The one value that all rows with a value share; null where they differ, or without any."""


@dataclass(frozen=True, slots=True)
class PersonColumn:
    """One column of a table that has one row a person."""

    column: Column
    """Its public shape."""
    kind: PersonKind
    of: ColumnName | None = None


@dataclass(frozen=True, slots=True)
class PersonStep:
    """Makes rows into people: derived columns, a filter, then one row a person."""

    derived: tuple[Derived, ...]
    where: Predicate | None
    columns: tuple[PersonColumn, ...]

    def table(self, schema: Schema) -> Schema:
        """Give the columns of the people of a dataset; each has one row."""
        return replace(schema, max_rows=1, columns=tuple(one.column for one in self.columns))


@dataclass(frozen=True, slots=True)
class Plan:
    """A question of one dataset: filter, groups, measures. Public in full.

    `where`, `group_by` and `measures` are about `table(schema)`.
    """

    dataset: DatasetName
    where: Predicate | None
    group_by: tuple[ColumnName, ...]
    measures: tuple[Measure, ...]
    filtered: tuple[ColumnName, ...] = ()
    """Columns that the filter names, for the policy's judgement."""
    derived: tuple[Derived, ...] = ()
    people: PersonStep | None = None
    headings: tuple[str, ...] = ()
    """Names of the group columns in the answer; their own where there are none."""

    def table(self, schema: Schema) -> Schema:
        """Give the columns that the question is put to, and how many rows a person has there."""
        base = schema if self.people is None else self.people.table(schema)
        derived = tuple(one.column for one in self.derived)
        return replace(base, columns=(*base.columns, *derived))


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
