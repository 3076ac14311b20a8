"""Measured moments: noisy integers put on one scale, with what is known of their noise.

Each column is counted from the middle of its bounds in half-ranges, so that it lies within -1 and
1 whatever its unit. That keeps floating point well conditioned and makes bounds the same for all.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np

from sandbox.model.plan import Measure
from sandbox.model.schema import Lattice, Schema
from sandbox.model.submission import Noise, NoiseKind
from sandbox.query.bracket import Array, bracket, deviation, reach, spread
from sandbox.query.moments import Pair, columns_of, moment_parts, pairs_of, reach_of
from sandbox.query.smooth import OfMoments

FORESEEN = "values spread evenly over the lower half of their bounds, unrelated to each other"
"""What a forecast assumes of columns whose spread is asked for: amounts are mostly like that."""
_MEAN, _SQUARE = -1 / 2, 1 / 3
"""Means of such values and of their squares, on the common scale."""


@dataclass(frozen=True, slots=True)
class Moments:
    """The moments of a measure as they will be measured."""

    pairs: tuple[Pair, ...]
    kind: NoiseKind
    middles: Array
    """Of each column, in its unit."""
    units: Array
    """Half-range of each column, in its unit."""
    steps: Array
    """What one step of each part is, on the common scale."""
    shifts: Array
    """What was taken off each row of each part, on the common scale."""
    deviations: Array
    """Standard deviation of each part's noise, on the common scale."""

    @classmethod
    def of(cls, measure: Measure, table: Schema, noises: Sequence[Noise]) -> Self:
        """Look at the lattices of a measure's columns and parts; noises are in the parts' order."""
        lattices = [_lattice(table, name) for name in columns_of(measure)]
        units = np.array([one.value(max(1, reach_of(one))) for one in lattices])
        pairs = pairs_of(measure)
        scales = np.array([_scale(units, pair) for pair in pairs])
        parts = list(zip(pairs, moment_parts(measure, table), strict=True))
        resolutions = [_resolution(table, part.column, pair) for pair, part in parts]
        steps = np.array(resolutions) / scales
        centres = [part.centre if 0 not in pair else 0 for pair, part in parts]
        return cls(
            pairs=pairs,
            kind=noises[0].kind,
            middles=np.array([one.value(one.middle) for one in lattices]),
            units=units,
            steps=steps,
            shifts=np.array(centres, dtype=float) * steps,
            deviations=np.array([deviation(noise) for noise in noises]) * steps,
        )

    def scaled(self, vectors: Sequence[Sequence[int]]) -> Array:
        """Put noisy integers on the common scale, one row a cell."""
        return np.array(vectors, dtype=float).T * self.steps

    def foreseen(self, rows: int) -> Array:
        """Give the sums of one cell of so many rows with values as `FORESEEN`."""
        exact = [_foreseen(pair) for pair in self.pairs]
        return rows * (np.array(exact) - self.shifts)[None, :]

    def matrices(self, sums: Array) -> Array:
        """Give the moments about the middles, as symmetric matrices; unmeasured ones are 0."""
        width = len(self.units) + 1
        matrices = np.zeros((len(sums), width, width))
        for place, (i, j) in enumerate(self.pairs):
            moment = sums[:, place] + self.shifts[place] * sums[:, 0]
            matrices[:, i, j] = matrices[:, j, i] = moment
        return matrices

    def value(self, sums: Array, statistic: OfMoments) -> Array:
        """Give a statistic of the noisy moments; NaN or infinite where it has none."""
        with np.errstate(all="ignore"):
            return statistic(self.matrices(sums))[0]

    def bracket(self, sums: Array, statistic: OfMoments) -> tuple[Array, Array]:
        """Give its 95 % bracket; NaN where the count may be zero or it is undefined nearby."""
        low, high = bracket(self.kind, sums, self.deviations, self._smooth(statistic))
        alone = reach(self.kind, np.ones((1, 1)))
        empty = sums[:, 0] <= alone * self.deviations[0]
        return np.where(empty, np.nan, low), np.where(empty, np.nan, high)

    def spread(self, sums: Array, statistic: OfMoments) -> Array:
        """Give its standard deviation from noise, to first order."""
        with np.errstate(all="ignore"):
            return spread(sums, self.deviations, self._smooth(statistic))

    def _smooth(self, statistic: OfMoments) -> "_Chained":
        return _Chained(self, statistic)


@dataclass(frozen=True, slots=True)
class _Chained:
    """A statistic of moments as a function of noisy sums: its gradient goes through the shifts."""

    moments: Moments
    statistic: OfMoments

    def __call__(self, sums: Array) -> tuple[Array, Array]:
        value, of_matrix = self.statistic(self.moments.matrices(sums))
        gradient = np.stack([of_matrix[:, i, j] for i, j in self.moments.pairs], axis=1)
        shifted = (gradient * self.moments.shifts).sum(axis=1)
        gradient[:, 0] += shifted
        return value, gradient


def _scale(units: Array, pair: Pair) -> float:
    return float(np.prod([units[place - 1] for place in pair if place]))


def _foreseen(pair: Pair) -> float:
    columns = [place for place in pair if place]
    if len(set(columns)) < len(columns):
        return _SQUARE
    return _MEAN ** len(columns)


def _resolution(table: Schema, name: str | None, pair: Pair) -> float:
    return 1.0 if pair == (0, 0) else _lattice(table, name or "").value(1)


def _lattice(table: Schema, name: str) -> Lattice:
    column = table.find(name)
    if column is None or column.lattice is None:
        raise ValueError("moments are of columns on a lattice")
    return column.lattice
