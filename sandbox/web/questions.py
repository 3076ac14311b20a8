"""Questions: explained for free, answered once for a price, and collected again for nothing."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response

from sandbox.flow.ask import find_submission
from sandbox.flow.authorise import demand
from sandbox.flow.explain import explain
from sandbox.model.verb import Verb
from sandbox.web.answering import answer
from sandbox.web.body import JsonBody
from sandbox.web.openapi import gives, takes
from sandbox.web.who import Caller, TheSite
from sandbox.wire import Explanation, Question, Released

router = APIRouter(tags=["questions"])

Asked = Annotated[Question, Depends(JsonBody(Question))]
STORED = "application/json"


@router.post("/questions/explanation", openapi_extra=takes(Question))
def explain_question(caller: Caller, question: Asked, site: TheSite) -> Explanation:
    """Say what a question costs and how wide its noise is; reads no row."""
    return explain(site, caller, question)


@router.post("/questions", openapi_extra=takes(Question) | gives(Released))
async def ask_question(caller: Caller, question: Asked, site: TheSite) -> Response:
    """Pay for a question and answer it; an equal one gets the same bytes and pays nothing."""
    return Response(await answer(site, caller, question), media_type=STORED)


@router.get("/submissions/{id}", openapi_extra=gives(Released))
def read_submission(caller: Caller, id: str, site: TheSite) -> Response:  # noqa: A002  (the field's name)
    """Give an answer again to whoever paid for it."""
    demand(caller, Verb.READ_SUBMISSION)
    return Response(find_submission(site, caller, id), media_type=STORED)
