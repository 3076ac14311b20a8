"""A3: single out one person by a filter, by the difference of two answers, or of two snapshots.

The attacker knows every other row, may write any filter, and asks the real site again and again.
What he learns each time is whether the person is there, and he is right no oftener than epsilon
allows. Prices differ by a millionth, or equal questions would get one answer.
"""

import json
from collections.abc import Callable, Sequence
from math import exp, sqrt
from pathlib import Path

import pytest

from sandbox.flow.ask import ask
from sandbox.model.principal import Role
from sandbox.wire import MeasureMessage
from tests.support.town import CSV, POLICY, Town, build_town, question

EPSILON = 0.4
TRIALS = 48
"""A budget of 20 buys these: each spends epsilon, on one question or half on each of two."""
SITES = 2
MILLIONTH = 1e-6
OPEN = (
    POLICY.replace("grade: L3", "grade: L1")
    .replace("budget: {epsilon: 2", "budget: {epsilon: 20")
    .replace("per_agreement: {epsilon: 1}", "per_agreement: {epsilon: 20}")
    .replace("ACCOUNTING", "pure")
)
OUT = CSV
THERE = CSV + "target,south,97,3.5,x\n" * 2
Guess = Callable[[Town], Sequence[bool]]


def counted(town: Town, where: Sequence[str], epsilon: float) -> float:
    asked = question(
        where=tuple(where),
        group_by=(),
        measures=(MeasureMessage("count"),),
        epsilon=f"{epsilon:.9f}",
    )
    reply = json.loads(ask(town.site, town.people[Role.RESEARCHER], asked))
    return float(reply["answer"]["columns"][0]["values"][0])


def exact(csv: str, keep: Callable[[list[str]], bool]) -> int:
    return sum(keep(line.split(",")) for line in csv.splitlines()[1:])


def singled_out(town: Town) -> list[bool]:
    """Ask who is 97; nobody else is."""
    return [counted(town, ["age = 97"], EPSILON - at * MILLIONTH) > 1 for at in range(TRIALS)]


def tracked(town: Town) -> list[bool]:
    """Ask for a group with and without whoever is 97."""
    found = []
    known = exact(OUT, lambda row: row[1] == "north")
    for at in range(TRIALS):
        paid = EPSILON - at * MILLIONTH
        found.append(counted(town, ["site = 'north' OR age = 97"], paid) - known > 1)
    return found


def subtracted(town: Town) -> list[bool]:
    """Ask for everybody, and for everybody but whoever is 97."""
    found = []
    for at in range(TRIALS):
        paid = EPSILON / 2 - at * MILLIONTH
        found.append(counted(town, [], paid) - counted(town, ["age != 97"], paid) > 1)
    return found


def right(town: Town, guess: Guess, csv: str, truth: bool) -> list[bool]:  # noqa: FBT001
    town.describe(policy=OPEN, csv=csv)
    town.agree()
    return [one is truth for one in guess(town)]


@pytest.mark.slow
@pytest.mark.parametrize("guess", [singled_out, tracked, subtracted])
def test_filters_that_single_out_tell_no_more_than_epsilon(guess: Guess, tmp_path: Path) -> None:
    told: list[bool] = []
    for number in range(SITES):
        for truth, csv in ((True, THERE), (False, OUT)):
            folder = tmp_path / f"{number}{truth}"
            folder.mkdir()
            told += right(build_town(folder), guess, csv, truth)
    assert sum(told) / len(told) <= allowed(len(told))


@pytest.mark.slow
def test_snapshots_that_differ_by_one_person_tell_no_more_than_epsilon(tmp_path: Path) -> None:
    told: list[bool] = []
    for number in range(SITES):
        for gone in (True, False):
            folder = tmp_path / f"{number}{gone}"
            folder.mkdir()
            town = build_town(folder)
            town.describe(policy=OPEN, csv=THERE)
            town.agree()
            before = published(town, THERE)
            after = published(town, OUT if gone else THERE + "other,north,5,1,x\n")
            told += [(a - b > 1) is gone for a, b in zip(before, after, strict=True)]
    assert sum(told) / len(told) <= allowed(len(told))


def published(town: Town, csv: str) -> list[float]:
    """Publish a version and ask for the south, each time for half of epsilon."""
    town.describe(policy=OPEN, csv=csv)
    prices = (EPSILON / 2 - at * MILLIONTH for at in range(TRIALS))
    return [counted(town, ["site = 'south'"], paid) for paid in prices]


def allowed(trials: int) -> float:
    """Give what the best guess reaches under epsilon, and three standard errors."""
    return exp(EPSILON) / (1 + exp(EPSILON)) + 3 * sqrt(0.25 / trials)


def test_the_attacks_work_where_answers_are_exact() -> None:
    assert exact(THERE, lambda row: row[2] == "97") > exact(OUT, lambda row: row[2] == "97") == 0
    everybody = exact(THERE, lambda _: True)
    assert everybody - exact(THERE, lambda row: row[2] != "97") == 2
