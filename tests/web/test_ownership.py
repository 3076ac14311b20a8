"""What is one researcher's is nobody else's, and does not even exist for them."""

from collections.abc import Iterator
from dataclasses import asdict

import httpx
import pytest

from sandbox.model.principal import Role
from tests.support.served import APPLICANT, PERIOD, Served

API = "/api/v1"


@pytest.fixture(scope="module")
def theirs(clinic: Served) -> dict[str, str]:
    """Give ids of an application, an agreement and a submission of one researcher's."""
    token = clinic.admit("first-researcher")
    agreement = clinic.agree(token, "town/clinic", "research")
    one = clinic.range_of(token)
    question = one.dataset("town/clinic").sql('SELECT COUNT(*) FROM "town/clinic"', epsilon="0.1")
    return {
        "applications": one.applications()[0].id,
        "agreements": agreement,
        "submissions": question.id,
        "token": token,
    }


@pytest.fixture
def other(clinic: Served, request: pytest.FixtureRequest) -> Iterator[httpx.Client]:
    with clinic.http(clinic.admit(f"other-{request.node.name[:60]}".translate(_NAME))) as http:
        yield http


_NAME = str.maketrans("[]", "--")


@pytest.mark.parametrize("kind", ["applications", "agreements", "submissions"])
def test_anothers_thing_reads_like_no_thing(
    theirs: dict[str, str], other: httpx.Client, kind: str
) -> None:
    real, invented = (
        other.get(f"{API}/{kind}/{theirs[kind]}"),
        other.get(f"{API}/{kind}/{'0' * 32}"),
    )
    assert real.status_code == invented.status_code == 404
    assert real.json() == invented.json()


@pytest.mark.parametrize("kind", ["applications", "agreements", "submissions"])
def test_the_owner_of_a_thing_sees_it(clinic: Served, theirs: dict[str, str], kind: str) -> None:
    with clinic.http(theirs["token"]) as http:
        assert http.get(f"{API}/{kind}/{theirs[kind]}").status_code == 200


@pytest.mark.parametrize("kind", ["applications", "agreements"])
def test_lists_hold_ones_own_things_only(
    theirs: dict[str, str], other: httpx.Client, kind: str
) -> None:
    assert theirs[kind]
    assert other.get(f"{API}/{kind}").json() == []


def test_anothers_agreement_pays_for_nothing(theirs: dict[str, str], other: httpx.Client) -> None:
    question = {
        "dataset": "town/clinic",
        "sql": 'SELECT COUNT(*) FROM "town/clinic"',
        "epsilon": "0.1",
        "agreement": theirs["agreements"],
    }
    for path in (f"{API}/questions", f"{API}/questions/explanation"):
        reply = other.post(path, json=question)
        assert (reply.status_code, reply.json()["code"]) == (404, "agreement.unknown")


def test_anothers_agreement_cannot_be_signed(theirs: dict[str, str], other: httpx.Client) -> None:
    path = f"{API}/agreements/{theirs['agreements']}/signature"
    reply = other.post(path, json={"signature": "AAAA"})
    assert (reply.status_code, reply.json()["code"]) == (404, "agreement.unknown")


def test_an_answer_is_only_for_the_researcher_who_paid(
    clinic: Served, theirs: dict[str, str]
) -> None:
    for role in (Role.OWNER, Role.STEWARD, Role.AUDITOR):
        with clinic.http(role) as http:
            reply = http.get(f"{API}/submissions/{theirs['submissions']}")
        assert reply.status_code == 403


def test_supervisors_see_every_agreement(clinic: Served, theirs: dict[str, str]) -> None:
    for role in (Role.OWNER, Role.STEWARD, Role.AUDITOR):
        with clinic.http(role) as http:
            listed = http.get(f"{API}/agreements").json()
        assert theirs["agreements"] in [card["id"] for card in listed]


def test_an_application_names_its_sender_by_the_token_and_not_by_the_form(
    other: httpx.Client,
) -> None:
    form = {
        "dataset": "town/clinic",
        "purpose": "research",
        "scenario": "s",
        "safeguards": "s",
        "starts": PERIOD[0],
        "ends": PERIOD[1],
        "public_key": "A" * 43 + "=",
        "applicant": asdict(APPLICANT),
    }
    assert other.post(f"{API}/applications", json=form).json()["applicant"].startswith("other-")
    reply = other.post(f"{API}/applications", json=form | {"applicant": "researcher"})
    assert (reply.status_code, reply.json()["code"]) == (422, "request.malformed")
