"""Compiles a question, in SQL or from the builder, to the one plan that both become.

Only the request and the public schema are looked at. What a column may be used for is the
policy's to judge: `columns_used` tells the judge what a question touches, before it is compiled.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from sandbox.errors import BadInput, Place
from sandbox.model.names import ColumnName, dataset_name
from sandbox.model.plan import Measure, PersonKind, PersonStep, Plan
from sandbox.model.predicate import And, Predicate
from sandbox.model.schema import Column, Schema
from sandbox.query.asked import Asked, Named
from sandbox.query.builder import asked_by_builder
from sandbox.query.columns import known_name
from sandbox.query.expressions import compile_condition
from sandbox.query.groups import compile_groups, grouped
from sandbox.query.measures import compile_measures, counts_people
from sandbox.query.moments import added_up
from sandbox.query.needs import needed, stored
from sandbox.query.normal import columns_of, normalised
from sandbox.query.operands import uses_in
from sandbox.query.people import compile_people, uses_of_people
from sandbox.query.sql import asked_in_sql
from sandbox.query.workbench import USES, Workbench
from sandbox.wire import Question


def compile_question(question: Question, schema: Schema) -> Plan:
    """Compile a question; equal questions give equal plans, however they were put.

    Raises:
        BadInput: with a code, and line and column for SQL or the field for the builder.
    """
    asked = _asked(question)
    people = None if asked.people is None else compile_people(asked.people, schema)
    bench = Workbench(schema if people is None else people.table(schema))
    group_by, headings = compile_groups(asked, bench)
    where = _where(asked, bench)
    measures = compile_measures(asked, bench, headings)
    filtered = columns_of(where) if where else frozenset[ColumnName]()
    return Plan(
        dataset=dataset_name(question.dataset),
        where=where,
        group_by=group_by,
        measures=measures,
        filtered=stored(bench.derived, filtered) if people is None else _filtered(people),
        people=people,
        derived=needed(bench.derived, {*filtered, *group_by, *_measured(measures)}),
        headings=() if headings == group_by else headings,
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
    built = bool(question.where or question.group_by or question.measures or question.people)
    if question.sql is None:
        return asked_by_builder(question)
    if built:
        message = "Ask either in SQL or with where, group_by and measures, not both"
        raise BadInput(message, code="question.both", place=Place(clause="sql"))
    return asked_in_sql(question.sql, dataset_name(question.dataset))


def _filtered(people: PersonStep) -> tuple[ColumnName, ...]:
    """Name the stored columns that rows are filtered by before they become people."""
    return () if people.where is None else stored(people.derived, columns_of(people.where))


def _uses(asked: Asked, schema: Schema) -> Iterator[tuple[Named, str]]:
    """Walk the names of a question: groups, filters, measures.

    A name that the step to people gave stands for what it was made of: where all of a person's
    rows share a value, that value is used; everything else was measured when it was made.
    """
    if asked.people is None:
        yield from _uses_of_table(asked, schema)
        return
    for operand, use in uses_of_people(asked.people):
        yield from uses_in(operand, use, schema)
    made = {one.name.casefold(): one for one in asked.people.columns}
    named = tuple(Column(ColumnName(one.name), USES, keys=("",)) for one in made.values())
    for name, use in _uses_of_table(asked, replace(schema, columns=named, closed=frozenset())):
        one = made.get(name.text.casefold())
        if one is None:
            yield name, use
        elif one.kind is PersonKind.ONLY and one.operand is not None:
            yield from uses_in(one.operand, use, schema)


def _uses_of_table(asked: Asked, schema: Schema) -> Iterator[tuple[Named, str]]:
    selected = (one.operand for one in asked.selected)
    for operand in (*grouped(asked, schema), *selected):
        yield from uses_in(operand, "group", schema)
    for parsed in asked.conditions:
        yield from uses_in(parsed, "filter", schema)
    for measure in asked.measures:
        if not counts_people(measure, schema):
            for operand in measure.operands:
                yield from uses_in(operand, "measure", schema)


def _measured(measures: Iterable[Measure]) -> Iterator[ColumnName]:
    for one in measures:
        yield from added_up(one)


def _spelled(named: Named, schema: Schema) -> str:
    return known_name(named, schema) or named.text


def _where(asked: Asked, bench: Workbench) -> Predicate | None:
    if not asked.conditions:
        return None
    conditions = tuple(compile_condition(parsed, bench) for parsed in asked.conditions)
    return normalised(And(conditions), bench.table)
