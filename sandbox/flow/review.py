"""Review: somebody has looked into a source, an agreement, an emergency or the whole ledger."""

from dataclasses import replace

from sandbox.errors import BadInput, Place
from sandbox.flow.authorise import demand, of_emergency
from sandbox.flow.papers import require_subject, require_text
from sandbox.flow.site import Site
from sandbox.ledger import entries
from sandbox.model.names import EmergencyId
from sandbox.model.principal import Principal
from sandbox.model.verb import Verb
from sandbox.ports import Page
from sandbox.wire import ReviewForm

OUTCOMES = ("in_order", "objection")


def review(site: Site, reviewer: Principal, form: ReviewForm) -> int:
    """Put a review on record; give the index of its entry.

    Raises:
        BadInput: `review.outcome` or `review.statement`.
        NotFound: code `review.subject`.
        NotPermitted: neither auditor nor steward, or (`rule.forbids`) one of the two officials who
            opened the emergency.
    """
    demand(reviewer, Verb.REVIEW)
    statement = require_text(form.statement, "review.statement")
    if form.outcome not in OUTCOMES:
        raise BadInput(
            "A review finds in_order or objection",
            code="review.outcome",
            place=Place(clause="outcome"),
        )
    with site.books.write() as page:
        require_subject(page, form.subject)
        _after_action(site, page, reviewer, form.subject)
        return page.log.append(
            entries.review(
                site.clock.now(),
                subject=form.subject,
                by=site.pseudonyms.of(reviewer.name),
                outcome=form.outcome,
                commitment=site.commit_to(page, statement.encode()),
            )
        )


def _after_action(site: Site, page: Page, reviewer: Principal, subject: str) -> None:
    """Of an emergency, keep its two officials out; after its end, note that it was looked into.

    Raises:
        NotPermitted: the reviewer declared or confirmed it.
    """
    kind, _, name = subject.partition("/")
    emergency = page.emergencies.find(EmergencyId(name)) if kind == "emergency" else None
    if emergency is None:
        return
    now = site.clock.now()
    demand(reviewer, Verb.REVIEW, of_emergency(page, emergency, now))
    if emergency.waits_for_review(now):
        page.emergencies.replace(emergency.id, replace(emergency, reviewed=now))
