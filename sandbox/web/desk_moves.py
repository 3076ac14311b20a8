"""What people do at their desks: the same steps as the API's, sent by forms.

Whatever is refused comes back with what was written, beside the thing as it stands now.
"""

from collections.abc import Callable, Mapping

from fastapi import APIRouter
from starlette.responses import Response

from sandbox.errors import BadInput, Conflict, DataRangeError, NotFound, NotPermitted
from sandbox.flow.assess import assess
from sandbox.flow.consent import consent
from sandbox.flow.course import find_application
from sandbox.flow.decide import decide
from sandbox.flow.declare import confirm
from sandbox.flow.demand import answer_demand
from sandbox.flow.dispose import dispose
from sandbox.flow.draft import draft, edit, submit
from sandbox.flow.feedback import file_feedback
from sandbox.flow.site import Site
from sandbox.flow.supplement import resubmit, supplement
from sandbox.flow.withdraw import withdraw
from sandbox.model.application import Application
from sandbox.model.principal import Principal
from sandbox.web.browser import Fields, LongFields
from sandbox.web.desk_forms import (
    application_of,
    assessment_of,
    consent_of,
    decision_of,
    demand_answer_of,
)
from sandbox.web.desk_views import (
    agreement_page,
    application_form,
    application_page,
    demand_page,
    emergency_page,
)
from sandbox.web.seat import PageRoute, Seat, TheSeat

SAID = (BadInput, Conflict, NotPermitted)
"""Refusals that are shown beside the thing that they are about."""

router = APIRouter(prefix="/desk", include_in_schema=False, route_class=PageRoute)

Written = Mapping[str, str]
Step = Callable[[Site, Principal, str, Written], object]


def _supplement(site: Site, who: Principal, id: str, fields: Written) -> object:  # noqa: A002  (the field's name)
    return supplement(site, who, id, fields.get("statement", ""))


def _assess(site: Site, who: Principal, id: str, fields: Written) -> object:  # noqa: A002
    return assess(site, who, id, assessment_of(fields))


def _consent(site: Site, who: Principal, id: str, fields: Written) -> object:  # noqa: A002
    return consent(site, who, id, consent_of(fields))


def _decide(site: Site, who: Principal, id: str, fields: Written) -> object:  # noqa: A002
    said = decision_of(fields)
    return decide(site, who, id, grant=said.grant, reason=said.reason, revision=said.revision)


def _withdraw(site: Site, who: Principal, id: str, _: Written) -> object:  # noqa: A002
    return withdraw(site, who, id)


STEPS: Mapping[str, Step] = {
    "supplement": _supplement,
    "assessment": _assess,
    "consent": _consent,
    "decision": _decide,
    "withdrawal": _withdraw,
}
"""By the last part of their address; these begin and end at an application's page."""


@router.post("/applications")
def send_application(seat: TheSeat, fields: LongFields) -> Response:
    """Begin a draft, and submit it if that was asked for; what cannot be submitted is kept."""
    seat.require_own(fields)
    try:
        begun = draft(seat.site, seat.person, application_of(fields))
    except SAID as error:
        return application_form(seat, fields, error)
    return _sent(seat, fields, begun)


@router.post("/applications/{id}/form")
def send_form(seat: TheSeat, id: str, fields: LongFields) -> Response:  # noqa: A002
    """Put another version in a draft's place, submit it, or answer a supplement."""
    seat.require_own(fields)
    with seat.site.books.read() as page:
        known = find_application(page, seat.person, id)
    step = resubmit if fields.get("then") == "resubmit" else edit
    try:
        written = step(seat.site, seat.person, id, application_of(fields))
    except SAID as error:
        return application_form(seat, fields, error, known)
    return _sent(seat, fields, written)


@router.post("/applications/{id}/{step}")
def make_move(seat: TheSeat, id: str, step: str, fields: LongFields) -> Response:  # noqa: A002
    """Take one step of an application's course."""
    seat.require_own(fields)
    if step not in STEPS:
        raise NotFound("There is nothing here", code="request.no_such_page")
    try:
        STEPS[step](seat.site, seat.person, id, fields)
    except SAID as error:
        return application_page(seat, id, error, fields)
    return seat.go(f"/desk/applications/{id}")


@router.post("/agreements/{id}/disposal")
def declare_disposal(seat: TheSeat, id: str, fields: LongFields) -> Response:  # noqa: A002
    """End an agreement."""
    seat.require_own(fields)
    try:
        dispose(seat.site, seat.person, id, fields.get("statement", ""))
    except SAID as error:
        return agreement_page(seat, id, error, fields)
    return seat.go(f"/desk/agreements/{id}")


@router.post("/agreements/{id}/feedback")
def report_use(seat: TheSeat, id: str, fields: LongFields) -> Response:  # noqa: A002
    """Put on record what became of the results."""
    seat.require_own(fields)
    try:
        file_feedback(seat.site, seat.person, id, fields.get("feedback", ""))
    except SAID as error:
        return agreement_page(seat, id, error, fields)
    return seat.go(f"/desk/agreements/{id}")


@router.post("/demands/{id}/answer")
def send_answer(seat: TheSeat, id: str, fields: LongFields) -> Response:  # noqa: A002
    """Answer a demand."""
    seat.require_own(fields)
    try:
        answer_demand(seat.site, seat.person, id, demand_answer_of(fields))
    except (*SAID, NotFound) as error:
        return demand_page(seat, id, error, fields)
    return seat.go(f"/desk/demands/{id}")


@router.post("/emergencies/{id}/confirmation")
def confirm_emergency(seat: TheSeat, id: str, fields: Fields) -> Response:  # noqa: A002
    """Open what another official has declared."""
    seat.require_own(fields)
    try:
        confirm(seat.site, seat.person, id)
    except SAID as error:
        return emergency_page(seat, id, error)
    return seat.go("/desk")


def _sent(seat: Seat, fields: Written, known: Application) -> Response:
    """Go on from a form that is kept: submit it if that was asked for."""
    if fields.get("then") == "submit":
        try:
            submit(seat.site, seat.person, known.id)
        except DataRangeError as error:
            return application_form(seat, fields, error, known)
    return seat.go(f"/desk/applications/{known.id}")
