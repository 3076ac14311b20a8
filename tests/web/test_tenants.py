"""Tenants do not see each other: another's id reads like one of nothing, in body and headers."""

import json
from collections.abc import Iterator

import httpx
import pytest

from sandbox.model.principal import Role
from tests.support.clinic import CSV, POLICY
from tests.support.served import Served, served

API = "/api/v1"
NOTHING = "0" * 32


class Two:
    """A site where a first owner and a first researcher have things, and a second of each none."""

    def __init__(self, site: Served) -> None:
        self.site = site
        self.others = {
            Role.OWNER: site.admit("owner-two", Role.OWNER),
            Role.RESEARCHER: site.admit("researcher-two"),
        }
        agreement = site.agree(Role.RESEARCHER, "town/clinic", "research")
        with site.http(Role.RESEARCHER) as http:
            asked = {"dataset": "town/clinic", "measures": [{"kind": "count"}], "epsilon": "0.1"}
            entry = json.loads(http.post(f"{API}/questions", json=asked).content)["receipt"]
            self.ids = {
                "agreement": agreement,
                "application": http.get(f"{API}/applications").json()[-1]["id"],
                "submission": json.loads(entry["entry"])["submission"],
                "token": http.get(f"{API}/tokens").json()[0]["id"],
                "source": "town/clinic",
            }


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Two]:
    folder = tmp_path_factory.mktemp("two")
    (folder / "clinic.csv").write_text(CSV)
    (folder / "clinic.yaml").write_text(POLICY)
    with served(folder) as running:
        running.add(folder / "clinic.csv", folder / "clinic.yaml")
        yield Two(running)


def seen(reply: httpx.Response) -> tuple[int, bytes, frozenset[tuple[str, str]]]:
    heads = {name: value for name, value in reply.headers.items() if name != "date"}
    return reply.status_code, reply.content, frozenset(heads.items())


SIGNED = {"signature": "A" * 86 + "=="}
KEY = {"new_key": "A" * 43 + "=", "old_signature": "none", "new_signature": "none"}
PATHS = [
    (Role.RESEARCHER, "GET", "application", "/applications/{}", None),
    (Role.RESEARCHER, "GET", "agreement", "/agreements/{}", None),
    (Role.RESEARCHER, "GET", "agreement", "/agreements/{}/accounts", None),
    (Role.RESEARCHER, "POST", "agreement", "/agreements/{}/signature", SIGNED),
    (Role.RESEARCHER, "POST", "agreement", "/agreements/{}/disposal", {"statement": "gone"}),
    (Role.RESEARCHER, "GET", "submission", "/submissions/{}", None),
    (Role.RESEARCHER, "DELETE", "token", "/tokens/{}", None),
    (Role.OWNER, "GET", "agreement", "/agreements/{}", None),
    (Role.OWNER, "GET", "source", "/sources/{}", None),
    (Role.OWNER, "POST", "source", "/sources/{}/key", KEY),
    (Role.OWNER, "DELETE", "token", "/tokens/{}", None),
]


@pytest.mark.parametrize(("role", "method", "kind", "path", "body"), PATHS)
def test_another_tenants_id_reads_like_one_of_nothing(
    two: Two, role: Role, method: str, kind: str, path: str, body: dict[str, str] | None
) -> None:
    with two.site.http(two.others[role]) as http:
        theirs = http.request(method, API + path.format(two.ids[kind]), json=body)
        nothing = http.request(method, API + path.format(NOTHING), json=body)
    assert theirs.status_code == 404
    assert seen(theirs) == seen(nothing)


@pytest.mark.parametrize("role", [Role.OWNER, Role.RESEARCHER])
def test_lists_and_their_lengths_say_nothing_of_others(two: Two, role: Role) -> None:
    paths = {
        Role.OWNER: ("/sources", "/agreements", "/emergencies"),
        Role.RESEARCHER: ("/applications", "/agreements", "/emergencies"),
    }
    with two.site.http(two.others[role]) as http:
        assert [http.get(API + path).json() for path in paths[role]] == [[]] * 3
        tokens = http.get(f"{API}/tokens").json()
    assert {one["name"] for one in tokens} == {f"{role.value}-two"}


def test_an_owner_sees_the_agreements_over_their_own_datasets(two: Two) -> None:
    with two.site.http(Role.OWNER) as http:
        assert [one["id"] for one in http.get(f"{API}/agreements").json()] == [two.ids["agreement"]]


def test_a_question_under_anothers_agreement_is_asked_under_none(two: Two) -> None:
    asked = {"dataset": "town/clinic", "measures": [{"kind": "count"}], "epsilon": "0.1"}
    with two.site.http(two.others[Role.RESEARCHER]) as http:
        theirs = http.post(f"{API}/questions", json={**asked, "agreement": two.ids["agreement"]})
        nothing = http.post(f"{API}/questions", json={**asked, "agreement": NOTHING})
    assert seen(theirs) == seen(nothing)


def test_a_refusal_quotes_the_rule_and_names_nobody(two: Two) -> None:
    path = f"{API}/applications/{two.ids['application']}/decision"
    with two.site.http(two.others[Role.RESEARCHER]) as http:
        reply = http.post(path, json={"grant": True, "reason": "mine"})
        said = http.delete(f"{API}/accounts/owner").json()
    assert reply.status_code == 403
    (reason,) = said["reasons"]
    assert reason["clause"] == "authorisation/administrators-let-people-in-and-out"
    assert reason["message"] in said["detail"]
    assert reason["message_zh"]
    assert "owner" not in said["detail"].lower()


def test_an_administrator_reads_nothing_of_anybodys_data(two: Two) -> None:
    paths = [path.format(two.ids[kind]) for _, how, kind, path, _ in PATHS if how == "GET"]
    with two.site.http(Role.ADMINISTRATOR) as http:
        for path in (*paths, "/applications", "/agreements", "/sources", "/emergencies"):
            assert http.get(API + path).json()["code"] == "role.missing", path
        for path in ("/log/checkpoint", "/log/tile/0/000.p/1"):
            (reason,) = http.get(path).json()["reasons"]
            assert reason["clause"] == "authorisation/administrators-keep-to-accounts"
