"""The demand list: read by anybody, asked by researchers, answered by owners."""

from typing import Annotated

from fastapi import APIRouter, Depends

from sandbox.flow.demand import answer_demand, demand, demands
from sandbox.web.body import JsonBody
from sandbox.web.catalogue import public_reply
from sandbox.web.openapi import takes
from sandbox.web.paging import Paged
from sandbox.web.record_cards import demand_card
from sandbox.web.who import Caller, TheSite
from sandbox.wire import DemandAnswer, DemandCard, DemandForm

public = APIRouter(prefix="/demands", tags=["demands"], dependencies=[Depends(public_reply)])
router = APIRouter(prefix="/demands", tags=["demands"])

Asked = Annotated[DemandForm, Depends(JsonBody(DemandForm))]
Answer = Annotated[DemandAnswer, Depends(JsonBody(DemandAnswer))]


@public.get("")
def list_demands(site: TheSite, asked: Paged, state: str | None = None) -> list[DemandCard]:
    """List what was asked for and what was answered, newest first."""
    found = demands(site, state, asked.after, asked.limit)
    asked.go_on(found.next)
    return [demand_card(one) for one in found.values]


@router.post("", status_code=201, openapi_extra=takes(DemandForm))
def ask_for_data(caller: Caller, form: Asked, site: TheSite) -> DemandCard:
    """Ask an owner for data that are not listed."""
    return demand_card(demand(site, caller, form))


@router.post("/{id}/answer", openapi_extra=takes(DemandAnswer))
def answer(caller: Caller, id: str, form: Answer, site: TheSite) -> DemandCard:  # noqa: A002  (the path's name)
    """Answer a demand, once."""
    return demand_card(answer_demand(site, caller, id, form))
