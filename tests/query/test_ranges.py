"""Range sets are sets of integers, in one form each."""

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from sandbox.query.ranges import Ranges, complement, union

DOMAIN = (-6, 6)
PAIRS = st.lists(st.tuples(st.integers(-6, 6), st.integers(-6, 6)), max_size=6)
SETS = PAIRS.map(union)


def members(ranges: Ranges) -> set[int]:
    return {number for low, high in ranges for number in range(low, high + 1)}


@settings(deadline=None)
@given(pairs=PAIRS)
def test_a_union_holds_every_member_in_ranges_that_do_not_touch(
    pairs: list[tuple[int, int]],
) -> None:
    joined = union(pairs)
    assert members(joined) == members(tuple(pairs))
    assert all(after[0] > before[1] + 1 for before, after in pairwise(joined))


@settings(deadline=None)
@given(ranges=SETS)
def test_a_complement_holds_what_the_set_does_not(ranges: Ranges) -> None:
    assert members(complement(ranges, DOMAIN)) == members((DOMAIN,)) - members(ranges)
    assert complement(complement(ranges, DOMAIN), DOMAIN) == ranges
