"""Compiles conditions of SQL into predicates over lattice steps and key codes.

A condition compares one column with values written in the question, and every value becomes an
integer before any row is read. Division by zero, casts, overflow and comparisons of unlike things
therefore cannot occur by construction: a predicate has no operation that could fail on some row
(threat A11) or be made slow by one (A5).
"""

from collections.abc import Callable
from typing import NamedTuple

from sqlglot import exp

from sandbox.errors import BadInput
from sandbox.model.predicate import And, IsNull, Not, Or, Predicate
from sandbox.model.schema import Column
from sandbox.query.comparisons import Comparison, Written, compare
from sandbox.query.sql import column_named
from sandbox.query.syntax import Parsed
from sandbox.query.workbench import Workbench

MAX_COMPARISONS = 500
"""Columns that one condition names: negating each may list all the keys of its column."""

_COMPARISONS: dict[type[exp.Expr], Comparison] = {
    exp.EQ: Comparison.EQUAL,
    exp.NEQ: Comparison.UNEQUAL,
    exp.LT: Comparison.LESS,
    exp.LTE: Comparison.AT_MOST,
    exp.GT: Comparison.MORE,
    exp.GTE: Comparison.AT_LEAST,
}


class _Scope(NamedTuple):
    """What a condition is compiled against."""

    parsed: Parsed
    bench: Workbench


def compile_condition(parsed: Parsed, bench: Workbench) -> Predicate:
    """Compile one condition, not yet in normal form.

    Raises:
        BadInput: outside the subset, a column that is unknown or closed, or a value that its
            column cannot be compared with.
    """
    if sum(1 for _ in parsed.tree.find_all(exp.Column)) > MAX_COMPARISONS:
        message = f"A condition has at most {MAX_COMPARISONS} comparisons"
        raise BadInput(message, code="filter.too_long", place=parsed.place(parsed.tree))
    return _predicate(_Scope(parsed, bench), parsed.tree)


def _predicate(scope: _Scope, node: exp.Expr) -> Predicate:
    if type(node) in _COMPARISONS:
        return _comparison(scope, node)
    compile_node = _COMPILERS.get(type(node))
    if compile_node is None:
        scope.parsed.refuse(node)
    return compile_node(scope, node)


def _parentheses(scope: _Scope, node: exp.Expr) -> Predicate:
    scope.parsed.refuse_parts(node, "this")
    return _predicate(scope, node.this)


def _not(scope: _Scope, node: exp.Expr) -> Predicate:
    return Not(_parentheses(scope, node))


def _and(scope: _Scope, node: exp.Expr) -> Predicate:
    return And(_chain(scope, node))


def _or(scope: _Scope, node: exp.Expr) -> Predicate:
    return Or(_chain(scope, node))


def _chain(scope: _Scope, node: exp.Expr) -> tuple[Predicate, ...]:
    """Walk `a AND b AND c` in a loop: the parser makes a chain as deep as it is long."""
    links = []
    rest = node
    while type(rest) is type(node):
        scope.parsed.refuse_parts(rest, "this", "expression")
        links.append(rest.expression)
        rest = rest.this
    return tuple(_predicate(scope, link) for link in (rest, *reversed(links)))


def _is_null(scope: _Scope, node: exp.Expr) -> Predicate:
    scope.parsed.refuse_parts(node, "this", "expression")
    if not isinstance(node.expression, exp.Null):
        scope.parsed.refuse(node)
    return IsNull(_column(scope, node.this).name)


def _comparison(scope: _Scope, node: exp.Expr) -> Predicate:
    """Compile a comparison; the column may stand on either side."""
    scope.parsed.refuse_parts(node, "this", "expression")
    comparison = _COMPARISONS[type(node)]
    left, right = node.this.unnest(), node.expression.unnest()
    if isinstance(right, exp.Column) and not isinstance(left, exp.Column):
        comparison, left, right = comparison.mirrored, right, left
    return compare(_column(scope, left), comparison, _written(scope, right))


def _between(scope: _Scope, node: exp.Expr) -> Predicate:
    scope.parsed.refuse_parts(node, "this", "low", "high")
    column = _column(scope, node.this)
    low = compare(column, Comparison.AT_LEAST, _written(scope, node.args["low"]))
    high = compare(column, Comparison.AT_MOST, _written(scope, node.args["high"]))
    return And((low, high))


def _in(scope: _Scope, node: exp.Expr) -> Predicate:
    scope.parsed.refuse_parts(node, "this", "expressions")
    column = _column(scope, node.this)
    if not node.expressions:
        message = "An IN list names at least one value"
        raise BadInput(message, code="sql.syntax", place=scope.parsed.place(node))
    values = [_written(scope, value) for value in node.expressions]
    return Or(tuple(compare(column, Comparison.EQUAL, value) for value in values))


def _column(scope: _Scope, node: exp.Expr) -> Column:
    return scope.bench.column(column_named(scope.parsed, node.unnest()))


def _written(scope: _Scope, node: exp.Expr) -> Written:
    """Read a literal: a number, a negative number, or text in single quotes."""
    sign, literal = "", node.unnest()
    if isinstance(literal, exp.Neg) and not literal.this.is_string:
        sign, literal = "-", literal.this
    if not isinstance(literal, exp.Literal):
        scope.parsed.refuse(literal)
    return Written(sign + literal.name, literal.is_string, scope.parsed.place(node))


_COMPILERS: dict[type[exp.Expr], Callable[[_Scope, exp.Expr], Predicate]] = {
    exp.Paren: _parentheses,
    exp.Not: _not,
    exp.And: _and,
    exp.Or: _or,
    exp.Is: _is_null,
    exp.Between: _between,
    exp.In: _in,
}
"""Every node of a condition that is understood, besides comparisons."""
