"""A plan's filter as a Polars expression that no row can make fail.

Everything is compared as Int64, where every literal and every stored value fits. Null logic is
Kleene's, as in SQL: Polars' comparisons, `&`, `|` and `~` all pass nulls on the same way.
"""

from functools import reduce
from operator import and_, or_

import polars as pl

from sandbox.model.predicate import And, Between, IsIn, IsNull, Not, Or, Predicate

BEYOND = 2**62
"""Farther from zero than any stored value; literals beyond it compare the same from here."""


def expression(predicate: Predicate) -> pl.Expr:
    """Compile a predicate to an expression that is true, false or null for each row."""
    match predicate:
        case Not(operand):
            return ~expression(operand)
        case And(operands):
            return reduce(and_, map(expression, operands), pl.lit(value=True))
        case Or(operands):
            return reduce(or_, map(expression, operands), pl.lit(value=False))
        case Between() | IsIn() | IsNull():
            return _comparison(predicate)


def _comparison(predicate: Between | IsIn | IsNull) -> pl.Expr:
    """Compile a predicate of a single column."""
    match predicate:
        case Between():
            return _between(predicate)
        case IsIn(column, codes):
            known = pl.Series([code for code in codes if abs(code) < BEYOND], dtype=pl.Int64)
            return _value(column).is_in(known.implode())
        case IsNull(column):
            return pl.col(column).is_null()


def _between(predicate: Between) -> pl.Expr:
    """Compare with both ends; an open end is one that no value passes, so nulls stay null."""
    low = -BEYOND if predicate.low is None else predicate.low
    high = BEYOND if predicate.high is None else predicate.high
    value = _value(predicate.column)
    return (value >= _literal(low)) & (value <= _literal(high))


def _value(column: str) -> pl.Expr:
    return pl.col(column).cast(pl.Int64)


def _literal(number: int) -> pl.Expr:
    return pl.lit(max(-BEYOND, min(BEYOND, number)), dtype=pl.Int64)
