"""Emergencies over HTTP: two stewards open one, and nobody learns of more than concerns them."""

import json
import shlex
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from sandbox.ledger.note import open_checkpoint
from sandbox.model.principal import Role
from tests.support.clinic import WARD
from tests.support.served import Served

API = "/api/v1"
FORM = {"source": "town/ward", "reason": "An outbreak", "hours": 1}


@pytest.fixture(scope="module")
def ward(clinic: Served) -> Served:
    """List a dataset whose owner keeps a tranche back."""
    (clinic.folder / "ward.yaml").write_text(WARD)
    clinic.add(clinic.folder / "clinic.csv", clinic.folder / "ward.yaml")
    return clinic


@pytest.fixture(scope="module")
def second(ward: Served) -> Iterator[httpx.Client]:
    with ward.http(ward.admit("second-steward", Role.STEWARD)) as http:
        yield http


@pytest.fixture
def steward(ward: Served) -> Iterator[httpx.Client]:
    with ward.http(Role.STEWARD) as http:
        yield http


def declared(steward: httpx.Client) -> str:
    reply = steward.post(f"{API}/emergencies", json=FORM)
    assert (reply.status_code, reply.json()["state"]) == (201, "declared")
    return str(reply.json()["id"])


def seen_by(ward: Served, token: str | Role, emergency: str) -> bool:
    with ward.http(token) as http:
        return emergency in [one["id"] for one in http.get(f"{API}/emergencies").json()]


def test_it_takes_two_stewards(steward: httpx.Client, second: httpx.Client) -> None:
    path = f"{API}/emergencies/{declared(steward)}/confirmation"
    alone = steward.put(path)
    assert (alone.status_code, alone.json()["code"]) == (403, "emergency.same_person")
    both = second.put(path)
    assert (both.status_code, both.json()["state"]) == (200, "open")
    assert both.json()["confirmed_by"] == "second-steward"
    again = second.put(path)
    assert (again.status_code, again.json()["code"]) == (409, "emergency.confirmed")


def test_researchers_hear_of_open_ones_and_owners_of_their_own(
    ward: Served, steward: httpx.Client, second: httpx.Client
) -> None:
    rival = ward.admit("rival-in-an-emergency", Role.OWNER)
    emergency = declared(steward)
    assert not seen_by(ward, Role.RESEARCHER, emergency)
    second.put(f"{API}/emergencies/{emergency}/confirmation")
    assert seen_by(ward, Role.RESEARCHER, emergency)
    for role in (Role.OWNER, Role.STEWARD, Role.AUDITOR):
        assert seen_by(ward, role, emergency)
    assert not seen_by(ward, rival, emergency)


def test_an_open_one_pays_from_the_tranche_and_not_from_the_agreement(
    ward: Served, steward: httpx.Client, second: httpx.Client
) -> None:
    token = ward.admit("researcher-in-an-emergency")
    agreement = ward.agree(token, "town/ward", "research")
    emergency = declared(steward)
    question = {
        "dataset": "town/ward",
        "measures": [{"kind": "count"}],
        "epsilon": "0.1",
        "emergency": emergency,
    }
    with ward.http(token) as http:
        early = http.post(f"{API}/questions", json=question)
        assert early.json()["code"] == "refused"
        second.put(f"{API}/emergencies/{emergency}/confirmation")
        assert http.post(f"{API}/questions", json=question).status_code == 200
        assert http.get(f"{API}/agreements/{agreement}").json()["spent"] == "0"
    with ward.http(Role.AUDITOR) as http:
        accounts = http.get(f"{API}/sources/town/ward").json()["accounts"]
    assert {one["id"]: one["spent"] != "0" for one in accounts}["emergency/town/ward"]


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"hours": 0}, 422, "emergency.hours"),
        ({"hours": 10**9}, 422, "emergency.hours"),
        ({"hours": "1"}, 422, "request.malformed"),
        ({"reason": " "}, 422, "emergency.reason"),
        ({"reason": "x" * 10_000}, 422, "emergency.reason"),
        ({"source": "no/where"}, 404, "source.unknown"),
        ({"source": "town/clinic"}, 403, "emergency.no_tranche"),
    ],
)
def test_a_bad_declaration_is_refused(
    steward: httpx.Client, changes: dict[str, object], status: int, code: str
) -> None:
    reply = steward.post(f"{API}/emergencies", json=FORM | changes)
    assert (reply.status_code, reply.json()["code"]) == (status, code)


def test_the_confirmation_is_in_the_ledger_when_it_is_answered(
    ward: Served, steward: httpx.Client, second: httpx.Client
) -> None:
    """By order, not by a clock: the reply names an entry that the next head covers already."""
    path = f"{API}/emergencies/{declared(steward)}/confirmation"
    card = second.put(path).json()
    with ward.http(Role.AUDITOR) as auditor:
        key = auditor.get(f"{API}/site").json()["ledger_key"]
        head = open_checkpoint(auditor.get("/log/checkpoint").text, key)
        assert head.size > card["entry"]
        entry = read_entry(auditor, card["entry"], head.size)
    assert (entry["kind"], entry["emergency"]) == ("emergency", card["id"])
    assert entry["source"] == "town/ward"


def read_entry(http: httpx.Client, index: int, size: int) -> dict[str, object]:
    """Read one entry from the log's tiles, as anybody does who follows it."""
    number, within = divmod(index, 256)
    width = min(size - number * 256, 256)
    partial = "" if width == 256 else f".p/{width}"
    bundle = http.get(f"/log/tile/entries/{number:03}{partial}").content
    at = 0
    for _ in range(within):
        at += 2 + int.from_bytes(bundle[at : at + 2])
    length = int.from_bytes(bundle[at : at + 2])
    entry: dict[str, object] = json.loads(bundle[at + 2 : at + 2 + length])
    assert entry["index"] == index
    return entry


def test_what_is_open_is_listed_ready_to_be_asked(
    ward: Served, steward: httpx.Client, second: httpx.Client
) -> None:
    emergency = declared(steward)
    path = f"{API}/emergencies/{emergency}/questions"
    with ward.http(Role.RESEARCHER) as researcher:
        early = researcher.get(path)
        assert (early.status_code, early.json()["code"]) == (404, "emergency.unknown")
        assert steward.get(path).status_code == 200
        second.put(f"{API}/emergencies/{emergency}/confirmation")
        visits, by_age = researcher.get(path).json()
    assert (visits["dataset"], visits["name"], visits["epsilon"]) == ("town/ward", "visits", "0.2")
    assert shlex.split(visits["command"]) == [
        *("datarange", "submission", "ask", "town/ward"),
        *("--sql", visits["sql"], "--epsilon", "0.2", "--emergency", emergency),
    ]
    assert (by_age["name"], by_age["parameters"]) == ("visits-by-age", ["age"])
    rival = ward.admit("rival-who-asks", Role.OWNER)
    with ward.http(rival) as http:
        assert http.get(path).status_code == 404


def test_another_question_is_refused_in_both_languages(
    ward: Served, steward: httpx.Client, second: httpx.Client
) -> None:
    token = ward.admit("researcher-of-another-question")
    ward.agree(token, "town/ward", "research")
    emergency = declared(steward)
    second.put(f"{API}/emergencies/{emergency}/confirmation")
    question = {"dataset": "town/ward", "emergency": emergency}
    by_site = question | {"sql": "SELECT site, COUNT(*) FROM ward GROUP BY site", "epsilon": "0.1"}
    dear = question | {"sql": "SELECT COUNT(*) FROM ward", "epsilon": "0.21"}
    with ward.http(token) as http:
        for asked, code in ((by_site, "emergency.not_approved"), (dear, "emergency.epsilon")):
            problem = http.post(f"{API}/questions", json=asked).json()
            (reason,) = problem["reasons"]
            assert (problem["code"], reason["code"]) == ("refused", code)
            assert reason["clause"].startswith("privacy.emergency.questions")
            assert reason["owner"] in reason["message"]
            assert reason["owner"] in reason["message_zh"]


def test_the_list_says_until_when_a_review_is_due_and_what_comes_next(
    steward: httpx.Client, second: httpx.Client
) -> None:
    emergency = declared(steward)

    def shown() -> dict[str, Any]:
        cards = steward.get(f"{API}/emergencies", params={"limit": 500}).json()
        return next(card for card in cards if card["id"] == emergency)

    waits = shown()
    assert (waits["review_due"], waits["next"][0]["who"]) == (None, "steward")
    second.put(f"{API}/emergencies/{emergency}/confirmation")
    opened = shown()
    assert opened["review_due"] > opened["ends"][:10]
    assert not opened["review_late"]
    (step,) = opened["next"]
    assert step["command"] == f"datarange emergency questions {emergency}"


def test_an_official_does_not_review_what_they_opened(
    ward: Served, steward: httpx.Client, second: httpx.Client
) -> None:
    emergency = declared(steward)
    second.put(f"{API}/emergencies/{emergency}/confirmation")
    form = {"subject": f"emergency/{emergency}", "outcome": "in_order", "statement": "Fine"}
    for official in (steward, second):
        own = official.post(f"{API}/reviews", json=form)
        assert (own.status_code, own.json()["code"]) == (403, "rule.forbids")
    with ward.http(Role.AUDITOR) as auditor:
        assert auditor.post(f"{API}/reviews", json=form).status_code == 201
