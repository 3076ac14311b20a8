"""Selections have the claimed chances, and the tests would notice a scale that is wrong.

The worst pair of neighbours for permute and flip is two candidates of scores (0, -2) and (-1, -1):
the second one's chances are exp(-2 / scale) / 2 and 1/2, which is a loss of exactly 2 / scale.
"""

from collections import Counter
from fractions import Fraction
from itertools import pairwise
from math import log

import numpy as np
import pytest
from scipy import stats

from sandbox.engines.tallies import tallies
from sandbox.model.bounded_sum import BoundedSum
from sandbox.model.cost import Accounting
from sandbox.model.names import AgreementId, SnapshotId, SubmissionId
from sandbox.model.output import PLACES, STEPS
from sandbox.model.submission import Noise, NoiseKind, PricedAlgorithm, Reservation
from sandbox.privacy.door import measure
from sandbox.privacy.mechanisms import loss, noisy_max
from sandbox.privacy.price import offer, price_algorithm
from sandbox.privacy.sensitivity import sensitivity_of_ranks
from sandbox.query.algorithm import estimate_algorithm, forecast_algorithm
from tests.support.algorithms import algorithm, mean, median
from tests.support.schema import SCHEMA
from tests.support.selection import SELECTIONS, chances

PASSES = 1e-6
"""Chance of a false alarm in one test."""
SCORES = (-3, 0, -1, -1, -4)
WORST = ((0, -2), (-1, -1))
DRAWS = pytest.mark.parametrize("draws", [20_000, pytest.param(100_000, marks=pytest.mark.heavy)])

pytestmark = pytest.mark.slow


def drawn(noise: Noise, scores: tuple[int, ...], draws: int) -> list[int]:
    counted = Counter(noisy_max(noise, scores) for _ in range(draws))
    return [counted[index] for index in range(len(scores))]


@DRAWS
@pytest.mark.parametrize("kind", SELECTIONS)
@pytest.mark.parametrize("scale", [0.7, 3.0])
def test_draws_fit_the_claimed_chances_and_no_others(
    kind: NoiseKind, scale: float, draws: int
) -> None:
    counts = drawn(Noise(kind, scale), SCORES, draws)

    def p_value(factor: float) -> float:
        expected = np.array(chances(Noise(kind, scale * factor), SCORES)) * draws
        return float(stats.chisquare(counts, expected).pvalue)

    assert p_value(1.0) > PASSES
    assert p_value(1.3) < PASSES
    assert p_value(0.77) < PASSES


def least_loss(more: int, less: int, draws: int) -> float:
    """Bound the log-ratio of two chances from below, wrong once in a million."""
    low = stats.beta.ppf(PASSES / 2, more, draws - more + 1) if more else 0.0
    high = stats.beta.ppf(1 - PASSES / 2, less + 1, draws - less)
    return log(low / high) if low else -float("inf")


@DRAWS
@pytest.mark.parametrize("scale", [1.0, 4.0])
def test_the_worst_neighbours_show_the_stated_loss_and_no_more(scale: float, draws: int) -> None:
    noise = Noise(NoiseKind.PERMUTE_AND_FLIP, scale)
    stated = float(loss(noise, sensitivity_of_ranks()))
    one, other = (drawn(noise, scores, draws) for scores in WORST)
    for some, more in ((one, other), (other, one)):
        assert all(least_loss(a, b, draws) <= stated for a, b in zip(some, more, strict=True))
    seen = least_loss(other[1], one[1], draws)
    assert seen > stated / 2, "a loss half as large, as of monotonic scores, would be refuted"


@pytest.mark.heavy
@pytest.mark.parametrize("kind", SELECTIONS)
def test_the_places_of_a_median_keep_the_stated_loss_between_neighbours(kind: NoiseKind) -> None:
    """Blocks at one end, of which one comes to the other end; places are taken together in bins."""
    draws, blocks, noise = 20_000, 9, Noise(kind, 2.0)
    stated = float(loss(Noise(NoiseKind.PERMUTE_AND_FLIP, 2.0), sensitivity_of_ranks()))
    asked, seen = algorithm(median(), blocks=blocks), []
    for far in (4, 5):
        steps = [[0]] * (blocks - far) + [[STEPS]] * far
        (scores,) = tallies(asked, steps)
        found = [noisy_max(noise, scores) for _ in range(draws)]
        edges = (0, 1, PLACES // 2, PLACES - 1, PLACES)
        seen.append([sum(a <= place < b for place in found) for a, b in pairwise(edges)])
    for some, more in (seen, seen[::-1]):
        assert all(least_loss(a, b, draws) <= stated for a, b in zip(some, more, strict=True))


def answered(price: PricedAlgorithm, steps: list[list[int]]) -> dict[str, tuple[float, ...]]:
    total = BoundedSum(price.parts, price.sensitivities, tallies(price.algorithm, steps))
    debit = Reservation(SubmissionId("s"), AgreementId("a"), SnapshotId("n"), price.cost, debit=0)
    columns = estimate_algorithm(price, measure(total, price, debit))
    return {column.name: column.values for column in columns}  # type: ignore[misc]


@pytest.mark.parametrize("accounting", Accounting)
@pytest.mark.parametrize("step", [0, STEPS // 3, STEPS], ids=["low", "inside", "high"])
def test_the_interval_of_a_mean_holds_in_95_of_100_answers_wherever_it_lies(
    accounting: Accounting, step: int
) -> None:
    asked = algorithm(mean("m", 10_000), blocks=3)
    paid = offer(accounting, Fraction(1, 10**9), epsilon="100", rho=None)
    found = answered(price_algorithm(asked, SCHEMA, paid), [[step] * 10_000] * 3)
    exact = asked.values[0].value(step)
    pairs = zip(found["estimate"], found["half_width"], strict=True)
    assert 0.94 < sum(abs(value - exact) <= width for value, width in pairs) / 10_000 < 0.96


@pytest.mark.parametrize("accounting", Accounting)
def test_a_median_is_off_by_its_rank_error_in_at_most_5_of_100_answers(
    accounting: Accounting,
) -> None:
    blocks, runs = 120, 300
    asked = algorithm(median(), blocks=blocks)
    paid = offer(accounting, Fraction(1, 10**9), epsilon="2", rho=None)
    price = price_algorithm(asked, SCHEMA, paid)
    steps = [[STEPS // 2 + i * 2048] for i in range(blocks)]
    (foretold,) = forecast_algorithm(price)
    assert foretold.rank_error is not None
    assert foretold.rank_error < 0.25
    held = 0
    for _ in range(runs):
        (place,) = answered(price, steps)["estimate"]
        at = place * STEPS
        fuller = max(sum(step < at for (step,) in steps), sum(step > at for (step,) in steps))
        held += fuller - blocks // 2 <= foretold.rank_error * blocks
    assert held / runs > 0.95 - 3 * (0.95 * 0.05 / runs) ** 0.5
