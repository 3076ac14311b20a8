"""Shows a plan to people: as a tree to read, and as SQL that compiles back to the same plan."""

from collections.abc import Iterator
from dataclasses import replace

from sandbox.model.plan import (
    Measure,
    MeasureKind,
    PersonColumn,
    PersonKind,
    PersonStep,
    Plan,
)
from sandbox.model.predicate import And, Or, Predicate
from sandbox.model.schema import Schema
from sandbox.query.cells import cells, group_columns
from sandbox.query.sql import FUNCTIONS
from sandbox.query.wording import counted
from sandbox.query.written import condition, quoted, readable

_INDENT = "  "
_PEOPLE = "people"
"""The name of the table of people in SQL; the builder's has none."""
_MADE = {
    PersonKind.ROWS: "COUNT(*)",
    PersonKind.PRESENT: "COUNT({})",
    PersonKind.SUM: "SUM({})",
    PersonKind.LEAST: "MIN({})",
    PersonKind.GREATEST: "MAX({})",
    PersonKind.DISTINCT: "COUNT(DISTINCT {})",
    PersonKind.ONLY: "ANY_VALUE({})",
}


def as_tree(plan: Plan, schema: Schema) -> str:
    """Write a plan as indented lines: dataset, groups, filter, measures."""
    stored, schema = schema, plan.table(schema)
    lines = [f"{plan.dataset}: {counted(cells(plan, schema), 'cell')}"]
    lines += [
        f"{_INDENT}for each {readable(column.name)} ({counted(column.cells, 'key')})"
        for column in group_columns(plan, schema)
    ]
    if plan.where is not None:
        lines.append(f"{_INDENT}where")
        lines += _predicate_lines(plan.where, schema, depth=2)
    lines.append(f"{_INDENT}measure")
    lines += [f"{_INDENT * 2}{one.name} = {_aggregate(one, schema)}" for one in plan.measures]
    if plan.people is not None:
        lines += _people_lines(plan.people, stored)
    return "\n".join(lines)


def as_sql(plan: Plan, schema: Schema) -> str:
    """Write a plan as SQL of the subset; every name is quoted, so that none reads as a keyword.

    It compiles back to the same plan, unless it has grown past the limit of one question's text.
    """
    before, source = "", quoted(plan.dataset)
    if plan.people is not None:
        before, source = _with(plan.people, source, schema), quoted(_PEOPLE)
    schema = plan.table(schema)
    keys = [quoted(name) for name in plan.group_by]
    outputs = [f"{_aggregate(one, schema)} AS {quoted(one.name)}" for one in plan.measures]
    headed = [_headed(key, name) for key, name in zip(keys, plan.headings or keys, strict=True)]
    clauses = [f"{before}SELECT {', '.join([*headed, *outputs])}", f"FROM {source}"]
    if plan.where is not None:
        clauses.append(f"WHERE {condition(plan.where, schema)}")
    if keys:
        clauses.append(f"GROUP BY {', '.join(keys)}")
    return " ".join(clauses)


def _people_lines(step: PersonStep, schema: Schema) -> Iterator[str]:
    """Write how rows become people, below what is asked of these."""
    rows = _rows_of(step, schema)
    yield f"{_INDENT}of people, each with"
    for one in step.columns:
        yield f"{_INDENT * 2}{one.column.name} = {_made(one)}"
    if step.where is not None:
        yield f"{_INDENT * 2}from rows where"
        yield from _predicate_lines(step.where, rows, depth=3)


def _with(step: PersonStep, source: str, schema: Schema) -> str:
    """Write how rows become people, as what stands before a SELECT."""
    unit = quoted(schema.unit)
    made = [f"{_made(one)} AS {quoted(one.column.name)}" for one in step.columns]
    columns = ", ".join([unit, *made])
    clauses = [f"SELECT {columns}", f"FROM {source}"]
    if step.where is not None:
        clauses.append(f"WHERE {condition(step.where, _rows_of(step, schema))}")
    return f"WITH {quoted(_PEOPLE)} AS ({' '.join(clauses)} GROUP BY {unit}) "


def _rows_of(step: PersonStep, schema: Schema) -> Schema:
    """Give the columns of the rows that become people: stored ones, then derived."""
    derived = tuple(one.column for one in step.derived)
    return replace(schema, columns=(*schema.columns, *derived))


def _made(one: PersonColumn) -> str:
    return _MADE[one.kind].format(quoted(one.of or ""))


def _headed(key: str, heading: str) -> str:
    """Give a group column its heading, where that is not its name."""
    return key if heading in {key, readable(key)} else f"{key} AS {quoted(heading)}"


def _predicate_lines(predicate: Predicate, schema: Schema, depth: int) -> Iterator[str]:
    if isinstance(predicate, And | Or):
        yield f"{_INDENT * depth}{'all' if isinstance(predicate, And) else 'any'} of"
        for operand in predicate.operands:
            yield from _predicate_lines(operand, schema, depth + 1)
    else:
        yield f"{_INDENT * depth}{condition(predicate, schema)}"


def _aggregate(measure: Measure, schema: Schema) -> str:
    columns = (measure.column or "", *measure.others)
    match measure.kind:
        case MeasureKind.COUNT:
            return f"COUNT({quoted(measure.column) if measure.column else '*'})"
        case MeasureKind.PEOPLE:
            return f"COUNT(DISTINCT {quoted(schema.unit)})"
        case MeasureKind.RATIO:
            return " / ".join(f"SUM({quoted(name)})" for name in columns)
        case _:
            return f"{FUNCTIONS[measure.kind]}({', '.join(map(quoted, columns))})"
