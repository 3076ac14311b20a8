"""Sets of integers as ascending, disjoint ranges that do not touch: one set, one form.

Lattice steps and key codes are both sets of this kind, which makes AND, OR and NOT over one
column exact. Both ends of a range are inclusive.
"""

from collections.abc import Iterable

Range = tuple[int, int]
Ranges = tuple[Range, ...]


def union(ranges: Iterable[Range]) -> Ranges:
    """Join ranges in any order, dropping those whose low is above their high."""
    joined: list[Range] = []
    for low, high in sorted(one for one in ranges if one[0] <= one[1]):
        if joined and low <= joined[-1][1] + 1:
            joined[-1] = (joined[-1][0], max(joined[-1][1], high))
        else:
            joined.append((low, high))
    return tuple(joined)


def complement(ranges: Ranges, domain: Range) -> Ranges:
    """Give what the domain has outside of the ranges, which lie within it."""
    lows = (domain[0], *(high + 1 for _, high in ranges))
    highs = (*(low - 1 for low, _ in ranges), domain[1])
    return union(zip(lows, highs, strict=True))
