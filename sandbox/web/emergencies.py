"""Emergencies: one steward declares, another confirms, and those concerned read."""

from typing import Annotated

from fastapi import APIRouter, Depends

from sandbox.flow.authorise import demand, may, of_emergency
from sandbox.flow.declare import confirm, declare
from sandbox.model.verb import Verb
from sandbox.web.body import JsonBody
from sandbox.web.budget_cards import emergency_card
from sandbox.web.openapi import takes
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
def list_emergencies(caller: Caller, site: TheSite) -> list[EmergencyCard]:
    """List emergencies: open ones for researchers, those of their own sources for owners."""
    demand(caller, Verb.LIST_EMERGENCIES)
    now = site.clock.now()
    with site.books.read() as page:
        return [
            emergency_card(each, now)
            for each in page.emergencies
            if may(caller, Verb.READ_EMERGENCY, of_emergency(page, each, now))
        ]
