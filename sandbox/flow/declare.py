"""Declare: two officials open a source's emergency tranche (突发事件), for a few days at most.

What it opens is the tranche alone, and to nothing but the questions that the owner approved
beforehand: agreement, purpose, columns and every other clause hold as ever, and the source's cap is
not raised.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from sandbox.errors import BadInput, Conflict, NotFound, NotPermitted, Place
from sandbox.flow.approve import questions_over
from sandbox.flow.authorise import demand, may, of_emergency
from sandbox.flow.papers import require_text
from sandbox.flow.recap import find_source
from sandbox.flow.site import Site
from sandbox.ledger import entries
from sandbox.model.emergency import Emergency
from sandbox.model.label import UNREVIEWED
from sandbox.model.names import EmergencyId, SourceName
from sandbox.model.principal import Principal
from sandbox.model.verb import Verb
from sandbox.ports import Page
from sandbox.wire import EmergencyForm

MAX_HOURS = 72
"""Longest emergency; a longer one is declared again, by two people again."""


def declare(site: Site, steward: Principal, form: EmergencyForm) -> Emergency:
    """Declare an emergency; it opens nothing until another official confirms it.

    Raises:
        BadInput: `emergency.reason` or `emergency.hours`.
        NotFound: code `source.unknown`.
        NotPermitted: not a steward, or the owner keeps nothing back (`emergency.no_tranche`) or
            has approved no question (`emergency.no_questions`): it would open nothing.
    """
    demand(steward, Verb.DECLARE_EMERGENCY)
    reason = require_text(form.reason, "emergency.reason")
    if not 1 <= form.hours <= MAX_HOURS:
        raise BadInput(
            f"An emergency lasts 1 to {MAX_HOURS} hours",
            code="emergency.hours",
            place=Place(clause="hours"),
        )
    with site.books.write() as page:
        source = find_source(page, form.source)
        if source.caps.emergency is None:
            raise NotPermitted(
                "The owner keeps no tranche for emergencies", code="emergency.no_tranche"
            )
        if not any(questions_over(page, source.name)):
            raise NotPermitted(
                "The owner has approved no question for emergencies, so this would open nothing",
                code="emergency.no_questions",
            )
        now = site.clock.now()
        emergency = Emergency(
            id=EmergencyId(site.fresh_id()),
            source=source.name,
            reason=reason,
            declared=now,
            declared_by=steward.name,
            ends=now + timedelta(hours=form.hours),
        )
        page.emergencies.add(emergency.id, emergency)
    return emergency


def confirm(site: Site, steward: Principal, id: str) -> Emergency:  # noqa: A002  (the field's name)
    """Confirm what another official declared; the tranche is open from now on.

    Raises:
        NotFound: code `emergency.unknown`.
        NotPermitted: not a steward, or (`emergency.same_person`) the one who declared it.
        Conflict: `emergency.confirmed`, `emergency.over`, or `emergency.unreviewed`: an earlier one
            over this source is over, and nobody has looked into it.
    """
    demand(steward, Verb.CONFIRM_EMERGENCY)
    with site.books.write() as page:
        emergency = page.emergencies.find(EmergencyId(id))
        now = site.clock.now()
        if emergency is None:
            raise NotFound("There is no such emergency", code="emergency.unknown")
        thing = of_emergency(page, emergency, now)
        if not may(steward, Verb.CONFIRM_EMERGENCY, thing):
            raise NotPermitted("Another official has to confirm this", code="emergency.same_person")
        if emergency.confirmed is not None:
            raise Conflict("This emergency is confirmed already", code="emergency.confirmed")
        if now >= emergency.ends:
            raise Conflict("This emergency is over", code="emergency.over")
        _require_reviews(page, emergency.source, now)
        opened = replace(emergency, confirmed=now, confirmed_by=steward.name)
        index = page.log.append(
            entries.emergency(
                now,
                id=opened.id,
                source=opened.source,
                by=[site.pseudonyms.of(one) for one in (emergency.declared_by, steward.name)],
                starts=now,
                ends=opened.ends,
                commitment=site.commit_to(page, opened.reason.encode()),
            )
        )
        opened = replace(opened, entry=index)
        page.emergencies.replace(opened.id, opened)
    return opened


def _require_reviews(page: Page, source: SourceName, now: datetime) -> None:
    waiting = [
        one.id
        for one in page.emergencies.labelled(UNREVIEWED)
        if one.source == source and one.waits_for_review(now)
    ]
    if waiting:
        raise Conflict(
            f"Emergency {waiting[0]} over this source is over and has no review yet: "
            f"datarange audit review emergency/{waiting[0]}",
            code="emergency.unreviewed",
        )
