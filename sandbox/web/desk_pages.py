"""Desks: what waits for whoever signs in, and the addresses of what they look at."""

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from sandbox.flow import desk
from sandbox.flow.authorise import demand
from sandbox.flow.browse import agreements, applications
from sandbox.flow.course import find_application
from sandbox.flow.deadline import overdue
from sandbox.flow.publish import newest_head
from sandbox.model.agreement import Agreement
from sandbox.model.paging import Mark
from sandbox.model.principal import Role
from sandbox.model.verb import Verb
from sandbox.web.application_cards import application_card
from sandbox.web.desk_forms import fields_after, fields_of
from sandbox.web.desk_views import (
    agreement_page,
    application_form,
    application_page,
    certificate_page,
    demand_page,
    emergency_page,
    find_agreement,
    stage_name,
)
from sandbox.web.pages import PAGE, next_page
from sandbox.web.paging import MAX_MARK
from sandbox.web.record_cards import demand_card
from sandbox.web.seat import PageRoute, Seat, TheSeat

WAITING = 10
"""Things in a list that is not the main one of its desk."""

router = APIRouter(prefix="/desk", include_in_schema=False, route_class=PageRoute)

After = Annotated[str, Query(max_length=MAX_MARK)]
Named = Annotated[str, Query(max_length=128)]


@router.get("")
def show_desk(seat: TheSeat, after: After = "") -> Response:
    """Show what waits for somebody."""
    begun = seat.marks.read(after)
    shown = {
        Role.RESEARCHER: _researchers,
        Role.STEWARD: _stewards,
        Role.OWNER: _owners,
        Role.AUDITOR: _auditors,
    }.get(seat.person.role, _nobodys)
    return shown(seat, begun)


@router.get("/applications/new")
def begin_application(
    seat: TheSeat, dataset: Named = "", amends: Named = "", renews: Named = ""
) -> Response:
    """Show an empty form, or one that begins with the clauses of an agreement of one's own."""
    demand(seat.person, Verb.APPLY)
    if amends or renews:
        found = find_agreement(seat, amends or renews, Verb.SIGN_AGREEMENT)
        return application_form(seat, fields_after(found, "amends" if amends else "renews"))
    known = desk.known_key(seat.site, seat.person)
    return application_form(seat, {"dataset": dataset, "public_key": known})


@router.get("/applications/{id}")
def show_application(seat: TheSeat, id: str) -> Response:  # noqa: A002  (the field's name)
    """Show one application, whole, with what one may do."""
    return application_page(seat, id)


@router.get("/applications/{id}/form")
def edit_application(seat: TheSeat, id: str) -> Response:  # noqa: A002
    """Show the form of a draft, or of what a supplement is asked for."""
    demand(seat.person, Verb.APPLY)
    with seat.site.books.read() as page:
        known = find_application(page, seat.person, id)
    return application_form(seat, fields_of(known), known=known)


@router.get("/agreements")
def show_agreements(seat: TheSeat, after: After = "") -> Response:
    """Show a page of the agreements that one may see."""
    demand(seat.person, Verb.LIST_AGREEMENTS)
    with seat.site.books.read() as page:
        begun = seat.marks.read(after)
        found = agreements(page, seat.person, begun, PAGE, newest=True)
    following = next_page(seat.words, seat.marks.write(found.next))
    cards = [_agreement_row(seat, one) for one in found.values]
    return seat.page("desk_agreements.html", cards=cards, following=following)


@router.get("/agreements/{id}")
def show_agreement(seat: TheSeat, id: str) -> Response:  # noqa: A002
    """Show an agreement's text, to be read and printed."""
    return agreement_page(seat, id)


@router.get("/agreements/{id}/certificate")
def show_certificate(seat: TheSeat, id: str) -> Response:  # noqa: A002
    """Show what proves that an agreement's end was carried out."""
    return certificate_page(seat, id)


@router.get("/checkpoint")
def show_checkpoint(seat: TheSeat) -> Response:
    """Show the ledger's head, signed as it is now."""
    demand(seat.person, Verb.READ_LOG)
    return seat.page("desk_checkpoint.html", text=newest_head(seat.site))


@router.get("/demands/{id}")
def show_demand(seat: TheSeat, id: str) -> Response:  # noqa: A002
    """Show a demand, to be answered."""
    return demand_page(seat, id)


@router.get("/emergencies/{id}")
def show_emergency(seat: TheSeat, id: str) -> Response:  # noqa: A002
    """Show an emergency, to be confirmed."""
    return emergency_page(seat, id)


def _researchers(seat: Seat, after: Mark | None) -> Response:
    with seat.site.books.read() as page:
        found = applications(page, seat.person, after, PAGE, newest=True)
        cards = [application_card(seat.site, page, seat.person, one) for one in found.values]
        held = agreements(page, seat.person, None, WAITING, newest=True)
    return seat.page(
        "desk_researcher.html",
        cards=cards,
        following=next_page(seat.words, seat.marks.write(found.next)),
        agreements=[_agreement_row(seat, one) for one in held.values],
        more_agreements=held.next is not None,
    )


def _stewards(seat: Seat, after: Mark | None) -> Response:
    found = desk.to_decide(seat.site, seat.person, after, PAGE)
    return seat.page(
        "desk_steward.html",
        clocked=found.values,
        following=next_page(seat.words, seat.marks.write(found.next)),
        paused=desk.paused(seat.site, seat.person, None, WAITING).values,
        to_confirm=desk.to_confirm(seat.site, seat.person),
        to_review=desk.to_review(seat.site, seat.person),
    )


def _owners(seat: Seat, after: Mark | None) -> Response:
    found = desk.to_consent(seat.site, seat.person, after, PAGE)
    return seat.page(
        "desk_owner.html",
        clocked=found.values,
        following=next_page(seat.words, seat.marks.write(found.next)),
        demands=list(map(demand_card, desk.demands_due(seat.site, seat.person, PAGE))),
    )


def _auditors(seat: Seat, after: Mark | None) -> Response:
    found = overdue(seat.site, seat.person, after, PAGE)
    return seat.page(
        "desk_auditor.html",
        clocked=found.values,
        following=next_page(seat.words, seat.marks.write(found.next)),
        to_review=desk.to_review(seat.site, seat.person),
    )


def _nobodys(seat: Seat, after: Mark | None) -> Response:  # noqa: ARG001  (as the other desks)
    return seat.page("desk_nobody.html")


def _agreement_row(seat: Seat, agreement: Agreement) -> dict[str, object]:
    clauses = agreement.clauses
    return {
        "id": agreement.id,
        "datasets": clauses.datasets,
        "lanes": agreement.grant.lanes,
        "researcher": agreement.researcher,
        "starts": clauses.starts.isoformat(),
        "ends": clauses.ends.isoformat(),
        "stage": stage_name(seat, agreement),
    }
