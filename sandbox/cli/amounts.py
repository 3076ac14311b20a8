"""Privacy amounts for people: exact text cut to four digits, against whoever spends."""

from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal
from fractions import Fraction

from sandbox.model.cost import brief

DIGITS = 4
"""Significant digits that people are shown; `--json` has them all."""


def charged(amount: str) -> str:
    """Write a cost, rounded up.

    >>> charged("0.0149734567"), charged("1/3"), charged("2")
    ('0.01498', '0.3334', '2')
    """
    return _cut(amount, ROUND_CEILING)


def left(amount: str) -> str:
    """Write what may still be spent, rounded down.

    >>> left("0.0149734567")
    '0.01497'
    """
    return _cut(amount, ROUND_FLOOR)


def chance(delta: str) -> str:
    """Write a delta the short way.

    >>> chance("0.000000001"), chance("0")
    ('1e-9', '0')
    """
    return brief(Fraction(delta))


def unit_of(accounting: str) -> str:
    """Name the unit that an accounting adds up."""
    return "ρ" if accounting == "zcdp" else "ε"


def _cut(amount: str, rounding: str) -> str:
    exact = Fraction(amount)
    context = Context(prec=DIGITS, rounding=rounding)
    return f"{context.divide(Decimal(exact.numerator), Decimal(exact.denominator)).normalize():f}"
