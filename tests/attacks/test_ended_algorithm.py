"""An agreement that ends while programs wait, run, or wait for their tick: nothing comes out.

It ends by its researcher's disposal, or by the calendar, whether or not a round was made since.
"""

import json
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from sandbox.ledger.note import verifier_key
from sandbox.ledger.verify import verify_export
from sandbox.model.principal import Role
from sandbox.model.step import Step
from sandbox.web.rounds import making_rounds
from tests.support.betrayed import Plan, add, form_of
from tests.support.boxes import back_end
from tests.support.served import PERIOD, Served, served
from tests.support.town import HandClock

pytestmark = pytest.mark.slow

PLAN = Plan(sites=1, epsilon="0.1", each=1)
API = "/api/v1"
A_WHILE = timedelta(minutes=2)
"""Longer than the evening has left."""
PATIENCE = 60.0
"""Seconds that anything may take on a busy machine."""


class Passed:
    """Remembers which steps were passed."""

    def __init__(self) -> None:
        self.steps: list[Step] = []

    def passed(self, step: Step) -> None:
        self.steps.append(step)


@dataclass
class Evening:
    """The last evening of an agreement, whose researcher has sent two programs."""

    site: Served
    clock: HandClock
    agreement: str
    forms: list[dict[str, Any]]
    sent: list[dict[str, Any]]
    """What the site said of each."""

    def end_by_disposal(self) -> None:
        self.site.range_of(Role.RESEARCHER).dispose(self.agreement, "All copies are gone")

    def end_by_the_calendar(self) -> None:
        self.clock.time += A_WHILE

    def wait(self) -> None:
        """Wait until both would have been answered."""
        time.sleep(self.sent[-1]["seconds"] + 0.5)

    def assert_nothing_comes(self) -> None:
        with self.site.http(Role.RESEARCHER) as http:
            for form, accepted in zip(self.forms, self.sent, strict=True):
                assert http.post(f"{API}/algorithms", json=form).is_client_error
                found = http.get(f"{API}/submissions/{accepted['submission']}")
                assert found.is_client_error
        assert kinds(self.site)["release"] == 0


@contextmanager
def an_evening(folder: Path, when: Step) -> Iterator[Evening]:
    """Send two programs, and bring the first to a step; the second waits in line."""
    passed = Passed()
    clock = HandClock(datetime.fromisoformat(f"{PERIOD[1]}T23:59:00+00:00"))
    with served(folder, onlooker=passed, lane=back_end("bubblewrap"), clock=clock) as site:
        add(site, "last")
        (agreement,) = (card.id for card in site.range_of(Role.RESEARCHER).agreements())
        forms = [form_of("town/last", f"def run(rows): return {{'got': {n}}}", PLAN) for n in "12"]
        with site.http(Role.RESEARCHER) as http:
            sent = [submitted(http, form) for form in forms]
        until(lambda: when in passed.steps)
        yield Evening(site, clock, agreement, forms, sent)


@pytest.mark.parametrize(
    ("when", "end"),
    [
        (Step.BEGUN, Evening.end_by_disposal),
        (Step.BEGUN, Evening.end_by_the_calendar),
        pytest.param(Step.MEASURED, Evening.end_by_disposal, marks=pytest.mark.heavy),
        pytest.param(Step.MEASURED, Evening.end_by_the_calendar, marks=pytest.mark.heavy),
    ],
    ids=["running-disposal", "running-calendar", "for its tick-disposal", "for its tick-calendar"],
)
def test_nothing_comes_out_of_an_agreement_that_has_ended(
    tmp_path: Path, when: Step, end: Callable[[Evening], None]
) -> None:
    with an_evening(tmp_path, when) as evening:
        end(evening)
        with making_rounds(evening.site.site, every=0.2):
            until(lambda: kinds(evening.site)["certificate"] == 1)
            evening.wait()
        evening.assert_nothing_comes()
        evening.clock.time -= 2 * A_WHILE
        evening.assert_nothing_comes()
        assert_all_verifies(evening.site, evening.agreement)


@pytest.mark.heavy
@pytest.mark.parametrize("when", [Step.BEGUN, Step.MEASURED], ids=["running", "for its tick"])
def test_nothing_comes_out_after_the_last_day_though_no_round_was_made(
    tmp_path: Path, when: Step
) -> None:
    with an_evening(tmp_path, when) as evening:
        evening.end_by_the_calendar()
        evening.wait()
        evening.assert_nothing_comes()
        assert kinds(evening.site)["certificate"] == 0
        with making_rounds(evening.site.site, every=0.2):
            until(lambda: kinds(evening.site)["certificate"] == 1)
        evening.assert_nothing_comes()
        assert_all_verifies(evening.site, evening.agreement)


def submitted(http: httpx.Client, form: dict[str, object]) -> dict[str, Any]:
    reply = http.post(f"{API}/algorithms", json=form)
    assert reply.status_code == 202, reply.text
    accepted: dict[str, Any] = reply.json()
    return accepted


def until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < deadline, "it never comes to pass"
        time.sleep(0.02)


def kinds(site: Served) -> Counter[str]:
    with site.site.books.read() as page:
        entries = [json.loads(page.log.entry(index)) for index in range(page.log.size())]
    return Counter(entry["kind"] for entry in entries)


def assert_all_verifies(site: Served, agreement: str) -> None:
    key = verifier_key(site.site.origin, site.site.ledger_signer.public)
    auditor = site.range_of(Role.AUDITOR)
    assert verify_export(auditor.export_ledger(site.folder / "export"), key).verified
    auditor.certificate(agreement).verify(key)
