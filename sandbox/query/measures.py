"""Compiles measures: which column, of which kind, under which name in the answer."""

from collections.abc import Sequence

from sandbox.errors import BadInput, Place
from sandbox.model.names import MAX_NAME, ColumnName
from sandbox.model.plan import Measure, MeasureKind
from sandbox.model.schema import Column, Schema
from sandbox.query.asked import Asked, AskedMeasure, Named, Operand, place_of
from sandbox.query.columns import known_name
from sandbox.query.moments import REGRESSIONS, SPREADS, columns_of, derive_moments, numbers_of
from sandbox.query.operands import column_of
from sandbox.query.wording import shown
from sandbox.query.workbench import Workbench
from sandbox.query.written import readable

MAX_MEASURES = 32
MAX_COLUMNS = 8
"""Columns of one measure: a matrix or a regression of so many has 45 parts to pay for."""
_OPERANDS = {
    MeasureKind.COUNT: (0, 1),
    MeasureKind.PEOPLE: (0, 1),
    MeasureKind.COVARIANCE: (2, MAX_COLUMNS),
    MeasureKind.CORRELATION: (2, MAX_COLUMNS),
    MeasureKind.REGRESSION: (2, MAX_COLUMNS),
    MeasureKind.SLOPE: (2, 2),
    MeasureKind.INTERCEPT: (2, 2),
    MeasureKind.RATIO: (2, 2),
}
"""Least and most columns of a kind; the others have one."""
HALF_WIDTH = "_half_width"
"""Ends the name of the answer column that holds a number's 95 % half-width."""
STANDARD_ERROR = "_standard_error"
"""Ends the name of the answer column that holds a number's standard error, if it has one."""


def compile_measures(
    asked: Asked, bench: Workbench, headings: tuple[str, ...]
) -> tuple[Measure, ...]:
    """Resolve measures and see that every column of the answer has a name of its own.

    Raises:
        BadInput: none or too many are asked, a name is taken or unfit, or a column does not fit
            the measure.
    """
    if not asked.measures:
        message = "A question measures something: a count, people, a sum, a mean, a variance"
        raise BadInput(message, code="plan.no_measure", place=Place(clause="measures"))
    if len(asked.measures) > MAX_MEASURES:
        message = f"A question has at most {MAX_MEASURES} measures"
        raise BadInput(
            message, code="plan.too_many_measures", place=asked.measures[MAX_MEASURES].place
        )
    taken: set[str] = set(headings)
    measures = []
    for one in asked.measures:
        measure = _measure(one, bench)
        _refuse_taken(measure, taken, one.place)
        taken |= set(_headings(measure))
        measures.append(measure)
    return tuple(measures)


def names_of(measure: Measure) -> tuple[str, ...]:
    """Name the numbers of a measure, in the order in which its estimator gives them."""
    if measure.kind is MeasureKind.REGRESSION:
        terms = ("intercept", *(readable(one) for one in measure.others))
        return tuple(f"{measure.name}_{term}" for term in terms)
    pairs = numbers_of(measure) if measure.kind in SPREADS else ()
    if len(pairs) < 2:  # noqa: PLR2004  (one number has the measure's own name)
        return (measure.name,)
    columns = [readable(one) for one in columns_of(measure)]
    return tuple(f"{measure.name}_{columns[i - 1]}_{columns[j - 1]}" for i, j in pairs)


def counts_people(measure: AskedMeasure, schema: Schema) -> bool:
    """Tell whether a measure names the unit to count people, which is no use of a column."""
    return (
        measure.kind is MeasureKind.PEOPLE
        and isinstance(measure.column, Named)
        and known_name(measure.column, schema) == schema.unit
    )


def _headings(measure: Measure) -> tuple[str, ...]:
    """Give the names of all columns that a measure adds to the answer."""
    further = (STANDARD_ERROR,) if measure.kind in REGRESSIONS else ()
    endings = ("", HALF_WIDTH, *further)
    return tuple(name + ending for name in names_of(measure) for ending in endings)


def _refuse_taken(measure: Measure, taken: set[str], place: Place) -> None:
    headings = _headings(measure)
    for index, name in enumerate(headings):
        if name in taken or name in headings[:index]:
            message = f"Two columns of the answer would be named {shown(name)}; rename one with AS"
            raise BadInput(message, code="plan.duplicate_name", place=place)


def _measure(asked: AskedMeasure, bench: Workbench) -> Measure:
    columns = _measured_columns(asked, bench)
    name = _default_name(asked.kind, columns) if asked.name is None else asked.name
    if not name.isprintable() or not 0 < len(name) <= MAX_NAME:
        message = f"A measure's name has 1 to {MAX_NAME} printable characters"
        raise BadInput(message, code="plan.bad_name", place=asked.place)
    measure = Measure(name, asked.kind, next(iter(columns), None), columns[1:])
    if asked.kind in REGRESSIONS | SPREADS:
        derive_moments(measure, bench)
    return measure


def _measured_columns(asked: AskedMeasure, bench: Workbench) -> tuple[ColumnName, ...]:
    """Resolve what is measured: people by their unit, rows with a value, and numbers."""
    if counts_people(asked, bench.table):
        return ()
    least, most = _OPERANDS.get(asked.kind, (1, 1))
    if not least <= len(asked.operands) <= most:
        many = f"{least}" if least == most else f"{least} to {most}"
        message = f"{str(asked.kind).capitalize()} takes {many} columns"
        raise BadInput(message, code="measure.columns", place=asked.place)
    columns = tuple(_measured(one, asked.kind, bench) for one in asked.operands)
    for index, name in enumerate(columns):
        if name in columns[:index]:
            message = f"Column {shown(name)} stands twice in one measure"
            raise BadInput(message, code="measure.repeats", place=place_of(asked.operands[index]))
    return columns


def _measured(operand: Operand, kind: MeasureKind, bench: Workbench) -> ColumnName:
    column = column_of(operand, bench)
    if kind is MeasureKind.PEOPLE:
        unit = bench.table.unit
        message = f"People are counted by {shown(unit)} alone: COUNT(DISTINCT {unit})"
        raise BadInput(message, code="measure.not_unit", place=place_of(operand))
    if kind is not MeasureKind.COUNT and not is_number(column):
        message = (
            f"Column {shown(readable(column.name))} has no numbers; count its rows instead, "
            "or measure the days between two dates"
        )
        raise BadInput(message, code="measure.not_numeric", place=place_of(operand))
    return column.name


def is_number(column: Column) -> bool:
    """Tell whether a column's values can be added up; dates cannot."""
    return column.lattice is not None and not column.lattice.days


def _default_name(kind: MeasureKind, columns: Sequence[ColumnName]) -> str:
    """Name a measure after its columns; long expressions are left out of it."""
    named = "_".join((kind, *(readable(one) for one in columns)))
    return named if len(named) <= MAX_NAME else str(kind)
