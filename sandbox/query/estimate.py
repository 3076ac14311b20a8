"""Turns noisy integers into the answer's columns: post-processing, so it costs no privacy.

Every estimate stands beside its 95 % half-width, and both can be foretold without a row but for
means, whose error depends on the size of the cell. Counts and sums are left as measured, negative
ones too: cutting them at zero would bias every total made of them.
"""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

from sandbox.model.plan import Measure, MeasureKind, Part
from sandbox.model.schema import Schema
from sandbox.model.submission import Measurement, Noise, PricedPlan
from sandbox.privacy.noise import half_width
from sandbox.query.cells import cells, key_rows
from sandbox.query.mean import Noisy, greatest_half_width, mean_estimate
from sandbox.query.measures import HALF_WIDTH
from sandbox.query.parts import lattice_of, parts_of_measure
from sandbox.wire import AnswerColumn, OutputForecast

ASSUMED_ROWS = 1000
"""Rows of a cell that a mean's forecast assumes where the owner declares no size."""


class _Cell(NamedTuple):
    """One number of the answer, in the measured column's unit."""

    value: int | float
    half_width: float


def estimate(priced: PricedPlan, measurement: Measurement) -> tuple[AnswerColumn, ...]:
    """Give the key columns, then each measure's estimates and their 95 % half-widths.

    Rows are the plan's cells in order; every number is an integer or a finite float.
    """
    noises = dict(zip(measurement.parts, measurement.noises, strict=True))
    vectors = dict(zip(measurement.parts, measurement.values, strict=True))
    columns = list(_key_columns(priced))
    for measure in priced.plan.measures:
        parts = parts_of_measure(measure, priced.schema)
        rows = zip(*(vectors[part] for part in parts), strict=True)
        noisy = ([Noisy(n, noises[p]) for n, p in zip(row, parts, strict=True)] for row in rows)
        columns += _answer_columns(measure, [_cell(measure, priced.schema, one) for one in noisy])
    return tuple(columns)


def forecast(priced: PricedPlan, declared_people: int | None) -> tuple[OutputForecast, ...]:
    """Give each measure's half-width before anything is paid; no row is read.

    `declared_people` is the owner's public estimate. A mean is taken to lie at an end of its
    bounds, where its error is greatest, in cells of equal size, with one row a person.
    """
    noises = dict(zip(priced.parts, priced.noises, strict=True))
    rows, assumes = _assumed_rows(cells(priced.plan, priced.schema), declared_people)
    return tuple(
        OutputForecast(
            name=measure.name,
            kind=measure.kind.value,
            half_width=_foretold(measure, priced.schema, noises, rows),
            assumes=assumes if measure.kind is MeasureKind.MEAN else None,
        )
        for measure in priced.plan.measures
    )


def _key_columns(priced: PricedPlan) -> Iterator[AnswerColumn]:
    rows = key_rows(priced.plan, priced.schema)
    for index, name in enumerate(priced.plan.group_by):
        yield AnswerColumn(name, "key", tuple(row[index] for row in rows))


def _answer_columns(measure: Measure, column: Sequence[_Cell]) -> tuple[AnswerColumn, ...]:
    return (
        AnswerColumn(measure.name, "estimate", tuple(cell.value for cell in column)),
        AnswerColumn(
            measure.name + HALF_WIDTH, "half_width", tuple(cell.half_width for cell in column)
        ),
    )


def _cell(measure: Measure, schema: Schema, noisy: Sequence[Noisy]) -> _Cell:
    """Estimate one cell of one measure from its parts."""
    if measure.kind is MeasureKind.MEAN:
        total, present = noisy
        return _Cell(*mean_estimate(lattice_of(measure, schema), total, present))
    (only,) = noisy
    if measure.kind is MeasureKind.SUM:
        lattice = lattice_of(measure, schema)
        width = lattice.value(Fraction(half_width(only.noise)))
        return _Cell(lattice.value(only.value), width)
    return _Cell(only.value, half_width(only.noise))


def _foretold(measure: Measure, schema: Schema, noises: Mapping[Part, Noise], rows: int) -> float:
    parts = [noises[part] for part in parts_of_measure(measure, schema)]
    if measure.kind is MeasureKind.MEAN:
        total, present = parts
        return greatest_half_width(lattice_of(measure, schema), rows, total, present)
    return _cell(measure, schema, [Noisy(0, noise) for noise in parts]).half_width


def _assumed_rows(number_of_cells: int, declared_people: int | None) -> tuple[int, str]:
    """Give the rows of a cell to count on, to two digits, and the reason in words."""
    if declared_people is None:
        return ASSUMED_ROWS, f"about {ASSUMED_ROWS} rows a cell (the owner declares no size)"
    rows = max(1, int(float(f"{declared_people / number_of_cells:.2g}")))
    return rows, (
        f"about {rows} rows a cell "
        f"(the owner's estimate of {declared_people} people over {number_of_cells} cells)"
    )
