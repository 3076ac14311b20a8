"""Browse: what somebody may see of a list, a page at a time.

Labels find what belongs to whom without reading everything; whether it may be seen is judged for
each thing all the same. Where no label does, a page is filled up: short pages would count others'.
"""

from collections.abc import Callable
from typing import TypeVar

from sandbox.errors import NotFound
from sandbox.flow.authorise import may, of_agreement, of_emergency, of_source
from sandbox.flow.course import may_see
from sandbox.flow.site import Site
from sandbox.model import label
from sandbox.model.agreement import Agreement
from sandbox.model.application import Application
from sandbox.model.dataset import Dataset
from sandbox.model.emergency import Emergency
from sandbox.model.finding import Wanted
from sandbox.model.label import Label
from sandbox.model.names import EmergencyId
from sandbox.model.paging import MAX_PAGE, USUAL_PAGE, Mark, Stretch
from sandbox.model.principal import Principal, Role
from sandbox.model.source import Source
from sandbox.model.verb import Verb
from sandbox.ports import Page

V = TypeVar("V")

SEARCHED = MAX_PAGE
"""Records that a search for datasets looks at for one page: most have no data behind them."""


def applications(
    page: Page,
    who: Principal,
    after: Mark | None = None,
    limit: int = USUAL_PAGE,
    *,
    newest: bool = False,
) -> Stretch[Application]:
    """Give one's own applications; an owner's, those for their data; a steward's, all."""
    named = _belonging(who, label.SHOWN)
    found = page.applications.stretch(after, limit, label=named, newest=newest)
    return found.only(lambda each: may_see(page, who, each))


def agreements(
    page: Page,
    who: Principal,
    after: Mark | None = None,
    limit: int = USUAL_PAGE,
    *,
    newest: bool = False,
) -> Stretch[Agreement]:
    """Give a researcher's or an owner's own agreements; all for stewards and auditors."""
    named = _belonging(who, None)
    found = page.agreements.stretch(after, limit, label=named, newest=newest)
    return found.only(lambda each: may(who, Verb.READ_AGREEMENT, of_agreement(page, each)))


def sources(page: Page, who: Principal, after: Mark | None, limit: int) -> Stretch[Source]:
    """Give an owner's sources; all of them for stewards and auditors."""
    named = label.owned_by(who.name) if who.role is Role.OWNER else None
    found = page.sources.stretch(after, limit, label=named)
    return found.only(lambda each: may(who, Verb.READ_SOURCE, of_source(each)))


def emergencies(
    site: Site, page: Page, who: Principal, after: Mark | None, limit: int
) -> Stretch[Emergency]:
    """Give open emergencies for researchers, those of their own sources for owners."""
    now = site.clock.now()

    def is_seen(each: Emergency) -> bool:
        return may(who, Verb.READ_EMERGENCY, of_emergency(page, each, now))

    seen, begun = _filled(page.emergencies.stretch, is_seen, after, limit)
    goes_on = begun is not None and _filled(page.emergencies.stretch, is_seen, begun, 1)[0]
    return Stretch(seen, begun if goes_on else None)


def find_emergency(site: Site, page: Page, who: Principal, id: str) -> Emergency:  # noqa: A002
    """Look an emergency up; one that somebody may not see is as if it were not there.

    Raises:
        NotFound: code `emergency.unknown`.
    """
    found = page.emergencies.find(EmergencyId(id))
    now = site.clock.now()
    if found is not None and may(who, Verb.READ_EMERGENCY, of_emergency(page, found, now)):
        return found
    raise NotFound("There is no such emergency", code="emergency.unknown")


def datasets(page: Page, text: str, after: Mark | None, limit: int) -> Stretch[Dataset]:
    """Give what is listed and can be asked of, or what is found of it by words."""
    if not text.strip():
        return page.datasets.stretch(after, limit, label=label.SHOWN)
    values: tuple[Dataset, ...] = ()
    for _ in range(0, SEARCHED, limit):
        found = page.records.search(Wanted(text, after=after, limit=limit))
        with_data = (page.datasets.find(record.name) for record in found.records)
        values = tuple(each for each in with_data if each is not None)
        after = found.next
        if values or after is None:
            break
    return Stretch(values, after)


def _filled(
    stretch: Callable[[Mark | None, int], Stretch[V]],
    fits: Callable[[V], bool],
    after: Mark | None,
    limit: int,
) -> tuple[tuple[V, ...], Mark | None]:
    """Read on until a page is full: a short one would tell how much somebody may not see."""
    values: tuple[V, ...] = ()
    while True:
        found = stretch(after, limit - len(values)).only(fits)
        values, after = (*values, *found.values), found.next
        if after is None or len(values) == limit:
            return values, after


def _belonging(who: Principal, to_officials: Label | None) -> Label | None:
    """Name the label of what belongs to somebody."""
    if who.role is Role.RESEARCHER:
        return label.whose(who.name)
    return label.owned_by(who.name) if who.role is Role.OWNER else to_officials
