"""A ratio of two sums, each over the rows that have its own column, as SQL divides them.

Its interval is Fieller's where noise is normal. Where the divisor may be zero, the ratio could be
anything, and nothing is told but that.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np

from sandbox.model.schema import Lattice
from sandbox.model.submission import Noise, NoiseKind
from sandbox.query.bracket import NORMAL, Array, bracket, deviation, reach, spread
from sandbox.query.estimator import Estimated


@dataclass(frozen=True, slots=True)
class Divided:
    """Implements `Estimator` for two sums, each made of one part or, beside a mean, of two."""

    kind: NoiseKind
    over: Array
    """How the dividend is made of the measure's parts."""
    under: Array
    deviations: Array
    farthest: tuple[float, float]
    """Bounds of both columns that lie farther from zero."""
    assumes: str | None = ", each column averaging half of its farther bound"

    @classmethod
    def of(cls, lattices: Sequence[Lattice], noises: Sequence[Sequence[Noise]]) -> Self:
        """Take each sum's lattice and the noises of its parts."""
        weights = [_weights(*pair) for pair in zip(lattices, noises, strict=True)]
        blank = [[0.0] * len(one) for one in weights]
        return cls(
            kind=noises[0][0].kind,
            over=np.array([*weights[0], *blank[1]]),
            under=np.array([*blank[0], *weights[1]]),
            deviations=np.array([deviation(noise) for sums in noises for noise in sums]),
            farthest=(_farthest(lattices[0]), _farthest(lattices[1])),
        )

    def estimate(self, *vectors: Sequence[int]) -> tuple[Estimated, ...]:
        """Give the ratio, or None where the noise could make its divisor zero."""
        sums = np.array(vectors, dtype=float).T
        value, width = self._of_sums(sums)
        known = np.isfinite(width)
        values, widths = (
            tuple(number if told else None for number, told in zip(one, known, strict=True))
            for one in (value.tolist(), width.tolist())
        )
        return (Estimated(values, widths),)

    def foretell(self, rows: int) -> tuple[float, ...]:
        """Give the half-width, to first order where the divisor could be zero."""
        totals = [rows * bound / 2 for bound in self.farthest]
        sums = np.linalg.lstsq(np.array([self.over, self.under]), np.array(totals), rcond=None)
        width = self._of_sums(sums[0][None, :])[1]
        if np.isfinite(width[0]):
            return (float(width[0]),)
        first_order = NORMAL * spread(sums[0][None, :], self.deviations, self._ratio)
        return (float(first_order[0]),)

    def _of_sums(self, sums: Array) -> tuple[Array, Array]:
        with np.errstate(all="ignore"):
            value, _ = self._ratio(sums)
        low, high = bracket(self.kind, sums, self.deviations, self._ratio)
        errors = (self.under * self.deviations)[None, :]
        least = reach(self.kind, errors) * np.sqrt((errors**2).sum())
        nothing = np.abs(sums @ self.under) <= least
        return value, np.where(nothing, np.nan, np.maximum(high - value, value - low))

    def _ratio(self, sums: Array) -> tuple[Array, Array]:
        over, under = sums @ self.over, sums @ self.under
        ratio = over / under
        return ratio, (self.over - ratio[:, None] * self.under) / under[:, None]


def _weights(lattice: Lattice, noises: Sequence[Noise]) -> list[float]:
    """Put a sum together: as it is, or from a sum about the middle and a count."""
    step = lattice.value(1)
    return [step] if len(noises) == 1 else [step, step * lattice.middle]


def _farthest(lattice: Lattice) -> float:
    """Give the bound farther from zero; one step at least, so that something can be divided."""
    return lattice.value(max(lattice.low, lattice.high, key=abs) or 1)
