"""Arithmetic on numbers in normal form: what is exact stays exact, and the rest says how near.

Sums, differences and division by a constant are exact. A product is exact where its steps fit a
lattice, else rounded to the nearest coarser step (`Workbench.number`). A quotient by a column is
null where that is 0, else rounded down to 10**-n times the ratio of the resolutions: n is 6, or
as much less as it takes for a lattice to hold it.
"""

from fractions import Fraction
from math import floor

from sqlglot import exp

from sandbox.model.schema import MAX_STEPS, Column
from sandbox.model.value import Bounded, Divided, Linear, Product, Quotient, Stored, Value
from sandbox.query.scope import Scope, in_steps
from sandbox.query.terms import Number, number_of, step_of, total
from sandbox.query.written import quoted

MAX_DIGITS = 6
"""Decimals that a quotient of whole numbers has at most."""

MAX_FACTORS = 16
"""Factors of one product, numbers not counted."""

_Factor = tuple[str, Column]
"""A factor with its text, in brackets where it is a sum."""


def product(scope: Scope, node: exp.Expr, left: Number, right: Number) -> Number:
    """Multiply; constant factors are taken out, the rest is sorted.

    Raises:
        BadInput: a date, or `expression.too_large`.
    """
    for one, other in ((left, right), (right, left)):
        if not one.terms:
            scope.require_number(node, one)
            return other.times(one.constant)
    for one in (left, right):
        scope.require_number(node, one)
    factor, factors = Fraction(1), list[_Factor]()
    for one in (left, right):
        content = one.content or Fraction(1)
        factor, factors = factor * content, factors + _factors(scope, node, one.times(1 / content))
    if len(factors) > MAX_FACTORS:
        message = f"A product has at most {MAX_FACTORS} factors"
        raise scope.wrong(message, node, code="expression.too_long")
    factors.sort(key=lambda one: one[0])
    return number_of(_multiplied(scope, node, factors)).times(factor)


def _factors(scope: Scope, node: exp.Expr, number: Number) -> list[_Factor]:
    """Take a product apart again, so that brackets in it make no difference."""
    column = scope.column(node, number)
    text = quoted(column.name)
    known = scope.bench.factors.get(column.name)
    return [*known] if known else [(text if number.column else f"({text})", column)]


def _multiplied(scope: Scope, node: exp.Expr, factors: list[_Factor]) -> Column:
    """Multiply two by two, so that each step can be put on a lattice again."""
    column = factors[0][1]
    for number, (_, factor) in enumerate(factors[1:], start=2):
        text = f"({' * '.join(one for one, _ in factors[:number])})"
        value = Product(Stored(column.name), Stored(factor.name))
        column = scope.number(node, text, value, step_of(column) * step_of(factor))
        scope.bench.factors[column.name] = tuple(factors[:number])
    return column


def quotient(scope: Scope, node: exp.Expr, over: Number, under: Number) -> Number:
    """Divide: exactly by a constant; by a column rounded down, and null where it is 0.

    Raises:
        BadInput: `expression.zero`, a date, or `expression.too_large`.
    """
    scope.require_number(node, under)
    if not under.terms:
        if not under.constant:
            raise scope.wrong("This divides by 0 on every row", node, code="expression.zero")
        return over.times(1 / under.constant)
    scope.require_number(node, over)
    above, below = over.content or Fraction(1), under.content or Fraction(1)
    over, under = over.times(1 / above), under.times(1 / below)
    divisor = scope.column(node, under)
    value, resolution = _over(scope, node, over)
    reach = max(map(abs, scope.bounds(node, value)))
    factor = 10 ** max(n for n in range(MAX_DIGITS + 1) if n == 0 or reach * 10**n <= MAX_STEPS)
    text = f"({_bracketed(scope, node, over)} / {_bracketed(scope, node, under)})"
    divided = Quotient(value, Stored(divisor.name), factor)
    column = scope.number(node, text, divided, resolution / step_of(divisor) / factor)
    return number_of(column).times(above / below)


def _over(scope: Scope, node: exp.Expr, over: Number) -> tuple[Value, Fraction]:
    if not over.terms:
        return Linear(int(over.constant)), Fraction(1)
    column = scope.column(node, over)
    return Stored(column.name), step_of(column)


def least(scope: Scope, node: exp.Expr, numbers: list[Number], *, greatest: bool) -> Number:
    """Give the least or greatest of numbers, null where one is: bounds, where one is a constant.

    Raises:
        BadInput: dates beside numbers, or `expression.too_large`.
    """
    require_alike(scope, node, numbers)
    pick = max if greatest else min
    constants = [one for one in numbers if not one.terms]
    texts = {scope.text(node, one): one for one in numbers if one.terms}
    order = [texts[text] for text in sorted(texts)]
    if constants:
        bound = pick(one.constant for one in constants)
        order.append(Number(bound, (), constants[0].dates))
    name = "GREATEST" if greatest else "LEAST"
    texts_in_order = [scope.text(node, one) for one in order]
    found = order[0]
    for number, other in enumerate(order[1:], start=2):
        text = f"{name}({', '.join(texts_in_order[:number])})"
        found = _lesser(scope, node, text, (found, other), greatest=greatest)
    return found


def _lesser(
    scope: Scope, node: exp.Expr, text: str, pair: tuple[Number, Number], *, greatest: bool
) -> Number:
    """Move one number by as much as the other lies beyond it, and hold that to what it can be."""
    one, other = pair
    first, resolution = scope.lowered(one, other)
    second = in_steps(other, resolution)
    ends = scope.bounds(node, first), scope.bounds(node, second)
    pick = max if greatest else min
    low, high = pick(ends[0][0], ends[1][0]), pick(ends[0][1], ends[1][1])
    value: Value = first
    if other.terms:
        apart = in_steps(total((other, one.times(Fraction(-1)))), resolution)
        reach = max(map(abs, scope.bounds(node, apart)))
        beyond = Bounded(apart, 0, reach) if greatest else Bounded(apart, -reach, 0)
        value = Linear(0, ((1, first), (1, beyond)))
    value = Bounded(value, low, high)
    return number_of(scope.number(node, text, value, resolution, days=bool(one.dates)))


def absolute(scope: Scope, node: exp.Expr, number: Number) -> Number:
    """Give a number without its sign.

    Raises:
        BadInput: a date, or `expression.too_large`.
    """
    scope.require_number(node, number)
    if not number.terms:
        return Number(abs(number.constant))
    content = number.content or Fraction(1)
    inner = number.times(1 / content)
    value, resolution = scope.lowered(inner)
    low, high = scope.bounds(node, value)
    if low >= 0:
        return inner.times(abs(content))
    reach = max(abs(low), abs(high))
    folded = Linear(0, ((2, Bounded(value, 0, reach)), (-1, value)))
    bounded = Bounded(folded, max(0, -high), reach)
    column = scope.number(node, f"ABS({scope.text(node, inner)})", bounded, resolution)
    return number_of(column).times(abs(content))


def floored(scope: Scope, node: exp.Expr, number: Number) -> Number:
    """Give the greatest whole number that is not above a number.

    Raises:
        BadInput: a date, or `expression.too_large`.
    """
    scope.require_number(node, number)
    whole = Number(Fraction(floor(number.constant)))
    rest = total((number, whole.times(Fraction(-1))))
    if not rest.terms:
        return whole
    value, resolution = scope.lowered(rest)
    above, below = resolution.as_integer_ratio()
    if below == 1:
        return number
    scaled = Linear(0, ((above, value),)) if above != 1 else value
    text = f"FLOOR({scope.text(node, rest)})"
    column = scope.number(node, text, Divided(scaled, below), Fraction(1))
    return total((number_of(column), whole))


def rounded(scope: Scope, node: exp.Expr, number: Number, digits: int) -> Number:
    """Round to decimals, halves away from zero.

    Raises:
        BadInput: a date, or `expression.too_large`.
    """
    scope.require_number(node, number)
    step = Fraction(10) ** -digits
    value, resolution = scope.lowered(number)
    if (resolution / step).denominator == 1:
        return number
    above, below = (2 * resolution / step).as_integer_ratio()
    low, high = scope.bounds(node, value)
    halves = [
        (sign, Divided(Linear(below, ((sign * above, _beyond_zero(value, sign, low, high)),)),
                       2 * below))
        for sign in (1, -1)
    ]  # fmt: skip
    text = f"ROUND({scope.text(node, number)}, {digits})"
    return number_of(scope.number(node, text, Linear(0, tuple(halves)), step))


def _beyond_zero(value: Value, sign: int, low: int, high: int) -> Value:
    """Give what of a number lies on one side of 0, and 0 on the other."""
    ends = (max(low, 0), max(high, 0)) if sign == 1 else (min(low, 0), min(high, 0))
    return Bounded(value, *ends)


def require_alike(scope: Scope, node: exp.Expr, numbers: list[Number]) -> None:
    """Let numbers stand together, or dates.

    Raises:
        BadInput: `expression.date`.
    """
    for number in numbers:
        scope.require_unit(node, number)
    if len({number.dates for number in numbers}) > 1:
        message = "Dates and numbers do not mix; write dates as DATE '2016-05-01'"
        raise scope.wrong(message, node, code="expression.date")


def _bracketed(scope: Scope, node: exp.Expr, number: Number) -> str:
    text = scope.text(node, number)
    return text if number.column or not number.terms else f"({text})"
