"""How wide noise is: 95 % half-widths, known before anything is paid."""

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
