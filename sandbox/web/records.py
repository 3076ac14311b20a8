"""What is on record: reviews of anything, the erasure of papers, and whose an answer was."""

from typing import Annotated

from fastapi import APIRouter, Depends

from sandbox.flow.erase import erase
from sandbox.flow.review import review
from sandbox.flow.trace import trace
from sandbox.ledger.trace import Trace
from sandbox.web.body import JsonBody
from sandbox.web.openapi import takes
from sandbox.web.who import Caller, TheSite
from sandbox.wire import Entered, Erased, ReviewForm

router = APIRouter(tags=["records"])

Review = Annotated[ReviewForm, Depends(JsonBody(ReviewForm))]


@router.post("/reviews", status_code=201, openapi_extra=takes(ReviewForm))
def record_review(caller: Caller, form: Review, site: TheSite) -> Entered:
    """Put on record what a steward or an auditor has found."""
    return Entered(review(site, caller, form))


@router.delete("/papers/{subject:path}")
def erase_papers(caller: Caller, subject: str, site: TheSite) -> Erased:
    """Delete the papers behind `application/<id>` or `agreement/<id>`; the ledger stays."""
    return erase(site, caller, subject)


@router.get("/releases/{answer}")
def trace_release(caller: Caller, answer: str, site: TheSite) -> Trace:
    """Say which agreement an answer was released under; `answer` is its SHA-256 (RFC 8785)."""
    return trace(site, caller, answer)
