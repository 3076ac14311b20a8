"""Deadline: which applications nobody has answered in time, and which are answered within hours."""

from dataclasses import replace
from datetime import date, datetime

from sandbox.errors import BadInput, Conflict, NotFound, Place
from sandbox.flow.authorise import demand
from sandbox.flow.site import Site
from sandbox.model.application import Application
from sandbox.model.deadline import ClockStage, Deadline, deadline_of
from sandbox.model.emergency import Emergency
from sandbox.model.label import UNDECIDED
from sandbox.model.names import EmergencyId
from sandbox.model.paging import USUAL_PAGE, Mark, Stretch
from sandbox.model.principal import Principal
from sandbox.model.verb import Verb
from sandbox.ports import Page

PLACE = Place(clause="emergency")


def clock_of(site: Site, application: Application) -> Deadline:
    """Read an application's clock by this site's calendar."""
    return deadline_of(application, site.calendar, site.clock.now(), site.zone)


def overdue(
    site: Site, principal: Principal, after: Mark | None = None, limit: int = USUAL_PAGE
) -> Stretch[tuple[Application, Deadline]]:
    """List what is overdue, a page at a time, the longest of a page first; for officials.

    What was received first is read first, and nothing that was received too late to be overdue.

    Raises:
        NotPermitted: neither a steward nor an auditor.
    """
    demand(principal, Verb.LIST_OVERDUE)
    with site.books.read() as page:
        found = page.applications.stretch(after, limit, label=UNDECIDED)
    clocks = tuple((one, clock_of(site, one)) for one in found.values)
    late = tuple(pair for pair in clocks if pair[1].stage is ClockStage.OVERDUE)
    goes_on = bool(clocks) and _could_be_late(site, clocks[-1][0])
    return Stretch(tuple(sorted(late, key=_due)), found.next if goes_on else None)


def _could_be_late(site: Site, application: Application) -> bool:
    """Tell whether one that was received then would be overdue by the shortest clock there is."""
    hurried = application.emergency or EmergencyId("any")
    clock = clock_of(site, replace(application, pauses=(), emergency=hurried))
    return clock.stage is ClockStage.OVERDUE


def _due(pair: tuple[Application, Deadline]) -> date:
    return pair[1].due


def require_open_emergency(page: Page, application: Application, now: datetime) -> None:
    """Make sure that an emergency which is named as an application is received is open for it.

    Raises:
        NotFound: `emergency.unknown`; nobody has confirmed such an emergency.
        Conflict: `emergency.over`.
        BadInput: `emergency.other_source`.
    """
    emergency = require_its_source(page, application)
    if emergency is not None and not emergency.is_open(now):
        raise Conflict(
            "This emergency is over: apply without it, and it is answered within five working days",
            code="emergency.over",
            place=PLACE,
        )


def require_its_source(page: Page, application: Application) -> Emergency | None:
    """Give the emergency that an application names; it hurries nobody but its source's owner.

    Raises:
        NotFound: `emergency.unknown`.
        BadInput: `emergency.other_source`.
    """
    if application.emergency is None:
        return None
    emergency = page.emergencies.find(application.emergency)
    if emergency is None or emergency.confirmed is None:
        raise NotFound("There is no such emergency", code="emergency.unknown", place=PLACE)
    found = (page.datasets.find(name) for name in application.datasets)
    if any(one is not None and one.source != emergency.source for one in found):
        raise BadInput(
            f"The emergency is about {emergency.source}; apply for data of that source alone",
            code="emergency.other_source",
            place=PLACE,
        )
    return emergency
