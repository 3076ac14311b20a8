"""Desk: what waits for somebody today, the most urgent first, a page at a time.

Decides nothing: it finds what `sandbox.model.course` and the calendar say is somebody's to do.
"""

from collections.abc import Iterable
from datetime import date

from sandbox.flow.answer_for import may_speak
from sandbox.flow.authorise import demand, may, of_emergency
from sandbox.flow.course import may_see
from sandbox.flow.deadline import clock_of
from sandbox.flow.site import Site
from sandbox.model import label
from sandbox.model.application import Application
from sandbox.model.deadline import Deadline
from sandbox.model.demand import Demand
from sandbox.model.emergency import Emergency, ReviewDue, review_due
from sandbox.model.label import Label
from sandbox.model.paging import MAX_PAGE, Mark, Stretch
from sandbox.model.principal import Principal
from sandbox.model.verb import Verb

Clocked = tuple[Application, Deadline]


def to_decide(site: Site, steward: Principal, after: Mark | None, limit: int) -> Stretch[Clocked]:
    """Give applications whose clock runs, by due day: what is overdue stands first.

    Those that are hurried by an emergency are all on the first page.

    Raises:
        NotPermitted: not a steward.
    """
    demand(steward, Verb.DECIDE)
    found = _clocked(site, steward, label.UNDECIDED, after, limit)
    if after is not None:
        return found
    urgent = _clocked(site, steward, label.URGENT, None, MAX_PAGE).values
    known = {one.id for one, _ in urgent}
    others = (pair for pair in found.values if pair[0].id not in known)
    return Stretch(_by_due_day((*urgent, *others)), found.next)


def paused(site: Site, steward: Principal, after: Mark | None, limit: int) -> Stretch[Clocked]:
    """Give applications that wait for their applicants.

    Raises:
        NotPermitted: not a steward.
    """
    demand(steward, Verb.DECIDE)
    return _clocked(site, steward, label.PAUSED, after, limit)


def to_consent(site: Site, owner: Principal, after: Mark | None, limit: int) -> Stretch[Clocked]:
    """Give applications that wait for an owner's consent, by due day.

    Raises:
        NotPermitted: not an owner.
    """
    demand(owner, Verb.CONSENT)
    return _clocked(site, owner, label.unanswered_by(owner.name), after, limit)


def demands_due(site: Site, owner: Principal, limit: int) -> tuple[Demand, ...]:
    """Give demands that wait for the answer of a body one may speak for, the oldest first.

    Raises:
        NotPermitted: not an owner.
    """
    demand(owner, Verb.ANSWER_DEMAND)
    with site.books.read() as page:
        bodies = [one.name for one in page.owners if may_speak(page, owner, one.name)]
        asked = [
            each
            for body in bodies
            for each in page.demands.stretch(limit=limit, label=label.asked_of(body)).values
        ]
    return tuple(sorted(asked, key=_when_asked)[:limit])


def to_confirm(site: Site, steward: Principal) -> tuple[Emergency, ...]:
    """Give emergencies that wait for a second official, who is not the one that declared them.

    Raises:
        NotPermitted: not a steward.
    """
    demand(steward, Verb.CONFIRM_EMERGENCY)
    now = site.clock.now()
    with site.books.read() as page:
        found = page.emergencies.stretch(limit=MAX_PAGE, label=label.UNCONFIRMED, newest=True)
        return tuple(
            one
            for one in found.values
            if now < one.ends and may(steward, Verb.CONFIRM_EMERGENCY, of_emergency(page, one, now))
        )


def to_review(site: Site, official: Principal) -> tuple[tuple[Emergency, ReviewDue], ...]:
    """Give emergencies that are over and that nobody has looked into, by due day.

    Raises:
        NotPermitted: neither a steward nor an auditor.
    """
    demand(official, Verb.REVIEW)
    now = site.clock.now()
    with site.books.read() as page:
        found = page.emergencies.stretch(limit=MAX_PAGE, label=label.UNREVIEWED).values
    over = [one for one in found if one.waits_for_review(now)]
    due = ((one, review_due(one, site.calendar, now, site.zone)) for one in over)
    return tuple(sorted(((one, day) for one, day in due if day), key=lambda pair: pair[1].day))


def known_key(site: Site, researcher: Principal) -> str:
    """Give the public key of somebody's last application, so that they need not look it up."""
    with site.books.read() as page:
        named = label.whose(researcher.name)
        latest = page.applications.stretch(limit=1, label=named, newest=True).values
    return latest[0].public_key if latest else ""


def _clocked(
    site: Site, who: Principal, named: Label, after: Mark | None, limit: int
) -> Stretch[Clocked]:
    with site.books.read() as page:
        found = page.applications.stretch(after, limit, label=named)
        seen = [one for one in found.values if may_see(page, who, one)]
    return Stretch(_by_due_day((one, clock_of(site, one)) for one in seen), found.next)


def _by_due_day(clocked: Iterable[Clocked]) -> tuple[Clocked, ...]:
    return tuple(sorted(clocked, key=_due))


def _due(pair: Clocked) -> date:
    return pair[1].due


def _when_asked(asked: Demand) -> float:
    return asked.asked.timestamp()
