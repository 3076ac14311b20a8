"""Replies become wire messages; problem details (RFC 9457) become the site's exceptions again."""

import json
from dataclasses import asdict
from typing import NoReturn, TypeVar

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
from sandbox.wire import Problem, read

T = TypeVar("T")

_KINDS: dict[int, type[DataRangeError]] = {
    kind.exit_code: kind
    for kind in (BadInput, NotPermitted, NotFound, Conflict, NotVerified, Unavailable)
}


def message_of(kind: type[T], body: bytes) -> T:
    """Read a reply.

    Raises:
        Unavailable: code `site.foreign_answer`; it is not this message.
    """
    try:
        return read(kind, json.loads(body))
    except (ValueError, TypeError, AttributeError):
        # Without the cause, which quotes the reply: it may be a page of somebody else's program.
        raise Unavailable(
            "The address answers, but not as a Data Range site does", code="site.foreign_answer"
        ) from None


def raise_problem(body: bytes) -> NoReturn:
    """Raise what the site raised, of the same class, with its code, place and reasons.

    Raises:
        DataRangeError: that; or `Unavailable`, code `site.foreign_answer`, if the body is none.
    """
    error = _error(message_of(Problem, body))
    raise error


def _error(problem: Problem) -> DataRangeError:
    if problem.exit_code == Refused.exit_code:
        return Refused(tuple(Reason(**asdict(reason)) for reason in problem.reasons))
    signed_out = problem.status == NotSignedIn.status
    kind = NotSignedIn if signed_out else _KINDS.get(problem.exit_code, DataRangeError)
    place = Place(**asdict(problem.place)) if problem.place else None
    if kind is NotPermitted:
        reasons = tuple(Reason(**asdict(reason)) for reason in problem.reasons)
        return NotPermitted(problem.detail, code=problem.code, place=place, reasons=reasons)
    return kind(problem.detail, code=problem.code, place=place)
