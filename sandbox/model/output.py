"""A declared output of a program: which numbers may come out of one block, and where they lie.

Every value is put on the same lattice of `STEPS` steps over its own declared range, so that all
values of an algorithm make one vector of integers in which one block moves each by `STEPS` at most.
"""

import math
from dataclasses import dataclass
from enum import StrEnum

from sandbox.errors import BadInput

STEPS = 2**20
"""Lattice steps from the low end of an output's range to the high one."""
MAX_VALUES = 10_000
"""Values of all outputs of one algorithm."""
MAX_DIMENSIONS = 4
MAX_NAME = 100
"""Characters."""
PLACES = 2**10 + 1
"""Candidate places of a median: evenly over the range, both ends among them.

Halving the way between two places costs ln 2 noise scales of rank; at 1,025 a median's rounding is
a 2,048th of the range at most, which is less than what so few blocks can tell of it.
"""
STEPS_A_PLACE = STEPS // (PLACES - 1)


class Statistic(StrEnum):
    """How the values that the blocks gave become one."""

    MEAN = "mean"
    """Their mean: a bounded sum over the number of blocks, which is public."""
    MEDIAN = "median"
    """One that about half of the blocks lie below: a selection among `PLACES` in the range."""


@dataclass(frozen=True, slots=True)
class Output:
    """One declared output: a number, an array or a small table."""

    name: str
    low: float
    high: float
    shape: tuple[int, ...] = ()
    """Length of each dimension; a single number has none."""
    default: float | None = None
    """What stands where a block gives nothing usable; None is the middle of the range."""
    statistic: Statistic = Statistic.MEAN

    def __post_init__(self) -> None:
        """Refuse an output whose values could not be bounded.

        Raises:
            BadInput: the name, the range, the default or the shape is none.
        """
        if not self.name.isidentifier() or len(self.name) > MAX_NAME:
            raise BadInput("An output has a Python name", code="output.name")
        ends = (self.low, self.high, self.stand_in, self.high - self.low)
        if not (all(map(math.isfinite, ends)) and self.low < self.high):
            raise BadInput(f"Output {self.name} has no finite range", code="output.range")
        if not self.low <= self.stand_in <= self.high:
            raise BadInput(
                f"The default of output {self.name} lies outside its range", code="output.default"
            )
        whole = len(self.shape) <= MAX_DIMENSIONS and all(length >= 1 for length in self.shape)
        if not whole or self.count > MAX_VALUES:
            raise BadInput(
                f"Output {self.name} has between 1 and {MAX_VALUES} values", code="output.count"
            )

    @property
    def count(self) -> int:
        """Number of values."""
        return math.prod(self.shape)

    @property
    def stand_in(self) -> float:
        """What stands where a block gives nothing usable."""
        middle = self.low / 2 + self.high / 2  # No sum of two finite ends that overflows.
        return middle if self.default is None else self.default

    def step(self, value: float) -> int:
        """Put a value on the lattice: 0 to `STEPS`, whatever the number is but NaN."""
        bounded = min(max(value, self.low), self.high)
        return min(max(round((bounded - self.low) / (self.high - self.low) * STEPS), 0), STEPS)

    def value(self, steps: float) -> float:
        """Turn (possibly fractional, already private) steps back into the output's unit."""
        return self.low + steps / STEPS * (self.high - self.low)


def place_of(step: int) -> int:
    """Give the place that a step is nearest to, the upper one of two: 0 to `PLACES` - 1."""
    return (step + STEPS_A_PLACE // 2) // STEPS_A_PLACE


def step_of(place: int) -> int:
    """Give the step at which a place lies."""
    return place * STEPS_A_PLACE
