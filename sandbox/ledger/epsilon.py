"""What a rho means in (epsilon, delta), for an auditor who has no differential-privacy library.

Source: Canonne, Kamath, Steinke 2020, "The Discrete Gaussian for Differential Privacy",
proposition 12: rho-zCDP implies, for every order a > 1,
epsilon = a * rho + log(1 - 1/a) - log(a * delta) / (a - 1).
Every order gives a valid epsilon; the search only looks for the least.
"""

from fractions import Fraction
from math import exp, inf, log, log1p

SAFETY = 1 + 1e-12
"""Far above the rounding of the few floating-point operations here."""
_LOWEST, _HIGHEST = -60.0, 60.0
"""Searched range of log(a - 1); outside, one term of the sum alone is beyond any sane epsilon."""
_STEPS = 200
"""Ternary steps; each leaves two thirds of the range."""


def epsilon_of(rho: Fraction, delta: Fraction) -> float:
    """Give an epsilon that rho-zCDP implies at delta, no smaller than the least one.

    Raises:
        ValueError: rho is negative, or delta is not between 0 and 1.
    """
    if rho < 0 or not 0 < delta < 1:
        raise ValueError("a conversion needs rho >= 0 and 0 < delta < 1")
    if not rho:
        return 0.0
    try:
        amount, chance = float(rho) * SAFETY, float(delta) / SAFETY
    except OverflowError:
        return inf
    if not amount or not chance:
        return inf
    return max(0.0, _least(amount, log(chance))) * SAFETY


def _least(rho: float, log_delta: float) -> float:
    """Search the least value of a function with one valley."""
    low, high = _LOWEST, _HIGHEST
    for _ in range(_STEPS):
        left, right = low + (high - low) / 3, high - (high - low) / 3
        if _at(left, rho, log_delta) < _at(right, rho, log_delta):
            high = right
        else:
            low = left
    return _at((low + high) / 2, rho, log_delta)


def _at(point: float, rho: float, log_delta: float) -> float:
    """Give the epsilon of the order 1 + exp(point)."""
    excess = exp(point)
    return (1 + excess) * rho + point - log1p(excess) - (log_delta + log1p(excess)) / excess
