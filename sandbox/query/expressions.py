"""Compiles SQL expressions: values to terms in normal form, conditions to predicates.

Every value becomes an integer that is bounded before any row is read (`sandbox.query.bounds`), and
what could overflow is refused here. Division by zero, casts and comparisons of unlike things have
no way to fail on some row (threat A11), and no operation takes longer for some rows (A5).
"""

from collections.abc import Callable
from fractions import Fraction

from sqlglot import exp

from sandbox.errors import BadInput
from sandbox.model.predicate import And, IsIn, Not, Or, Predicate
from sandbox.model.schema import Column
from sandbox.query.arithmetic import product, quotient
from sandbox.query.cases import is_null
from sandbox.query.clauses import column_named
from sandbox.query.comparisons import Comparison, compare, date_written, number_in
from sandbox.query.functions import FUNCTIONS, argument
from sandbox.query.patterns import like
from sandbox.query.scope import Scope
from sandbox.query.syntax import Parsed
from sandbox.query.terms import Category, Number, Term, Unwritable, Written, of_column, total
from sandbox.query.workbench import Workbench

MAX_COMPARISONS = 500
"""Columns that one expression names: negating each may list all the keys of its column."""

_COMPARISONS: dict[type[exp.Expr], Comparison] = {
    exp.EQ: Comparison.EQUAL,
    exp.NEQ: Comparison.UNEQUAL,
    exp.LT: Comparison.LESS,
    exp.LTE: Comparison.AT_MOST,
    exp.GT: Comparison.MORE,
    exp.GTE: Comparison.AT_LEAST,
}


def compile_condition(parsed: Parsed, bench: Workbench) -> Predicate:
    """Compile one condition, not yet in normal form.

    Raises:
        BadInput: outside the subset, a column that is unknown or closed, or values that cannot be
            compared or computed.
    """
    return _condition(_scope(parsed, bench), parsed.tree)


def compile_value(parsed: Parsed, bench: Workbench) -> Column:
    """Compile one value to a column, derived where it is none already.

    Raises:
        BadInput: as `compile_condition` does.
    """
    scope = _scope(parsed, bench)
    term = _value(scope, parsed.tree)
    if isinstance(term, Category):
        return term.column
    if isinstance(term, Written) and term.quoted:
        raise scope.wrong(
            "Write an expression of columns here", parsed.tree, code="expression.unlike"
        )
    return _column_of(scope, parsed.tree, term)


def _column_of(scope: Scope, node: exp.Expr, term: Term) -> Column:
    try:
        return scope.column(node, number_in(scope, node, term))
    except Unwritable:
        scope.too_large(node)


def _scope(parsed: Parsed, bench: Workbench) -> Scope:
    if sum(1 for _ in parsed.tree.find_all(exp.Column)) > MAX_COMPARISONS:
        message = f"A condition has at most {MAX_COMPARISONS} comparisons"
        raise BadInput(message, code="filter.too_long", place=parsed.start)
    return Scope(parsed, bench, _value, _condition)


def _value(scope: Scope, node: exp.Expr) -> Term:
    compile_node = FUNCTIONS.get(type(node)) or _VALUES.get(type(node))
    if compile_node is None:
        scope.parsed.refuse(node)
    try:
        return compile_node(scope, node)
    except Unwritable:
        scope.too_large(node)


def _bracketed_value(scope: Scope, node: exp.Expr) -> Term:
    scope.parsed.refuse_parts(node, "this")
    return _value(scope, node.this)


def _column(scope: Scope, node: exp.Expr) -> Term:
    return of_column(scope.bench.column(column_named(scope.parsed, node)))


def _literal(scope: Scope, node: exp.Expr) -> Term:
    return Written(node.name, node.args["is_string"], scope.place(node))


def _null(_scope: Scope, _node: exp.Expr) -> Term:
    return None


def _date(scope: Scope, node: exp.Expr) -> Term:
    """Read `DATE '2016-05-01'`, which is parsed like a cast; there are no others."""
    literal = node.this
    if not (
        isinstance(literal, exp.Literal) and literal.is_string and node.args["to"].this == _DATE
    ):
        scope.parsed.refuse(node)
    scope.parsed.refuse_parts(node, "this", "to")
    return date_written(Written(literal.name, quoted=True, place=scope.place(literal)))


_DATE = exp.DataType.Type.DATE


def _negative(scope: Scope, node: exp.Expr) -> Term:
    scope.parsed.refuse_parts(node, "this")
    term = _value(scope, node.this)
    if isinstance(term, Written) and not term.quoted and not term.text.startswith("-"):
        return Written(f"-{term.text}", quoted=False, place=scope.place(node))
    return number_in(scope, node, term).times(Fraction(-1))


def _sum(scope: Scope, node: exp.Expr) -> Term:
    """Walk `a + b - c` in a loop: the parser makes a chain as deep as it is long."""
    links: list[Number] = []
    rest = node
    while isinstance(rest, exp.Add | exp.Sub):
        scope.parsed.refuse_parts(rest, "this", "expression")
        sign = Fraction(-1 if isinstance(rest, exp.Sub) else 1)
        links.append(argument(scope, rest.expression).times(sign))
        rest = rest.this
    return total((argument(scope, rest), *links))


def _product(scope: Scope, node: exp.Expr) -> Term:
    """Walk `a * b / c` in a loop, from the left."""
    links: list[exp.Expr] = []
    rest = node
    while isinstance(rest, exp.Mul | exp.Div):
        scope.parsed.refuse_parts(rest, "this", "expression")
        links.append(rest)
        rest = rest.this
    found = argument(scope, rest)
    for link in reversed(links):
        step = product if isinstance(link, exp.Mul) else quotient
        found = step(scope, link, found, argument(scope, link.expression))
    return found


def _condition(scope: Scope, node: exp.Expr) -> Predicate:
    if type(node) in _COMPARISONS:
        return _comparison(scope, node)
    compile_node = _CONDITIONS.get(type(node))
    if compile_node is None:
        scope.parsed.refuse(node)
    return compile_node(scope, node)


def _parentheses(scope: Scope, node: exp.Expr) -> Predicate:
    scope.parsed.refuse_parts(node, "this")
    return _condition(scope, node.this)


def _not(scope: Scope, node: exp.Expr) -> Predicate:
    return Not(_parentheses(scope, node))


def _and(scope: Scope, node: exp.Expr) -> Predicate:
    return And(_chain(scope, node))


def _or(scope: Scope, node: exp.Expr) -> Predicate:
    return Or(_chain(scope, node))


def _chain(scope: Scope, node: exp.Expr) -> tuple[Predicate, ...]:
    """Walk `a AND b AND c` in a loop: the parser makes a chain as deep as it is long."""
    links = []
    rest = node
    while type(rest) is type(node):
        scope.parsed.refuse_parts(rest, "this", "expression")
        links.append(rest.expression)
        rest = rest.this
    return tuple(_condition(scope, link) for link in (rest, *reversed(links)))


def _is_null(scope: Scope, node: exp.Expr) -> Predicate:
    scope.parsed.refuse_parts(node, "this", "expression")
    if not isinstance(node.expression, exp.Null):
        scope.parsed.refuse(node)
    return is_null(scope, node, _value(scope, node.this))


def _comparison(scope: Scope, node: exp.Expr) -> Predicate:
    scope.parsed.refuse_parts(node, "this", "expression")
    left, right = _value(scope, node.this), _value(scope, node.expression)
    return _compared(scope, node, _COMPARISONS[type(node)], left, right)


def _compared(
    scope: Scope, node: exp.Expr, comparison: Comparison, left: Term, right: Term
) -> Predicate:
    try:
        return compare(scope, node, comparison, left, right)
    except Unwritable:
        scope.too_large(node)


def _between(scope: Scope, node: exp.Expr) -> Predicate:
    scope.parsed.refuse_parts(node, "this", "low", "high")
    value = _value(scope, node.this)
    low, high = _value(scope, node.args["low"]), _value(scope, node.args["high"])
    return And(
        (
            _compared(scope, node, Comparison.AT_LEAST, value, low),
            _compared(scope, node, Comparison.AT_MOST, value, high),
        )
    )


def _in(scope: Scope, node: exp.Expr) -> Predicate:
    scope.parsed.refuse_parts(node, "this", "expressions")
    value = _value(scope, node.this)
    if not node.expressions:
        message = "An IN list names at least one value"
        raise BadInput(message, code="sql.syntax", place=scope.place(node))
    others = [_value(scope, one) for one in node.expressions]
    return Or(tuple(_compared(scope, node, Comparison.EQUAL, value, one) for one in others))


def _like(scope: Scope, node: exp.Expr) -> Predicate:
    scope.parsed.refuse_parts(node, "this", "expression", "negate")
    found = _matching(scope, node, like)
    return Not(found) if node.args.get("negate") else found


def _starts_with(scope: Scope, node: exp.Expr) -> Predicate:
    scope.parsed.refuse_parts(node, "this", "expression")
    return _matching(scope, node, str.startswith)


def _matching(scope: Scope, node: exp.Expr, match: Callable[[str, str], bool]) -> Predicate:
    """Find the declared keys that match a written text."""
    value, pattern = _value(scope, node.this), _value(scope, node.expression)
    if not isinstance(value, Category):
        raise scope.wrong(
            "LIKE and STARTS_WITH are of a column with keys", node, code="expression.unlike"
        )
    if not isinstance(pattern, Written) or not pattern.quoted:
        message = "LIKE and STARTS_WITH take text in single quotes"
        raise scope.wrong(message, node.expression, code="expression.argument")
    keys = value.column.keys
    codes = (code for code, key in enumerate(keys) if match(key, pattern.text))
    return IsIn(value.column.name, tuple(codes))


_VALUES: dict[type[exp.Expr], Callable[[Scope, exp.Expr], Term]] = {
    exp.Paren: _bracketed_value,
    exp.Column: _column,
    exp.Literal: _literal,
    exp.Null: _null,
    exp.Cast: _date,
    exp.Neg: _negative,
    exp.Add: _sum,
    exp.Sub: _sum,
    exp.Mul: _product,
    exp.Div: _product,
}
"""Every node of a value that is understood, besides functions."""

_CONDITIONS: dict[type[exp.Expr], Callable[[Scope, exp.Expr], Predicate]] = {
    exp.Paren: _parentheses,
    exp.Not: _not,
    exp.And: _and,
    exp.Or: _or,
    exp.Is: _is_null,
    exp.Between: _between,
    exp.In: _in,
    exp.Like: _like,
    exp.StartsWith: _starts_with,
}
"""Every node of a condition that is understood, besides comparisons."""
