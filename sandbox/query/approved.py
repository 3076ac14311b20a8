"""Tells whether a question is one that was approved, but for the values of some columns.

Both are compared as compiled, so it does not matter how either was written. Only a comparison that
must hold by itself (joined to the rest by AND) has free values; inside an OR all is as approved.
"""

from collections.abc import Container, Sequence
from dataclasses import replace
from itertools import pairwise

from sandbox.model.names import ColumnName
from sandbox.model.plan import Plan
from sandbox.model.schema import Column, Schema
from sandbox.query.normal import domain, parted
from sandbox.query.ranges import Ranges


def is_approved(asked: Plan, approved: Plan, parameters: Container[str], schema: Schema) -> bool:
    """Tell whether `asked` is `approved` with other declared values of the parameters at most."""
    if _unfiltered(asked) != _unfiltered(approved):
        return False
    table = approved.table(schema)
    within, rest = parted(asked.where, table)
    allowed, others = parted(approved.where, table)
    if rest != others or within.keys() != allowed.keys():
        return False
    return all(
        ranges == allowed[name]
        or (name in parameters and _alike(ranges, allowed[name], _column(table, name)))
        for name, ranges in within.items()
    )


def without_value(approved: Plan, parameters: Sequence[str], schema: Schema) -> tuple[str, ...]:
    """Name the parameters that the question compares with no value that could be another."""
    table = approved.table(schema)
    within, _ = parted(approved.where, table)
    return tuple(
        name
        for name in parameters
        if within.get(ColumnName(name), ()) in {(), (domain(_column(table, ColumnName(name))),)}
    )


def _unfiltered(plan: Plan) -> Plan:
    return replace(plan, where=None, filtered=())


def _column(schema: Schema, name: ColumnName) -> Column:
    return next(column for column in schema.columns if column.name == name)


def _alike(asked: Ranges, approved: Ranges, column: Column) -> bool:
    """Tell whether the same comparisons, with other values, make the one of the other.

    Of keys as many are named. Of numbers, an end that was open stays open, a single value or a
    single gap stays single; at the bounds two kinds of comparison can be one, and both fit.
    """
    if column.lattice is None:
        return _size(asked) == _size(approved)
    if len(asked) != len(approved):
        return False
    low, high = domain(column)
    open_low, open_high = approved[0][0] == low, approved[-1][1] == high
    return (
        (asked[0][0] == low or not open_low)
        and (asked[-1][1] == high or not open_high)
        and _stay_single(_widths(asked), _widths(approved))
        and _stay_single(_gaps(asked), _gaps(approved))
    )


def _size(ranges: Ranges) -> int:
    return sum(_widths(ranges))


def _widths(ranges: Ranges) -> list[int]:
    return [high - low + 1 for low, high in ranges]


def _gaps(ranges: Ranges) -> list[int]:
    return [after[0] - before[1] - 1 for before, after in pairwise(ranges)]


def _stay_single(asked: Sequence[int], approved: Sequence[int]) -> bool:
    return all(one == 1 or was > 1 for one, was in zip(asked, approved, strict=True))
