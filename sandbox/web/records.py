"""What goes on record: reviews of anything, and the erasure of papers."""

from typing import Annotated

from fastapi import APIRouter, Depends

from sandbox.flow.erase import erase
from sandbox.flow.review import review
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
