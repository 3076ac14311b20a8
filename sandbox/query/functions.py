"""Compiles the functions that expressions may call: each to what no row can make fail."""

from collections.abc import Callable
from fractions import Fraction
from math import ceil

from sqlglot import exp

from sandbox.model.value import DatePart, Linear, PartOfDate, Placed
from sandbox.query.arithmetic import absolute, floored, least, rounded
from sandbox.query.cases import case, coalesce, nullif
from sandbox.query.comparisons import number_in
from sandbox.query.scope import Scope
from sandbox.query.terms import Number, Term, number_of

MAX_DECIMALS = 12
MAX_BUCKETS = 1000

_Function = Callable[[Scope, exp.Expr], Term]

_PARTS: dict[str, DatePart] = {
    "YEAR": DatePart.YEAR,
    "QUARTER": DatePart.QUARTER,
    "MONTH": DatePart.MONTH,
    "DAY": DatePart.DAY,
    "ISODOW": DatePart.WEEKDAY,
    "DAYOFWEEK_ISO": DatePart.WEEKDAY,
}
_PART_NAMES = {
    DatePart.YEAR: "YEAR",
    DatePart.QUARTER: "QUARTER",
    DatePart.MONTH: "MONTH",
    DatePart.DAY: "DAY",
    DatePart.WEEKDAY: "ISODOW",
}


def _least(scope: Scope, node: exp.Expr) -> Term:
    scope.parsed.refuse_parts(node, "this", "expressions", "ignore_nulls")
    terms = [scope.value(scope, one) for one in (node.this, *node.expressions)]
    dated = next((one for one in terms if isinstance(one, Number) and one.dates), None)
    numbers = [number_in(scope, node, one, dated) for one in terms]
    return least(scope, node, numbers, greatest=isinstance(node, exp.Greatest))


def _abs(scope: Scope, node: exp.Expr) -> Term:
    scope.parsed.refuse_parts(node, "this")
    return absolute(scope, node, argument(scope, node.this))


def _floor(scope: Scope, node: exp.Expr) -> Term:
    scope.parsed.refuse_parts(node, "this")
    return floored(scope, node, argument(scope, node.this))


def _ceil(scope: Scope, node: exp.Expr) -> Term:
    """Compile CEIL(x) as -FLOOR(-x)."""
    scope.parsed.refuse_parts(node, "this")
    turned = argument(scope, node.this).times(Fraction(-1))
    return floored(scope, node, turned).times(Fraction(-1))


def _round(scope: Scope, node: exp.Expr) -> Term:
    scope.parsed.refuse_parts(node, "this", "decimals")
    decimals = node.args.get("decimals")
    digits = Fraction(0) if decimals is None else _constant(scope, decimals)
    if digits.denominator != 1 or abs(digits) > MAX_DECIMALS:
        message = f"ROUND takes a whole number of decimals, up to {MAX_DECIMALS}"
        raise scope.wrong(message, decimals or node, code="expression.argument")
    return rounded(scope, node, argument(scope, node.this), int(digits))


def _width_bucket(scope: Scope, node: exp.Expr) -> Term:
    """Compile WIDTH_BUCKET: 0 below `low`, 1 to n within, n + 1 from `high` on."""
    scope.parsed.refuse_parts(node, "this", "min_value", "max_value", "num_buckets")
    number = argument(scope, node.this)
    scope.require_number(node, number)
    ends = ("min_value", "max_value", "num_buckets")
    low, high, buckets = (_constant(scope, node.args[end]) for end in ends)
    if low >= high or buckets.denominator != 1 or not 1 <= buckets <= MAX_BUCKETS:
        message = f"WIDTH_BUCKET(x, low, high, n) has low < high and a whole n up to {MAX_BUCKETS}"
        raise scope.wrong(message, node, code="expression.argument")
    value, resolution = scope.lowered(number)
    width = (high - low) / buckets
    cuts = tuple(ceil((low + one * width) / resolution) for one in range(int(buckets) + 1))
    if max(map(abs, cuts)) >= _REACH:
        scope.too_large(node)
    texts = [scope.text(node, one) for one in (number, *map(Number, (low, high, buckets)))]
    text = f"WIDTH_BUCKET({', '.join(texts)})"
    return number_of(scope.number(node, text, Placed(value, cuts), Fraction(1)))


_REACH = 2**62


def _part(part: DatePart) -> _Function:
    def compile_part(scope: Scope, node: exp.Expr) -> Term:
        scope.parsed.refuse_parts(node, "this")
        return _part_of(scope, node.this, part)

    return compile_part


def _extract(scope: Scope, node: exp.Expr) -> Term:
    scope.parsed.refuse_parts(node, "this", "expression")
    part = _PARTS.get(node.this.name.upper())
    if part is None:
        message = f"EXTRACT takes {', '.join(list(_PARTS)[:5])} of a date"
        raise scope.wrong(message, node, code="expression.argument")
    return _part_of(scope, node.expression, part)


def _part_of(scope: Scope, node: exp.Expr, part: DatePart) -> Term:
    number = scope.value(scope, node)
    if not isinstance(number, Number) or number.dates != 1:
        message = "Parts are taken of a date: a column of dates, or DATE '2016-05-01'"
        raise scope.wrong(message, node, code="expression.date")
    column = scope.column(node, number) if number.terms else None
    value, _ = scope.lowered(number if column is None else number_of(column))
    if column is None:
        value = Linear(int(number.constant))
    text = f"{_PART_NAMES[part]}({scope.text(node, number)})"
    return number_of(scope.number(node, text, PartOfDate(value, part), Fraction(1)))


def argument(scope: Scope, node: exp.Expr) -> Number:
    """Compile what must be a number.

    Raises:
        BadInput: `expression.unlike`, `filter.not_a_number` or as values do.
    """
    return number_in(scope, node, scope.value(scope, node))


def _constant(scope: Scope, node: exp.Expr) -> Fraction:
    number = argument(scope, node)
    if number.terms or number.dates:
        raise scope.wrong("A written number stands here", node, code="expression.argument")
    return number.constant


FUNCTIONS: dict[type[exp.Expr], _Function] = {
    exp.Least: _least,
    exp.Greatest: _least,
    exp.Abs: _abs,
    exp.Floor: _floor,
    exp.Ceil: _ceil,
    exp.Round: _round,
    exp.WidthBucket: _width_bucket,
    exp.Year: _part(DatePart.YEAR),
    exp.Quarter: _part(DatePart.QUARTER),
    exp.Month: _part(DatePart.MONTH),
    exp.Day: _part(DatePart.DAY),
    exp.DayOfWeekIso: _part(DatePart.WEEKDAY),
    exp.Extract: _extract,
    exp.Case: case,
    exp.Coalesce: coalesce,
    exp.Nullif: nullif,
}
"""Every call that is understood in a value; `STARTS_WITH` is a condition."""
