"""The exact chances of a selection among a few scores, by definition and the slow way."""

from collections.abc import Sequence
from itertools import permutations
from math import exp, factorial

from sandbox.model.submission import Noise, NoiseKind

SELECTIONS = [kind for kind in NoiseKind if kind.selects]


def chances(noise: Noise, scores: Sequence[int]) -> list[float]:
    """Give the chance of each index."""
    weights = [exp((score - max(scores)) / noise.scale) for score in scores]
    if noise.kind is NoiseKind.EXPONENTIAL:
        return [weight / sum(weights) for weight in weights]
    found = [0.0] * len(scores)
    for order in permutations(range(len(scores))):
        left = 1 / factorial(len(scores))
        for index in order:
            found[index] += left * weights[index]
            left *= 1 - weights[index]
    return found
