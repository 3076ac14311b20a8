"""Linear regression by least squares, with errors of the sample and of the noise together.

Normal equations need sums only. The half-width joins two independent errors as the sides of a right
triangle: how far the coefficients of another sample of people would lie (classical standard errors:
errors alike and independent over rows), and how far the noise can have moved the coefficients. The
standard error joins their standard deviations in the same way. Where the noise could make columns
depend on each other, the coefficients could be anything, and nothing is told but that.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from sandbox.model.plan import Measure, MeasureKind
from sandbox.model.schema import Schema
from sandbox.model.submission import Noise
from sandbox.query.bracket import NORMAL, Array
from sandbox.query.estimator import Estimated, Numbers
from sandbox.query.measured import FORESEEN, Moments
from sandbox.query.smooth import narrowest, sampling, term, variance_along


@dataclass(frozen=True, slots=True)
class Fitted:
    """Implements `Estimator` for an intercept and coefficients, or for one of them."""

    moments: Moments
    terms: tuple[int, ...]
    """0 for the intercept, i for the i-th explaining column."""
    assumes: str | None = f", {FORESEEN}"

    @classmethod
    def of(cls, measure: Measure, table: Schema, noises: Sequence[Noise]) -> Self:
        """Take a measure with its table and the noises of its parts."""
        moments = Moments.of(measure, table, noises)
        chosen = {MeasureKind.INTERCEPT: (0,), MeasureKind.SLOPE: (1,)}
        return cls(moments, chosen.get(measure.kind, tuple(range(len(moments.units)))))

    def estimate(self, *vectors: Sequence[int]) -> tuple[Estimated, ...]:
        """Give each term with its standard error; all None where nothing can be said."""
        sums = self.moments.scaled(vectors)
        certain = self._certain(sums)
        return tuple(
            Estimated(*(_told(numbers, certain) for numbers in self._term(sums, place)))
            for place in self.terms
        )

    def foretell(self, rows: int) -> tuple[float, ...]:
        """Give the half-widths of columns that are as foreseen.

        Where the noise would leave nothing to be said, this is what it does to first order.
        """
        sums = self.moments.foreseen(rows)
        found = [self._term(sums, place) for place in self.terms]
        return tuple(
            float(width[0] if self._certain(sums)[0] else NORMAL * error[0])
            for _, width, error in found
        )

    def _term(self, sums: Array, place: int) -> tuple[Array, Array, Array]:
        """Give a term's estimate, half-width and standard error, in its unit."""
        weights, unit = self._weights(place)
        statistic = term(weights)
        value = self.moments.value(sums, statistic)
        low, high = self.moments.bracket(sums, statistic)
        with np.errstate(all="ignore"):
            sampled = sampling(self.moments.matrices(sums), weights)
        noise = np.maximum(high - value, value - low)
        width = np.sqrt(noise**2 + NORMAL**2 * sampled)
        error = np.sqrt(self.moments.spread(sums, statistic) ** 2 + sampled)
        start = float(self.moments.middles[-1]) if place == 0 else 0.0
        return start + unit * value, unit * width, unit * error

    def _weights(self, place: int) -> tuple[list[float], float]:
        """Say how a term is made of coefficients about the middles, and in which unit."""
        explained = float(self.moments.units[-1])
        weights = [0.0] * len(self.moments.units)
        weights[place] = 1.0
        if place:
            return weights, explained / float(self.moments.units[place - 1])
        shifts = self.moments.middles[:-1] / self.moments.units[:-1]
        return [1.0, *(-float(shift) for shift in shifts)], explained

    def _certain(self, sums: Array) -> NDArray[np.bool_]:
        """Tell in which cells no direction of the explaining columns may be without variance."""
        with np.errstate(all="ignore"):
            direction = narrowest(self.moments.matrices(sums))
        return self.moments.bracket(sums, variance_along(direction))[0] > 0


def _told(numbers: Array, certain: NDArray[np.bool_]) -> Numbers:
    known = certain & np.isfinite(numbers)
    return tuple(
        number if told else None
        for number, told in zip(numbers.tolist(), known.tolist(), strict=True)
    )
