"""Between what people say, (epsilon, delta), and what adds up, rho; rounded against the asker."""

from fractions import Fraction
from functools import lru_cache
from math import floor, log10

from sandbox.privacy.mechanisms import epsilon_at

DIGITS = 9
"""Significant decimal digits of a rho: short enough for an auditor to add by hand."""

_HALVINGS = 60
"""Bisection steps; more than a float's 53 bits."""


@lru_cache(maxsize=4096)
def rho_of(epsilon: Fraction, delta: Fraction) -> Fraction:
    """Give the largest rho of `DIGITS` digits that implies (epsilon, delta)-DP.

    Rounded down, so an answer bought for `epsilon` is at least that private.
    """
    low, high = 0.0, float(epsilon)
    while epsilon_at(Fraction(high), delta) <= epsilon:
        high *= 2
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        if middle in {low, high}:
            break
        if epsilon_at(Fraction(middle), delta) <= epsilon:
            low = middle
        else:
            high = middle
    return _rounded_down(Fraction(low))


@lru_cache(maxsize=4096)
def epsilon_of(rho: Fraction, delta: Fraction) -> Fraction:
    """Give the epsilon that rho-zCDP implies at delta, rounded up to `DIGITS` digits."""
    return -_rounded_down(-Fraction(epsilon_at(rho, delta)))


def _rounded_down(value: Fraction) -> Fraction:
    """Round towards minus infinity at `DIGITS` significant digits."""
    if value == 0:
        return value
    grid = Fraction(10) ** (floor(log10(abs(value))) + 1 - DIGITS)
    return floor(value / grid) * grid
