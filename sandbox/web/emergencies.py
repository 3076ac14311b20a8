"""Emergencies: one steward declares, another confirms, and those concerned read."""

from typing import Annotated

from fastapi import APIRouter, Depends

from sandbox.flow.authorise import demand
from sandbox.flow.browse import emergencies
from sandbox.flow.declare import confirm, declare
from sandbox.model.verb import Verb
from sandbox.web.body import JsonBody
from sandbox.web.budget_cards import emergency_card
from sandbox.web.openapi import takes
from sandbox.web.paging import Paged
from sandbox.web.who import Caller, TheSite
from sandbox.wire import EmergencyCard, EmergencyForm

router = APIRouter(prefix="/emergencies", tags=["emergencies"])

Form = Annotated[EmergencyForm, Depends(JsonBody(EmergencyForm))]


@router.post("", status_code=201, openapi_extra=takes(EmergencyForm))
def declare_emergency(caller: Caller, form: Form, site: TheSite) -> EmergencyCard:
    """Declare an emergency; it opens nothing until another steward confirms it."""
    return emergency_card(declare(site, caller, form), site.clock.now())


@router.put("/{id}/confirmation")
def confirm_emergency(caller: Caller, id: str, site: TheSite) -> EmergencyCard:  # noqa: A002  (the field's name)
    """Confirm what another steward has declared."""
    return emergency_card(confirm(site, caller, id), site.clock.now())


@router.get("")
def list_emergencies(caller: Caller, site: TheSite, asked: Paged) -> list[EmergencyCard]:
    """List emergencies: open ones for researchers, those of their own sources for owners."""
    demand(caller, Verb.LIST_EMERGENCIES)
    now = site.clock.now()
    with site.books.read() as page:
        found = emergencies(site, page, caller, asked.after, asked.limit)
    asked.go_on(found.next)
    return [emergency_card(each, now) for each in found.values]
