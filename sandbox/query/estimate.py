"""Turns noisy integers into the answer's columns: post-processing, so it costs no privacy.

Every estimate stands beside its 95 % half-width, and both can be foretold without a row but for
means, whose error depends on the size of the cell. Counts and sums are left as measured, negative
ones too: cutting them at zero would bias every total made of them.
"""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

from sandbox.model.plan import Measure, MeasureKind, Part
from sandbox.model.schema import Lattice
from sandbox.model.submission import Measurement, Noise, PricedPlan
from sandbox.privacy.noise import half_width
from sandbox.query.cells import cells, key_rows
from sandbox.query.mean import NoisyMean
from sandbox.query.measures import HALF_WIDTH
from sandbox.query.parts import lattice_of, parts_of_measure
from sandbox.query.wording import counted
from sandbox.wire import AnswerColumn, OutputForecast

ASSUMED_ROWS = 1000
"""Rows of a cell that a mean's forecast assumes where the owner declares no size."""


class _Vector(NamedTuple):
    """One part as it was measured: a noisy integer for each cell."""

    noise: Noise
    values: Sequence[int]


class _Cell(NamedTuple):
    """One number of the answer, in the measured column's unit."""

    value: int | float
    half_width: float


def estimate(priced: PricedPlan, measurement: Measurement) -> tuple[AnswerColumn, ...]:
    """Give the key columns, then each measure's estimates and their 95 % half-widths.

    Rows are the plan's cells in order; every number is an integer or a finite float.
    """
    measured = zip(measurement.noises, measurement.values, strict=True)
    vectors = {
        part: _Vector(noise, values)
        for part, (noise, values) in zip(measurement.parts, measured, strict=True)
    }
    columns = list(_key_columns(priced))
    for measure in priced.plan.measures:
        columns += _answer_columns(measure, _cells(measure, priced, vectors))
    return tuple(columns)


def forecast(priced: PricedPlan, declared_rows: int | None) -> tuple[OutputForecast, ...]:
    """Give each measure's half-width before anything is paid; no row is read.

    `declared_rows` is the owner's public estimate. A mean is taken to lie where its error is
    greatest, in cells of equal size, before any filter.
    """
    rows, assumes = _assumed_rows(cells(priced.plan, priced.table), declared_rows)
    return tuple(
        OutputForecast(
            name=measure.name,
            kind=measure.kind.value,
            half_width=_foretold(measure, priced, rows),
            assumes=assumes if measure.kind is MeasureKind.MEAN else None,
        )
        for measure in priced.plan.measures
    )


def _key_columns(priced: PricedPlan) -> Iterator[AnswerColumn]:
    rows = key_rows(priced.plan, priced.table)
    plan = priced.plan
    for index, name in enumerate(plan.headings or plan.group_by):
        yield AnswerColumn(name, "key", tuple(row[index] for row in rows))


def _answer_columns(measure: Measure, column: Sequence[_Cell]) -> tuple[AnswerColumn, ...]:
    return (
        AnswerColumn(measure.name, "estimate", tuple(cell.value for cell in column)),
        AnswerColumn(
            measure.name + HALF_WIDTH, "half_width", tuple(cell.half_width for cell in column)
        ),
    )


def _cells(measure: Measure, priced: PricedPlan, vectors: Mapping[Part, _Vector]) -> list[_Cell]:
    """Estimate a measure in every cell; what depends on the noise alone is computed once."""
    parts = [vectors[part] for part in parts_of_measure(measure, priced.plan, priced.table)]
    if len(parts) > 1:
        return _combined_cells(measure, lattice_of(measure, priced.table), *parts)
    (only,) = parts
    width = half_width(only.noise)
    if measure.kind is MeasureKind.SUM:
        lattice = lattice_of(measure, priced.table)
        width = lattice.value(Fraction(width))
        return [_Cell(lattice.value(value), width) for value in only.values]
    return [_Cell(value, width) for value in only.values]


def _combined_cells(
    measure: Measure, lattice: Lattice, total: _Vector, present: _Vector
) -> list[_Cell]:
    """Estimate a mean, or a sum beside a mean, from a centred sum and a count."""
    mean = NoisyMean.of(lattice, total.noise, present.noise)
    pairs = zip(total.values, present.values, strict=True)
    if measure.kind is MeasureKind.MEAN:
        return [_Cell(*mean.estimate(*pair)) for pair in pairs]
    width = lattice.value(Fraction(mean.sum_reach))
    return [_Cell(lattice.value(centred + lattice.middle * rows), width) for centred, rows in pairs]


def _foretold(measure: Measure, priced: PricedPlan, rows: int) -> float:
    """Give a measure's half-width in a cell of so many rows; only a mean's depends on them."""
    noises = dict(zip(priced.parts, priced.noises, strict=True))
    if measure.kind is MeasureKind.MEAN:
        parts = parts_of_measure(measure, priced.plan, priced.table)
        mean = NoisyMean.of(lattice_of(measure, priced.table), *(noises[part] for part in parts))
        return mean.greatest_half_width(rows)
    blank = {part: _Vector(noise, (0,)) for part, noise in noises.items()}
    return _cells(measure, priced, blank)[0].half_width


def _assumed_rows(number_of_cells: int, declared_rows: int | None) -> tuple[int, str]:
    """Give the rows of a cell to count on, to two digits, and the reason in words."""
    if declared_rows is None:
        return ASSUMED_ROWS, f"about {ASSUMED_ROWS} rows a cell (the owner declares no size)"
    rows = max(1, int(float(f"{declared_rows / number_of_cells:.2g}")))
    return rows, (
        f"about {counted(rows, 'row')} a cell (the owner's estimate of {declared_rows} rows "
        f"over {counted(number_of_cells, 'cell')}, before filters)"
    )
