"""Variance, standard deviation, covariance and correlation, with their intervals.

They are those of a sample: divided by the rows less one, as VAR_SAMP, STDDEV_SAMP and COVAR_SAMP
are in SQL. What cannot be is cut off: no variance is negative or beyond a quarter of the squared
range, and no correlation beyond 1. An interval that is cut holds more often than 95 %, and so does
the longer side of one that is not symmetric. Where the count or a variance may be zero, nothing is
known, and the interval is the whole range.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np

from sandbox.model.plan import Measure, MeasureKind
from sandbox.model.schema import Schema
from sandbox.model.submission import Noise
from sandbox.query.bracket import Array
from sandbox.query.estimator import Estimated
from sandbox.query.measured import FORESEEN, Moments
from sandbox.query.moments import Pair, numbers_of
from sandbox.query.smooth import OfMoments, correlation, covariance

_LEAST_ROWS = 2
"""Rows that a sample's variance needs."""


@dataclass(frozen=True, slots=True)
class Spread:
    """Implements `Estimator` for one number or a matrix."""

    measure: MeasureKind
    numbers: tuple[Pair, ...]
    moments: Moments
    assumes: str | None = f", {FORESEEN}"

    @classmethod
    def of(cls, measure: Measure, table: Schema, noises: Sequence[Noise]) -> Self:
        """Take a measure with its table and the noises of its parts."""
        return cls(measure.kind, numbers_of(measure), Moments.of(measure, table, noises))

    def estimate(self, *vectors: Sequence[int]) -> tuple[Estimated, ...]:
        """Give each number, a matrix as the nearest that some rows could have."""
        return tuple(
            Estimated(tuple(values.tolist()), tuple(widths.tolist()))
            for values, widths in self._of_sums(self.moments.scaled(vectors))
        )

    def foretell(self, rows: int) -> tuple[float, ...]:
        """Give the half-widths of columns that are as foreseen."""
        found = self._of_sums(self.moments.foreseen(rows))
        return tuple(float(widths[0]) for _, widths in found)

    def _of_sums(self, sums: Array) -> list[tuple[Array, Array]]:
        brackets = [self._bracket(sums, pair) for pair in self.numbers]
        values = [self._value(sums, pair) for pair in self.numbers]
        return [
            self._in_units(sums, pair, value, interval)
            for pair, value, interval in zip(
                self.numbers, self._possible(values), brackets, strict=True
            )
        ]

    def _statistic(self, pair: Pair) -> OfMoments:
        of = correlation if self.measure is MeasureKind.CORRELATION else covariance
        return of(*pair)

    def _limits(self, pair: Pair) -> tuple[float, float]:
        return (0.0 if pair[0] == pair[1] else -1.0, 1.0)

    def _value(self, sums: Array, pair: Pair) -> Array:
        """Give the number on the common scale; without any count, the middle of its range."""
        limits = self._limits(pair)
        value = self.moments.value(sums, self._statistic(pair))
        known = np.isfinite(value) & (sums[:, 0] > 0)
        return np.clip(np.where(known, value, sum(limits) / 2), *limits)

    def _bracket(self, sums: Array, pair: Pair) -> tuple[Array, Array]:
        """Give the bracket on the common scale, cut to what can be."""
        limits = self._limits(pair)
        low, high = self.moments.bracket(sums, self._statistic(pair))
        if self.measure is MeasureKind.CORRELATION:
            varies = np.ones(len(sums), dtype=bool)
            for place in pair:
                varies &= self.moments.bracket(sums, covariance(place, place))[0] > 0
            low, high = np.where(varies, low, np.nan), np.where(varies, high, np.nan)
        unknown = np.isnan(low)
        low, high = (
            np.where(unknown, limit, end) for limit, end in zip(limits, (low, high), strict=True)
        )
        return np.clip(low, *limits), np.clip(high, *limits)

    def _possible(self, values: list[Array]) -> list[Array]:
        """Move a matrix to the nearest without a negative eigenvalue; single numbers stay."""
        if len(values) == 1:
            return values
        width = len(self.moments.units)
        square = np.tile(np.eye(width), (len(values[0]), 1, 1))
        for (i, j), value in zip(self.numbers, values, strict=True):
            square[:, i - 1, j - 1] = square[:, j - 1, i - 1] = value
        sizes, directions = np.linalg.eigh(square)
        nearest = (directions * np.maximum(sizes, 0)[:, None, :]) @ np.swapaxes(directions, 1, 2)
        if self.measure is MeasureKind.CORRELATION:
            lengths = np.sqrt(np.diagonal(nearest, axis1=1, axis2=2))
            nearest = nearest / (lengths[:, :, None] * lengths[:, None, :])
        return [nearest[:, i - 1, j - 1] for i, j in self.numbers]

    def _in_units(
        self, sums: Array, pair: Pair, value: Array, interval: tuple[Array, Array]
    ) -> tuple[Array, Array]:
        """Give estimate and half-width in the unit of the columns, of a sample."""
        factor = np.ones(len(sums))
        if self.measure is not MeasureKind.CORRELATION:
            rows = np.maximum(sums[:, 0], _LEAST_ROWS)
            unit = self.moments.units[pair[0] - 1] * self.moments.units[pair[1] - 1]
            factor = unit * rows / (rows - 1)
        value, low, high = (factor * one for one in (value, *interval))
        if self.measure is MeasureKind.STDDEV:
            value, low, high = (np.sqrt(one) for one in (value, low, high))
        return value, np.maximum(high - value, value - low)
