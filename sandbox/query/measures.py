"""Compiles measures: which column, of which kind, under which name in the answer."""

from sandbox.errors import BadInput, Place
from sandbox.model.names import MAX_NAME, ColumnName
from sandbox.model.plan import Measure, MeasureKind
from sandbox.model.schema import Column, Schema
from sandbox.query.asked import Asked, AskedMeasure, Named, place_of
from sandbox.query.columns import known_name
from sandbox.query.operands import column_of
from sandbox.query.wording import shown
from sandbox.query.workbench import Workbench
from sandbox.query.written import readable

MAX_MEASURES = 32
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
        message = "A question measures something: a count, people, a sum or a mean"
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
    return (measure.name,)


def counts_people(measure: AskedMeasure, schema: Schema) -> bool:
    """Tell whether a measure names the unit to count people, which is no use of a column."""
    return (
        measure.kind is MeasureKind.PEOPLE
        and isinstance(measure.column, Named)
        and known_name(measure.column, schema) == schema.unit
    )


def _headings(measure: Measure) -> tuple[str, ...]:
    """Give the names of all columns that a measure adds to the answer."""
    return tuple(
        name + ending for name in names_of(measure) for ending in ("", HALF_WIDTH, STANDARD_ERROR)
    )


def _refuse_taken(measure: Measure, taken: set[str], place: Place) -> None:
    for name in _headings(measure):
        if name in taken:
            message = f"Two columns of the answer would be named {shown(name)}; rename one with AS"
            raise BadInput(message, code="plan.duplicate_name", place=place)


def _measure(asked: AskedMeasure, bench: Workbench) -> Measure:
    column = _measured_column(asked, bench)
    name = _default_name(asked.kind, column) if asked.name is None else asked.name
    if not name.isprintable() or not 0 < len(name) <= MAX_NAME:
        message = f"A measure's name has 1 to {MAX_NAME} printable characters"
        raise BadInput(message, code="plan.bad_name", place=asked.place)
    return Measure(name, asked.kind, column)


def _measured_column(asked: AskedMeasure, bench: Workbench) -> ColumnName | None:
    """Resolve what is measured: people by their unit, sums and means of a number."""
    if asked.column is None or counts_people(asked, bench.table):
        return None
    column = column_of(asked.column, bench)
    if asked.kind is MeasureKind.PEOPLE:
        unit = bench.table.unit
        message = f"People are counted by {shown(unit)} alone: COUNT(DISTINCT {unit})"
        raise BadInput(message, code="measure.not_unit", place=place_of(asked.column))
    if asked.kind in {MeasureKind.SUM, MeasureKind.MEAN} and not is_number(column):
        message = (
            f"Column {shown(readable(column.name))} has no numbers; count its rows instead, "
            "or measure the days between two dates"
        )
        raise BadInput(message, code="measure.not_numeric", place=place_of(asked.column))
    return column.name


def is_number(column: Column) -> bool:
    """Tell whether a column's values can be added up; dates cannot."""
    return column.lattice is not None and not column.lattice.days


def _default_name(kind: MeasureKind, column: ColumnName | None) -> str:
    """Name a measure after its column; a long expression is left out of it."""
    named = f"{kind}_{readable(column)}" if column else str(kind)
    return named if len(named) <= MAX_NAME else str(kind)
