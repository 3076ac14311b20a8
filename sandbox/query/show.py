"""Shows a plan to people: as a tree to read, and as SQL that compiles back to the same plan."""

from collections.abc import Callable, Iterator
from fractions import Fraction
from math import ceil, floor

from sandbox.model import cost
from sandbox.model.plan import Measure, MeasureKind, Plan
from sandbox.model.predicate import And, Between, IsIn, IsNull, Not, Or, Predicate
from sandbox.model.schema import Column, Schema
from sandbox.query.cells import cells, group_columns
from sandbox.query.wording import counted

_INDENT = "  "


def as_tree(plan: Plan, schema: Schema) -> str:
    """Write a plan as indented lines: dataset, groups, filter, measures."""
    lines = [f"{plan.dataset}: {counted(cells(plan, schema), 'cell')}"]
    lines += [
        f"{_INDENT}for each {column.name} ({counted(column.cells, 'key')})"
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
    keys = [_quoted(name) for name in plan.group_by]
    outputs = [f"{_aggregate(one, schema)} AS {_quoted(one.name)}" for one in plan.measures]
    headed = [_headed(key, name) for key, name in zip(keys, plan.headings or keys, strict=True)]
    clauses = [f"SELECT {', '.join([*headed, *outputs])}", f"FROM {_quoted(plan.dataset)}"]
    if plan.where is not None:
        clauses.append(f"WHERE {_condition(plan.where, schema)}")
    if keys:
        clauses.append(f"GROUP BY {', '.join(keys)}")
    return " ".join(clauses)


def _headed(key: str, heading: str) -> str:
    """Give a group column its heading, where that is not its name."""
    return key if heading == key else f"{key} AS {_quoted(heading)}"


def _predicate_lines(predicate: Predicate, schema: Schema, depth: int) -> Iterator[str]:
    if isinstance(predicate, And | Or):
        yield f"{_INDENT * depth}{'all' if isinstance(predicate, And) else 'any'} of"
        for operand in predicate.operands:
            yield from _predicate_lines(operand, schema, depth + 1)
    else:
        yield f"{_INDENT * depth}{_condition(predicate, schema)}"


def _aggregate(measure: Measure, schema: Schema) -> str:
    match measure.kind:
        case MeasureKind.COUNT:
            return f"COUNT({_quoted(measure.column) if measure.column else '*'})"
        case MeasureKind.PEOPLE:
            return f"COUNT(DISTINCT {_quoted(schema.unit)})"
        case MeasureKind.SUM:
            return f"SUM({_quoted(measure.column or '')})"
        case MeasureKind.MEAN:
            return f"AVG({_quoted(measure.column or '')})"


def _condition(predicate: Predicate, schema: Schema) -> str:
    match predicate:
        case And(operands) | Or(operands):
            word = " AND " if isinstance(predicate, And) else " OR "
            return word.join(_operand(operand, schema) for operand in operands)
        case Not(IsNull(column)):
            return f"{_quoted(column)} IS NOT NULL"
        case Not(operand):
            return f"NOT ({_condition(operand, schema)})"
        case IsNull(column):
            return f"{_quoted(column)} IS NULL"
        case Between() | IsIn():
            return _atom(predicate, schema)


def _operand(predicate: Predicate, schema: Schema) -> str:
    """Set a nested connective in parentheses."""
    text = _condition(predicate, schema)
    return f"({text})" if isinstance(predicate, And | Or) else text


def _atom(atom: Between | IsIn, schema: Schema) -> str:
    column = schema.find(atom.column)
    if column is None:
        raise ValueError("a plan's columns are in its schema")
    return _range(atom, column) if isinstance(atom, Between) else _keys(atom, column)


def _keys(atom: IsIn, column: Column) -> str:
    """List the keys, or those left out where they are fewer."""
    name, keys = _quoted(column.name), column.keys
    if not atom.codes:
        return f"({name} = {_text(keys[0])} AND {name} != {_text(keys[0])})"
    chosen = [keys[code] for code in atom.codes]
    left_out = sorted(set(keys) - set(chosen), key=keys.index)
    fewer, word = (left_out, "NOT IN") if len(left_out) < len(chosen) else (chosen, "IN")
    if len(fewer) == 1:
        return f"{name} {'=' if word == 'IN' else '!='} {_text(fewer[0])}"
    return f"{name} {word} ({', '.join(_text(key) for key in fewer)})"


def _range(atom: Between, column: Column) -> str:
    name = _quoted(column.name)
    low = None if atom.low is None else _number(atom.low, column, floor)
    high = None if atom.high is None else _number(atom.high, column, ceil)
    if low is None and high is None:
        return f"{name} IS NOT NULL"
    if low is None:
        return f"{name} <= {high}"
    if high is None:
        return f"{name} >= {low}"
    return f"{name} = {low}" if low == high else f"{name} BETWEEN {low} AND {high}"


def _number(step: int, column: Column, rounded: Callable[[Fraction], int]) -> str:
    """Write a step in the column's unit as a decimal that reads back as the same step.

    Where no decimal is exact (resolution 1/3), it is rounded outward by less than one step.

    Raises:
        ValueError: the column has keys; a compiled plan has no range over such.
    """
    if column.lattice is None:
        raise ValueError("a range is of a column on a lattice")
    value = step * column.lattice.resolution
    scale = 10 ** len(str(column.lattice.resolution.denominator))
    text = cost.text(value)
    return text if "/" not in text else cost.text(Fraction(rounded(value * scale), scale))


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _text(key: str) -> str:
    return "'" + key.replace("'", "''") + "'"
