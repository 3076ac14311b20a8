"""An agreement disposed of while programs wait, run, or wait for their tick: nothing comes out."""

import json
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from sandbox.ledger.note import verifier_key
from sandbox.ledger.verify import verify_export
from sandbox.model.principal import Role
from sandbox.model.step import Step
from sandbox.web.rounds import making_rounds
from tests.support.betrayed import Plan, add_pair, form_of
from tests.support.boxes import back_end
from tests.support.served import Served, served

pytestmark = pytest.mark.slow

PLAN = Plan(sites=1, epsilon="0.1", each=1)
API = "/api/v1"
PATIENCE = 60.0
"""Seconds that anything may take on a busy machine."""


class Passed:
    """Remembers which steps were passed."""

    def __init__(self) -> None:
        self.steps: list[Step] = []

    def passed(self, step: Step) -> None:
        self.steps.append(step)


@pytest.mark.parametrize("when", [Step.BEGUN, Step.MEASURED], ids=["running", "for its tick"])
def test_nothing_comes_out_of_an_agreement_that_is_disposed_of(tmp_path: Path, when: Step) -> None:
    passed = Passed()
    with served(tmp_path, onlooker=passed, lane=back_end("bubblewrap")) as site:
        add_pair(site, 0)
        first, second = (
            form_of("town/target0", f"def run(rows): return {{'got': {n}}}", PLAN) for n in "12"
        )
        (agreement,) = (
            card.id
            for card in site.range_of(Role.RESEARCHER).agreements()
            if "town/target0" in card.datasets
        )
        with site.http(Role.RESEARCHER) as http:
            waiting = [submitted(http, form) for form in (first, second)]
            until(lambda: when in passed.steps)
            site.range_of(Role.RESEARCHER).dispose(agreement, "All copies are gone")
            with making_rounds(site.site, every=0.2):
                until(lambda: kinds(site)["certificate"] == 1)
                time.sleep(waiting[-1]["seconds"] + 0.5)
            for form, accepted in zip((first, second), waiting, strict=True):
                assert http.post(f"{API}/algorithms", json=form).is_client_error
                found = http.get(f"{API}/submissions/{accepted['submission']}")
                assert found.is_client_error
        assert kinds(site)["release"] == 0
        assert_all_verifies(site, agreement)


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
