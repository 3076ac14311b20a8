"""The end of an agreement over real HTTP: whoever waits for something just then gets nothing.

One researcher is signed in with a browser and with a token for the agreement, has one question
queued for a place, one running, and one answer waiting for its tick. Then the last day is over, or
they dispose of the data. And a site that is killed while it carries the end out does so afterwards.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from threading import Event
from time import monotonic, sleep

import httpx
import pytest

from sandbox.errors import NotVerified, Refused, Unavailable
from sandbox.ledger.certificate import verify_certificate
from sandbox.ledger.note import verifier_key
from sandbox.ledger.verify import verify_export
from sandbox.model.principal import Role
from sandbox.model.step import Step
from sandbox.model.submission import Submission, SubmissionState
from sandbox.store.place import open_books
from sandbox.web.rounds import making_rounds
from tests.support.clinic import CSV, POLICY
from tests.support.mortal import Mortal, mortal, question
from tests.support.people import PASSWORD
from tests.support.served import PERIOD, Served, served
from tests.support.town import HandClock
from tests.web.test_browser import signed_in

API = "/api/v1"
QUANTUM = 5.0
"""Seconds from tick to tick: time enough to get all four waiting, and to end the agreement."""
PATIENCE = 60.0
"""Seconds that anything may take on a busy machine."""


@dataclass
class Gatekeeper:
    """Stops whoever begins to compute, once it is shut, until the test lets them on."""

    shut: bool = False
    on: Event = field(default_factory=Event)

    def passed(self, step: Step) -> None:
        if self.shut and step is Step.BEGUN:
            assert self.on.wait(PATIENCE)


@dataclass
class Evening:
    """The last evening of an agreement, with all that waits."""

    site: Served
    clock: HandClock
    gate: Gatekeeper
    agreement: str
    bound: str
    """The token for the agreement."""
    browser: httpx.Client
    program: httpx.Client
    """With a token for the agreement."""
    aside: httpx.Client
    """With a token of the researcher's that is for anything."""
    waiting: dict[str, Future[httpx.Response]] = field(default_factory=dict)

    def begin(self, threads: ThreadPoolExecutor) -> None:
        """Ask three questions, and wait until each has come to where it shall wait."""
        self.waiting["at its tick"] = threads.submit(ask, self.program, "0.01")
        until(lambda: self.states()[SubmissionState.RELEASED] == 1)
        self.gate.shut = True
        self.waiting["running"] = threads.submit(ask, self.program, "0.02")
        until(lambda: self.states()[SubmissionState.BEGUN] == 1)
        self.waiting["queued"] = threads.submit(ask, self.program, "0.03")
        until(lambda: self.states()[SubmissionState.RESERVED] == 1)
        assert not any(each.done() for each in self.waiting.values())

    def submissions(self) -> list[Submission]:
        with self.site.site.books.read() as page:
            return list(page.submissions)

    def states(self) -> Counter[SubmissionState]:
        return Counter(each.state for each in self.submissions())

    def kinds(self) -> Counter[str]:
        with self.site.site.books.read() as page:
            return Counter(json.loads(entry)["kind"] for entry in page.log.entries())


def until(what: Callable[[], bool]) -> None:
    """Wait for something that another thread does."""
    end = monotonic() + PATIENCE
    while not what():
        assert monotonic() < end, "it did not come"
        sleep(0.01)


def ask(http: httpx.Client, epsilon: str) -> httpx.Response:
    asked = {"dataset": "town/clinic", "measures": [{"kind": "count"}], "epsilon": epsilon}
    return http.post(f"{API}/questions", json=asked)


@contextmanager
def an_evening(folder: Path) -> Iterator[Evening]:
    """Bring one researcher to the last minute of an agreement, with all four under way."""
    last = datetime.combine(date.fromisoformat(PERIOD[1]), time(23, 59), UTC)
    clock, gate = HandClock(last), Gatekeeper()
    (folder / "clinic.csv").write_text(CSV)
    (folder / "clinic.yaml").write_text(POLICY.replace("20ms", f"{QUANTUM:.0f}s"))
    with ExitStack() as held:
        site = held.enter_context(served(folder, places=(1, 8), clock=clock, onlooker=gate))
        held.enter_context(making_rounds(site.site, every=0.05))
        site.add(folder / "clinic.csv", folder / "clinic.yaml")
        site.range_of(Role.ADMINISTRATOR).open_account("mei", "researcher", PASSWORD)
        anything = site.admit("mei")
        agreement = site.agree(anything, "town/clinic", "research")
        bound = site.range_of(anything).issue_token(agreement=agreement).secret
        browser, program, aside = (
            held.enter_context(site.http(token)) for token in (None, bound, anything)
        )
        assert signed_in(browser).status_code == 303
        threads = held.enter_context(ThreadPoolExecutor(3))
        held.callback(gate.on.set)
        evening = Evening(site, clock, gate, agreement, bound, browser, program, aside)
        evening.begin(threads)
        yield evening


@pytest.fixture
def evening(tmp_path: Path) -> Iterator[Evening]:
    with an_evening(tmp_path) as evening:
        yield evening


def expire(evening: Evening) -> None:
    evening.clock.time += timedelta(minutes=1)


def dispose(evening: Evening) -> None:
    path = f"{API}/agreements/{evening.agreement}/disposal"
    assert evening.aside.post(path, json={"statement": "All copies are gone"}).is_success


@pytest.mark.parametrize(("end", "cause"), [(expire, "expired"), (dispose, "disposed")])
def test_none_of_the_four_gets_anything(
    evening: Evening, end: Callable[[Evening], None], cause: str, tmp_path: Path
) -> None:
    end(evening)
    until(lambda: evening.kinds()["certificate"] == 1)
    evening.gate.on.set()
    for name, asked in evening.waiting.items():
        reply = asked.result(PATIENCE)
        assert (reply.status_code, reply.json()["code"]) == (409, "agreement.over"), name
    kinds = evening.kinds()
    assert kinds["debit"] == 3
    # The answer at its tick was released in time, and nobody was given it.
    assert (kinds["release"], kinds["failure"], kinds["cancellation"]) == (1, 1, 1)

    for path in ("/me", f"/agreements/{evening.agreement}"):
        dead = evening.program.get(API + path)
        assert (dead.status_code, dead.json()["code"]) == (401, "token.revoked")
    assert evening.browser.get("/me").status_code == 200
    assert evening.bound not in evening.browser.get("/me").text
    for each in evening.submissions():
        kept = evening.aside.get(f"{API}/submissions/{each.id}")
        assert kept.json()["code"] == "agreement.over"
    anew = ask(evening.aside, "0.01")
    assert anew.json()["code"] == "refused"
    assert list((tmp_path / "site" / "workspaces").iterdir()) == []

    _verify(evening, cause, tmp_path)


def _verify(evening: Evening, cause: str, folder: Path) -> None:
    """Audit the ledger and the certificate as somebody does who has the site's key on paper."""
    site = evening.site.site
    key = verifier_key(site.origin, site.ledger_signer.public)
    auditor = evening.site.range_of(Role.AUDITOR)
    assert verify_export(auditor.export_ledger(folder / "export"), key).verified
    certificate = auditor.certificate(evening.agreement)
    certificate.verify(key)
    said = verify_certificate(asdict(certificate.message), key).certificate
    assert (said.cause, said.tokens, said.stopped) == (cause, 1, 2)
    forged = replace(certificate.message, text=certificate.text.replace("stopped 2", "stopped 3"))
    with pytest.raises(NotVerified):
        replace(certificate, message=forged).verify(key)
    for role in (Role.OWNER, Role.STEWARD):
        evening.site.range_of(role).certificate(evening.agreement).verify(key)


@pytest.mark.slow
@pytest.mark.parametrize("step", [Step.DESTROYED, Step.CERTIFIED, Step.CLOSED])
def test_a_site_that_dies_at_the_end_of_an_agreement_ends_it_once(
    tmp_path: Path, step: Step
) -> None:
    with mortal(tmp_path, None) as site:
        site.lives.begin("kill", step, "1")
        (agreement,) = json.loads(site.researcher.raw("GET", f"{API}/agreements"))
        assert site.ask(question(1))
        site.audit()
        site.look()
        with pytest.raises(Unavailable):
            site.researcher.raw(
                "POST",
                f"{API}/agreements/{agreement['id']}/disposal",
                body=b'{"statement":"All copies are gone"}',
            )
        site.lives.bury()
        assert list((tmp_path / "site" / "workspaces").iterdir()) == []
        for _ in range(2):
            site.lives.begin()
            site.look()
            until(lambda: _certificates(site) == 1)
        with pytest.raises(Refused):
            site.send(question(2))
        left = site.audit()
        assert (left["disposal"], left["certificate"], left["debit"]) == (1, 1, 0)


def _certificates(site: Mortal) -> int:
    with closing(open_books(site.folder / "site", None)) as books, books.read() as page:
        return sum(json.loads(entry)["kind"] == "certificate" for entry in page.log.entries())
