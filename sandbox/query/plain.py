"""Counts and sums: one noisy integer a cell, left as it was measured."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from sandbox.model.schema import Lattice
from sandbox.model.submission import Noise
from sandbox.privacy.noise import half_width
from sandbox.query.estimator import Estimated


@dataclass(frozen=True, slots=True)
class Counted:
    """Implements `Estimator` for counts of rows and of people."""

    noise: Noise
    assumes: str | None = None

    def estimate(self, *vectors: Sequence[int]) -> tuple[Estimated, ...]:
        """Give the noisy count, negative ones too: cutting them would bias every total."""
        (counts,) = vectors
        return (Estimated(tuple(counts), self.foretell(0) * len(counts)),)

    def foretell(self, rows: int) -> tuple[float, ...]:  # noqa: ARG002  (no cell is special)
        """Give the noise's half-width, which is the same in every cell."""
        return (half_width(self.noise),)


@dataclass(frozen=True, slots=True)
class Summed:
    """Implements `Estimator` for sums that no mean stands beside."""

    lattice: Lattice
    noise: Noise
    assumes: str | None = None

    def estimate(self, *vectors: Sequence[int]) -> tuple[Estimated, ...]:
        """Give the noisy sum in the column's unit."""
        (totals,) = vectors
        values = tuple(self.lattice.value(total) for total in totals)
        return (Estimated(values, self.foretell(0) * len(totals)),)

    def foretell(self, rows: int) -> tuple[float, ...]:  # noqa: ARG002  (no cell is special)
        """Give the noise's half-width, which is the same in every cell."""
        return (self.lattice.value(Fraction(half_width(self.noise))),)
