"""The one idea: a vector of integers, a sum over people, and how far one person can move it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import isqrt

from sandbox.model.plan import Part


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """The largest change that adding or removing one person can make to a vector.

    Both are exact integers; `l2_squared` avoids an irrational square root. The tests show both
    to be bounds on every neighbour and to be reached by some.
    """

    l1: int
    l2_squared: int

    def __post_init__(self) -> None:
        """Refuse a pair that no integer vector has.

        Raises:
            ValueError: negative, or not l2**2 <= l1**2 (for integer vectors also l1 <= l2**2).
        """
        if self.l1 < 0 or not self.l1 <= self.l2_squared <= self.l1**2:
            raise ValueError("an integer vector has l1 <= l2**2 <= l1**2")

    @property
    def l2(self) -> float:
        """Square root of `l2_squared`, rounded up where it is irrational."""
        root = isqrt(self.l2_squared)
        return (
            float(root) if root * root == self.l2_squared else (self.l2_squared**0.5) * (1 + 2**-50)
        )


@dataclass(frozen=True, slots=True)
class BoundedSum:
    """Exact sums with their sensitivities. Secret: only the door may read `values`.

    `values[i][g]` is part `i` for group `g`; the groups are the plan's, in row-major order of
    its keys. `repr` shows the shape alone.
    """

    parts: tuple[Part, ...]
    sensitivities: tuple[Sensitivity, ...]
    values: tuple[Sequence[int], ...] = field(repr=False)

    def __post_init__(self) -> None:
        """Refuse ragged or mismatched vectors.

        Raises:
            ValueError: a part has no sensitivity or no values, or lengths differ.
        """
        if not len(self.parts) == len(self.sensitivities) == len(self.values):
            raise ValueError("each part has one sensitivity and one vector")
        if len({len(vector) for vector in self.values}) > 1:
            raise ValueError("all vectors have one number per group")
