"""A mean, and the sum beside it, from two noisy integers: a centred sum and a count.

The count is noisy too and may be near zero, where `estimate +- z * s` would be wrong just when it
matters. So the interval is that of a ratio; where the count may be zero it is the whole bounds.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import hypot, sqrt
from statistics import NormalDist
from typing import Self

from sandbox.model.schema import Lattice
from sandbox.model.submission import Noise, NoiseKind
from sandbox.privacy.noise import CONFIDENCE, half_width
from sandbox.query.estimator import Estimated

MEANS = 32
"""Parts into which bounds are divided to look for the widest mean."""

Interval = tuple[float, float]


@dataclass(frozen=True, slots=True)
class NoisyMean:
    """What is known of a mean before it is measured: its lattice, and how far noise reaches."""

    lattice: Lattice
    kind: NoiseKind
    total_reach: float
    """Half-width, in steps, of the sum of (step - middle)."""
    count_reach: float
    """Half-width, in rows, of the count."""

    @classmethod
    def of(cls, lattice: Lattice, total: Noise, present: Noise) -> Self:
        """Take half-widths at 95 % for Fieller's theorem, at 97.5 % each for a union bound."""
        if present.kind is NoiseKind.GAUSSIAN:
            return cls(lattice, present.kind, _spread(total), _spread(present))
        each = (1 + CONFIDENCE) / 2
        return cls(lattice, present.kind, half_width(total, each), half_width(present, each))

    def estimate(self, total: int, present: int) -> tuple[float, float]:
        """Give the mean and its 95 % half-width in the column's unit, both within its bounds.

        Without a positive count the mean is put in the middle. The interval is longer on one side
        where counts are small; the half-width is that of the longer side, so it then holds more
        often than 95 %.
        """
        middle = self.lattice.middle
        low, high = self.lattice.low - middle, self.lattice.high - middle
        ratio = total / present if present > 0 else 0.0
        least, greatest = self._interval(total, present) or (low, high)
        mean, least, greatest = (min(max(one, low), high) for one in (ratio, least, greatest))
        width = Fraction(max(greatest - mean, mean - least))
        return self.lattice.value(middle + Fraction(mean)), self.lattice.value(width)

    @property
    def sum_reach(self) -> float:
        """Half-width, in steps, of the plain sum: centred sum + middle * count.

        Normal noises add like the sides of a right triangle; others by the union bound.
        """
        shifted = abs(self.lattice.middle) * self.count_reach
        if self.kind is NoiseKind.GAUSSIAN:
            return hypot(self.total_reach, shifted)
        return self.total_reach + shifted

    def greatest_half_width(self, rows: int) -> float:
        """Give the largest half-width of means over a noisy count of `rows`.

        It is taken over means spread evenly over the bounds, because clamping makes neither their
        ends nor their middle the worst case always.
        """
        low, high, middle = self.lattice.low, self.lattice.high, self.lattice.middle
        steps = [low + (high - low) * part // MEANS for part in range(MEANS + 1)]
        return max(self.estimate(rows * (step - middle), rows)[1] for step in steps)

    def _interval(self, total: int, present: int) -> Interval | None:
        """Bracket the exact ratio with 95 % confidence.

        None where the count's own interval reaches zero: then nothing bounds the ratio.
        """
        if present <= self.count_reach:
            return None
        bracket = _fieller if self.kind is NoiseKind.GAUSSIAN else _corners
        return bracket(total, present, self.total_reach, self.count_reach)


@dataclass(frozen=True, slots=True)
class Averaged:
    """Implements `Estimator` for means: a centred sum, then a count."""

    mean: NoisyMean
    assumes: str | None = ""

    def estimate(self, *vectors: Sequence[int]) -> tuple[Estimated, ...]:
        """Give the mean of each cell, with the interval of a ratio."""
        values, widths = zip(*(self.mean.estimate(*pair) for pair in _pairs(*vectors)), strict=True)
        return (Estimated(values, widths),)

    def foretell(self, rows: int) -> tuple[float, ...]:
        """Give the half-width of the mean that lies where it is widest."""
        return (self.mean.greatest_half_width(rows),)


@dataclass(frozen=True, slots=True)
class SummedBeside:
    """Implements `Estimator` for a sum beside a mean, made of the mean's two parts."""

    mean: NoisyMean
    assumes: str | None = None

    def estimate(self, *vectors: Sequence[int]) -> tuple[Estimated, ...]:
        """Put back what was taken off each row."""
        lattice, pairs = self.mean.lattice, _pairs(*vectors)
        values = tuple(lattice.value(total + lattice.middle * rows) for total, rows in pairs)
        return (Estimated(values, self.foretell(0) * len(pairs)),)

    def foretell(self, rows: int) -> tuple[float, ...]:  # noqa: ARG002  (no cell is special)
        """Give both noises' half-width, which is the same in every cell."""
        return (self.mean.lattice.value(Fraction(self.mean.sum_reach)),)


def _pairs(total: Sequence[int], present: Sequence[int]) -> list[tuple[int, int]]:
    return list(zip(total, present, strict=True))


def _spread(noise: Noise) -> float:
    """Give z * sigma, or the exact quantile where the lattice makes that wider."""
    return max(half_width(noise), NormalDist(0, noise.scale).inv_cdf((1 + CONFIDENCE) / 2))


def _fieller(over: float, under: float, a: float, b: float) -> Interval:
    """Solve (over - r * under)**2 <= a**2 + r**2 * b**2 for r, where under > b.

    Source: Fieller 1954, "Some Problems in Interval Estimation": at the exact ratio r the left
    side is the square of a normal variable around zero; a and b are z times its parts' sigmas.
    """
    slope = (under - b) * (under + b)
    root = sqrt(a * a * slope + b * b * over * over)
    return (over * under - root) / slope, (over * under + root) / slope


def _corners(over: float, under: float, a: float, b: float) -> Interval:
    """Take the extremes over both intervals, which hold together by the union bound."""
    ratios = [(over + up) / (under + down) for up in (-a, a) for down in (-b, b)]
    return min(ratios), max(ratios)
