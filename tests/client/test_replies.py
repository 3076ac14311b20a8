"""What the site raises is what the notebook raises."""

import pytest

from sandbox.client.replies import message_of, raise_problem
from sandbox.errors import (
    BadInput,
    Conflict,
    DataRangeError,
    NotFound,
    NotPermitted,
    NotSignedIn,
    NotVerified,
    Place,
    Reason,
    Refused,
    Unavailable,
)
from sandbox.web.problems import problem_response
from sandbox.wire import Me

KINDS = (
    BadInput,
    Conflict,
    DataRangeError,
    NotFound,
    NotPermitted,
    NotSignedIn,
    NotVerified,
    Unavailable,
)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("place", [None, Place(line=3, column=7, clause="columns.age", row=9)])
def test_an_error_survives_the_wire(kind: type[DataRangeError], place: Place | None) -> None:
    sent = kind("Something is 不对", code="some.code", place=place)
    with pytest.raises(kind) as received:
        raise_problem(bytes(problem_response(sent).body))
    assert type(received.value) is kind
    assert (received.value.message, received.value.code) == (sent.message, sent.code)
    assert received.value.place == place


def test_a_refusal_keeps_its_reasons() -> None:
    reasons = (
        Reason("column.closed", "columns.name.use", "Closed", "不予开放", "name", "health"),
        Reason("budget.exceeded", "privacy.budget", "Spent", "预算不足"),
    )
    with pytest.raises(Refused) as received:
        raise_problem(bytes(problem_response(Refused(reasons)).body))
    assert received.value.reasons == reasons


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b"{}", b'{"detail": "x"}', b"\xff", b"3"])
def test_what_is_no_problem_document_is_a_strangers(body: bytes) -> None:
    with pytest.raises(Unavailable) as received:
        raise_problem(body)
    assert received.value.code == "site.foreign_answer"


def test_a_newer_site_may_say_more() -> None:
    assert message_of(Me, b'{"name": "a", "role": "owner", "since": "2026"}') == Me("a", "owner")
