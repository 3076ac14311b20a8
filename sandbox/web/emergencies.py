"""Emergencies: one steward declares, another confirms, and those concerned read."""

from typing import Annotated

from fastapi import APIRouter, Depends

from sandbox.flow.approve import questions_over
from sandbox.flow.authorise import demand
from sandbox.flow.browse import emergencies, find_emergency
from sandbox.flow.declare import confirm, declare
from sandbox.model.verb import Verb
from sandbox.web.body import JsonBody
from sandbox.web.emergency_cards import approved_card, emergency_card
from sandbox.web.openapi import takes
from sandbox.web.paging import Paged
from sandbox.web.who import Caller, TheSite
from sandbox.wire import ApprovedCard, EmergencyCard, EmergencyForm

router = APIRouter(prefix="/emergencies", tags=["emergencies"])

Form = Annotated[EmergencyForm, Depends(JsonBody(EmergencyForm))]


@router.post("", status_code=201, openapi_extra=takes(EmergencyForm))
def declare_emergency(caller: Caller, form: Form, site: TheSite) -> EmergencyCard:
    """Declare an emergency; it opens nothing until another steward confirms it."""
    return emergency_card(site, declare(site, caller, form))


@router.put("/{id}/confirmation")
def confirm_emergency(caller: Caller, id: str, site: TheSite) -> EmergencyCard:  # noqa: A002  (the field's name)
    """Confirm what another steward has declared."""
    return emergency_card(site, confirm(site, caller, id))


@router.get("")
def list_emergencies(caller: Caller, site: TheSite, asked: Paged) -> list[EmergencyCard]:
    """List emergencies: open ones for researchers, those of their own sources for owners."""
    demand(caller, Verb.LIST_EMERGENCIES)
    with site.books.read() as page:
        found = emergencies(site, page, caller, asked.after, asked.limit)
    asked.go_on(found.next)
    return [emergency_card(site, each) for each in found.values]


@router.get("/{id}/questions")
def list_questions(caller: Caller, id: str, site: TheSite) -> list[ApprovedCard]:  # noqa: A002
    """List what an emergency opens: the questions that its source's owner approved."""
    demand(caller, Verb.LIST_EMERGENCIES)
    with site.books.read() as page:
        found = find_emergency(site, page, caller, id)
        return [approved_card(found, *one) for one in questions_over(page, found.source)]
