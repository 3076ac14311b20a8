"""Adds up what the blocks of an algorithm gave: sums for its means, scores for its medians.

Exact, and the same whatever order the blocks come in. The bounds that the door charges for
(`sandbox.privacy.sensitivity`) hold for these vectors, so what would break them is refused here.
"""

from collections import Counter
from collections.abc import Iterator, Sequence

from sandbox.model.algorithm import Algorithm
from sandbox.model.output import PLACES, STEPS, place_of
from sandbox.model.plan import Part


def tallies(algorithm: Algorithm, steps: Sequence[Sequence[int]]) -> tuple[Sequence[int], ...]:
    """Give the vector of each part of the algorithm, in order.

    `steps[b][v]` is value v of block b in steps of its output's range, defaults included: one a
    value of `algorithm.values` for each of the algorithm's blocks.

    Raises:
        ValueError: a block is missing or one too many, or a block's values are not as declared.
    """
    if len(steps) != algorithm.blocks:
        raise ValueError("each block gives its values once")
    declared = len(algorithm.values)
    if any(len(block) != declared for block in steps):
        raise ValueError("each block gives each value")
    if not all(0 <= step <= STEPS for block in steps for step in block):
        raise ValueError("a value lies outside its range")
    return tuple(_tally(part, algorithm, steps) for part in algorithm.parts)


def _tally(part: Part, algorithm: Algorithm, steps: Sequence[Sequence[int]]) -> tuple[int, ...]:
    if part.value is None:
        return tuple(sum(block[value] for block in steps) for value in algorithm.means)
    return tuple(_scores([block[part.value] for block in steps]))


def _scores(steps: Sequence[int]) -> Iterator[int]:
    """Score each place: 0 less the blocks below it or above it, whichever are more."""
    at = Counter(map(place_of, steps))
    below = 0
    for place in range(PLACES):
        above = len(steps) - below - at[place]
        yield -max(below, above)
        below += at[place]
