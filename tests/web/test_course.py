"""The course of an application over HTTP: who sees what, hostile texts, ids of other people."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

import httpx
import pytest

from sandbox.model.principal import Role
from tests.support.served import APPLICANT, PERIOD, Served

API = "/api/v1/applications"
FORM: dict[str, Any] = {
    "dataset": "town/clinic",
    "purpose": "research",
    "scenario": "A paper",
    "safeguards": "Encrypted laptops",
    "starts": PERIOD[0],
    "ends": PERIOD[1],
    "public_key": "A" * 43 + "=",
    "applicant": asdict(APPLICANT),
}
ASSESSMENT = {
    item: {"met": True, "remark": "In order"}
    for item in ("project", "people", "setting", "data", "outputs")
}
CONSENT = {"dataset": "town/clinic", "given": True, "reason": "As our board decided"}


@pytest.fixture(scope="module")
def applicant(clinic: Served) -> Iterator[httpx.Client]:
    with clinic.http(clinic.admit("applicant")) as http:
        yield http


@pytest.fixture(scope="module")
def steward(clinic: Served) -> Iterator[httpx.Client]:
    with clinic.http(Role.STEWARD) as http:
        yield http


@pytest.fixture(scope="module")
def owner(clinic: Served) -> Iterator[httpx.Client]:
    with clinic.http(Role.OWNER) as http:
        yield http


def received(http: httpx.Client, **changes: object) -> str:
    reply = http.post(API, json=FORM | changes)
    assert reply.status_code == 201
    return str(reply.json()["id"])


def waits_for(card: dict[str, Any]) -> list[str]:
    return [step["who"] for step in card["next"]]


def test_the_whole_course_says_at_each_step_who_is_next(
    applicant: httpx.Client, steward: httpx.Client, owner: httpx.Client
) -> None:
    empty = FORM | dict.fromkeys(("purpose", "scenario", "safeguards", "starts", "ends"), "")
    begun = applicant.post(f"{API}/drafts", json=empty).json()
    name = begun["id"]
    assert (begun["state"], waits_for(begun)) == ("draft", ["applicant"])
    incomplete = applicant.put(f"{API}/{name}/submission")
    assert (incomplete.status_code, incomplete.json()["code"]) == (422, "application.incomplete")
    for field in ("purpose", "scenario", "safeguards", "starts", "ends"):
        assert field in incomplete.json()["detail"]
    assert applicant.post(f"{API}/{name}/draft", json=FORM).json()["scenario"] == "A paper"
    sent = applicant.put(f"{API}/{name}/submission").json()
    assert (sent["state"], waits_for(sent)) == ("submitted", ["steward", "owner"])
    assert sent["deadline"]["stage"] == "running"
    asked = steward.post(f"{API}/{name}/supplement", json={"statement": "Which paper?"}).json()
    assert (asked["state"], waits_for(asked)) == ("supplement_requested", ["applicant"])
    assert asked["deadline"]["stage"] == "paused"
    back = applicant.post(f"{API}/{name}/resubmission", json=FORM | {"scenario": "Ours"}).json()
    assert (back["state"], back["pauses"][0]["reason"]) == ("resubmitted", "Which paper?")
    seen = steward.post(f"{API}/{name}/assessment", json=ASSESSMENT).json()
    assert (seen["state"], waits_for(seen)) == ("assessed", ["owner"])
    agreed = owner.post(f"{API}/{name}/consent", json=CONSENT).json()
    assert waits_for(agreed) == ["steward"]
    granted = steward.post(f"{API}/{name}/decision", json={"grant": True, "reason": "Yes"}).json()
    assert (granted["state"], waits_for(granted)) == ("offered", ["applicant"])
    assert granted["deadline"]["stage"] == "stopped"
    assert all(step["text_zh"] and step["text"] for step in granted["next"])


def test_proof_and_assessment_are_shown_to_stewards_alone(
    applicant: httpx.Client, steward: httpx.Client, owner: httpx.Client
) -> None:
    name = received(applicant)
    steward.post(f"{API}/{name}/assessment", json=ASSESSMENT)
    for http in (applicant, owner):
        for card in (http.get(f"{API}/{name}").json(), *http.get(API).json()):
            assert (card["proof"], card["assessment"]) == (None, None)
        assert APPLICANT.number not in http.get(f"{API}/{name}").text
    assert steward.get(f"{API}/{name}").json()["proof"] == asdict(APPLICANT)


def test_another_researcher_and_another_owner_find_nothing(
    clinic: Served, applicant: httpx.Client
) -> None:
    name = received(applicant)
    for role in (Role.RESEARCHER, Role.OWNER):
        with clinic.http(clinic.admit(f"stranger-{role.value}", role)) as stranger:
            assert name not in stranger.get(API).text
            bodies = {"draft": FORM, "resubmission": FORM, "consent": CONSENT}
            found = [
                stranger.get(f"{API}/{name}"),
                *(stranger.put(f"{API}/{name}/{move}") for move in ("withdrawal", "submission")),
                *(stranger.post(f"{API}/{name}/{move}", json=b) for move, b in bodies.items()),
            ]
            codes = {reply.json()["code"] for reply in found}
            assert codes <= {"application.unknown", "role.missing"}
            assert found[0].json() == stranger.get(f"{API}/{'0' * 32}").json()


HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{ 7*7 }} ${7*7}",
    "'; DROP TABLE application; --",
)


@pytest.mark.parametrize("text", HOSTILE)
def test_markup_is_kept_as_text_and_never_served_as_a_page(
    applicant: httpx.Client, steward: httpx.Client, text: str
) -> None:
    name = received(applicant, scenario=text, safeguards=text)
    reply = steward.get(f"{API}/{name}")
    assert reply.json()["scenario"] == text
    assert reply.headers["content-type"] == "application/json"
    assert reply.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("field", ["scenario", "safeguards", "purpose"])
def test_texts_that_drown_or_mislead_a_reader_are_refused(
    applicant: httpx.Client, field: str
) -> None:
    drowned = applicant.post(API, json=FORM | {field: "x" * 10_000_000})
    assert (drowned.status_code, drowned.json()["code"]) == (413, "request.too_long")
    long = applicant.post(API, json=FORM | {field: "x" * 100_000})
    assert (long.status_code, long.json()["code"]) == (422, f"application.{field}")
    turned = applicant.post(API, json=FORM | {field: "paid \u202eegral\u202c sums"})
    assert (turned.status_code, turned.json()["code"]) == (422, "request.misleading_text")
    assert turned.json()["place"]["clause"] == field
    for reply in (drowned, long, turned):
        assert len(reply.content) < 2000
        assert "\u202e" not in reply.text


def test_a_reason_of_anybodys_may_not_mislead_either(
    applicant: httpx.Client, steward: httpx.Client, owner: httpx.Client
) -> None:
    name, turned = received(applicant), "fine \u202eon\u202c"
    answers = ASSESSMENT | {"data": {"met": True, "remark": turned}}
    refused = [
        steward.post(f"{API}/{name}/supplement", json={"statement": turned}),
        steward.post(f"{API}/{name}/assessment", json=answers),
        owner.post(f"{API}/{name}/consent", json=CONSENT | {"reason": turned}),
        steward.post(f"{API}/{name}/decision", json={"grant": False, "reason": turned}),
    ]
    assert [reply.status_code for reply in refused] == [422] * 4
    assert steward.get(f"{API}/{name}").json()["state"] == "submitted"


def test_nothing_overdue_is_an_empty_list_for_an_auditor(clinic: Served) -> None:
    with clinic.http(Role.AUDITOR) as auditor:
        assert auditor.get(f"{API}/overdue").json() == []


PROOFS = (
    {"kind": "natural_person", "name": "Quercus Canary", "number": "11010519491231002X"},
    {
        "kind": "legal_person",
        "name": "Quercus Canary",
        "number": "91110000600037341L",
        "responsible": "Fagus Canary",
    },
    {
        "kind": "organisation",
        "name": "Quercus Canary",
        "number": "canary-0007",
        "responsible": "Fagus Canary",
    },
)


@pytest.mark.parametrize("proof", PROOFS, ids=[proof["kind"] for proof in PROOFS])
def test_a_proof_is_in_no_ledger_log_list_or_error(
    clinic: Served, steward: httpx.Client, owner: httpx.Client, proof: dict[str, str]
) -> None:
    secrets = [text for field, text in proof.items() if field != "kind"]
    before = len(clinic.said)
    with clinic.http(clinic.admit(f"proven-{proof['kind']}")) as http:
        name = received(http, applicant=proof)
        for wrong in (
            {"applicant": proof | {"kind": "robot"}},
            {"applicant": proof, "purpose": "sales"},
            {"applicant": proof | {"number": proof["number"] + "\u202e"}},
            {"applicant": proof | {"responsible": "\n".join(secrets)}},
        ):
            assert http.post(API, json=FORM | wrong).status_code == 422
    for role in (Role.OWNER, Role.AUDITOR, Role.ADMINISTRATOR, Role.RESEARCHER, None):
        with clinic.http(role) as other:
            for path in (API, f"{API}/{name}", f"{API}/overdue", "/", "/catalogue", "/demands"):
                other.get(path)
    said = b"".join(clinic.said[before:])
    steward.post(f"{API}/{name}/assessment", json=ASSESSMENT)
    owner.post(f"{API}/{name}/consent", json=CONSENT)
    card = steward.post(f"{API}/{name}/decision", json={"grant": True, "reason": "Yes"}).json()
    assert card["proof"]["number"] == proof["number"]
    agreement = owner.get(f"/api/v1/agreements/{card['agreement']}").content
    with clinic.site.books.read() as page:
        ledger = b"".join(page.log.entries())
    for secret in secrets:
        assert secret.encode() not in said + ledger + agreement
        assert secret not in "".join(clinic.logged)
