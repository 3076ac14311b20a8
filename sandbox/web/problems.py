"""Every refusal and every fault as a problem document (RFC 9457); nothing of a cause goes out."""

import json
import re
from dataclasses import asdict

from starlette.exceptions import HTTPException
from starlette.responses import Response

from sandbox.chinese import sentence_of
from sandbox.errors import (
    BadInput,
    DataRangeError,
    NotFound,
    NotPermitted,
    NotSignedIn,
    Refused,
    TooMany,
)
from sandbox.wire import PlaceMessage, Problem, ReasonMessage

MEDIA_TYPE = "application/problem+json"


class TooLong(BadInput):
    """The body, or the file, is larger than this site takes."""

    status = 413


class NoSuchMethod(BadInput):
    """The address exists, and does not take this method."""

    status = 405


class InternalFault(DataRangeError):
    """Something broke here; what it was stands in no reply."""


def internal_fault() -> InternalFault:
    """Give the one text that is told of any unexpected exception."""
    return InternalFault("The site failed; its operator can see that it did", code="internal")


def problem_response(error: DataRangeError) -> Response:
    """Write an error for programs and people."""
    body = json.dumps(asdict(_problem(error)), ensure_ascii=False).encode()
    headers = problem_headers(error)
    return Response(body, status_code=error.status, headers=headers, media_type=MEDIA_TYPE)


def problem_headers(error: DataRangeError) -> dict[str, str]:
    """Give what stands above a refusal, be it a document or a page."""
    if isinstance(error, TooMany):
        return {"retry-after": str(error.wait)}
    return {"www-authenticate": "Bearer"} if isinstance(error, NotSignedIn) else {}


def of_routing(fault: HTTPException) -> Response:
    """Turn the framework's own 404 and 405 into problems; `Allow` stays."""
    if fault.status_code == NotFound.status:
        response = problem_response(NotFound("There is nothing here", code="request.no_such_page"))
    elif fault.status_code == NoSuchMethod.status:
        response = problem_response(
            NoSuchMethod("This address does not take this method", code="request.method")
        )
    else:
        response = problem_response(BadInput("Not a request for here", code="request.malformed"))
    response.headers.update(fault.headers or {})
    return response


def _problem(error: DataRangeError) -> Problem:
    reasons = error.reasons if isinstance(error, Refused | NotPermitted) else ()
    return Problem(
        type=f"urn:datarange:problem:{error.code}",
        title=_title(type(error)),
        status=error.status,
        detail=error.message,
        code=error.code,
        exit_code=error.exit_code,
        place=PlaceMessage(**asdict(error.place)) if error.place else None,
        reasons=tuple(ReasonMessage(**asdict(reason)) for reason in reasons),
        detail_zh=sentence_of(error.code),
    )


def _title(kind: type[DataRangeError]) -> str:
    """Write the class's name in words: `NotSignedIn` reads "Not signed in"."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", kind.__name__).capitalize()
