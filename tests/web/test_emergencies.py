"""Emergencies over HTTP: two stewards open one, and nobody learns of more than concerns them."""

from collections.abc import Iterator

import httpx
import pytest

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
