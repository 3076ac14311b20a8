"""Brackets a smooth function of noisy sums: how far it can go within the reach of the noise.

Statement: let exact sums be `measured - noise` with independent noise. The bracket is from the
least to the greatest value of the function over the ellipsoid of sums whose distance from the
measured ones, each counted in standard deviations of its noise, is at most z.

Why it holds 95 %: a value lies in the bracket if some sums with that value lie in the ellipsoid,
so this is the profile likelihood's interval (Venzon, Moolgavkar 1988, "A Method for Computing
Profile-Likelihood-Based Confidence Intervals"), whose squared distance is that of a chi-square with
one degree of freedom up to terms of second order. It is exact where the surfaces of equal value are
planes: for linear functions, and for ratios, where it is Fieller's. It does not depend on how the
function is scaled, so that of a square root is the root of the bracket.

For Laplace noise z is that of the weighted sum of Laplace variables which the function is to first
order; between one such variable and a normal one it is told by the kurtosis.

Extremes on the ellipsoid are where gradient and radius are parallel, and are found by going there
again and again.
"""

from collections.abc import Callable
from math import log, sqrt
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from sandbox.model.submission import Noise, NoiseKind
from sandbox.privacy.noise import CONFIDENCE, half_width

Array = NDArray[np.float64]
Smooth = Callable[[Array], tuple[Array, Array]]
"""Takes sums, one row a cell; gives a number a cell and its gradient, one row a cell."""

NORMAL = NormalDist().inv_cdf((1 + CONFIDENCE) / 2)
_LAPLACE = -log(1 - CONFIDENCE) / sqrt(2)
"""Standard deviations of a Laplace variable that hold 95 % of it."""
_FALL = 0.7
"""How z falls from Laplace to normal, as a power of the kurtosis' share; never too fast by 0.1 %
(`tests/query/test_bracket.py`)."""
_ROUNDS = 8


def deviation(noise: Noise) -> float:
    """Give a standard deviation in steps; more where the lattice makes the noise's reach wider."""
    if noise.kind is NoiseKind.GAUSSIAN:
        return max(noise.scale, half_width(noise) / NORMAL)
    return max(sqrt(2) * noise.scale, half_width(noise) / _LAPLACE)


def reach(kind: NoiseKind, weights: Array) -> Array:
    """Give the standard deviations that hold 95 % of a weighted sum, for each row of weights."""
    if kind is NoiseKind.GAUSSIAN:
        return np.full(len(weights), NORMAL)
    squares = weights**2
    total = np.maximum(squares.sum(axis=1), np.finfo(float).tiny)
    share = ((squares / total[:, None]) ** 2).sum(axis=1)
    between: Array = share**_FALL
    return NORMAL + (_LAPLACE - NORMAL) * between


def bracket(
    kind: NoiseKind, measured: Array, deviations: Array, function: Smooth
) -> tuple[Array, Array]:
    """Give the least and greatest value for each cell; NaN where it is defined nowhere near."""
    with np.errstate(all="ignore"):
        low, high = (_farthest(kind, measured, deviations, function, sign) for sign in (-1.0, 1.0))
    unknown = np.isnan(low) | np.isnan(high)
    return np.where(unknown, np.nan, low), np.where(unknown, np.nan, high)


def spread(measured: Array, deviations: Array, function: Smooth) -> Array:
    """Give the standard deviation of a function of noisy sums, to first order, for each cell."""
    _, gradient = function(measured)
    total: Array = np.sqrt(((gradient * deviations) ** 2).sum(axis=1))
    return total


def _farthest(
    kind: NoiseKind, measured: Array, deviations: Array, function: Smooth, sign: float
) -> Array:
    best, gradient = function(measured)
    for _ in range(_ROUNDS):
        weights = gradient * deviations
        length = np.sqrt((weights**2).sum(axis=1))
        radius = sign * reach(kind, weights) / np.maximum(length, np.finfo(float).tiny)
        value, gradient = function(measured + radius[:, None] * weights * deviations)
        best = np.where(sign * value > sign * best, value, best)
        best = np.where(np.isnan(value), np.nan, best)
    return best
