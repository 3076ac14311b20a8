"""Problem details (RFC 9457) become the site's own exceptions again."""

import json
from dataclasses import asdict
from typing import NoReturn

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

_KINDS: dict[int, type[DataRangeError]] = {
    kind.exit_code: kind
    for kind in (BadInput, NotPermitted, NotFound, Conflict, NotVerified, Unavailable)
}


def raise_problem(status: int, body: bytes) -> NoReturn:
    """Raise what the site raised, of the same class, with its code, place and reasons.

    Raises:
        Unavailable: code `site.foreign_answer`; the body is no problem document.
    """
    try:
        problem = _error(read(Problem, json.loads(body)))
    except (ValueError, TypeError, AttributeError):
        # Without the body: it may be the page of a proxy or of somebody else's program.
        raise Unavailable(
            f"The address answered with HTTP status {status}, and not as a Data Range site does",
            code="site.foreign_answer",
        ) from None
    raise problem


def _error(problem: Problem) -> DataRangeError:
    if problem.exit_code == Refused.exit_code:
        return Refused(tuple(Reason(**asdict(reason)) for reason in problem.reasons))
    signed_out = problem.status == NotSignedIn.status
    kind = NotSignedIn if signed_out else _KINDS.get(problem.exit_code, DataRangeError)
    place = Place(**asdict(problem.place)) if problem.place else None
    return kind(problem.detail, code=problem.code, place=place)
