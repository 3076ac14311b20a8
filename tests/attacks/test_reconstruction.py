"""A1: Dinur, Nissim 2003: recover a hundred secret bits from four hundred subset counts.

The policy is as careless as policies get: every person can be picked out by a filter. What holds
the attack down is the source's cap alone, whether one account asks or ten do.
"""

import json
from math import exp, sqrt

import numpy as np
import pytest
from numpy.typing import NDArray

from sandbox.errors import Refused
from sandbox.flow.ask import ask
from sandbox.wire import MeasureMessage
from tests.support.town import POLICY, Town, question

BITS = 100
QUERIES = 400
EPSILON = 1
BOUND = exp(EPSILON) / (1 + exp(EPSILON))
BIT = "bit: {use: [measure], bounds: [0, 1]}"
CARELESS = (
    POLICY.replace("budget: {epsilon: 2", f"budget: {{epsilon: {EPSILON}")
    .replace("max_rows: 2", "max_rows: 1")
    .replace("cost: {use: [measure], bounds: [0, 100], resolution: 0.5}", BIT)
    .replace("  site: {use: [group, filter], keys: [north, south]}\n", "")
)
Bits = NDArray[np.int64]


def secret_csv(bits: Bits) -> str:
    rows = "".join(f"p{person},{person},{bit},n\n" for person, bit in enumerate(bits))
    return "person,age,bit,name\n" + rows


def recovered(subsets: NDArray[np.int64], sums: NDArray[np.float64], bits: Bits) -> float:
    """Solve for the bits by least squares, round, and give the share that is right."""
    guess, *_ = np.linalg.lstsq(subsets.astype(float), sums, rcond=None)
    return float(np.mean((guess > 0.5) == bits))


def collect(town: Town, accounts: int, subsets: NDArray[np.int64]) -> tuple[list[int], list[float]]:
    """Ask for each subset's sum until everybody is refused."""
    askers = [town.newcomer(f"colluder-{number}") for number in range(accounts)]
    for asker in askers:
        town.agree(asker)
    answered, sums = [], []
    for index, subset in enumerate(subsets):
        members = ", ".join(map(str, np.flatnonzero(subset)))
        asked = question(
            where=(f"age IN ({members})",),
            group_by=(),
            measures=(MeasureMessage("sum", "bit"),),
            epsilon=str(EPSILON / QUERIES),
        )
        try:
            answer = json.loads(ask(town.site, askers[index % accounts], asked))["answer"]
        except Refused:
            continue
        answered.append(index)
        sums.append(float(answer["columns"][0]["values"][0]))
    return answered, sums


@pytest.mark.slow
@pytest.mark.parametrize("accounts", [1, 10], ids=["alone", "ten accounts"])
def test_the_cap_of_the_source_holds_reconstruction_down(town: Town, accounts: int) -> None:
    chance = np.random.default_rng(accounts)
    bits = chance.permuted(np.repeat([0, 1], BITS // 2))
    town.describe("pure", secret_csv(bits), CARELESS)
    subsets = chance.integers(0, 2, (QUERIES + 50, BITS))
    answered, sums = collect(town, accounts, subsets)
    assert len(answered) == QUERIES
    share = recovered(subsets[answered], np.array(sums), bits)
    assert share <= BOUND + 3 * sqrt(BOUND * (1 - BOUND) / BITS)


def test_the_attack_works_where_answers_are_exact() -> None:
    chance = np.random.default_rng(0)
    bits = chance.permuted(np.repeat([0, 1], BITS // 2))
    subsets = chance.integers(0, 2, (QUERIES, BITS))
    assert recovered(subsets, (subsets @ bits).astype(float), bits) == 1.0
