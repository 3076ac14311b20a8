"""Review: somebody has looked into a source, an agreement, an emergency or the whole ledger."""

from sandbox.errors import BadInput, Place
from sandbox.flow.authorise import demand
from sandbox.flow.papers import require_subject, require_text
from sandbox.flow.site import Site
from sandbox.ledger import entries
from sandbox.model.principal import Principal
from sandbox.model.verb import Verb
from sandbox.wire import ReviewForm

OUTCOMES = ("in_order", "objection")


def review(site: Site, reviewer: Principal, form: ReviewForm) -> int:
    """Put a review on record; give the index of its entry.

    Raises:
        BadInput: `review.outcome` or `review.statement`.
        NotFound: code `review.subject`.
        NotPermitted: neither auditor nor steward.
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
        return page.log.append(
            entries.review(
                site.clock.now(),
                subject=form.subject,
                by=site.pseudonyms.of(reviewer.name),
                outcome=form.outcome,
                commitment=site.commit_to(page, statement.encode()),
            )
        )
