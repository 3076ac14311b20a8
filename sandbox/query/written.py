"""Writes names, keys, numbers and predicates as SQL that reads back as the same."""

import re
from collections.abc import Callable
from fractions import Fraction
from math import ceil, floor

from sandbox.model import cost
from sandbox.model.day import written_date
from sandbox.model.predicate import And, Between, IsIn, IsNull, Not, Or, Predicate
from sandbox.model.schema import FIRST_DAY, LAST_DAY, Column, Schema
from sandbox.query.workbench import DERIVED


def quoted(name: str) -> str:
    """Write a stored column in quotes, so that it is no keyword; a derived one is SQL already."""
    if name.startswith(DERIVED):
        return name.removeprefix(DERIVED)
    return '"' + name.replace('"', '""') + '"'


def readable(name: str) -> str:
    """Write a column for people: a derived one as its SQL, plain names in it without quotes."""
    if not name.startswith(DERIVED):
        return name
    return re.sub(r'"([^\W\d]\w*)"', r"\1", name.removeprefix(DERIVED))


def literal(key: str) -> str:
    """Write a key."""
    return "'" + key.replace("'", "''") + "'"


def condition(predicate: Predicate, schema: Schema) -> str:
    """Write a predicate as a condition."""
    match predicate:
        case And(operands) | Or(operands):
            word = " AND " if isinstance(predicate, And) else " OR "
            return word.join(_operand(operand, schema) for operand in operands)
        case Not(IsNull(column)):
            return f"{quoted(column)} IS NOT NULL"
        case Not(operand):
            return f"NOT ({condition(operand, schema)})"
        case IsNull(column):
            return f"{quoted(column)} IS NULL"
        case Between() | IsIn():
            return _atom(predicate, schema)


def _operand(predicate: Predicate, schema: Schema) -> str:
    """Set a nested connective in parentheses."""
    text = condition(predicate, schema)
    return f"({text})" if isinstance(predicate, And | Or) else text


def _atom(atom: Between | IsIn, schema: Schema) -> str:
    column = schema.find(atom.column)
    if column is None:
        raise ValueError("a plan's columns are in its table")
    return _range(atom, column) if isinstance(atom, Between) else _keys(atom, column)


def _keys(atom: IsIn, column: Column) -> str:
    """List the keys, or those left out where they are fewer."""
    name, keys = quoted(column.name), column.keys
    if not atom.codes:
        return f"({name} = {literal(keys[0])} AND {name} != {literal(keys[0])})"
    chosen = [keys[code] for code in atom.codes]
    left_out = sorted(set(keys) - set(chosen), key=keys.index)
    fewer, word = (left_out, "NOT IN") if len(left_out) < len(chosen) else (chosen, "IN")
    if len(fewer) == 1:
        return f"{name} {'=' if word == 'IN' else '!='} {literal(fewer[0])}"
    return f"{name} {word} ({', '.join(literal(key) for key in fewer)})"


def _range(atom: Between, column: Column) -> str:
    name = quoted(column.name)
    low = None if atom.low is None else step_text(atom.low, column, floor)
    high = None if atom.high is None else step_text(atom.high, column, ceil)
    if low is None and high is None:
        return f"{name} IS NOT NULL"
    if low is None:
        return f"{name} <= {high}"
    if high is None:
        return f"{name} >= {low}"
    return f"{name} = {low}" if low == high else f"{name} BETWEEN {low} AND {high}"


def step_text(step: int, column: Column, rounded: Callable[[Fraction], int]) -> str:
    """Write a step in the column's unit as a literal that reads back as the same step.

    Where no decimal is exact (resolution 1/3), it is rounded outward by less than one step. Steps
    of days that are none of the calendar's are moved to its ends, beyond which no column reaches.

    Raises:
        ValueError: the column has keys; a compiled plan has no range over such.
    """
    lattice = column.lattice
    if lattice is None:
        raise ValueError("a range is of a column on a lattice")
    if lattice.days:
        return f"DATE '{written_date(max(FIRST_DAY, min(LAST_DAY, step)))}'"
    value = step * lattice.resolution
    scale = 10 ** len(str(lattice.resolution.denominator))
    text = cost.text(value)
    return text if "/" not in text else cost.text(Fraction(rounded(value * scale), scale))
