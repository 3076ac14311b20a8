"""Compiles the step that makes rows into people: a table of one row a person.

What a person's column can hold follows from the schema alone: a person has at most `max_rows`
rows, and each value lies within its column's bounds.
"""

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

from sandbox.errors import BadInput
from sandbox.model.names import MAX_NAME, ColumnName
from sandbox.model.plan import PersonColumn, PersonKind, PersonStep
from sandbox.model.predicate import And, Predicate
from sandbox.model.schema import MAX_STEPS, Column, Lattice, Schema
from sandbox.query.asked import AskedPeople, AskedPerson, Operand, place_of
from sandbox.query.columns import known_name
from sandbox.query.expressions import compile_condition
from sandbox.query.measures import is_number
from sandbox.query.needs import needed
from sandbox.query.normal import columns_of, normalised
from sandbox.query.operands import column_of
from sandbox.query.wording import PEOPLE_FIRST, shown
from sandbox.query.workbench import DERIVED, USES, Workbench
from sandbox.query.written import readable

MAX_COLUMNS = 32
_ORDERED = frozenset({PersonKind.SUM, PersonKind.LEAST, PersonKind.GREATEST})
"""What only numbers can be made into."""


def compile_people(asked: AskedPeople, schema: Schema) -> PersonStep:
    """Compile the step, its own filter included.

    Raises:
        BadInput: no or too many columns, a name is taken or unfit, or an operand does not fit.
    """
    if not 0 < len(asked.columns) <= MAX_COLUMNS:
        raise BadInput(
            f"A table of people has 1 to {MAX_COLUMNS} columns",
            code="people.columns",
            place=asked.place,
        )
    for named in asked.by:
        if known_name(named, schema) != schema.unit:
            raise BadInput(
                f"{PEOPLE_FIRST}; the person is {shown(schema.unit)}, and what else all rows of a "
                "person share is ANY_VALUE(column) AS name",
                code="people.by",
                place=named.place,
            )
    bench = Workbench(schema)
    where = _where(asked, bench)
    columns: list[PersonColumn] = []
    for one in asked.columns:
        _check_name(one, columns, schema)
        columns.append(_column(one, bench))
    read = {column.of for column in columns if column.of} | (columns_of(where) if where else set())
    return PersonStep(needed(bench.derived, read), where, tuple(columns))


def _where(asked: AskedPeople, bench: Workbench) -> Predicate | None:
    if not asked.conditions:
        return None
    conditions = tuple(compile_condition(parsed, bench) for parsed in asked.conditions)
    return normalised(And(conditions), bench.table)


def _check_name(one: AskedPerson, before: list[PersonColumn], schema: Schema) -> None:
    """See that a column has a name that means nothing else."""
    if not one.name.isprintable() or not 0 < len(one.name) <= MAX_NAME or one.name[0] == DERIVED:
        message = (
            f"A column of people has a name of 1 to {MAX_NAME} printable characters, without @"
        )
        raise BadInput(message, code="plan.bad_name", place=one.place)
    taken = {schema.unit.casefold(), *(column.column.name.casefold() for column in before)}
    if one.name.casefold() in taken:
        message = f"Two columns of the table of people would be named {shown(one.name)}"
        raise BadInput(message, code="plan.duplicate_name", place=one.place)


def _column(one: AskedPerson, bench: Workbench) -> PersonColumn:
    name = ColumnName(one.name)
    if one.operand is None:
        rows = Lattice(1, bench.table.max_rows, Fraction(1))
        return PersonColumn(Column(name, USES, lattice=rows), PersonKind.ROWS)
    column = column_of(one.operand, bench)
    if (one.kind in _ORDERED and column.lattice is None) or (
        one.kind is PersonKind.SUM and not is_number(column)
    ):
        message = (
            f"Column {shown(readable(column.name))} cannot be added up or put in order; take what "
            "all of a person's rows share, or count them"
        )
        raise BadInput(message, code="measure.not_numeric", place=place_of(one.operand))
    shape = _shape(one.kind, column, bench.table.max_rows, one.operand)
    return PersonColumn(replace(shape, name=name, use=USES), one.kind, column.name)


def _shape(kind: PersonKind, column: Column, rows: int, operand: Operand) -> Column:
    """Give what the rows of one person can be made into."""
    match kind:
        case PersonKind.SUM if column.lattice is not None:
            low, high = min(0, rows * column.lattice.low), max(0, rows * column.lattice.high)
            if max(-low, high) > MAX_STEPS:
                message = "The sum of a person's rows can become too large; bound its values first"
                raise BadInput(message, code="expression.too_large", place=place_of(operand))
            return Column(column.name, USES, lattice=Lattice(low, high, column.lattice.resolution))
        case PersonKind.PRESENT | PersonKind.DISTINCT:
            most = min(rows, column.cells) if kind is PersonKind.DISTINCT else rows
            return Column(column.name, USES, lattice=Lattice(0, most, Fraction(1)))
        case _:
            return column


def uses_of_people(asked: AskedPeople) -> Iterator[tuple[Operand, str]]:
    """List what the step does with operands: it filters by some, and measures the others.

    What all rows share is passed on as it is; how that is used is seen where its name is.
    """
    for parsed in asked.conditions:
        yield parsed, "filter"
    for one in asked.columns:
        if one.operand is not None and one.kind is not PersonKind.ONLY:
            yield one.operand, "measure"
