"""Moments: the sums that variances, correlations and regressions are made of.

All moments of a measure are over the rows that have every column of it, so that they belong
together. Values are taken from the middle of their bounds and products from the middle of their
own range: with half-range h of the bounds a row then adds at most h to a sum and h**2 / 2 to a sum
of squares, where it would add up to (2 * h)**2 to a plain one. Masked columns and products are
derived while a question is compiled, so they go through the same total values, bounds and
sensitivities as any sum. A product is put on steps so coarse that no sum overflows, which moves it
by one part in 2**31 of its range at most.
"""

from collections.abc import Sequence
from fractions import Fraction
from itertools import combinations, combinations_with_replacement
from math import prod

from sandbox.model.names import ColumnName
from sandbox.model.plan import Measure, MeasureKind, Part, PartKind
from sandbox.model.schema import Column, Lattice, Schema
from sandbox.model.value import Bounded, Linear, Product, Stored, Value
from sandbox.query.workbench import DERIVED, Workbench
from sandbox.query.written import quoted

Pair = tuple[int, int]
"""Two places among (1, first column, second column, ...), the lesser first."""

REGRESSIONS = frozenset({MeasureKind.REGRESSION, MeasureKind.SLOPE, MeasureKind.INTERCEPT})
SPREADS = frozenset(
    {MeasureKind.VARIANCE, MeasureKind.STDDEV, MeasureKind.COVARIANCE, MeasureKind.CORRELATION}
)


def columns_of(measure: Measure) -> tuple[ColumnName, ...]:
    """Give a measure's columns in the order of its moments; what is explained stands last."""
    named = () if measure.column is None else (measure.column,)
    if measure.kind in REGRESSIONS:
        return (*measure.others, *named)
    return (*named, *measure.others)


def pairs_of(measure: Measure) -> tuple[Pair, ...]:
    """Say which moments a measure needs; (0, 0) is the count, (0, i) a sum, others products."""
    places = range(len(columns_of(measure)) + 1)
    if measure.kind is MeasureKind.COVARIANCE and len(places) == 3:  # noqa: PLR2004  (two columns)
        return (*((0, place) for place in places), (1, 2))
    return tuple(combinations_with_replacement(places, 2))


def numbers_of(measure: Measure) -> tuple[Pair, ...]:
    """Say of which pairs of columns a spread gives a number: a matrix has each pair once."""
    places = range(1, len(columns_of(measure)) + 1)
    if measure.kind is MeasureKind.COVARIANCE and len(places) > 2:  # noqa: PLR2004  (a matrix)
        return tuple(combinations_with_replacement(places, 2))
    return tuple(combinations(places, 2)) or ((1, 1),)


def derive_moments(measure: Measure, bench: Workbench) -> None:
    """Derive the columns whose sums are a measure's moments; twins derive the very same."""
    columns = {name: _numeric(bench.table, name) for name in sorted(columns_of(measure))}
    for names in _chosen(measure):
        if len(names) > 1 or len(columns) > 1:
            chosen = [columns[name] for name in names]
            resolution = prod((_lattice(one).resolution for one in chosen), start=Fraction(1))
            value = _masked(_value(chosen), chosen, list(columns.values()))
            bench.number(_text(names, list(columns)), value, resolution)


def added_up(measure: Measure) -> frozenset[ColumnName]:
    """Name every column of the table that a measure's sums are of."""
    columns = columns_of(measure)
    if measure.kind not in REGRESSIONS | SPREADS:
        return frozenset(columns)
    return frozenset(_place_of(names, columns) for names in _chosen(measure))


def moment_parts(measure: Measure, schema: Schema) -> tuple[Part, ...]:
    """Give a measure's parts, one for each of its pairs, in their order."""
    columns = columns_of(measure)
    return tuple(
        _part(pair, _place_of(names, columns), schema)
        for pair, names in zip(pairs_of(measure), _chosen(measure), strict=True)
    )


def _chosen(measure: Measure) -> list[tuple[ColumnName, ...]]:
    """Name the columns of each moment; a count is that of the first column where all are there."""
    columns = columns_of(measure)
    named = (sorted(columns[place - 1] for place in pair if place) for pair in pairs_of(measure))
    return [tuple(one) or (min(columns),) for one in named]


def _part(pair: Pair, name: ColumnName, schema: Schema) -> Part:
    """Give the part of one moment; those of a single column are the very parts of its mean."""
    if pair == (0, 0):
        return Part(PartKind.PRESENT, name)
    return Part(PartKind.SUM, name, centre=_lattice(_numeric(schema, name)).middle)


def _place_of(chosen: Sequence[ColumnName], columns: Sequence[ColumnName]) -> ColumnName:
    """Name the column of the table that holds what is added up."""
    if len(columns) == len(chosen) == 1:
        return chosen[0]
    return ColumnName(DERIVED + _text(chosen, columns))


def _text(chosen: Sequence[ColumnName], columns: Sequence[ColumnName]) -> str:
    """Write a moment so that nothing else of a question reads like it, and its twins do."""
    of, over = (", ".join(map(quoted, sorted(names))) for names in (chosen, columns))
    return f"MOMENT({of} OVER {over})"


def _value(chosen: Sequence[Column]) -> Value:
    """Give a column as it is, or a product about the middles; a square is held above zero."""
    if len(chosen) == 1:
        return Stored(chosen[0].name)
    first, second = (Linear(-_lattice(one).middle, ((1, Stored(one.name)),)) for one in chosen)
    value = Product(first, second)
    if chosen[0] != chosen[1]:
        return value
    return Bounded(value, 0, reach_of(_lattice(chosen[0])) ** 2)


def _masked(value: Value, chosen: Sequence[Column], columns: Sequence[Column]) -> Value:
    """Make a value null where any column is: 0 times a null is null."""
    others = [one for one in columns if one not in chosen]
    return Linear(0, ((1, value), *((0, Stored(one.name)) for one in others))) if others else value


def reach_of(lattice: Lattice) -> int:
    """Give the steps that a value lies from the middle at most."""
    return max(lattice.high - lattice.middle, lattice.middle - lattice.low)


def _numeric(schema: Schema, name: str) -> Column:
    column = schema.find(name)
    if column is None or column.lattice is None:
        raise ValueError("moments are of columns on a lattice")
    return column


def _lattice(column: Column) -> Lattice:
    if column.lattice is None:
        raise ValueError("moments are of columns on a lattice")
    return column.lattice
