"""A plan's derived values as Polars expressions in Int64 that no row can make fail.

Whoever compiled a value has bounded every step of it below 2**62 (`sandbox.query.bounds`). What a
column promises of its values is held here once more: numbers beyond its bounds are moved to them,
codes without a key become null. So a mistake in the bounds could bias an answer, and never make
one person count for more than was paid for.
"""

from collections.abc import Callable
from functools import reduce, singledispatch
from operator import add

import polars as pl

from sandbox.engines.predicates import expression
from sandbox.model.plan import Derived
from sandbox.model.schema import Column
from sandbox.model.value import (
    Bounded,
    Chosen,
    DatePart,
    Divided,
    Linear,
    PartOfDate,
    Placed,
    Product,
    Quotient,
    Recoded,
    Stored,
    Value,
)

_NULL = pl.lit(None, dtype=pl.Int64)


def derived(rows: pl.LazyFrame, columns: tuple[Derived, ...]) -> pl.LazyFrame:
    """Add columns to a table, one after the other: each may be made of those before it."""
    for one in columns:
        value = within(evaluated(one.value), one.column)
        rows = rows.with_columns(value.alias(one.column.name))
    return rows


def within(value: pl.Expr, column: Column) -> pl.Expr:
    """Hold a value to what its column promises."""
    if column.lattice is not None:
        return value.clip(column.lattice.low, column.lattice.high)
    return pl.when(value.is_between(0, len(column.keys) - 1)).then(value).otherwise(_NULL)


@singledispatch
def evaluated(value: Value | None) -> pl.Expr:
    """Compile a value to an expression that is an integer or null for each row.

    Raises:
        TypeError: it is no value.
    """
    raise TypeError(f"{value} is no value")


@evaluated.register
def _null(_: None) -> pl.Expr:
    return _NULL


@evaluated.register
def _stored(value: Stored) -> pl.Expr:
    return pl.col(value.column).cast(pl.Int64)


@evaluated.register
def _linear(value: Linear) -> pl.Expr:
    addends = (evaluated(one) * factor for factor, one in value.terms)
    return reduce(add, addends, pl.lit(value.constant, dtype=pl.Int64))


@evaluated.register
def _product(value: Product) -> pl.Expr:
    return evaluated(value.left) * evaluated(value.right)


@evaluated.register
def _divided(value: Divided) -> pl.Expr:
    return evaluated(value.value) // value.by


@evaluated.register
def _quotient(value: Quotient) -> pl.Expr:
    divisor = pl.when(evaluated(value.under) != 0).then(evaluated(value.under))
    return evaluated(value.over) * value.factor // divisor


@evaluated.register
def _bounded(value: Bounded) -> pl.Expr:
    return evaluated(value.value).clip(value.low, value.high)


@evaluated.register
def _chosen(value: Chosen) -> pl.Expr:
    """Walk the branches from the last to the first; a predicate that is null is not true."""
    chosen = evaluated(value.otherwise)
    for predicate, then in reversed(value.branches):
        chosen = pl.when(expression(predicate)).then(evaluated(then)).otherwise(chosen)
    return chosen


@evaluated.register
def _placed(value: Placed) -> pl.Expr:
    placed = evaluated(value.value)
    zero = pl.when(placed.is_not_null()).then(pl.lit(0, dtype=pl.Int64))
    return reduce(add, ((placed >= cut).cast(pl.Int64) for cut in value.cuts), zero)


@evaluated.register
def _recoded(value: Recoded) -> pl.Expr:
    known = {code: new for code, new in enumerate(value.codes) if new is not None}
    return evaluated(value.value).replace_strict(known, default=None, return_dtype=pl.Int64)


@evaluated.register
def _part_of_date(value: PartOfDate) -> pl.Expr:
    day = evaluated(value.value).cast(pl.Int32).cast(pl.Date)
    return _PARTS[value.part](day).cast(pl.Int64)


_PARTS: dict[DatePart, Callable[[pl.Expr], pl.Expr]] = {
    DatePart.YEAR: lambda day: day.dt.year(),
    DatePart.QUARTER: lambda day: day.dt.quarter(),
    DatePart.MONTH: lambda day: day.dt.month(),
    DatePart.DAY: lambda day: day.dt.day(),
    DatePart.WEEKDAY: lambda day: day.dt.weekday(),
}
