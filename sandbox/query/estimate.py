"""Turns noisy integers into the answer's columns: post-processing, so it costs no privacy.

Every estimate stands beside its 95 % half-width, which is foretold without a row; what depends on
a cell is foretold for a cell that is described. How a kind is estimated is its estimator's matter.
"""

from collections.abc import Iterator

from sandbox.model.submission import Measurement, PricedPlan
from sandbox.query.cells import cells, key_rows
from sandbox.query.estimator import Estimated
from sandbox.query.estimators import estimators_of
from sandbox.query.measures import HALF_WIDTH, STANDARD_ERROR, names_of
from sandbox.query.parts import parts_of_measure
from sandbox.query.wording import counted
from sandbox.wire import AnswerColumn, OutputForecast

ASSUMED_ROWS = 1000
"""Rows of a cell that a forecast assumes where the owner declares no size."""


def estimate(priced: PricedPlan, measurement: Measurement) -> tuple[AnswerColumn, ...]:
    """Give the key columns, then each measure's estimates and their 95 % half-widths.

    Rows are the plan's cells in order; every number is an integer or a finite float.
    """
    vectors = dict(zip(measurement.parts, measurement.values, strict=True))
    columns = list(_key_columns(priced))
    for measure, estimator in estimators_of(priced):
        parts = parts_of_measure(measure, priced.plan, priced.table)
        estimated = estimator.estimate(*(vectors[part] for part in parts))
        for name, numbers in zip(names_of(measure), estimated, strict=True):
            columns += _answer_columns(name, numbers)
    return tuple(columns)


def forecast(priced: PricedPlan, declared_rows: int | None) -> tuple[OutputForecast, ...]:
    """Give the half-width of every number before anything is paid; no row is read.

    `declared_rows` is the owner's public estimate. Where an error depends on a cell, cells are
    taken to be of equal size, before any filter, and what else is assumed is said.
    """
    rows = assumed_rows(priced, declared_rows)
    size = _assumption(rows, cells(priced.plan, priced.table), declared_rows)
    return tuple(
        OutputForecast(
            name=name,
            kind=measure.kind.value,
            half_width=half_width,
            assumes=None if estimator.assumes is None else size + estimator.assumes,
        )
        for measure, estimator in estimators_of(priced)
        for name, half_width in zip(names_of(measure), estimator.foretell(rows), strict=True)
    )


def _key_columns(priced: PricedPlan) -> Iterator[AnswerColumn]:
    rows = key_rows(priced.plan, priced.table)
    plan = priced.plan
    for index, name in enumerate(plan.headings or plan.group_by):
        yield AnswerColumn(name, "key", tuple(row[index] for row in rows))


def _answer_columns(name: str, numbers: Estimated) -> Iterator[AnswerColumn]:
    yield AnswerColumn(name, "estimate", numbers.values)
    yield AnswerColumn(name + HALF_WIDTH, "half_width", numbers.half_widths)
    if numbers.standard_errors:
        yield AnswerColumn(name + STANDARD_ERROR, "standard_error", numbers.standard_errors)


def assumed_rows(priced: PricedPlan, declared_rows: int | None) -> int:
    """Give the rows of a cell to count on, to two digits."""
    if declared_rows is None:
        return ASSUMED_ROWS
    share = declared_rows / cells(priced.plan, priced.table)
    return max(1, int(float(f"{share:.2g}")))


def _assumption(rows: int, number_of_cells: int, declared_rows: int | None) -> str:
    """Say how many rows a cell is taken to have, and why."""
    if declared_rows is None:
        return f"about {ASSUMED_ROWS} rows a cell (the owner declares no size)"
    return (
        f"about {counted(rows, 'row')} a cell (the owner's estimate of {declared_rows} rows "
        f"over {counted(number_of_cells, 'cell')}, before filters)"
    )
