"""Shows a plan to people: as a tree to read, and as SQL that compiles back to the same plan."""

from collections.abc import Iterator

from sandbox.model.plan import Measure, MeasureKind, Plan
from sandbox.model.predicate import And, Or, Predicate
from sandbox.model.schema import Schema
from sandbox.query.cells import cells, group_columns
from sandbox.query.wording import counted
from sandbox.query.written import condition, quoted, readable

_INDENT = "  "


def as_tree(plan: Plan, schema: Schema) -> str:
    """Write a plan as indented lines: dataset, groups, filter, measures."""
    schema = plan.table(schema)
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
    return "\n".join(lines)


def as_sql(plan: Plan, schema: Schema) -> str:
    """Write a plan as SQL of the subset; every name is quoted, so that none reads as a keyword.

    It compiles back to the same plan, unless it has grown past the limit of one question's text.
    """
    schema = plan.table(schema)
    keys = [quoted(name) for name in plan.group_by]
    outputs = [f"{_aggregate(one, schema)} AS {quoted(one.name)}" for one in plan.measures]
    headed = [_headed(key, name) for key, name in zip(keys, plan.headings or keys, strict=True)]
    clauses = [f"SELECT {', '.join([*headed, *outputs])}", f"FROM {quoted(plan.dataset)}"]
    if plan.where is not None:
        clauses.append(f"WHERE {condition(plan.where, schema)}")
    if keys:
        clauses.append(f"GROUP BY {', '.join(keys)}")
    return " ".join(clauses)


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
    match measure.kind:
        case MeasureKind.COUNT:
            return f"COUNT({quoted(measure.column) if measure.column else '*'})"
        case MeasureKind.PEOPLE:
            return f"COUNT(DISTINCT {quoted(schema.unit)})"
        case MeasureKind.SUM:
            return f"SUM({quoted(measure.column or '')})"
        case MeasureKind.MEAN:
            return f"AVG({quoted(measure.column or '')})"
