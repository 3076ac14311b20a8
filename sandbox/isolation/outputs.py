"""What a program's answer means: declared outputs, read strictly from a stranger's bytes.

Whatever the bytes are, every output comes back with its declared number of values, each finite and
within its declared range. The bytes say nothing else: there is no type, name, length or error in
them that anything here would follow.
"""

import math
import struct
from collections.abc import Sequence

from sandbox.model.output import Output

WIDTH = 8
"""Bytes of one value: a little-endian IEEE 754 double."""


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


def is_usable(outputs: Sequence[Output], answer: bytes) -> bool:
    """Tell whether an answer has the declared length and nothing in it that a default replaces."""
    if len(answer) != length(outputs):
        return False
    return all(map(math.isfinite, struct.unpack(f"<{len(answer) // WIDTH}d", answer)))
