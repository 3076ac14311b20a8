"""Tenants do not see each other: another's id reads like one of nothing, in body and headers.

Every operation of the OpenAPI document has a line here that says how it keeps tenants apart; one
without a line fails.
"""

import json
import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from fastapi.routing import APIRoute

from sandbox.flow.sign_in import begin_session
from sandbox.model.names import PrincipalName
from sandbox.model.principal import Role
from sandbox.web.desk_pages import router
from tests.support.clinic import CSV, POLICY, WARD
from tests.support.served import APPLICANT, PERIOD, Served, served
from tests.support.sheets import CHINESE, line
from tests.web.test_roles import TABLE as BY_ROLE

API = "/api/v1"
STRANGERS = (Role.OWNER, Role.RESEARCHER)
"""Who is a tenant among others; stewards, auditors and administrators serve all of them."""

ROUTES = """
public     | GET    | /site
public     | GET    | /environment
public     | GET    | /datasets
public     | GET    | /datasets/{owner}/{title}
public     | GET    | /datasets/{owner}/{title}/mock
public     | GET    | /catalogue
public     | GET    | /catalogue/records/{name}
public     | GET    | /catalogue/dcat
public     | GET    | /catalogue/sheet
public     | GET    | /catalogue/croissant/{name}
public     | GET    | /owners
public     | GET    | /demands
public     | GET    | /catalogue/files/{name}
oneself    | POST   | /sign-in
oneself    | GET    | /me
oneself    | POST   | /me/password
oneself    | POST   | /tokens
oneself    | POST   | /algorithms/mock
oneself    | POST   | /demands
oneself    | POST   | /uploads
oneself    | POST   | /applications
oneself    | POST   | /applications/drafts
own list   | GET    | /tokens
own list   | GET    | /sources
own list   | GET    | /applications
own list   | GET    | /agreements
own list   | GET    | /emergencies
own list   | GET    | /catalogue/clashes
own list   | GET    | /catalogue/hidden
own thing  | DELETE | /tokens/{id}
own thing  | GET    | /applications/{id}
own thing  | POST   | /applications/{id}/draft
own thing  | PUT    | /applications/{id}/submission
own thing  | POST   | /applications/{id}/resubmission
own thing  | PUT    | /applications/{id}/withdrawal
own thing  | POST   | /applications/{id}/consent
own thing  | GET    | /agreements/{id}
own thing  | GET    | /agreements/{id}/accounts
own thing  | GET    | /agreements/{id}/certificate
own thing  | POST   | /agreements/{id}/signature
own thing  | POST   | /agreements/{id}/disposal
own thing  | POST   | /agreements/{id}/feedback
own thing  | GET    | /agreements/{id}/feedback
own thing  | GET    | /submissions/{id}
own thing  | POST   | /algorithms
own thing  | POST   | /algorithms/explanation
own thing  | POST   | /questions
own thing  | POST   | /questions/explanation
own thing  | GET    | /emergencies/{id}/questions
own thing  | GET    | /sources/{name}
own thing  | POST   | /sources/{name}/caps
own thing  | POST   | /sources/{name}/key
own thing  | GET    | /releases/{answer}
own thing  | POST   | /datasets
own thing  | POST   | /catalogue/imports
own thing  | POST   | /catalogue/openings
own thing  | POST   | /catalogue/resolutions
own body   | POST   | /policies/terms
own body   | POST   | /catalogue/merges
own body   | POST   | /catalogue/withdrawals
own body   | POST   | /demands/{id}/answer
officials  | POST   | /owners
officials  | GET    | /applications/overdue
officials  | POST   | /applications/{id}/supplement
officials  | POST   | /applications/{id}/assessment
officials  | POST   | /applications/{id}/decision
officials  | POST   | /emergencies
officials  | PUT    | /emergencies/{id}/confirmation
officials  | POST   | /reviews
officials  | DELETE | /papers/{subject}
officials  | POST   | /log/cosignature
officials  | GET    | /accounts
officials  | POST   | /accounts
officials  | POST   | /accounts/{name}/password
officials  | DELETE | /accounts/{name}
ledger     | GET    | /log/checkpoint
ledger     | GET    | /log/checkpoint/pending
ledger     | GET    | /log/checkpoint/witnessed
ledger     | GET    | /log/tile/{path}
"""
"""How an operation keeps tenants apart.

public: it says the same to everybody. oneself: it is about the caller alone. own list: another's
things are not in it. own thing: another's reads like nothing. own body: names are public, and who
does not speak for the body is refused. officials: no tenant gets an answer. ledger: owners read it
as auditors do, since anybody has to be able to check it; it names nobody.
"""


LINES = [[cell.strip() for cell in line.split("|")] for line in ROUTES.strip().splitlines()]
THEIRS = "THEIRS"
"""What a line of `TRIES` says where another's id stands, or one of nothing."""

ANSWER = {"dataset": "town/clinic", "given": True, "reason": "mine"}
QUESTION = {"dataset": "town/clinic", "measures": [{"kind": "count"}], "epsilon": "0.1"}
ALGORITHM = {
    "dataset": "town/clinic",
    "modules": {"m": "def f(rows): ..."},
    "module": "m",
    "function": "f",
    "epsilon": "0.1",
    "outputs": [{"name": "a", "low": 0.0, "high": 1.0}],
}
FORM = {
    **dict.fromkeys(("purpose", "scenario", "safeguards"), "research"),
    "dataset": "town/clinic",
    "public_key": "A" * 43 + "=",
    "starts": PERIOD[0],
    "ends": PERIOD[1],
}
UNSIGNED = {"owner_key": "A" * 43 + "=", "signature": "none"}
KEY = {"new_key": "A" * 43 + "=", "old_signature": "none", "new_signature": "none"}
FILE = {"policy": "", "upload": THEIRS, "form": "csv"}
CAPS = {"policy": POLICY.replace("town/clinic", THEIRS), **UNSIGNED}
EITHER = (Role.OWNER, Role.RESEARCHER)
OWNER, RESEARCHER = EITHER[:1], EITHER[1:]

Try = tuple[tuple[Role, ...], tuple[str, ...], dict[str, Any] | None]
APPLIED, AGREED = ("application", "draft"), ("agreement", "offer")
TRIES: dict[tuple[str, str], Try] = {
    ("DELETE", "/tokens/{id}"): (EITHER, ("token",), None),
    ("GET", "/applications/{id}"): (EITHER, APPLIED, None),
    ("POST", "/applications/{id}/draft"): (RESEARCHER, APPLIED, FORM),
    ("PUT", "/applications/{id}/submission"): (RESEARCHER, APPLIED, None),
    ("POST", "/applications/{id}/resubmission"): (RESEARCHER, APPLIED, FORM),
    ("PUT", "/applications/{id}/withdrawal"): (RESEARCHER, APPLIED, None),
    ("POST", "/applications/{id}/consent"): (OWNER, APPLIED, ANSWER),
    ("GET", "/agreements/{id}"): (EITHER, AGREED, None),
    ("GET", "/agreements/{id}/accounts"): (RESEARCHER, AGREED, None),
    ("GET", "/agreements/{id}/certificate"): (EITHER, AGREED, None),
    ("POST", "/agreements/{id}/signature"): (RESEARCHER, AGREED, {"signature": "A" * 86 + "=="}),
    ("POST", "/agreements/{id}/disposal"): (RESEARCHER, AGREED, {"statement": "gone"}),
    ("POST", "/agreements/{id}/feedback"): (RESEARCHER, AGREED, {"statement": "none"}),
    ("GET", "/agreements/{id}/feedback"): (EITHER, AGREED, None),
    ("GET", "/submissions/{id}"): (RESEARCHER, ("submission",), None),
    ("POST", "/algorithms"): (RESEARCHER, AGREED, ALGORITHM | {"agreement": THEIRS}),
    ("POST", "/algorithms/explanation"): (RESEARCHER, AGREED, ALGORITHM | {"agreement": THEIRS}),
    ("POST", "/questions"): (RESEARCHER, AGREED, QUESTION | {"agreement": THEIRS}),
    ("POST", "/questions/explanation"): (RESEARCHER, AGREED, QUESTION | {"agreement": THEIRS}),
    ("GET", "/emergencies/{id}/questions"): (EITHER, ("emergency",), None),
    ("GET", "/sources/{name}"): (OWNER, ("source",), None),
    ("POST", "/sources/{name}/caps"): (OWNER, ("source",), CAPS),
    ("POST", "/sources/{name}/key"): (OWNER, ("source",), KEY),
    ("GET", "/releases/{answer}"): (OWNER, ("release",), None),
    ("POST", "/datasets"): (OWNER, ("upload",), FILE | UNSIGNED),
    ("POST", "/catalogue/imports"): (OWNER, ("upload",), {"upload": THEIRS}),
    ("POST", "/catalogue/openings"): (OWNER, ("upload",), FILE),
    ("POST", "/catalogue/resolutions"): (OWNER, ("body",), {"name": "city/buses", "owner": THEIRS}),
}
"""Of each operation on one's own things: who tries another's, which kinds, with which message."""
NONE = {"source": "no/where", "release": "0" * 64, "body": "nobody"}
"""Ids of nothing; of other kinds, 32 zeros."""


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
            reply = http.post(f"{API}/questions", json=QUESTION).json()
            entry = json.loads(reply["receipt"]["entry"])
            applied = http.get(f"{API}/applications").json()[-1]["id"]
            draft = http.post(f"{API}/applications/drafts", json=FORM).json()["id"]
            token = http.get(f"{API}/tokens").json()[0]["id"]
        with site.http(Role.STEWARD) as http:
            form = {"source": "town/ward", "reason": "A flood", "hours": 24}
            emergency = http.post(f"{API}/emergencies", json=form).json()["id"]
            assert http.post(f"{API}/emergencies", json=form).status_code == 201
        with site.http(Role.OWNER) as http:
            upload = http.post(f"{API}/uploads", content=CSV).json()["id"]
        self.ids = {
            "agreement": agreement,
            "offer": self._offered(),
            "application": applied,
            "draft": draft,
            "submission": entry["submission"],
            "release": entry["answer"],
            "token": token,
            "source": "town/clinic",
            "emergency": emergency,
            "upload": upload,
            "body": self._proposing(),
        }

    def _offered(self) -> str:
        """Give the id of an agreement that its researcher has yet to sign."""
        key = self.site.folder / "researcher.key"
        asked = self.site.range_of(Role.RESEARCHER).apply(
            *("town/clinic", "research", "A paper", "Encrypted laptops"),
            *(*PERIOD, key),
            applicant=APPLICANT,
        )
        self.site.assent(asked.id, "town/clinic")
        steward = self.site.range_of(Role.STEWARD)
        return steward.decide(asked.id, grant=True, reason="In order").agreement or ""

    def _proposing(self) -> str:
        """Give the name of a body whose list waits for the one above it."""
        with self.site.http(Role.STEWARD) as http:
            for name, keeper, parent in (("city", "mayor", None), ("buses", "owner", "city")):
                form = {"name": name, "keeper": keeper, "parent": parent}
                assert http.post(f"{API}/owners", json=form).status_code == 201
        with self.site.http(Role.OWNER) as http:
            sheet = CHINESE + line("city/buses", "buses")
            upload = http.post(f"{API}/uploads", content=sheet.encode()).json()["id"]
            taken = http.post(f"{API}/catalogue/imports", json={"upload": upload})
            assert json.loads(taken.text.splitlines()[-1])["report"]["waiting"] == 1
        return "buses"

    def send(self, role: Role, how: str, path: str, id: str, body: object) -> httpx.Response:  # noqa: A002
        """Try a thing of this id as a tenant who has none."""
        sent = json.loads(json.dumps(body).replace(THEIRS, id))
        with self.site.http(self.others[role]) as http:
            return http.request(how, API + re.sub(r"\{.*\}", id, path), json=sent)


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Two]:
    folder = tmp_path_factory.mktemp("two")
    (folder / "clinic.csv").write_text(CSV)
    (folder / "clinic.yaml").write_text(POLICY)
    (folder / "ward.yaml").write_text(WARD)
    with served(folder) as running:
        running.add(folder / "clinic.csv", folder / "clinic.yaml")
        running.add(folder / "clinic.csv", folder / "ward.yaml")
        yield Two(running)


def seen(reply: httpx.Response) -> tuple[int, bytes, frozenset[tuple[str, str]]]:
    heads = {name: value for name, value in reply.headers.items() if name != "date"}
    return reply.status_code, reply.content, frozenset(heads.items())


def routes(kept_apart: str) -> list[tuple[str, str]]:
    return [(method, path) for how, method, path in LINES if how == kept_apart]


def test_the_table_has_a_line_for_every_operation(two: Two) -> None:
    with two.site.http() as http:
        paths = http.get(f"{API}/openapi.json").json()["paths"]
    described = {(method.upper(), path) for path, item in paths.items() for method in item}
    written = [(how, path if path[:5] == "/log/" else API + path) for _, how, path in LINES]
    assert described == set(written)
    assert len(described) == len(written)
    assert set(TRIES) == set(routes("own thing"))


@pytest.mark.parametrize("kept_apart", ["officials", "own thing", "own list", "own body"])
def test_no_tenant_gets_where_officials_are_alone(kept_apart: str) -> None:
    for method, path in routes(kept_apart):
        address = re.sub(r"\\{.*\\}", ".+", re.escape(path))
        allowed = {
            role
            for (how, known), roles in BY_ROLE.items()
            for role in roles
            if how == method and re.fullmatch(f"({API})?{address}", known)
        }
        assert bool(allowed & set(STRANGERS)) is (kept_apart != "officials"), path


CASES = [
    (role, *route, kind, body)
    for route, (roles, kinds, body) in TRIES.items()
    for role in roles
    for kind in kinds
]


@pytest.mark.parametrize(("role", "method", "path", "kind", "body"), CASES)
def test_another_tenants_id_reads_like_one_of_nothing(
    two: Two, role: Role, method: str, path: str, kind: str, body: object
) -> None:
    theirs = two.send(role, method, path, two.ids[kind], body)
    nothing = two.send(role, method, path, NONE.get(kind, "0" * 32), body)
    assert theirs.status_code == 404, theirs.text
    assert seen(theirs) == seen(nothing)


DESK = {
    "/desk/applications/{id}": APPLIED,
    "/desk/applications/{id}/form": APPLIED,
    "/desk/agreements/{id}": AGREED,
    "/desk/agreements/{id}/certificate": AGREED,
    "/desk/emergencies/{id}": ("emergency",),
    "/desk/demands/{id}": (),
}
"""Pages of one thing, and the kinds of things; demands are public."""


@pytest.mark.parametrize("role", STRANGERS)
def test_so_it_does_on_every_page(two: Two, role: Role) -> None:
    pages = {route.path for route in router.routes if isinstance(route, APIRoute)}
    assert set(DESK) == {path for path in pages if "{" in path}
    session = begin_session(two.site.site, PrincipalName(f"{role.value}-two"), role).secret
    with two.site.http() as http:
        http.cookies.set("datarange-session", session)
        assert http.get("/desk").status_code == 200
        for path, kind in ((path, kind) for path, kinds in DESK.items() for kind in kinds):
            theirs, nothing = (
                (reply.status_code, reply.text.replace(id, ""))
                for id in (two.ids[kind], "0" * 32)  # noqa: A001
                for reply in [http.get(path.format(id=id))]
            )
            assert theirs == nothing, path
            assert theirs[0] in {403, 404}, path


def test_whose_a_thing_is_finds_it(two: Two) -> None:
    """What is not found for others is there: else the test above would test nothing."""
    for kind, path in (
        *(("application", "/applications/{id}"), ("draft", "/applications/{id}")),
        *(("agreement", "/agreements/{id}"), ("offer", "/agreements/{id}")),
        ("submission", "/submissions/{id}"),
    ):
        with two.site.http(Role.RESEARCHER) as http:
            assert http.get(API + path.format(id=two.ids[kind])).status_code == 200, kind
    with two.site.http(Role.OWNER) as http:
        assert http.get(f"{API}/sources/town/clinic").status_code == 200
        assert http.get(f"{API}/releases/{two.ids['release']}").status_code == 200
        assert len(http.get(f"{API}/emergencies").json()) > 1


@pytest.mark.parametrize("role", STRANGERS)
@pytest.mark.parametrize("limit", ["1", "100"])
def test_lists_and_their_lengths_say_nothing_of_others(two: Two, role: Role, limit: str) -> None:
    with two.site.http(two.others[role]) as http:
        for _, path in routes("own list"):
            reply = http.get(API + path, params={"limit": limit})
            if reply.status_code == 403:
                assert reply.json()["code"] == "role.missing"
                continue
            if path == "/tokens":
                assert {one["name"] for one in reply.json()} == {f"{role.value}-two"}
                continue
            assert (reply.json(), reply.headers.get("link")) == ([], None), path


def test_marks_between_pages_count_nothing_of_others(two: Two) -> None:
    """A mark stands behind one's own things only, and says nothing to whoever reads or tries it."""
    with two.site.http(two.site.admit("researcher-three")) as http:
        for _ in range(3):
            assert http.post(f"{API}/applications/drafts", json=FORM).status_code == 201
        first = http.get(f"{API}/applications", params={"limit": 1})
        again = http.get(f"{API}/applications", params={"limit": 1})
        mark = first.links["next"]["url"].partition("after=")[2]
        second = http.get(f"{API}/applications", params={"limit": 1, "after": mark})
        other = http.get(f"{API}/agreements", params={"after": mark})
        bent = http.get(f"{API}/applications", params={"after": mark[:-2] + "AA"})
        followed = second.links["next"]["url"].partition("after=")[2]
    assert first.links == again.links
    assert first.json() != second.json()
    assert len(mark) == len(followed)
    assert not re.fullmatch("[0-9]+(-[0-9]+)?", mark)
    for refused in (other, bent):
        assert (refused.status_code, refused.json()["code"]) == (422, "catalogue.mark")


def test_for_a_body_of_others_nobody_acts(two: Two) -> None:
    """Bodies and demands are public; who has a part in them is not said."""
    with two.site.http(two.others[Role.RESEARCHER]) as http:
        form = {"owner": "buses", "data": "Timetables", "use": "A paper"}
        asked = http.post(f"{API}/demands", json=form).json()["id"]
    owner_key = {"owner_key": "A" * 43 + "="}
    bodies: dict[str, tuple[str, object]] = {
        "/policies/terms": (THEIRS, {"policy": POLICY, **owner_key}),
        "/catalogue/merges": (THEIRS, {"owner": "buses"}),
        "/catalogue/withdrawals": (THEIRS, {"name": "town/clinic", "reason": "Ours now"}),
        "/demands/{id}/answer": (asked, {"state": "accepted"}),
    }
    assert set(bodies) == {path for _, path in routes("own body")}
    for path, (id, body) in bodies.items():  # noqa: A001
        reply = two.send(Role.OWNER, "POST", path, id, body)
        assert reply.status_code == 403
        assert reply.json()["code"] in {"owner.not_yours", "dataset.not_yours"}
        assert not {"mayor", "researcher"} & set(re.findall(r"\w+", reply.text))


def test_an_owner_sees_the_agreements_over_their_own_datasets(two: Two) -> None:
    with two.site.http(Role.OWNER) as http:
        assert {one["id"] for one in http.get(f"{API}/agreements").json()} == {
            two.ids["agreement"],
            two.ids["offer"],
        }


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
    things = {
        path: next(iter(kinds)) for (how, path), (_, kinds, _) in TRIES.items() if how == "GET"
    }
    paths = [re.sub(r"\{.*\}", two.ids[kind], path) for path, kind in things.items()]
    lists = [path for _, path in routes("own list") if path != "/tokens"]
    with two.site.http(Role.ADMINISTRATOR) as http:
        for path in (*paths, *lists, "/catalogue/files/town/clinic"):
            assert http.get(API + path).json()["code"] == "role.missing", path
        for path in ("/log/checkpoint", "/log/tile/0/000.p/1"):
            (reason,) = http.get(path).json()["reasons"]
            assert reason["clause"] == "authorisation/administrators-keep-to-accounts"
