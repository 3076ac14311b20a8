"""A mean from two noisy integers, a centred sum and a count, with an interval that holds.

The count is noisy too and may be near zero, where `estimate +- z * s` would be wrong just when it
matters. So the interval is that of a ratio; where the count may be zero it is the whole bounds.
"""

from fractions import Fraction
from math import sqrt
from statistics import NormalDist
from typing import NamedTuple

from sandbox.model.schema import Lattice
from sandbox.model.submission import Noise, NoiseKind
from sandbox.privacy.noise import CONFIDENCE, half_width

MEANS = 32
"""Parts into which bounds are divided to look for the widest mean."""


class Noisy(NamedTuple):
    """One noisy integer and the noise that is in it."""

    value: int
    noise: Noise


def mean_estimate(lattice: Lattice, total: Noisy, present: Noisy) -> tuple[float, float]:
    """Give the mean and its 95 % half-width in the column's unit, both within its bounds.

    `total` is the sum of (step - middle) over `present` rows. Without a positive count the mean
    is put in the middle. The interval is longer on one side where counts are small; the half-width
    is that of the longer side, so it then holds more often than 95 %.
    """
    low, high = lattice.low - lattice.middle, lattice.high - lattice.middle
    ratio = total.value / present.value if present.value > 0 else 0.0
    least, greatest = ratio_interval(total, present) or (low, high)
    mean, least, greatest = (min(max(one, low), high) for one in (ratio, least, greatest))
    width = max(greatest - mean, mean - least)
    return lattice.value(lattice.middle + Fraction(mean)), lattice.value(Fraction(width))


def greatest_half_width(lattice: Lattice, rows: int, total: Noise, present: Noise) -> float:
    """Give the largest half-width, in the column's unit, of means over a noisy count of `rows`.

    It is taken over means spread evenly over the bounds, because clamping makes neither their
    ends nor their middle the worst case always.
    """
    spread = ((lattice.high - lattice.low) * part // MEANS + lattice.low for part in range(MEANS))
    return max(
        mean_estimate(lattice, Noisy(rows * (mean - lattice.middle), total), Noisy(rows, present))[
            1
        ]
        for mean in (*spread, lattice.high)
    )


def ratio_interval(dividend: Noisy, divisor: Noisy) -> tuple[float, float] | None:
    """Bracket the ratio of the exact values with 95 % confidence.

    None where the divisor's own interval reaches zero: then nothing bounds the ratio.
    """
    if divisor.noise.kind is NoiseKind.GAUSSIAN:
        return _fieller(dividend, divisor)
    return _corners(dividend, divisor)


def _fieller(dividend: Noisy, divisor: Noisy) -> tuple[float, float] | None:
    """Solve (N - r D)**2 <= a**2 + r**2 b**2 for r; a, b are the 95 % half-widths of N, D.

    Source: Fieller 1954, "Some Problems in Interval Estimation": N - r D is normal around zero
    at the exact ratio r.
    """
    over, under = float(dividend.value), float(divisor.value)
    a, b = _spread(dividend.noise), _spread(divisor.noise)
    if under <= b:
        return None
    slope = under * under - b * b
    root = sqrt(a * a * slope + b * b * over * over)
    return (over * under - root) / slope, (over * under + root) / slope


def _spread(noise: Noise) -> float:
    """Give z * sigma, or the exact quantile where the lattice makes that wider."""
    if noise.scale == 0:
        return 0.0
    return max(half_width(noise), NormalDist(0, noise.scale).inv_cdf((1 + CONFIDENCE) / 2))


def _corners(dividend: Noisy, divisor: Noisy) -> tuple[float, float] | None:
    """Take the extremes over both 97.5 % intervals, which hold together at 95 % (union bound)."""
    each = (1 + CONFIDENCE) / 2
    a, b = half_width(dividend.noise, each), half_width(divisor.noise, each)
    if divisor.value <= b:
        return None
    ratios = [(dividend.value + up) / (divisor.value + down) for up in (-a, a) for down in (-b, b)]
    return min(ratios), max(ratios)
