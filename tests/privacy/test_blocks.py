"""One person is in one block: every pair of neighbours keeps to the bounds, and some reach them."""

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from functools import cache
from itertools import combinations_with_replacement, product
from typing import Any

import numpy as np
import opendp.prelude as dp
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import logsumexp

from sandbox.engines.tallies import tallies
from sandbox.errors import BadInput
from sandbox.model.bounded_sum import BoundedSum, Sensitivity
from sandbox.model.cost import Accounting
from sandbox.model.names import AgreementId, SnapshotId, SubmissionId
from sandbox.model.output import PLACES, STEPS, Output, Statistic, step_of
from sandbox.model.plan import Part, PartKind
from sandbox.model.program import MAX_MEDIANS
from sandbox.model.submission import Noise, NoiseKind, PricedAlgorithm, Reservation
from sandbox.privacy.door import DoorClosed, measure
from sandbox.privacy.mechanisms import loss
from sandbox.privacy.noise import half_width, shortfall
from sandbox.privacy.price import offer, price_algorithm
from sandbox.privacy.sensitivity import sensitivity_of_blocks, sensitivity_of_ranks
from tests.support.algorithms import algorithm, mean, median
from tests.support.schema import SCHEMA
from tests.support.selection import SELECTIONS, chances

VALUES = (0, 511, 512, STEPS // 2, STEPS - 513, STEPS)
"""Steps at both ends, in the middle, and on either side of where a place begins."""
ACCOUNTINGS = pytest.mark.parametrize("accounting", Accounting)
OUTPUTS = (median("a", 2), mean("b", 3), median("c"), mean("d"))


def priced(accounting: Accounting, *outputs: Output, epsilon: str = "1") -> PricedAlgorithm:
    paid = offer(accounting, Fraction(1, 10**9), epsilon=epsilon, rho=None)
    return price_algorithm(algorithm(*outputs or OUTPUTS, blocks=4), SCHEMA, paid)


def paid_for(price: PricedAlgorithm) -> Reservation:
    return Reservation(SubmissionId("s"), AgreementId("a"), SnapshotId("n"), price.cost, debit=7)


def total(price: PricedAlgorithm) -> BoundedSum:
    wanted = price.algorithm
    steps = [[0] * len(wanted.values) for _ in range(wanted.blocks)]
    return BoundedSum(price.parts, price.sensitivities, tallies(wanted, steps))


@cache
def scores(steps: tuple[int, ...]) -> np.ndarray:
    asked = algorithm(median(), blocks=len(steps))
    return np.array(tallies(asked, [[step] for step in steps])[0])


def neighbours() -> Iterator[tuple[tuple[int, ...], tuple[int, ...]]]:
    """Up to five blocks, of which one gives anything else instead."""
    for others in range(5):
        for rest in combinations_with_replacement(VALUES, others):
            for before, after in product(VALUES, repeat=2):
                yield tuple(sorted((*rest, before))), tuple(sorted((*rest, after)))


def test_no_neighbour_moves_a_score_by_more_than_one_and_some_move_all() -> None:
    changes = [scores(after) - scores(before) for before, after in neighbours()]
    bound = sensitivity_of_ranks()
    assert max(np.abs(change).max() for change in changes) == bound.linf == 1
    assert max(np.abs(change).sum() for change in changes) == bound.l1 == PLACES
    assert max((change**2).sum() for change in changes) == bound.l2_squared


def test_a_neighbour_lifts_some_scores_and_lowers_others() -> None:
    """Otherwise OpenDP's monotonic metric, which halves the loss, would be the right one."""
    change = scores((0, 0, STEPS)) - scores((0, STEPS, STEPS))
    assert {-1, 1} <= set(change)


@given(st.lists(st.integers(0, STEPS), min_size=1, max_size=6), st.integers(0, STEPS))
def test_no_other_values_move_a_score_further(steps: list[int], instead: int) -> None:
    before, after = tuple(sorted(steps)), tuple(sorted((*steps[1:], instead)))
    assert np.abs(scores(after) - scores(before)).max() <= 1


def test_no_neighbour_moves_the_means_further_than_their_bound_and_one_reaches_it() -> None:
    asked, rest = algorithm(mean("a", 2), mean("b"), median(), blocks=2), [7, 7, 7, 7]
    bound = sensitivity_of_blocks(len(asked.means))
    l1 = l2_squared = 0
    for before, after in product(product((0, 9, STEPS), repeat=3), repeat=2):
        sums = [np.array(tallies(asked, [[*one, 0], rest])[0]) for one in (before, after)]
        change = np.abs(sums[1] - sums[0])
        l1, l2_squared = max(l1, change.sum()), max(l2_squared, (change**2).sum())
    assert (l1, l2_squared) == (bound.l1, bound.l2_squared)


@ACCOUNTINGS
def test_each_value_has_the_same_share_and_all_stay_within_the_price(
    accounting: Accounting,
) -> None:
    price = priced(accounting)
    spent = price.cost.spent_under(accounting)
    pairs = zip(price.noises, price.sensitivities, strict=True)
    losses = [loss(noise, sensitivity) for noise, sensitivity in pairs]
    assert [part.value for part in price.parts] == [None, 0, 1, 5]
    assert sum(losses) <= spent
    shares = [losses[0] / 4, *losses[1:]]
    assert all(float(share / (spent / 7)) == pytest.approx(1, abs=1e-9) for share in shares)


@ACCOUNTINGS
@pytest.mark.parametrize("outputs", [(mean(),), (median(),)], ids=["mean", "median"])
def test_a_single_value_has_the_whole_price(accounting: Accounting, outputs: tuple[Output]) -> None:
    price = priced(accounting, *outputs)
    (noise,), (sensitivity,) = price.noises, price.sensitivities
    whole = price.cost.spent_under(accounting)
    assert float(loss(noise, sensitivity) / whole) == pytest.approx(1, abs=1e-9)


@pytest.mark.parametrize(
    ("kind", "privacy"),
    [
        (NoiseKind.PERMUTE_AND_FLIP, dp.max_divergence()),
        (NoiseKind.EXPONENTIAL, dp.zero_concentrated_divergence()),
    ],
    ids=["pure", "zcdp"],
)
@pytest.mark.parametrize("scale", [0.1, 2.0, 377.7])
def test_the_loss_of_a_selection_is_opendps_own(
    kind: NoiseKind, privacy: dp.Measure, scale: float
) -> None:
    space = dp.vector_domain(dp.atom_domain(T="i64")), dp.linf_distance(T="i64")
    selection: Any = dp.m.make_noisy_max(*space, privacy, scale)
    stated = selection.map(1)
    assert loss(Noise(kind, scale), sensitivity_of_ranks()) == Fraction(stated)
    known = 2 / scale if kind is NoiseKind.PERMUTE_AND_FLIP else (2 / scale) ** 2 / 8
    assert known <= stated <= known * (1 + 1e-12)


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.integers(-4, 0), min_size=4, max_size=4),
    st.lists(st.sampled_from([-1, 0, 1]), min_size=4, max_size=4),
    st.sampled_from(SELECTIONS),
    st.sampled_from([0.4, 1.0, 5.0]),
)
def test_the_exact_chances_of_neighbours_differ_by_no_more_than_the_loss(
    before: list[int], change: list[int], kind: NoiseKind, scale: float
) -> None:
    noise = Noise(kind, scale)
    after = [score + moved for score, moved in zip(before, change, strict=True)]
    stated = float(loss(noise, sensitivity_of_ranks()))
    p, q = np.log(chances(noise, before)), np.log(chances(noise, after))
    if kind is NoiseKind.PERMUTE_AND_FLIP:
        assert np.abs(p - q).max() <= stated + 1e-9
        return
    for alpha in (1.5, 2, 4, 16, 64):
        renyi = logsumexp(alpha * p + (1 - alpha) * q) / (alpha - 1)
        assert renyi <= stated * alpha + 1e-9


@ACCOUNTINGS
def test_an_algorithm_leaves_as_noisy_sums_and_one_place_a_median(accounting: Accounting) -> None:
    price = priced(accounting)
    left = measure(total(price), price, paid_for(price))
    assert [len(vector) for vector in left.values] == [4, 1, 1, 1]
    assert all(0 <= vector[0] < PLACES for vector in left.values[1:])


@ACCOUNTINGS
@pytest.mark.parametrize("thinned", [0, 1, 3])
def test_an_underpaid_selection_does_not_pass(accounting: Accounting, thinned: int) -> None:
    price = priced(accounting)
    noises = list(price.noises)
    noises[thinned] = replace(noises[thinned], scale=noises[thinned].scale * 0.999)
    forged = replace(price, noises=tuple(noises))
    with pytest.raises(DoorClosed) as closed:
        measure(total(price), forged, paid_for(forged))
    assert closed.value.code == "door.underpaid"


def test_exchanged_medians_do_not_pass() -> None:
    price = priced(Accounting.PURE)
    sums, first, second, third = price.parts
    forged = replace(total(price), parts=(sums, second, first, third))
    with pytest.raises(DoorClosed) as closed:
        measure(forged, price, paid_for(price))
    assert closed.value.code == "door.mismatch"


def test_noise_of_the_other_accounting_does_not_pass_whatever_its_loss_reads() -> None:
    price, other = priced(Accounting.PURE, epsilon="4"), priced(Accounting.ZCDP, epsilon="0.1")
    for kept in range(len(price.noises)):
        noises = [*other.noises[:kept], price.noises[kept], *other.noises[kept + 1 :]]
        forged = replace(price, noises=tuple(noises))
        with pytest.raises(DoorClosed) as closed:
            measure(total(price), forged, paid_for(price))
        assert closed.value.code == "door.mismatch"


def test_nothing_is_selected_by_numbers_whose_single_changes_are_not_bounded() -> None:
    price = priced(Accounting.PURE, median())
    unbounded = (Sensitivity(PLACES, PLACES),)
    forged = replace(price, sensitivities=unbounded)
    with pytest.raises(ValueError, match="bound on each score"):
        measure(replace(total(price), sensitivities=unbounded), forged, paid_for(price))


@pytest.mark.parametrize("kind", SELECTIONS)
@pytest.mark.parametrize("scale", [0.2, 0.9, 1.7])
def test_a_shortfall_holds_for_all_scores_and_is_least_for_the_worst(
    kind: NoiseKind, scale: float
) -> None:
    noise, most = Noise(kind, scale), 20
    short = shortfall(noise, 4, most)

    def least_within(fallen: int) -> float:
        every = product(range(-fallen - 2, 1), repeat=3)
        return min(
            sum(p for p, score in zip(chances(noise, (0, *rest)), (0, *rest), strict=True)
                if score >= -fallen)
            for rest in every
        )  # fmt: skip

    assert least_within(short) >= 0.95
    assert short == 0 or least_within(short - 1) < 0.95


def test_a_shortfall_is_never_more_than_there_can_be() -> None:
    assert shortfall(Noise(NoiseKind.EXPONENTIAL, 1e9), PLACES, 20) == 20


def test_sums_do_not_fall_short_and_selections_have_no_width() -> None:
    with pytest.raises(ValueError, match="width"):
        half_width(Noise(NoiseKind.EXPONENTIAL, 1))
    with pytest.raises(ValueError, match="short"):
        shortfall(Noise(NoiseKind.LAPLACE, 1), 2, 2)


def test_medians_are_few() -> None:
    algorithm(median("m", MAX_MEDIANS), mean("n", 1000))
    with pytest.raises(BadInput) as refused:
        algorithm(median("m", MAX_MEDIANS), median("n"))
    assert refused.value.code == "job.outputs"


def test_a_median_is_a_place_in_its_range() -> None:
    output = Output("m", -3, 5, statistic=Statistic.MEDIAN)
    ends = [output.value(step_of(place)) for place in (0, PLACES // 2, PLACES - 1)]
    assert ends == [-3, 1, 5]
    assert Part(PartKind.RANKS, value=0) != Part(PartKind.RANKS, value=1)
