"""How far noise leads astray: half-widths and ranks at 95 %, known before anything is paid."""

from bisect import bisect_left
from itertools import count
from math import ceil, exp, log
from statistics import NormalDist

from sandbox.model.submission import Noise, NoiseKind

CONFIDENCE = 0.95
"""Probability with which an interval holds the exact value."""

_WIDE = 50.0
"""Sigma above which the discrete Gaussian's quantile is the normal one to within 1 %."""


def half_width(noise: Noise, confidence: float = CONFIDENCE) -> float:
    """Give the least t, in lattice steps, with P(abs(noise) <= t) >= confidence.

    Raises:
        ValueError: the noise selects; nothing is added whose width could be told.
    """
    if noise.kind.selects:
        raise ValueError("a selection has no width")
    if noise.kind is NoiseKind.LAPLACE:
        return _laplace_quantile(noise.scale, confidence)
    if noise.scale > _WIDE:
        return NormalDist(0, noise.scale).inv_cdf((1 + confidence) / 2)
    return _gaussian_quantile(noise.scale, confidence)


def shortfall(noise: Noise, candidates: int, most: int, confidence: float = CONFIDENCE) -> int:
    """Give the least s with P(best score - selected score <= s) >= confidence, or `most`.

    It is true of any integer scores of so many candidates, and least for the worst of them. Both
    ways to select report the greatest of scores with independent noise. Take any draw of the noise
    with which a score of s + 1 or more below the best is reported. One still is if every other
    score but the best is moved to s + 1 below it, from above or from further below. So no scores
    are worse than one best and all others exactly s + 1 below it.

    Raises:
        ValueError: the noise does not select.
    """
    if not noise.kind.selects:
        raise ValueError("only selections fall short")
    return bisect_left(
        range(most),
        x=True,
        key=lambda short: _fall(noise, candidates, short + 1) <= 1 - confidence,
    )


def _fall(noise: Noise, candidates: int, below: int) -> float:
    """Give the chance that not the best is selected, where all others lie so far below it.

    The exponential mechanism's chances go as exp(score / scale). Permute and flip walks through
    the candidates in random order and takes each with chance exp((score - best) / scale), so the
    best is selected if all before it are declined, equally likely 0 to candidates - 1.
    """
    chance = exp(-below / noise.scale)
    if noise.kind is NoiseKind.EXPONENTIAL:
        others = (candidates - 1) * chance
        return others / (1 + others)
    return 1 - sum((1 - chance) ** before for before in range(candidates)) / candidates


def _laplace_quantile(scale: float, confidence: float) -> float:
    """Solve P(abs(X) > t) = 2 * a**(t + 1) / (1 + a), with a = exp(-1 / scale)."""
    decay = exp(-1 / scale)
    if decay == 0:
        return 0.0
    return float(max(0, ceil(scale * log(2 / ((1 - confidence) * (1 + decay)))) - 1))


def _gaussian_quantile(sigma: float, confidence: float) -> float:
    """Add up the discrete Gaussian's mass, exp(-x**2 / (2 sigma**2)), from the middle out."""
    weights = [exp(-(x**2) / (2 * sigma**2)) for x in range(ceil(12 * sigma) + 2)]
    total = weights[0] + 2 * sum(weights[1:])
    mass = weights[0]
    for steps in count():
        if mass >= confidence * total:
            return float(steps)
        mass += 2 * weights[steps + 1]
    raise AssertionError  # pragma: no cover  (count() never ends)
