"""Deadline: which applications nobody has answered in time."""

from sandbox.flow.permit import require
from sandbox.flow.site import Site
from sandbox.model.application import Application
from sandbox.model.deadline import ClockStage, Deadline, deadline_of
from sandbox.model.principal import Principal, Role


def clock_of(site: Site, application: Application) -> Deadline:
    """Read an application's clock by this site's calendar."""
    return deadline_of(application, site.calendar, site.clock.now(), site.zone)


def overdue(site: Site, principal: Principal) -> list[tuple[Application, Deadline]]:
    """List what is overdue, the longest first; for stewards and auditors.

    Raises:
        NotPermitted: neither a steward nor an auditor.
    """
    require(principal, Role.STEWARD, Role.AUDITOR)
    with site.books.read() as page:
        clocks = [(one, clock_of(site, one)) for one in page.applications]
    late = [(one, clock) for one, clock in clocks if clock.stage is ClockStage.OVERDUE]
    return sorted(late, key=lambda pair: pair[1].due)
