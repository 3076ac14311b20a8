"""What surrounds every reply: problem documents, security headers, and silence about faults."""

import pytest

from sandbox.model.principal import Role
from tests.support.served import Served

API = "/api/v1"


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/nowhere", 404, "request.no_such_page"),
        ("GET", "/docs", 404, "request.no_such_page"),
        ("GET", "/redoc", 404, "request.no_such_page"),
        ("GET", f"{API}/site/", 404, "request.no_such_page"),
        ("DELETE", f"{API}/site", 405, "request.method"),
        ("PUT", f"{API}/questions", 405, "request.method"),
        ("GET", "/datasets/no/such", 404, "dataset.unknown"),
        ("GET", f"{API}/datasets/no/such", 404, "dataset.unknown"),
        ("GET", f"{API}/datasets/no/such/mock", 404, "dataset.unknown"),
    ],
)
def test_every_failure_is_a_problem_document(
    clinic: Served, method: str, path: str, status: int, code: str
) -> None:
    with clinic.http() as http:
        reply = http.request(method, path)
    assert reply.headers["content-type"] == "application/problem+json"
    assert (reply.status_code, reply.json()["status"]) == (status, status)
    assert reply.json()["code"] == code
    assert reply.json()["type"] == f"urn:datarange:problem:{code}"
    assert ("allow" in reply.headers) == (status == 405)


@pytest.mark.parametrize("path", ["/", f"{API}/site", f"{API}/me", "/nowhere", "/log/checkpoint"])
def test_every_reply_is_sealed(clinic: Served, path: str) -> None:
    with clinic.http(Role.AUDITOR) as http:
        headers = http.get(path).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["content-security-policy"].startswith("default-src 'none'; style-src 'sha256-")
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert "unsafe" not in headers["content-security-policy"]
    assert not {"server", "x-powered-by", "set-cookie"} & set(headers)


@pytest.mark.parametrize(
    ("path", "kept"),
    [
        ("/", "no-cache"),
        (f"{API}/datasets", "no-cache"),
        (f"{API}/me", "no-store"),
        (f"{API}/agreements", "no-store"),
        ("/log/checkpoint", "no-store"),
    ],
)
def test_only_what_anybody_may_see_is_kept_by_caches(clinic: Served, path: str, kept: str) -> None:
    with clinic.http(Role.AUDITOR) as http:
        assert http.get(path).headers["cache-control"] == kept


def test_another_origin_gets_no_leave_to_read(clinic: Served) -> None:
    with clinic.http(Role.AUDITOR) as http:
        reply = http.get(f"{API}/me", headers={"origin": "https://evil.example"})
    assert not [name for name in reply.headers if name.startswith("access-control")]
    assert reply.headers["cross-origin-resource-policy"] == "same-origin"


def test_a_refusal_carries_every_reason_in_both_languages(clinic: Served) -> None:
    with clinic.http(clinic.admit("without-agreement")) as http:
        question = {"dataset": "town/clinic", "measures": [{"kind": "sum", "column": "name"}]}
        reply = http.post(f"{API}/questions", json=question | {"epsilon": "0.1", "purpose": "ads"})
    reasons = reply.json()["reasons"]
    assert (reply.status_code, reply.json()["code"], reply.json()["exit_code"]) == (
        403,
        "refused",
        7,
    )
    assert {"agreement.missing", "column.closed"} <= {reason["code"] for reason in reasons}
    assert all(reason["message"] and reason["message_zh"] for reason in reasons)


def test_the_address_is_never_echoed(clinic: Served) -> None:
    with clinic.http() as http:
        reply = http.get("/%3Cscript%3Ealert(1)%3C/script%3E", headers={"host": "evil.example"})
    assert "script" not in reply.text
    assert "evil.example" not in reply.text + str(reply.headers)
