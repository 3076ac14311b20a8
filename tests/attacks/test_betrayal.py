"""Programs that betray one person: what a researcher sees is no better than epsilon allows.

Two datasets differ in one person. The same programs are sent over both, through the real site, and
classifiers learn from most of what was seen to tell the rest apart. Sites stand side by side, two
on a machine of two processors; the control has the same noise from that, and the same tests find
the leak in it, where only the fixed times are switched off.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from itertools import chain, cycle, islice
from math import exp, sqrt
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.tree import DecisionTreeClassifier

from sandbox.engines.local_workers import LocalWorkers
from sandbox.engines.workers import Values
from sandbox.isolation.limits import Limits
from sandbox.model.program import Program
from sandbox.model.schedule import Schedule
from sandbox.web.running import Running
from tests.attacks.betraying_programs import SLOW, TELLING
from tests.support.betrayed import Plan, Seen, betrayed, watched
from tests.support.boxes import NAMES, back_end

pytestmark = pytest.mark.slow

Table = NDArray[np.float64]
Truth = NDArray[np.bool_]
FEW = Plan(sites=2, epsilon="0.1", each=5)
"""Ten submissions with the person, ten without."""
CONTROL = Plan(sites=1, epsilon="0.1", each=8, seconds="2")
"""Longer blocks: without fixed times, the noise of a busy machine is a second."""
MANY = Plan(sites=4, epsilon="1", each=75)
"""300 and 300."""
FOLDS = 4
CHANCE = 1e-3
"""How often the small test of times may fail by chance; the large one is held to 0.01."""


class Prompt(LocalWorkers):
    """Workers without fixed times: each block begins when the one before it is done."""

    def run(
        self,
        program: Program,
        blocks: Sequence[bytes],
        limits: Limits,
        schedule: Schedule | None = None,
        *,
        lead: float = 0.0,
    ) -> list[Values]:
        """Leave the schedule out."""
        del schedule, lead
        return super().run(program, blocks, limits)


def test_few_betrayals_show_in_nothing(tmp_path: Path) -> None:
    found = seen(tmp_path, "bubblewrap", TELLING, FEW)
    assert_nothing_shows(found, FEW, CHANCE)


def test_the_same_tests_find_the_leak_without_fixed_times(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.support.served.LocalWorkers", Prompt)
    monkeypatch.setattr(Running, "_due", lambda _self, _submitted, now: now)
    found = seen(tmp_path, "bubblewrap", SLOW, CONTROL)
    assert same_times(found) < 0.01


@pytest.mark.heavy
@pytest.mark.parametrize("held", NAMES)
def test_three_hundred_betrayals_show_in_nothing(tmp_path: Path, held: str) -> None:
    found = seen(tmp_path, held, TELLING, MANY)
    assert len(found) == 2 * 300
    assert_nothing_shows(found, MANY, 0.01)


def seen(folder: Path, held: str, ways: Sequence[str] | dict[str, str], plan: Plan) -> list[Seen]:
    """Send programs of all ways in turn, to several sites at once."""
    in_turn = cycle(ways)
    with ExitStack() as stack, ThreadPoolExecutor(plan.sites) as askers:
        watching = []
        for place in range(plan.sites):
            own = folder / str(place)
            own.mkdir()
            site = stack.enter_context(betrayed(own, back_end(held), plan))
            watching.append(watched(site, list(islice(in_turn, plan.each)), plan))
        return list(chain.from_iterable(askers.map(list, watching)))


def assert_nothing_shows(found: Sequence[Seen], plan: Plan, chance: float) -> None:
    accuracy, times = told_apart(found), same_times(found)
    assert len({one.words for one in found}) == 1
    assert accuracy <= allowed(plan, len(found))
    assert times > chance


def allowed(plan: Plan, trials: int) -> float:
    """Give what the best guess reaches under epsilon, and three standard errors."""
    epsilon = float(plan.epsilon)
    return exp(epsilon) / (1 + exp(epsilon)) + 3 * sqrt(0.25 / trials)


def same_times(found: Sequence[Seen]) -> float:
    """Give the chance of times that differ so much or more, were they alike (Kolmogorov)."""
    took = [[one.took for one in found if one.there is there] for there in (False, True)]
    return float(stats.ks_2samp(*took).pvalue)


def told_apart(found: Sequence[Seen]) -> float:
    """Give the share that the best classifier gets right of what it has not learnt from."""
    truth = np.array([one.there for one in found])
    table = np.array([_row(one) for one in found])
    return max(
        float(np.mean(_guessed(model, table, truth) == truth))
        for model in (
            make_pipeline(StandardScaler(), LogisticRegression(max_iter=1000)),
            DecisionTreeClassifier(max_depth=1, random_state=0),
            DecisionTreeClassifier(max_depth=3, random_state=0),
        )
    )


def _guessed(model: object, table: Table, truth: Truth) -> Truth:
    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=0)
    guessed: Truth = cross_val_predict(model, table, truth, cv=folds)
    return guessed


def _row(one: Seen) -> list[float]:
    """Put all that was seen in numbers; what the program was is known, and its answer beside."""
    ways = [float(one.way == way) for way in TELLING]
    answers = [is_it * one.numbers[0] for is_it in ways]
    return [one.took, *one.slowness, *one.numbers, *ways, *answers]
