"""OpenDP, and only here: noise, selection, privacy maps, and the exact zCDP curve.

OpenDP's maps round up in arbitrary precision, so a cost read from them is never too small.
"""

from collections.abc import Sequence
from fractions import Fraction
from math import nextafter, sqrt
from typing import Any

import opendp.prelude as dp

from sandbox.model.bounded_sum import Sensitivity
from sandbox.model.cost import Accounting
from sandbox.model.submission import Noise, NoiseKind

dp.enable_features("contrib")

_VECTOR = dp.vector_domain(dp.atom_domain(T="i64"))
_L1 = dp.l1_distance(T="f64")
_L2 = dp.l2_distance(T="f64")
_LINF = dp.linf_distance(T="i64")
"""Not `monotonic`, which would halve the loss: whoever replaces one block's value lifts some scores
and lowers others."""


def loss(noise: Noise, sensitivity: Sensitivity) -> Fraction:
    """Give what one use costs: rho or epsilon, as the noise is counted.

    Source: Canonne, Kamath, Steinke 2020, theorem 4 (discrete Gaussian); Ghosh, Roughgarden,
    Sundararajan 2009 (discrete Laplace); McKenna, Sheldon 2020 (permute and flip:
    epsilon = 2 linf / scale); Cesar, Rogers 2021, "Bounding, Concentrating, and Truncating"
    (exponential mechanism: rho = (2 linf / scale)**2 / 8, for its losses lie within a range of
    2 linf / scale). Exact value of OpenDP's upward-rounded float.

    Raises:
        ValueError: the noise selects, and how far one person moves a single score is not known.
    """
    return Fraction(_measurement(noise).map(_distance(noise.kind, sensitivity)))


def add_noise(noise: Noise, values: Sequence[int]) -> tuple[int, ...]:
    """Draw one noisy vector. Noise is drawn here and in `noisy_max`, and nowhere else."""
    return tuple(_measurement(noise)(list(values)))


def noisy_max(noise: Noise, scores: Sequence[int]) -> int:
    """Draw the index of a score that is greatest or nearly so."""
    return int(_measurement(noise)(list(scores)))


def noise_within(kind: NoiseKind, sensitivity: Sensitivity, budget: Fraction) -> Noise:
    """Give the least noise whose loss stays within the budget (rho or epsilon).

    The closed form is within a rounding error of the least scale; it is widened by single
    floating-point steps until OpenDP's own map agrees.
    """
    distance = _distance(kind, sensitivity)
    if kind.accounting is Accounting.ZCDP:
        scale = distance / sqrt(2 * float(budget))
    else:
        scale = (2 if kind.selects else 1) * distance / float(budget)
    while loss(Noise(kind, scale), sensitivity) > budget:
        scale = nextafter(scale * (1 + 2**-52), float("inf"))
    return Noise(kind, scale)


def epsilon_at(rho: Fraction, delta: Fraction) -> float:
    """Give an epsilon, rounded up, such that rho-zCDP implies (epsilon, delta)-DP.

    Source: OpenDP's `make_zCDP_to_approxDP`, the optimised conversion of Canonne, Kamath,
    Steinke 2020, corollary 13.
    """
    scale = 1 / sqrt(2 * float(rho))
    while loss(Noise(NoiseKind.GAUSSIAN, scale), Sensitivity(1, 1)) < rho:
        scale = nextafter(scale, 0.0)
    gaussian = _measurement(Noise(NoiseKind.GAUSSIAN, scale))
    converted: Any = dp.c.make_zCDP_to_approxDP(gaussian)
    return float(converted.map(1.0).epsilon(float(delta)))


def _distance(kind: NoiseKind, sensitivity: Sensitivity) -> float:
    """Give the norm that the noise answers to; one step at least, so that a scale exists."""
    if not kind.selects:
        return max(1.0, sensitivity.l2 if kind is NoiseKind.GAUSSIAN else float(sensitivity.l1))
    if sensitivity.linf is None:
        raise ValueError("a selection needs a bound on each score")
    return max(1, sensitivity.linf)  # An integer: OpenDP's metric is one of integers.


def _measurement(noise: Noise) -> Any:  # noqa: ANN401  (OpenDP's constructors are untyped)
    if noise.kind is NoiseKind.GAUSSIAN:
        return (_VECTOR, _L2) >> dp.m.then_gaussian(scale=noise.scale)
    if noise.kind.selects:
        pure = noise.kind is NoiseKind.PERMUTE_AND_FLIP
        privacy = dp.max_divergence() if pure else dp.zero_concentrated_divergence()
        return (_VECTOR, _LINF) >> dp.m.then_noisy_max(privacy, scale=noise.scale)
    return (_VECTOR, _L1) >> dp.m.then_laplace(scale=noise.scale)
