"""Puts predicates into a normal form, so that a rephrased question is the same question.

Rephrasing would otherwise buy fresh noise for one and the same answer (threat A4). The form is
sound, not complete: predicates of one form keep the same rows; some that keep the same rows have
two forms. Over one column it is complete but for nulls.

Negations move inward first (De Morgan, sound in Kleene's logic). What is left is monotone in its
comparisons and a row stays only where the whole is true, so from there on a comparison with null
may be read as false, and `column is any value at all` as `column is not null`.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from sandbox.model.names import ColumnName
from sandbox.model.predicate import And, Between, IsIn, IsNull, Not, Or, Predicate
from sandbox.model.schema import Column, Schema
from sandbox.query.digest import predicate_json
from sandbox.query.ranges import Range, Ranges, complement, union


@dataclass(frozen=True, slots=True)
class Within:
    """The column is not null and its step or code lies in these ranges."""

    column: ColumnName
    ranges: Ranges


@dataclass(frozen=True, slots=True)
class _All:
    operands: frozenset["Node"]


@dataclass(frozen=True, slots=True)
class _Any:
    operands: frozenset["Node"]


Node = Within | IsNull | _All | _Any
_Columns = Mapping[ColumnName, Column]


def normalised(predicate: Predicate, schema: Schema) -> Predicate:
    """Give the normal form; the schema must have every column of the predicate open."""
    columns = {column.name: column for column in schema.columns}
    return _predicate(_node(predicate, columns, negated=False), columns)


def parted(
    predicate: Predicate | None, schema: Schema
) -> tuple[dict[ColumnName, Ranges], frozenset["Node"]]:
    """Part what must hold: the values that single columns are kept within, and all the rest."""
    if predicate is None:
        return {}, frozenset()
    columns = {column.name: column for column in schema.columns}
    node = _node(predicate, columns, negated=False)
    operands = node.operands if isinstance(node, _All) else frozenset((node,))
    within = {one.column: one.ranges for one in operands if isinstance(one, Within)}
    return within, frozenset(one for one in operands if not isinstance(one, Within))


def domain(column: Column) -> Range:
    """Give the least and greatest integer that the column can hold in a snapshot."""
    if column.lattice is None:
        return (0, len(column.keys) - 1)
    return (column.lattice.low, column.lattice.high)


def columns_of(predicate: Predicate) -> frozenset[ColumnName]:
    """Name the columns that a predicate reads."""
    match predicate:
        case And(operands) | Or(operands):
            return frozenset().union(*(columns_of(operand) for operand in operands))
        case Not(operand):
            return columns_of(operand)
        case _:
            return frozenset({predicate.column})


def _node(predicate: Predicate, columns: _Columns, *, negated: bool) -> Node:
    """Move negations inward and settle every connective from the inside out."""
    match predicate:
        case Not(operand):
            return _node(operand, columns, negated=not negated)
        case And(operands) | Or(operands):
            settled = [_node(operand, columns, negated=negated) for operand in operands]
            both = isinstance(predicate, And) is not negated
            return _all(settled, columns) if both else _any(settled)
        case IsNull(column):
            return Within(column, (domain(columns[column]),)) if negated else predicate
        case Between() | IsIn():
            return _within(predicate, columns, negated=negated)


def _within(atom: Between | IsIn, columns: _Columns, *, negated: bool) -> Within:
    whole = domain(columns[atom.column])
    if isinstance(atom, IsIn):
        ranges = union((code, code) for code in atom.codes)
    else:
        low = whole[0] if atom.low is None else max(atom.low, whole[0])
        high = whole[1] if atom.high is None else min(atom.high, whole[1])
        ranges = union([(low, high)])
    return Within(atom.column, complement(ranges, whole) if negated else ranges)


def _all(nodes: Iterable[Node], columns: _Columns) -> Node:
    """Intersect what is said of each column; one part that is never makes the whole never."""
    outside: dict[ColumnName, list[Range]] = defaultdict(list)
    operands: set[Node] = set()
    for node in _flat(nodes, _All):
        if isinstance(node, Within):
            outside[node.column] += complement(node.ranges, domain(columns[node.column]))
        else:
            operands.add(node)
    for column, ranges in outside.items():
        operands.add(Within(column, complement(union(ranges), domain(columns[column]))))
    never = [one.column for one in operands if isinstance(one, Within) and not one.ranges]
    if never:
        return Within(min(never), ())
    return operands.pop() if len(operands) == 1 else _All(frozenset(operands))


def _any(nodes: Iterable[Node]) -> Node:
    """Unite what is said of each column; parts that are never drop out."""
    ranges: dict[ColumnName, list[Range]] = defaultdict(list)
    operands: set[Node] = set()
    for node in _flat(nodes, _Any):
        if isinstance(node, Within):
            ranges[node.column] += node.ranges
        else:
            operands.add(node)
    operands.update(Within(column, union(one)) for column, one in ranges.items() if one)
    if not operands:
        return Within(min(ranges), ())
    return operands.pop() if len(operands) == 1 else _Any(frozenset(operands))


def _flat(nodes: Iterable[Node], kind: type[_All | _Any]) -> Iterator[Node]:
    """Lift the operands of nested connectives of the same kind."""
    for node in nodes:
        if isinstance(node, kind):
            yield from node.operands
        else:
            yield node


def _predicate(node: Node, columns: _Columns) -> Predicate:
    """Write a settled node as a predicate, operands in the order of their canonical JSON."""
    match node:
        case IsNull():
            return node
        case Within():
            parts = _parts(node, columns)
            return parts[0] if len(parts) == 1 else Or(_sorted(parts))
        case _All(operands):
            return And(_sorted(_predicate(operand, columns) for operand in operands))
        case _Any(operands):
            written = (_predicate(operand, columns) for operand in operands)
            return Or(_sorted(part for one in written for part in _alternatives(one)))


def _parts(node: Within, columns: _Columns) -> tuple[Predicate, ...]:
    """Write a set of steps or codes in the fewest predicates; ends at the domain stay open."""
    whole = domain(columns[node.column])
    if node.ranges == (whole,):
        return (Not(IsNull(node.column)),)
    if columns[node.column].lattice is None:
        codes = (code for low, high in node.ranges for code in range(low, high + 1))
        return (IsIn(node.column, tuple(codes)),)
    if not node.ranges:
        return (Between(node.column, 1, 0),)
    return tuple(
        Between(node.column, None if low == whole[0] else low, None if high == whole[1] else high)
        for low, high in node.ranges
    )


def _alternatives(predicate: Predicate) -> tuple[Predicate, ...]:
    return predicate.operands if isinstance(predicate, Or) else (predicate,)


def _sorted(predicates: Iterable[Predicate]) -> tuple[Predicate, ...]:
    return tuple(sorted(predicates, key=_canonical))


def _canonical(predicate: Predicate) -> str:
    return json.dumps(predicate_json(predicate), sort_keys=True)
