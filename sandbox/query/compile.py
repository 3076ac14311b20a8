"""Compiles a question, in SQL or from the builder, to the one plan that both become.

Only the request and the public schema are looked at. What a column may be used for is the
policy's to judge: `columns_used` tells the judge what a question touches, before it is compiled.
"""

from collections.abc import Iterable, Iterator
from math import prod

from sqlglot import exp

from sandbox.errors import BadInput, Place
from sandbox.model.names import ColumnName, dataset_name
from sandbox.model.plan import Plan
from sandbox.model.predicate import And, Predicate
from sandbox.model.schema import Column, Schema
from sandbox.query.asked import Asked, Named
from sandbox.query.builder import asked_by_builder
from sandbox.query.columns import known_name
from sandbox.query.expressions import compile_condition
from sandbox.query.measures import compile_measures, counts_people
from sandbox.query.normal import columns_of, normalised
from sandbox.query.sql import asked_in_sql, column_named
from sandbox.query.wording import shown
from sandbox.query.workbench import Workbench
from sandbox.wire import Question

MAX_CELLS = 100_000
"""Groups of one answer; noise is drawn, and shown, for each."""
MAX_GROUPS = 8
"""Columns to group by."""


def compile_question(question: Question, schema: Schema) -> Plan:
    """Compile a question; equal questions give equal plans, however they were put.

    Raises:
        BadInput: with a code, and line and column for SQL or the field for the builder.
    """
    asked = _asked(question)
    bench = Workbench(schema)
    group_by = _group_by(asked, bench)
    where = _where(asked, bench)
    measures = compile_measures(asked, bench, group_by)
    return Plan(
        dataset=dataset_name(question.dataset),
        where=where,
        group_by=group_by,
        measures=measures,
        filtered=tuple(sorted(columns_of(where))) if where else (),
        derived=bench.derived,
    )


def columns_used(question: Question, schema: Schema) -> tuple[tuple[str, str], ...]:
    """List every column that a question names with its use, `group`, `filter` or `measure`.

    Closed and unknown columns are listed too, the latter as they were written. The unit is left
    out where it only counts people.

    Raises:
        BadInput: the question cannot be read at all.
    """
    asked = _asked(question)
    uses = ((_spelled(named, schema), use) for named, use in _uses(asked, schema))
    return tuple(dict.fromkeys(uses))


def _asked(question: Question) -> Asked:
    """Read SQL or the builder's fields, whichever the question has."""
    built = bool(question.where or question.group_by or question.measures)
    if question.sql is None:
        return asked_by_builder(question)
    if built:
        message = "Ask either in SQL or with where, group_by and measures, not both"
        raise BadInput(message, code="question.both", place=Place(clause="sql"))
    return asked_in_sql(question.sql, dataset_name(question.dataset))


def _uses(asked: Asked, schema: Schema) -> Iterator[tuple[Named, str]]:
    """Walk the names of a question: groups, filters, measures."""
    yield from ((named, "group") for named in (*asked.group_by, *asked.selected))
    for parsed in asked.conditions:
        for node in parsed.tree.find_all(exp.Column):
            yield column_named(parsed, node), "filter"
    for measure in asked.measures:
        if not counts_people(measure, schema):
            yield from ((operand, "measure") for operand in measure.operands)


def _spelled(named: Named, schema: Schema) -> str:
    return known_name(named, schema) or named.text


def _group_by(asked: Asked, bench: Workbench) -> tuple[ColumnName, ...]:
    """Resolve group columns, each once, and keep the number of cells within reach."""
    if len(asked.group_by) > MAX_GROUPS:
        message = f"A question groups by at most {MAX_GROUPS} columns"
        raise BadInput(message, code="plan.too_many_groups", place=asked.group_by[MAX_GROUPS].place)
    columns: list[Column] = []
    for named in asked.group_by:
        column = bench.column(named)
        if column in columns:
            message = f"The question groups by {shown(column.name)} twice"
            raise BadInput(message, code="plan.duplicate_name", place=named.place)
        columns.append(column)
        cells = prod(column.cells for column in columns)
        if cells > MAX_CELLS:
            message = f"An answer has at most {MAX_CELLS} cells; these groups make {cells}"
            raise BadInput(message, code="plan.too_many_cells", place=named.place)
    names = tuple(column.name for column in columns)
    _check_selected(asked.selected, names, bench)
    return names


def _check_selected(
    selected: Iterable[Named], grouped: tuple[ColumnName, ...], bench: Workbench
) -> None:
    for named in selected:
        if bench.column(named).name not in grouped:
            message = f"Column {shown(named.text)} is neither in GROUP BY nor inside an aggregate"
            raise BadInput(message, code="sql.not_grouped", place=named.place)


def _where(asked: Asked, bench: Workbench) -> Predicate | None:
    if not asked.conditions:
        return None
    conditions = tuple(compile_condition(parsed, bench) for parsed in asked.conditions)
    return normalised(And(conditions), bench.table)
