"""Execute: have the exact sum computed; once it has begun, the debit stands whatever happens.

Between the debit and the first row stands the queue for a place to compute in. What fails there has
read nothing and is given back (`sandbox.flow.cancel`). The books are told before a row is read, so
that after a crash nobody has to guess.
"""

from contextlib import ExitStack
from dataclasses import replace
from typing import TypeVar

from sandbox.errors import Conflict, Unavailable
from sandbox.flow.cancel import cancel
from sandbox.flow.over import CODE, SAID, is_over, stop
from sandbox.flow.site import Site
from sandbox.ledger import entries
from sandbox.model.bounded_sum import BoundedSum
from sandbox.model.step import Step
from sandbox.model.submission import Priced, Reservation, Submission, SubmissionState
from sandbox.ports import Engine, Page

P = TypeVar("P", bound=Priced)


def execute(site: Site, engine: Engine[P], reservation: Reservation, priced: P) -> BoundedSum:
    """Have an engine of the site's add up over the reserved snapshot.

    Raises:
        Unavailable: `engine.busy`, there was no place to compute in, and the debit was given back
            unless an equal request had begun; or `engine.failed`, recorded, paid, and the same
            request may try again. The message is fixed: what went wrong may depend on rows.
        Conflict: `submission.cancelled`, an equal request's debit was just given back; or
            `agreement.over`, the agreement ended in the queue.
    """
    with ExitStack() as held:
        try:
            held.enter_context(engine.place())
        except Unavailable as refused:
            cancel(site, reservation, refused)
            raise
        site.onlooker.passed(Step.PLACED)
        _begin(site, reservation)
        site.onlooker.passed(Step.BEGUN)
        return _added_up(site, engine, reservation, priced)


def _begin(site: Site, reservation: Reservation) -> None:
    """Say in the books that rows may be read from here on, unless the agreement has ended."""
    with site.books.write() as page:
        submission = page.submissions.get(reservation.submission)
        over = _is_over(site, page, submission)
        if over:
            stop(site, page, submission)
        elif submission.state is SubmissionState.CANCELLED or submission.debit != reservation.debit:
            raise Conflict(
                "The site was busy and this was given back; ask again",
                code="submission.cancelled",
            )
        elif submission.state is SubmissionState.RESERVED:
            begun = replace(submission, state=SubmissionState.BEGUN)
            page.submissions.replace(begun.id, begun)
    if over:
        raise Conflict(SAID, code=CODE)


def _is_over(site: Site, page: Page, submission: Submission) -> bool:
    """Tell so also of what was stopped once, should the clock have been set back since."""
    agreement = page.agreements.get(submission.agreement)
    stopped = submission.state is SubmissionState.STOPPED
    return stopped or is_over(page, agreement, site.clock.now())


def _added_up(site: Site, engine: Engine[P], reservation: Reservation, priced: P) -> BoundedSum:
    try:
        total = engine.add_up(reservation, priced)
    except Exception as fault:
        with site.books.write() as page:
            page.log.append(
                entries.failure(
                    site.clock.now(),
                    submission=reservation.submission,
                    debit=reservation.debit,
                    code="engine.failed",
                )
            )
        site.onlooker.passed(Step.FAILED)
        raise Unavailable(
            "The site could not compute this; ask the same again, it is paid for",
            code="engine.failed",
        ) from fault
    site.onlooker.passed(Step.EXECUTED)
    return total
