"""The one idea: a vector of integers, a sum over people, and how far one person can move it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import isqrt

from sandbox.model.output import PLACES
from sandbox.model.plan import Part, PartKind


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """The largest change that adding or removing one person can make to a vector.

    All are exact integers; `l2_squared` avoids an irrational square root. The tests show each
    to be a bound on every neighbour and to be reached by some.
    """

    l1: int
    l2_squared: int
    linf: int | None = None
    """The largest change of any one number; None where nothing is to be selected by it."""

    def __post_init__(self) -> None:
        """Refuse norms that no integer vectors have.

        Raises:
            ValueError: negative, or not l2**2 <= l1**2 (for integer vectors also l1 <= l2**2), or
                not linf**2 <= l2**2 <= l1 * linf.
        """
        if self.l1 < 0 or not self.l1 <= self.l2_squared <= self.l1**2:
            raise ValueError("an integer vector has l1 <= l2**2 <= l1**2")
        linf = self.linf
        if linf is not None and not (
            linf >= 0 and linf**2 <= self.l2_squared and self.l2_squared <= self.l1 * linf
        ):
            raise ValueError("an integer vector has linf**2 <= l2**2 <= l1 * linf")

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
    its keys. An algorithm has one number a mean there, and one a place for each median. `repr`
    shows the shape alone.
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
        lengths: dict[bool, set[int]] = {True: {PLACES}, False: set()}
        for part, vector in zip(self.parts, self.values, strict=True):
            lengths[part.kind is PartKind.RANKS].add(len(vector))
        if max(map(len, lengths.values())) > 1:
            raise ValueError("all vectors have one number per group, scores one per place")
