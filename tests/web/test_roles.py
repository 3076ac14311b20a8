"""Who may call what: every address, every role, one table."""

import base64

import pytest

from sandbox.model.principal import Role
from tests.support.clinic import POLICY
from tests.support.served import Served

EVERYBODY = (None, *Role)
SIGNED_IN = tuple(Role)
RESEARCHER = (Role.RESEARCHER,)
STEWARD = (Role.STEWARD,)
OWNER = (Role.OWNER,)
APPLICATIONS = (Role.RESEARCHER, Role.OWNER, Role.STEWARD)
OVERDUE = (Role.STEWARD, Role.AUDITOR)
LEDGER = (Role.AUDITOR, Role.OWNER, Role.STEWARD)
SOURCES = LEDGER
REVIEWERS = (Role.AUDITOR, Role.STEWARD)

ADMINISTRATOR = (Role.ADMINISTRATOR,)
NOT_ADMINISTRATOR = tuple(set(Role) - set(ADMINISTRATOR))

API = "/api/v1"
TABLE = {
    ("GET", f"{API}/site"): EVERYBODY,
    ("GET", f"{API}/openapi.json"): EVERYBODY,
    ("GET", f"{API}/datasets"): EVERYBODY,
    ("GET", f"{API}/environment"): EVERYBODY,
    ("GET", f"{API}/datasets/town/clinic"): EVERYBODY,
    ("GET", f"{API}/datasets/town/clinic/mock"): EVERYBODY,
    ("GET", "/"): EVERYBODY,
    ("GET", "/datasets/town/clinic"): EVERYBODY,
    ("GET", "/catalogue"): EVERYBODY,
    ("GET", "/catalogue/town/clinic"): EVERYBODY,
    ("GET", "/demands"): EVERYBODY,
    ("GET", f"{API}/catalogue"): EVERYBODY,
    ("GET", f"{API}/catalogue/records/town/clinic"): EVERYBODY,
    ("GET", f"{API}/catalogue/dcat"): EVERYBODY,
    ("GET", f"{API}/catalogue/sheet"): EVERYBODY,
    ("GET", f"{API}/catalogue/croissant/town/clinic"): EVERYBODY,
    ("GET", f"{API}/owners"): EVERYBODY,
    ("GET", f"{API}/demands"): EVERYBODY,
    ("GET", f"{API}/catalogue/files/none"): NOT_ADMINISTRATOR,
    ("POST", f"{API}/catalogue/imports"): OWNER,
    ("POST", f"{API}/catalogue/merges"): OWNER,
    ("GET", f"{API}/catalogue/clashes"): OWNER,
    ("GET", f"{API}/catalogue/hidden"): OWNER,
    ("POST", f"{API}/catalogue/resolutions"): OWNER,
    ("POST", f"{API}/catalogue/openings"): OWNER,
    ("POST", f"{API}/catalogue/withdrawals"): OWNER,
    ("POST", f"{API}/owners"): STEWARD,
    ("POST", f"{API}/demands"): RESEARCHER,
    ("POST", f"{API}/demands/none/answer"): OWNER,
    ("GET", f"{API}/me"): SIGNED_IN,
    ("POST", f"{API}/uploads"): OWNER,
    ("POST", f"{API}/datasets"): OWNER,
    ("POST", f"{API}/policies/terms"): OWNER,
    ("GET", f"{API}/sources"): SOURCES,
    ("GET", f"{API}/sources/no/where"): SOURCES,
    ("POST", f"{API}/sources/no/where/caps"): OWNER,
    ("POST", f"{API}/sources/no/where/key"): OWNER,
    ("GET", f"{API}/emergencies"): NOT_ADMINISTRATOR,
    ("GET", f"{API}/emergencies/none/questions"): NOT_ADMINISTRATOR,
    ("POST", f"{API}/emergencies"): STEWARD,
    ("PUT", f"{API}/emergencies/none/confirmation"): STEWARD,
    ("POST", f"{API}/reviews"): REVIEWERS,
    ("GET", f"{API}/releases/{'0' * 64}"): LEDGER,
    ("DELETE", f"{API}/papers/application/none"): STEWARD,
    ("GET", f"{API}/applications"): APPLICATIONS,
    ("GET", f"{API}/applications/none"): APPLICATIONS,
    ("POST", f"{API}/applications"): RESEARCHER,
    ("GET", f"{API}/applications/overdue"): OVERDUE,
    ("POST", f"{API}/applications/drafts"): RESEARCHER,
    ("POST", f"{API}/applications/none/draft"): RESEARCHER,
    ("PUT", f"{API}/applications/none/submission"): RESEARCHER,
    ("POST", f"{API}/applications/none/supplement"): STEWARD,
    ("POST", f"{API}/applications/none/resubmission"): RESEARCHER,
    ("POST", f"{API}/applications/none/assessment"): STEWARD,
    ("POST", f"{API}/applications/none/consent"): OWNER,
    ("PUT", f"{API}/applications/none/withdrawal"): RESEARCHER,
    ("POST", f"{API}/applications/none/decision"): STEWARD,
    ("GET", f"{API}/agreements"): NOT_ADMINISTRATOR,
    ("GET", f"{API}/agreements/none"): NOT_ADMINISTRATOR,
    ("POST", f"{API}/agreements/none/signature"): RESEARCHER,
    ("GET", f"{API}/agreements/none/accounts"): RESEARCHER,
    ("GET", f"{API}/agreements/none/certificate"): NOT_ADMINISTRATOR,
    ("POST", f"{API}/agreements/none/disposal"): RESEARCHER,
    ("POST", f"{API}/agreements/none/feedback"): RESEARCHER,
    ("GET", f"{API}/agreements/none/feedback"): APPLICATIONS,
    ("POST", f"{API}/algorithms"): RESEARCHER,
    ("POST", f"{API}/algorithms/explanation"): RESEARCHER,
    ("POST", f"{API}/algorithms/mock"): RESEARCHER,
    ("POST", f"{API}/questions"): RESEARCHER,
    ("POST", f"{API}/questions/explanation"): RESEARCHER,
    ("GET", f"{API}/submissions/none"): RESEARCHER,
    ("GET", f"{API}/tokens"): SIGNED_IN,
    ("POST", f"{API}/tokens"): SIGNED_IN,
    ("DELETE", f"{API}/tokens/none"): SIGNED_IN,
    ("GET", f"{API}/accounts"): ADMINISTRATOR,
    ("POST", f"{API}/accounts"): ADMINISTRATOR,
    ("POST", f"{API}/accounts/nobody/password"): ADMINISTRATOR,
    ("DELETE", f"{API}/accounts/nobody"): ADMINISTRATOR,
    ("GET", "/log/checkpoint"): LEDGER,
    ("GET", "/log/checkpoint/pending"): LEDGER,
    ("GET", "/log/checkpoint/witnessed"): LEDGER,
    ("POST", "/log/cosignature"): (Role.AUDITOR,),
    ("GET", "/log/tile/entries/000.p/1"): LEDGER,
    ("GET", "/log/tile/0/000.p/1"): LEDGER,
}
BY_PASSWORD = {("POST", f"{API}/sign-in"), ("POST", f"{API}/me/password")}
"""A role does not get one in here; see `test_signing_in.py`."""
NOWHERE = POLICY.replace("town/clinic", "no/where")
SIGNED = {"owner_key": "A" * 43 + "=", "signature": "none"}
APPLICATION = {
    **dict.fromkeys(("purpose", "scenario", "safeguards", "public_key"), "none"),
    "dataset": "no/where",
    "starts": "2026-12-01",
    "ends": "2026-12-31",
}
BODIES = {
    f"{API}/datasets": {"policy": "", "upload": "none", "form": "csv", **SIGNED},
    f"{API}/policies/terms": {"policy": NOWHERE, "owner_key": base64.b64encode(bytes(32)).decode()},
    f"{API}/sources/no/where/caps": {"policy": NOWHERE, **SIGNED},
    f"{API}/sources/no/where/key": {
        "new_key": "A" * 43 + "=",
        "old_signature": "none",
        "new_signature": "none",
    },
    f"{API}/tokens": {},
    f"{API}/accounts": {"name": "newcomer", "role": "researcher", "password": "correct horse 1234"},
    f"{API}/accounts/nobody/password": {"password": "correct horse 1234"},
    f"{API}/catalogue/imports": {"upload": "none"},
    f"{API}/catalogue/merges": {"owner": "none"},
    f"{API}/catalogue/resolutions": {"name": "no/where", "owner": "none"},
    f"{API}/catalogue/openings": {"policy": "", "upload": "none", "form": "csv"},
    f"{API}/catalogue/withdrawals": {"name": "no/where", "reason": "none"},
    f"{API}/owners": {"name": "none", "keeper": "none", "parent": "nobody"},
    f"{API}/demands": {"owner": "none", "data": "none", "use": "none"},
    f"{API}/demands/none/answer": {"state": "accepted"},
    f"{API}/emergencies": {"source": "no/where", "reason": "none", "hours": 1},
    f"{API}/reviews": {"subject": "agreement/none", "outcome": "in_order", "statement": "none"},
    f"{API}/agreements/none/disposal": {"statement": "none"},
    f"{API}/agreements/none/feedback": {"statement": "none"},
    f"{API}/applications": APPLICATION,
    f"{API}/applications/drafts": APPLICATION,
    f"{API}/applications/none/draft": APPLICATION,
    f"{API}/applications/none/resubmission": APPLICATION,
    f"{API}/applications/none/supplement": {"statement": "none"},
    f"{API}/applications/none/assessment": {
        item: {"met": True, "remark": "none"}
        for item in ("project", "people", "setting", "data", "outputs")
    },
    f"{API}/applications/none/consent": {"dataset": "no/where", "given": True, "reason": "none"},
    f"{API}/applications/none/decision": {"grant": True, "reason": "none"},
    f"{API}/agreements/none/signature": {"signature": "none"},
    **{
        f"{API}/algorithms{what}": {
            "dataset": "none",
            "modules": {"m": ""},
            "module": "m",
            "function": "f",
            "outputs": [{"name": "a", "low": 0.0, "high": 1.0}],
        }
        for what in ("", "/explanation", "/mock")
    },
    f"{API}/questions": {"dataset": "none"},
    "/log/cosignature": {"size": 1, "cosignature": "— nobody.example AAAAAAAA"},
    f"{API}/questions/explanation": {"dataset": "none"},
}
"""Well-formed messages about things that do not exist: whoever may ask learns just that."""


@pytest.mark.parametrize("role", EVERYBODY)
@pytest.mark.parametrize(("method", "path"), TABLE)
def test_each_role_gets_exactly_as_far_as_the_table_says(
    clinic: Served, method: str, path: str, role: Role | None
) -> None:
    with clinic.http(role) as http:
        reply = http.request(method, path, json=BODIES.get(path) if method == "POST" else None)
    if role in TABLE[method, path]:
        assert reply.status_code in {200, 201, 404}
    elif role is None:
        assert (reply.status_code, reply.json()["code"]) == (401, "token.missing")
        assert reply.headers["www-authenticate"] == "Bearer"
    else:
        assert (reply.status_code, reply.json()["code"]) == (403, "role.missing")


def test_the_table_leaves_no_operation_out(clinic: Served) -> None:
    with clinic.http() as http:
        paths = http.get(f"{API}/openapi.json").json()["paths"]
    described = {(method.upper(), path) for path, item in paths.items() for method in item}
    pages = {
        *(("GET", "/"), ("GET", "/datasets/town/clinic"), ("GET", f"{API}/openapi.json")),
        *(("GET", "/catalogue"), ("GET", "/catalogue/town/clinic"), ("GET", "/demands")),
    }
    both_kinds_of_tile = 1
    assert described >= BY_PASSWORD
    in_table = len(TABLE) - len(pages) - both_kinds_of_tile
    assert len(described) == in_table + len(BY_PASSWORD)


@pytest.mark.parametrize("token", ["dr-owner-0", "x" * 5000, "ä", "' OR 1=1 --"])
def test_an_unknown_token_is_nobody(clinic: Served, token: str) -> None:
    with clinic.http() as http:
        reply = http.get(f"{API}/me", headers=[(b"authorization", f"Bearer {token}".encode())])
    assert (reply.status_code, reply.json()["code"]) == (401, "token.unknown")
    assert token not in reply.text


@pytest.mark.parametrize("header", ["", "Bearer", "Basic b3duZXI6b3duZXI=", "dr-owner"])
def test_another_scheme_is_no_token(clinic: Served, header: str) -> None:
    with clinic.http() as http:
        reply = http.get(f"{API}/me", headers={"authorization": header})
    assert reply.status_code == 401
