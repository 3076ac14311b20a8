"""Two people move one application at the same moment: one of them does, and the ledger says which.

Over HTTP, on both kinds of books, with every round on an application of its own. What one of two
requests is told first is for the machine to choose, so each promise is made of either outcome.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Barrier
from typing import Any

import httpx
import pytest

from sandbox.ledger.replay import replay
from sandbox.model.principal import Role
from tests.support.served import Served, served
from tests.support.town import CSV, POLICY
from tests.web.test_course import ASSESSMENT, CONSENT, FORM

API = "/api/v1"
ROUNDS = 6
CLINIC = POLICY.replace("ACCOUNTING", "zcdp")
HARBOUR = CLINIC.replace("town/clinic, owner: town", "harbour/sick, owner: harbour")
GRANT = {"grant": True, "reason": "In order"}
REFUSE = {"grant": False, "reason": "Out of scope"}
GONE = {"dataset": "town/clinic", "given": False, "reason": "Not any more"}

Move = Callable[[], httpx.Response]


@dataclass
class Contest:
    """A site with two stewards and two owners, each with a connection of their own."""

    site: Served
    people: dict[str, httpx.Client]

    def move(self, who: str, path: str, body: object = None) -> Move:
        """Prepare a request; one without a body is a PUT."""
        http, method = self.people[who], "PUT" if body is None else "POST"
        address = f"{API}/applications/{path}".rstrip("/")
        return lambda: http.request(method, address, json=body)

    def done(self, who: str, path: str, body: object = None) -> dict[str, Any]:
        reply = self.move(who, path, body)()
        assert reply.status_code < 300, reply.text
        return dict(reply.json())

    def received(self, **changes: object) -> str:
        return str(self.done("researcher", "", FORM | changes)["id"])

    def assessed(self) -> str:
        """Bring an application to where only the decision is missing."""
        name = self.received()
        self.done("steward", f"{name}/assessment", ASSESSMENT)
        self.done("owner", f"{name}/consent", CONSENT)
        return name

    def entries(self, name: str) -> list[dict[str, Any]]:
        """Give the entries about an application; all of the ledger must be in order."""
        with self.site.site.books.read() as page:
            read = [json.loads(entry) for entry in page.log.entries()]
        assert not [one for one in replay(enumerate(read)).found if one.severity == "error"]
        return [one for one in read if name in {one.get("application"), one.get("id")}]


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def contest(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Contest]:
    books = None
    if request.param == "postgresql":
        books = request.getfixturevalue("server").emptied_database()
    folder = tmp_path_factory.mktemp("contest")
    (folder / "rows.csv").write_text(CSV)
    with served(folder, books=books) as site:
        second = site.admit("harbour-master", Role.OWNER)
        for policy, token, key in (
            (CLINIC, site.tokens[Role.OWNER], "owner.key"),
            (HARBOUR, second, "harbour.key"),
        ):
            (folder / "policy.yaml").write_text(policy)
            owner = site.range_of(token)
            owner.add_dataset(folder / "rows.csv", folder / "policy.yaml", folder / key)
        tokens = {
            "researcher": site.tokens[Role.RESEARCHER],
            "steward": site.tokens[Role.STEWARD],
            "steward-two": site.admit("steward-two", Role.STEWARD),
            "owner": site.tokens[Role.OWNER],
            "harbour": second,
        }
        people = {name: site.http(token) for name, token in tokens.items()}
        yield Contest(site, people)
        for http in people.values():
            http.close()


def at_once(*moves: Move) -> list[httpx.Response]:
    """Make moves in threads that begin together."""
    gate = Barrier(len(moves))

    def made(move: Move) -> httpx.Response:
        gate.wait()
        return move()

    with ThreadPoolExecutor(len(moves)) as pool:
        return list(pool.map(made, moves))


def one_won(replies: Sequence[httpx.Response]) -> httpx.Response:
    """Make sure that one of two was done and the other was a conflict; give what was done."""
    assert sorted(reply.status_code for reply in replies) == [200, 409], [r.text for r in replies]
    (done,) = (reply for reply in replies if reply.status_code == 200)
    return done


@pytest.mark.parametrize("other", [GRANT, REFUSE], ids=["both grant", "one refuses"])
def test_of_two_stewards_one_decides(contest: Contest, other: dict[str, Any]) -> None:
    for _ in range(ROUNDS):
        name = contest.assessed()
        path = f"{name}/decision"
        done = one_won(
            at_once(contest.move("steward", path, GRANT), contest.move("steward-two", path, other))
        ).json()
        entries = contest.entries(name)
        (decision,) = [one for one in entries if one["kind"] == "decision"]
        assert decision["granted"] == (done["decision"] == GRANT["reason"])
        assert len(done["agreements"]) == decision["granted"]
        read = contest.people["researcher"].get(f"{API}/applications/{name}").json()
        assert (read["decision"], read["agreements"]) == (done["decision"], done["agreements"])


@pytest.mark.parametrize("decision", [GRANT, REFUSE], ids=["grant", "refuse"])
def test_a_decision_and_a_withdrawal_exclude_each_other(
    contest: Contest, decision: dict[str, Any]
) -> None:
    for _ in range(ROUNDS):
        name = contest.assessed()
        done = one_won(
            at_once(
                contest.move("steward", f"{name}/decision", decision),
                contest.move("researcher", f"{name}/withdrawal"),
            )
        ).json()
        decided = [one for one in contest.entries(name) if one["kind"] == "decision"]
        taken = [one for one in contest.entries(name) if one.get("move") == "withdraw"]
        assert (len(decided), len(taken)) == ((0, 1) if done["state"] == "withdrawn" else (1, 0))


def test_a_grant_and_an_owners_change_of_mind_exclude_each_other(contest: Contest) -> None:
    for _ in range(ROUNDS):
        name = contest.assessed()
        granted, declined = at_once(
            contest.move("steward", f"{name}/decision", GRANT),
            contest.move("owner", f"{name}/consent", GONE),
        )
        one_won([granted, declined])
        answers = [one["move"] for one in contest.entries(name) if one["kind"] == "step"]
        assert ("decline" in answers) == (declined.status_code == 200)


def test_a_grant_and_a_supplement_exclude_each_other(contest: Contest) -> None:
    for _ in range(ROUNDS):
        name = contest.assessed()
        one_won(
            at_once(
                contest.move("steward", f"{name}/decision", GRANT),
                contest.move("steward-two", f"{name}/supplement", {"statement": "Which paper?"}),
            )
        )


def test_nothing_that_was_sent_again_is_granted_by_what_was_said_of_the_old_text(
    contest: Contest,
) -> None:
    for _ in range(ROUNDS):
        name = contest.assessed()
        contest.done("steward", f"{name}/supplement", {"statement": "Which paper?"})
        sent, granted = at_once(
            contest.move("researcher", f"{name}/resubmission", FORM | {"scenario": "Advertising"}),
            contest.move("steward", f"{name}/decision", GRANT),
        )
        assert (sent.status_code, granted.status_code) == (200, 409)
        late = contest.move("owner", f"{name}/consent", CONSENT | {"revision": 0})()
        assert (late.status_code, late.json()["code"]) == (409, "application.moved_on")


def test_a_refusal_of_the_old_text_does_not_end_what_was_sent_again(contest: Contest) -> None:
    for _ in range(ROUNDS):
        name = contest.received()
        contest.done("steward", f"{name}/supplement", {"statement": "Which paper?"})
        contest.done("researcher", f"{name}/resubmission", FORM | {"scenario": "This paper"})
        late = contest.move("steward-two", f"{name}/decision", REFUSE | {"revision": 0})()
        assert (late.status_code, late.json()["code"]) == (409, "application.moved_on")
        one_won(
            at_once(
                contest.move("steward", f"{name}/decision", REFUSE | {"revision": 1}),
                contest.move("steward-two", f"{name}/decision", REFUSE | {"revision": 1}),
            )
        )


def test_two_owners_answer_at_once_and_both_are_heard(contest: Contest) -> None:
    for _ in range(ROUNDS):
        name = contest.received(further=["harbour/sick"])
        replies = at_once(
            contest.move("owner", f"{name}/consent", CONSENT),
            contest.move("harbour", f"{name}/consent", CONSENT | {"dataset": "harbour/sick"}),
        )
        assert [reply.status_code for reply in replies] == [200, 200]
        read = contest.people["steward"].get(f"{API}/applications/{name}").json()
        assert {one["dataset"]: one["given"] for one in read["consents"]} == {
            "town/clinic": True,
            "harbour/sick": True,
        }
        assert sum(one.get("move") == "consent" for one in contest.entries(name)) == 2


def test_a_draft_that_is_sent_twice_is_received_once(contest: Contest) -> None:
    for _ in range(ROUNDS):
        name = str(contest.done("researcher", "drafts", FORM)["id"])
        one_won(at_once(*[contest.move("researcher", f"{name}/submission")] * 2))
        assert sum(one["kind"] == "application" for one in contest.entries(name)) == 1


def test_a_draft_is_never_received_with_half_of_an_edit(contest: Contest) -> None:
    for _ in range(ROUNDS):
        name = str(contest.done("researcher", "drafts", FORM)["id"])
        edited = FORM | {"scenario": "Second", "safeguards": "Second"}
        sent, _ = at_once(
            contest.move("researcher", f"{name}/submission"),
            contest.move("researcher", f"{name}/draft", edited),
        )
        assert sent.status_code == 200
        read = contest.people["steward"].get(f"{API}/applications/{name}").json()
        assert (read["scenario"] == "Second") == (read["safeguards"] == "Second")
