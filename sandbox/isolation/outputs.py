"""What a job's answer means: declared outputs, read strictly from a stranger's bytes.

Whatever the bytes are, every output comes back with its declared number of values, each finite and
within its declared range. The bytes say nothing else: there is no type, name, length or error in
them that anything here would follow.
"""

import math
import struct
from collections.abc import Sequence
from dataclasses import dataclass

from sandbox.errors import BadInput

WIDTH = 8
"""Bytes of one value: a little-endian IEEE 754 double."""
MAX_VALUES = 10_000
"""Values of all outputs of one job."""


@dataclass(frozen=True, slots=True)
class Output:
    """One declared output: a number, or an array or small table by its number of values."""

    name: str
    low: float
    high: float
    count: int = 1
    default: float | None = None
    """What stands where a block gives nothing usable; None is the middle of the range."""

    def __post_init__(self) -> None:
        """Refuse an output whose values could not be bounded.

        Raises:
            BadInput: the range, the default or the count is none.
        """
        ends = (self.low, self.high, self.stand_in)
        if not (all(map(math.isfinite, ends)) and self.low < self.high):
            raise BadInput(f"Output {self.name} has no finite range", code="output.range")
        if not self.low <= self.stand_in <= self.high:
            raise BadInput(
                f"The default of output {self.name} lies outside its range", code="output.default"
            )
        if not 1 <= self.count <= MAX_VALUES:
            raise BadInput(
                f"Output {self.name} has between 1 and {MAX_VALUES} values", code="output.count"
            )

    @property
    def stand_in(self) -> float:
        """What stands where a block gives nothing usable."""
        middle = self.low / 2 + self.high / 2  # No sum of two finite ends that overflows.
        return middle if self.default is None else self.default


def length(outputs: Sequence[Output]) -> int:
    """Bytes of an answer with these outputs."""
    return WIDTH * sum(output.count for output in outputs)


def read(outputs: Sequence[Output], answer: bytes) -> tuple[tuple[float, ...], ...]:
    """Read an answer: the values of each output, in order; total, whatever the bytes are.

    An answer of any other length than declared is no answer: all values are defaults. A NaN or an
    infinity is its output's default; what lies outside the range is moved to its nearer end.
    """
    if len(answer) != length(outputs):
        return tuple((output.stand_in,) * output.count for output in outputs)
    values = iter(struct.unpack(f"<{len(answer) // WIDTH}d", answer))
    return tuple(
        tuple(_bounded(output, next(values)) for _ in range(output.count)) for output in outputs
    )


def _bounded(output: Output, value: float) -> float:
    if not math.isfinite(value):
        return output.stand_in
    return min(max(value, output.low), output.high)
