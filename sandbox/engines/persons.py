"""Rows into people: one row a person, from all the rows that the person has in a shard."""

from collections.abc import Callable

import polars as pl

from sandbox.engines.columns import PERSON
from sandbox.engines.predicates import expression
from sandbox.engines.values import derived, within
from sandbox.model.plan import PersonColumn, PersonKind, PersonStep


def people(rows: pl.LazyFrame, step: PersonStep) -> pl.LazyFrame:
    """Give the table of people; a shard holds whole people, so shards can be done one by one."""
    rows = derived(rows, step.derived)
    kept = rows if step.where is None else rows.filter(expression(step.where))
    made = kept.group_by(PERSON).agg(
        _made(one).cast(pl.Int64).alias(one.column.name) for one in step.columns
    )
    return made.with_columns(
        within(pl.col(one.column.name), one.column).alias(one.column.name) for one in step.columns
    )


def _made(one: PersonColumn) -> pl.Expr:
    return pl.len() if one.of is None else _MADE[one.kind](pl.col(one.of))


def _only(values: pl.Expr) -> pl.Expr:
    return pl.when(values.min() == values.max()).then(values.min())


_MADE: dict[PersonKind, Callable[[pl.Expr], pl.Expr]] = {
    PersonKind.PRESENT: pl.Expr.count,
    PersonKind.SUM: pl.Expr.sum,
    PersonKind.LEAST: pl.Expr.min,
    PersonKind.GREATEST: pl.Expr.max,
    PersonKind.DISTINCT: lambda values: values.drop_nulls().n_unique(),
    PersonKind.ONLY: _only,
}
