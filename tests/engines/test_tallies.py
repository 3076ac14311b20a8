"""What the blocks gave is added up exactly, and a median's best places are its medians."""

from statistics import median_high, median_low

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.engines.tallies import tallies
from sandbox.model.output import PLACES, STEPS, place_of, step_of
from sandbox.model.plan import PartKind
from tests.support.algorithms import algorithm, mean, median

STEP = st.integers(0, STEPS) | st.sampled_from([0, 511, 512, 513, STEPS // 2, STEPS - 1, STEPS])
BLOCKS = st.lists(STEP, min_size=1, max_size=12)


def scores(steps: list[int]) -> list[int]:
    (vector,) = tallies(algorithm(median(), blocks=len(steps)), [[step] for step in steps])
    return list(vector)


def best(vector: list[int]) -> set[int]:
    return {place for place, score in enumerate(vector) if score == max(vector)}


def test_means_come_first_together_and_then_each_median_alone() -> None:
    asked = algorithm(median("a", 2), mean("b", 2, 1), median("c"), mean("d"), blocks=3)
    top = PLACES - 1
    steps = [[0, STEPS, 5, 6, STEPS, 7], [0, STEPS, 1, 1, 0, 1], [0, 0, 0, 0, 0, 0]]
    sums, *medians = tallies(asked, steps)
    assert list(sums) == [6, 7, 8]
    assert [best(list(vector)) for vector in medians] == [{0}, {top}, {0}]
    assert [part.kind for part in asked.parts] == [PartKind.BLOCKS] + [PartKind.RANKS] * 3
    assert [part.value for part in asked.parts] == [None, 0, 1, 4]


def test_without_means_there_is_no_sum_to_pay_for() -> None:
    assert [part.value for part in algorithm(median()).parts] == [0]


@given(st.lists(st.tuples(STEP, STEP), min_size=1, max_size=9))
def test_sums_are_exact(steps: list[tuple[int, int]]) -> None:
    (sums,) = tallies(algorithm(mean("m", 2), blocks=len(steps)), steps)
    assert list(sums) == [sum(column) for column in zip(*steps, strict=True)]


@given(BLOCKS)
def test_the_best_places_are_medians_of_the_places_that_the_blocks_gave(steps: list[int]) -> None:
    places, vector = [place_of(step) for step in steps], scores(steps)
    between = range(median_low(places), median_high(places) + 1)
    assert best(vector) <= set(between)
    assert -max(vector) <= len(steps) // 2
    assert all(-score > len(steps) / 2 for t, score in enumerate(vector) if t not in between)


@given(BLOCKS)
def test_a_score_counts_the_blocks_on_its_fuller_side(steps: list[int]) -> None:
    places = [place_of(step) for step in steps]
    for place, score in enumerate(scores(steps)):
        assert -score == max(sum(p < place for p in places), sum(p > place for p in places))


@given(STEP, st.integers(1, 9))
def test_blocks_that_agree_leave_one_best_place(step: int, blocks: int) -> None:
    vector = scores([step] * blocks)
    assert best(vector) == {place_of(step)}
    assert max(vector) == 0
    assert set(vector) == {0, -blocks}


@given(st.integers(0, 6), st.integers(0, 6))
def test_blocks_at_both_ends_choose_the_fuller_one(low: int, high: int) -> None:
    vector = scores([0] * low + [STEPS] * high)
    if low == high:
        assert set(vector) == {-low}
    else:
        assert best(vector) == {0 if low > high else PLACES - 1}


@given(STEP)
def test_a_place_is_the_nearest_one(step: int) -> None:
    off = [abs(step_of(place) - step) for place in range(PLACES)]
    assert off[place_of(step)] == min(off) <= STEPS // (PLACES - 1) // 2


@given(st.permutations([[0], [70_000], [STEPS], [STEPS]]))
def test_the_order_of_blocks_changes_nothing(steps: list[list[int]]) -> None:
    asked = algorithm(median(), blocks=4)
    assert tallies(asked, steps) == tallies(asked, sorted(steps))


@pytest.mark.parametrize(
    "steps",
    [
        pytest.param([[0, 0]], id="missing"),
        pytest.param([[0, 0]] * 3, id="extra"),
        pytest.param([[0, 0], [0]], id="short"),
        pytest.param([[0, 0], [0, 0, 0]], id="long"),
        pytest.param([[0, 0], [0, -1]], id="low"),
        pytest.param([[STEPS + 1, 0], [0, 0]], id="high"),
    ],
)
def test_what_would_break_the_bounds_is_refused(steps: list[list[int]]) -> None:
    with pytest.raises(ValueError, match=r"block|value"):
        tallies(algorithm(mean(), median(), blocks=2), steps)


def test_ends_of_the_range_are_places() -> None:
    assert (place_of(0), place_of(STEPS)) == (0, PLACES - 1)
    assert (step_of(0), step_of(PLACES - 1)) == (0, STEPS)
