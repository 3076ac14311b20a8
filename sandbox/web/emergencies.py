"""Emergencies: one steward declares, another confirms, and those concerned read."""

from typing import Annotated

from fastapi import APIRouter, Depends

from sandbox.flow.declare import confirm, declare
from sandbox.model.emergency import Emergency
from sandbox.model.principal import Principal, Role
from sandbox.ports import Page
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
    now = site.clock.now()
    with site.books.read() as page:
        cards = [
            emergency_card(each, now) for each in page.emergencies if _concerns(page, caller, each)
        ]
    if caller.role is Role.RESEARCHER:
        return [card for card in cards if card.state == "open"]
    return cards


def _concerns(page: Page, caller: Principal, emergency: Emergency) -> bool:
    if caller.role is not Role.OWNER:
        return True
    return page.sources.get(emergency.source).owner == caller.name
