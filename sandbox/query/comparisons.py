"""Compares values: whatever is compared, a column is in the end held against an integer.

Numbers are exact fractions until they meet the lattice, so `age >= 40.5` in whole years is
`age >= 41`, and `age = 40.5` is never; no float is involved. Both sides of a comparison are one
linear combination, so that `2 * a > b + 6`, `a - b / 2 > 3` and `-3 > b / 2 - a` are one question.
"""

from enum import StrEnum
from fractions import Fraction
from math import ceil, floor

from sqlglot import exp

from sandbox.errors import BadInput
from sandbox.model import cost
from sandbox.model.day import day_of
from sandbox.model.predicate import And, Between, IsIn, Not, Or, Predicate
from sandbox.model.schema import Column
from sandbox.query.arithmetic import require_alike
from sandbox.query.scope import Scope
from sandbox.query.terms import Category, Number, Term, Written, primitive, step_of, total
from sandbox.query.wording import SUPPORTED_CONDITIONS, shown
from sandbox.query.written import readable

KEYS_SHOWN = 10
"""Declared keys that a message lists at most; they are public."""
MAX_KEYS_COMPARED = 200
"""Keys that two columns share at most where they are compared with each other."""


class Comparison(StrEnum):
    """The six ways to compare."""

    EQUAL = "="
    UNEQUAL = "!="
    LESS = "<"
    AT_MOST = "<="
    MORE = ">"
    AT_LEAST = ">="

    @property
    def mirrored(self) -> "Comparison":
        """The same comparison with its sides changed round: `5 < age` is `age > 5`."""
        return _MIRRORED.get(self, self)


_MIRRORED = {
    Comparison.LESS: Comparison.MORE,
    Comparison.MORE: Comparison.LESS,
    Comparison.AT_MOST: Comparison.AT_LEAST,
    Comparison.AT_LEAST: Comparison.AT_MOST,
}


def compare(
    scope: Scope, node: exp.Expr, comparison: Comparison, left: Term, right: Term
) -> Predicate:
    """Compile `left comparison right`; `!=` negates `=`, so null stays null.

    Raises:
        BadInput: `filter.not_a_number`, `filter.not_ordered`, `filter.unknown_key`, or both sides
            are written values or unlike each other.
    """
    if comparison is Comparison.UNEQUAL:
        return Not(compare(scope, node, Comparison.EQUAL, left, right))
    if left is None or right is None:
        raise scope.wrong(
            "A comparison with NULL is never true; write IS NULL", node, code="sql.null"
        )
    if isinstance(left, Written):
        if isinstance(right, Written):
            message = f"A comparison needs a column; {SUPPORTED_CONDITIONS}"
            raise scope.wrong(message, node, code="sql.unsupported")
        return compare(scope, node, comparison.mirrored, right, left)
    if isinstance(left, Number):
        return _numbers(scope, node, comparison, left, number_in(scope, node, right, left))
    return _category(scope, node, comparison, left.column, right)


def _category(
    scope: Scope, node: exp.Expr, comparison: Comparison, column: Column, right: Term
) -> Predicate:
    """Compare a key with a key."""
    if right is None or isinstance(right, Number):
        message = f"{_name(column)} has keys; keys and numbers are not compared"
        raise scope.wrong(message, node, code="expression.unlike")
    if comparison is not Comparison.EQUAL:
        message = f"The keys of {_name(column)} have no order; write =, != or IN"
        place = right.place if isinstance(right, Written) else scope.place(node)
        raise BadInput(message, code="filter.not_ordered", place=place)
    if isinstance(right, Category):
        return _same_key(scope, node, column, right.column)
    return IsIn(column.name, (_code(column, right),))


def number_in(scope: Scope, node: exp.Expr, term: Term, beside: Number | None = None) -> Number:
    """Take a term for a number; text is a date where it stands beside one.

    Raises:
        BadInput: `filter.not_a_number`, `expression.date` or `expression.unlike`.
    """
    if isinstance(term, Number):
        return term
    if term is None:
        raise scope.wrong("NULL stands only in CASE, and in IS NULL", node, code="sql.null")
    if isinstance(term, Category):
        message = f"{_name(term.column)} has keys, and a number stands here"
        raise scope.wrong(message, node, code="measure.not_numeric")
    if term.quoted and beside is not None and beside.dates:
        return date_written(term)
    return Number(_number(term, beside))


def date_written(value: Written) -> Number:
    """Read a date.

    Raises:
        BadInput: `expression.date`.
    """
    try:
        return Number(Fraction(day_of(value.text)), (), Fraction(1))
    except ValueError:
        message = f"{shown(value.text)} is no date; write a day of the calendar as '2016-05-01'"
        raise BadInput(message, code="expression.date", place=value.place) from None


def _numbers(
    scope: Scope, node: exp.Expr, comparison: Comparison, left: Number, right: Number
) -> Predicate:
    """Bring all columns to one side, in their least whole multiples, and compare with a constant.

    Raises:
        BadInput: no column is left, or dates are compared with numbers.
    """
    if not left.terms and not right.terms:
        message = f"A comparison needs a column; {SUPPORTED_CONDITIONS}"
        raise scope.wrong(message, node, code="sql.unsupported")
    require_alike(scope, node, [left, right])
    apart = total((left, right.times(Fraction(-1))))
    columns, content = primitive(apart)
    if content < 0:
        comparison = comparison.mirrored
    column = scope.column(node, columns)
    steps = -apart.constant / content
    return _compare_steps(column, comparison, steps / step_of(column))


def _compare_steps(column: Column, comparison: Comparison, steps: Fraction) -> Between:
    """Move a bound onto the lattice, inward."""
    match comparison:
        case Comparison.AT_LEAST:
            return Between(column.name, ceil(steps), None)
        case Comparison.MORE:
            return Between(column.name, floor(steps) + 1, None)
        case Comparison.AT_MOST:
            return Between(column.name, None, floor(steps))
        case Comparison.LESS:
            return Between(column.name, None, ceil(steps) - 1)
        case _:  # Off the lattice, low is above high: never.
            return Between(column.name, ceil(steps), floor(steps))


def _number(value: Written, beside: Number | None) -> Fraction:
    """Read a number exactly; `cost.fraction` limits its length and exponent."""
    digits = f"0{value.text}" if value.text.startswith(".") else value.text
    try:
        return cost.fraction("" if value.quoted else digits, "")
    except BadInput:
        about = "This" if beside is None or beside.column is None else _name(beside.column)
        message = (
            f"{about} is compared and computed with plain numbers such as 40 or 0.5, "
            f"without quotes, of at most {cost.MAX_TEXT} characters"
        )
        raise BadInput(message, code="filter.not_a_number", place=value.place) from None


def _code(column: Column, value: Written) -> int:
    """Find a declared key; `site = 1` and `site = '1'` both mean the key 1."""
    if value.text in column.keys:
        return column.keys.index(value.text)
    listed = ", ".join(shown(key) for key in column.keys[:KEYS_SHOWN])
    more = f" and {len(column.keys) - KEYS_SHOWN} more" if len(column.keys) > KEYS_SHOWN else ""
    message = f"{shown(value.text)} is not a key of {_name(column)}; it has {listed}{more}"
    raise BadInput(message, code="filter.unknown_key", place=value.place)


def _same_key(scope: Scope, node: exp.Expr, one: Column, other: Column) -> Predicate:
    """Compare two categories: each key that both have, or one that is null.

    `NOT (column IN all its keys)` is false of a key and null of a null, so that the whole is null
    where either side is.
    """
    both = [key for key in one.keys if key in set(other.keys)]
    if len(both) > MAX_KEYS_COMPARED:
        message = f"Two columns are compared that share at most {MAX_KEYS_COMPARED} keys"
        raise scope.wrong(message, node, code="filter.too_long")
    pairs = (
        And((IsIn(one.name, (one.keys.index(key),)), IsIn(other.name, (other.keys.index(key),))))
        for key in both
    )
    known = (Not(IsIn(side.name, tuple(range(len(side.keys))))) for side in (one, other))
    return Or((*pairs, *known))


def _name(column: Column) -> str:
    return shown(readable(column.name))
