"""Whatever is sent, the reply is a problem with a code and a place, and quotes nothing of it."""

import json
from collections.abc import Iterator

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sandbox.model.principal import Role
from tests.support.served import Served

API = "/api/v1"
QUESTION = {"dataset": "town/clinic", "measures": [{"kind": "count"}], "epsilon": "0.01"}
MARK = "marker-that-must-not-come-back"


@pytest.fixture(scope="module")
def http(clinic: Served) -> Iterator[httpx.Client]:
    token = clinic.admit("sender-of-bad-bodies")
    clinic.agree(token, "town/clinic", "research")
    with clinic.http(token) as client:
        yield client


def send(http: httpx.Client, body: bytes, kind: str = "application/json") -> httpx.Response:
    return http.post(f"{API}/questions", content=body, headers={"content-type": kind})


def place(reply: httpx.Response) -> str | None:
    return (reply.json()["place"] or {}).get("clause")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b'{"dataset": "town/clinic"} {}',
        b"[" * 100_000,
        b'{"a":' * 50_000,
        b"1" * 100_000,
        b'{"dataset": "\\ud800"}',
        b'{"dataset": "\xff\xfe"}',
        b'\xef\xbb\xbf{"dataset": "x"}',
        b"\x00",
    ],
)
def test_what_is_not_json_is_said_to_be_none(http: httpx.Client, body: bytes) -> None:
    reply = send(http, body)
    assert (reply.status_code, reply.json()["code"]) == (422, "request.malformed")
    assert "JSON" in reply.json()["detail"]


@pytest.mark.parametrize(
    ("changes", "clause"),
    [
        ({"dataset": 1}, "dataset"),
        ({"dataset": None}, "dataset"),
        ({"dataset": ["town/clinic"]}, "dataset"),
        ({"sql": {"select": "*"}}, "sql"),
        ({"where": "age > 3"}, "where"),
        ({"where": [1]}, "where.0"),
        ({"measures": [{"kind": "count"}, {"kind": 7}]}, "measures.1.kind"),
        ({"measures": [{}]}, "measures.0.kind"),
        ({"measures": [None]}, "measures.0"),
        ({"epsilon": 0.5}, "epsilon"),
        ({"epsilon": 10**400}, "epsilon"),
        ({"epsilon": float("nan")}, "epsilon"),
        ({"epsilon": float("inf")}, "epsilon"),
        ({"epsilon": True}, "epsilon"),
    ],
)
def test_a_wrong_type_is_named_by_its_field(
    http: httpx.Client, changes: dict[str, object], clause: str
) -> None:
    reply = send(http, json.dumps(QUESTION | changes).encode())
    assert (reply.status_code, reply.json()["code"]) == (422, "request.malformed")
    assert place(reply) == clause


@pytest.mark.parametrize(
    ("body", "clause"),
    [({MARK: 1}, None), ({"measures": [{"kind": "count", MARK: 1}]}, "measures.0")],
)
def test_an_unknown_field_is_refused_and_not_quoted(
    http: httpx.Client, body: dict[str, object], clause: str | None
) -> None:
    reply = send(http, json.dumps(QUESTION | body).encode())
    assert (reply.status_code, reply.json()["code"]) == (422, "request.malformed")
    assert place(reply) == clause
    assert MARK not in reply.text


@pytest.mark.parametrize(
    ("epsilon", "code"),
    [
        ("0", "cost.out_of_range"),
        ("-1", "cost.out_of_range"),
        ("1e300", "cost.out_of_range"),
        ("1e-300", "cost.not_decimal"),
        ("NaN", "number.malformed"),
        ("inf", "number.malformed"),
        ("abc", "number.malformed"),
        ("", "number.malformed"),
        ("1/0", "number.malformed"),
        ("1e999999999", "number.malformed"),
        ("9" * 100_000, "number.malformed"),
        ("٣", "number.malformed"),
        (" 1", "number.malformed"),
        ("0x10", "number.malformed"),
        ("1_0", "number.malformed"),
    ],
)
@pytest.mark.parametrize("path", ["questions", "questions/explanation"])
def test_a_senseless_price_is_refused_for_free(
    http: httpx.Client, epsilon: str, code: str, path: str
) -> None:
    before = http.get(f"{API}/agreements").json()
    reply = http.post(f"{API}/{path}", json=QUESTION | {"epsilon": epsilon})
    assert (reply.status_code, reply.json()["code"], place(reply)) == (422, code, "epsilon")
    assert http.get(f"{API}/agreements").json() == before


@pytest.mark.parametrize("character", ["\x00", "\x07", "\x1b", "\x7f", "\x9b"])
def test_control_characters_never_reach_the_books(http: httpx.Client, character: str) -> None:
    form = dict.fromkeys(
        ("dataset", "purpose", "safeguards", "starts", "ends", "public_key"), "none"
    )
    reply = http.post(f"{API}/applications", json=form | {"scenario": f"{MARK}{character}[2J"})
    assert (reply.status_code, reply.json()["code"]) == (422, "request.misleading_text")
    assert (place(reply), MARK in reply.text) == ("scenario", False)


@pytest.mark.parametrize(
    "sql",
    [
        "x" * 1_000_000,
        "(" * 500_000,
        "SELECT " + "1+" * 300_000 + '1 FROM "town/clinic"',
        "SELECT * FROM (SELECT 1)",
        "'; DROP TABLE dataset; --",
        'SELECT COUNT(*) FROM "town/clinic" WHERE site = \'' + "n" * 500_000 + "'",
        'SELECT COUNT(*) AS "😀" FROM "town/clinic" GROUP BY "🏥"',
    ],
    ids=["megabyte", "brackets", "sums", "star", "drop", "literal", "emoji"],
)
def test_hostile_sql_is_a_problem_and_no_fault(http: httpx.Client, sql: str) -> None:
    reply = http.post(f"{API}/questions", json={**QUESTION, "measures": [], "sql": sql})
    assert reply.status_code == 422
    assert len(reply.content) < 2000


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "application/json; charset=gbk", ""]
)
def test_another_content_type_is_refused(http: httpx.Client, kind: str) -> None:
    reply = send(http, json.dumps(QUESTION).encode(), kind)
    assert (reply.status_code, reply.json()["code"]) == (422, "request.content_type")


def test_two_content_types_are_refused(http: httpx.Client) -> None:
    headers = [("content-type", "application/json"), ("content-type", "text/plain")]
    reply = http.post(f"{API}/questions", content=json.dumps(QUESTION), headers=headers)
    assert (reply.status_code, reply.json()["code"]) == (422, "request.content_type")


@pytest.mark.parametrize("declared", [True, False])
def test_a_body_beyond_a_mebibyte_is_too_long(http: httpx.Client, declared: bool) -> None:  # noqa: FBT001
    body = b" " * (2**20 + 1)
    reply = http.post(
        f"{API}/questions",
        content=body if declared else iter([body[: 2**19], body[2**19 :]]),
        headers={"content-type": "application/json"},
    )
    assert (reply.status_code, reply.json()["code"]) == (413, "request.too_long")


@pytest.mark.parametrize(
    "query",
    ["rows=0", "rows=10001", "rows=-1", "rows=x", f"rows={'9' * 5000}", "seed=-1", "seed=."],
)
def test_a_bad_parameter_is_a_problem_too(http: httpx.Client, query: str) -> None:
    reply = http.get(f"{API}/datasets/town/clinic/mock?{query}")
    assert (reply.status_code, reply.json()["code"]) == (422, "request.malformed")
    assert place(reply) == f"query.{query.split('=', maxsplit=1)[0]}"


@pytest.mark.parametrize(
    "name",
    ["../../etc/passwd", "town", "town/CLINIC", "town/clinic/x", "%00/%ff", "a/" + "b" * 999],
)
def test_a_name_that_is_not_listed_is_not_found(http: httpx.Client, name: str) -> None:
    reply = http.get(f"{API}/datasets/{name}")
    assert reply.status_code == 404


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4)
    ),
    max_leaves=12,
)
TEXTS = st.sampled_from(["town/clinic", "age >= 3", "site", "count", "mean", "cost", "0.01"])
ALMOST = st.fixed_dictionaries(
    {"dataset": st.just("town/clinic")},
    optional={
        "sql": TEXTS | st.text(max_size=60),
        "where": st.lists(TEXTS | st.text(max_size=30), max_size=3),
        "group_by": st.lists(TEXTS | st.text(max_size=10), max_size=3),
        "measures": st.lists(
            st.fixed_dictionaries(
                {"kind": TEXTS}, optional={"column": TEXTS, "name": TEXTS | st.text(max_size=20)}
            ),
            max_size=3,
        ),
        "epsilon": TEXTS | st.text(max_size=10),
        "rho": TEXTS,
        "purpose": st.text(max_size=10),
        "agreement": st.text(max_size=10),
    },
)


@settings(
    max_examples=120,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(body=ALMOST | JSON)
def test_no_body_at_all_breaks_the_site(http: httpx.Client, body: object) -> None:
    reply = send(http, json.dumps(body).encode(), "application/json")
    explained = http.post(f"{API}/questions/explanation", json=body if _plain(body) else None)
    for each in (reply, explained):
        assert each.status_code < 500
        if each.status_code != 200:
            assert each.headers["content-type"] == "application/problem+json"
            assert each.json()["code"]


def _plain(body: object) -> bool:
    """Tell whether httpx, which refuses NaN, can send it."""
    try:
        json.dumps(body, allow_nan=False).encode()
    except ValueError:
        return False
    return True


WRITERS = {
    "datasets": Role.OWNER,
    "policies/terms": Role.OWNER,
    "sources/town/clinic/caps": Role.OWNER,
    "sources/town/clinic/key": Role.OWNER,
    "applications": Role.RESEARCHER,
    "agreements/x/signature": Role.RESEARCHER,
    "agreements/x/disposal": Role.RESEARCHER,
    "agreements/x/feedback": Role.RESEARCHER,
    "emergencies": Role.STEWARD,
    "reviews": Role.AUDITOR,
}


@settings(max_examples=100, deadline=None)
@given(body=JSON, path=st.sampled_from(sorted(WRITERS)))
def test_no_body_breaks_the_other_addresses(clinic: Served, body: object, path: str) -> None:
    with clinic.http(WRITERS[path]) as http:
        reply = http.post(
            f"{API}/{path}",
            content=json.dumps(body),
            headers={"content-type": "application/json"},
        )
    assert reply.status_code == 422
