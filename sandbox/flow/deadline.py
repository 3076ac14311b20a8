"""Deadline: which applications nobody has answered in time."""

from dataclasses import replace
from datetime import date

from sandbox.flow.permit import require
from sandbox.flow.site import Site
from sandbox.model.application import Application
from sandbox.model.deadline import ClockStage, Deadline, deadline_of
from sandbox.model.label import UNDECIDED
from sandbox.model.paging import USUAL_PAGE, Mark, Stretch
from sandbox.model.principal import Principal, Role


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
    require(principal, Role.STEWARD, Role.AUDITOR)
    with site.books.read() as page:
        found = page.applications.stretch(after, limit, label=UNDECIDED)
    clocks = tuple((one, clock_of(site, one)) for one in found.values)
    late = tuple(pair for pair in clocks if pair[1].stage is ClockStage.OVERDUE)
    goes_on = bool(clocks) and _could_be_late(site, clocks[-1][0])
    return Stretch(tuple(sorted(late, key=_due)), found.next if goes_on else None)


def _could_be_late(site: Site, application: Application) -> bool:
    """Tell whether one that was received then would be overdue, had its clock never stood."""
    clock = clock_of(site, replace(application, pauses=()))
    return clock.stage is ClockStage.OVERDUE


def _due(pair: tuple[Application, Deadline]) -> date:
    return pair[1].due
