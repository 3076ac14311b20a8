"""Reviews, disposals, erasures and a researcher's own accounts over HTTP."""

from collections.abc import Iterator

import httpx
import pytest

from sandbox.model.principal import Role
from tests.support.clinic import WARD
from tests.support.served import APPLICANT, PERIOD, Served

API = "/api/v1"
COUNT = {"dataset": "town/ward", "measures": [{"kind": "count"}], "epsilon": "0.2"}


@pytest.fixture(scope="module")
def ward(clinic: Served) -> Served:
    """List a dataset with every kind of cap."""
    (clinic.folder / "ward.yaml").write_text(WARD)
    clinic.add(clinic.folder / "clinic.csv", clinic.folder / "ward.yaml")
    return clinic


@pytest.fixture
def token(ward: Served, request: pytest.FixtureRequest) -> str:
    return ward.admit(request.node.name[:60])


@pytest.fixture
def agreement(ward: Served, token: str) -> str:
    return ward.agree(token, "town/ward", "research")


@pytest.fixture
def researcher(ward: Served, token: str) -> Iterator[httpx.Client]:
    with ward.http(token) as http:
        yield http


@pytest.fixture
def steward(ward: Served) -> Iterator[httpx.Client]:
    with ward.http(Role.STEWARD) as http:
        yield http


def test_a_researcher_reads_every_cap_below_the_source(
    researcher: httpx.Client, agreement: str
) -> None:
    path = f"{API}/agreements/{agreement}/accounts"
    fresh = researcher.get(path).json()
    kinds = [one["id"].split("/")[0] for one in fresh]
    assert kinds == ["agreement", "person", "period", "period"]
    assert researcher.post(f"{API}/questions", json=COUNT).status_code == 200
    spent = researcher.get(path).json()
    assert spent[0]["spent"] == spent[1]["spent"] != "0"
    assert all(one["spent"] != "0" for one in spent)
    assert [one["cap"] for one in spent] == [one["cap"] for one in fresh]
    assert "source/" not in str([one["id"].split("/")[0] for one in spent])


def test_an_agreement_that_is_not_signed_has_no_accounts(
    ward: Served, researcher: httpx.Client
) -> None:
    one = ward.range_of(researcher.headers["authorization"].split()[1])
    key = ward.folder / "unsigned.key"
    asked = one.apply("town/ward", "research", "s", "s", *PERIOD, key=key, applicant=APPLICANT)
    ward.assent(asked.id, "town/ward")
    granted = ward.range_of(Role.STEWARD).decide(asked.id, grant=True, reason="r").agreement
    assert researcher.get(f"{API}/agreements/{granted}/accounts").json() == []


def test_anothers_accounts_read_like_none(ward: Served, agreement: str) -> None:
    with ward.http(Role.RESEARCHER) as other:
        real, invented = (
            other.get(f"{API}/agreements/{id_}/accounts") for id_ in (agreement, "0" * 32)
        )
    assert real.status_code == invented.status_code == 404
    assert real.json() == invented.json()


def test_an_agreement_ends_when_its_researcher_has_disposed_of_the_data(
    ward: Served, researcher: httpx.Client, agreement: str
) -> None:
    path = f"{API}/agreements/{agreement}/disposal"
    with ward.http(Role.RESEARCHER) as other:
        assert other.post(path, json={"statement": "Gone"}).json()["code"] == "agreement.unknown"
    assert researcher.post(path, json={"statement": " "}).json()["code"] == "disposal.statement"
    ended = researcher.post(path, json={"statement": "All copies are deleted"})
    assert (ended.status_code, ended.json()["state"]) == (200, "ended")
    again = researcher.post(path, json={"statement": "Twice"})
    assert (again.status_code, again.json()["code"]) == (409, "agreement.not_in_force")
    asked = researcher.post(f"{API}/questions", json=COUNT | {"agreement": agreement})
    assert asked.json()["code"] == "refused"


def test_papers_are_erased_when_an_agreement_is_over_and_not_before(
    researcher: httpx.Client, steward: httpx.Client, agreement: str
) -> None:
    path = f"{API}/papers/agreement/{agreement}"
    early = steward.delete(path)
    assert (early.status_code, early.json()["code"]) == (409, "erasure.in_use")
    researcher.post(f"{API}/agreements/{agreement}/disposal", json={"statement": "Gone"})
    application = researcher.get(f"{API}/applications").json()[0]["id"]
    erased = steward.delete(path)
    assert erased.status_code == 200
    assert erased.json()["subject"] == f"agreement/{agreement}"
    assert erased.json()["payloads"] > 0
    left = steward.get(f"{API}/applications/{application}").json()
    assert "A paper" not in str(left)
    assert "Encrypted laptops" not in str(left)
    assert researcher.get(f"{API}/agreements/{agreement}").status_code == 404
    assert steward.get(f"{API}/agreements/{agreement}").status_code == 200


@pytest.mark.parametrize(
    "subject", ["application/none", "agreement/none", "source/town/ward", "ledger", "a/b/c"]
)
def test_what_is_not_there_is_not_erased(steward: httpx.Client, subject: str) -> None:
    reply = steward.delete(f"{API}/papers/{subject}")
    assert (reply.status_code, reply.json()["code"]) == (404, "erasure.subject")


@pytest.mark.parametrize("subject", ["ledger", "source/town/ward"])
@pytest.mark.parametrize("role", [Role.STEWARD, Role.AUDITOR])
def test_a_review_becomes_an_entry(ward: Served, role: Role, subject: str) -> None:
    form = {"subject": subject, "outcome": "in_order", "statement": "Looked into in full"}
    with ward.http(role) as http:
        first, second = (http.post(f"{API}/reviews", json=form) for _ in range(2))
    assert first.status_code == second.status_code == 201
    with ward.site.books.read() as page:
        written = page.log.entry(second.json()["index"])
    assert second.json()["index"] > first.json()["index"]
    assert b'"kind":"review"' in written
    assert b"Looked into" not in written


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"outcome": "fine"}, 422, "review.outcome"),
        ({"statement": ""}, 422, "review.statement"),
        ({"subject": "source/no/where"}, 404, "review.subject"),
        ({"subject": "everything"}, 404, "review.subject"),
    ],
)
def test_a_bad_review_is_refused(
    steward: httpx.Client, changes: dict[str, str], status: int, code: str
) -> None:
    form = {"subject": "ledger", "outcome": "objection", "statement": "s"}
    reply = steward.post(f"{API}/reviews", json=form | changes)
    assert (reply.status_code, reply.json()["code"]) == (status, code)
