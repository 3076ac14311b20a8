"""Cancel: a debit is given back, by an entry of its own, while no row has been read for it."""

from dataclasses import replace

from sandbox.errors import Unavailable
from sandbox.flow.budget import balances, way_back
from sandbox.flow.site import Site
from sandbox.ledger import entries
from sandbox.model.step import Step
from sandbox.model.submission import Reservation, Submission, SubmissionState
from sandbox.ports import Page


def cancel(site: Site, reservation: Reservation, refused: Unavailable) -> None:
    """Give a debit back, unless an equal request has begun to read or to be answered.

    Raises:
        Unavailable: the code of what refused; this debit stands, and the same request will be
            answered for it.
    """
    with site.books.write() as page:
        submission = page.submissions.get(reservation.submission)
        if submission.debit != reservation.debit or submission.state is SubmissionState.CANCELLED:
            return  # An equal request has given it back before us.
        if not give_back(site, page, submission, refused.code):
            raise Unavailable(
                "The site is busy; ask the same again, it is paid for", code=refused.code
            )
    site.onlooker.passed(Step.CANCELLED)


def give_back(site: Site, page: Page, submission: Submission, code: str) -> bool:
    """Give a debit back if no row was read for it; tell whether it was."""
    if submission.state is not SubmissionState.RESERVED or submission.route is None:
        return False
    way = way_back(page, submission.route)
    after = way.path.credited(submission.cost)
    way.settle(page, after)
    page.log.append(
        entries.cancellation(
            site.clock.now(),
            submission=submission.id,
            debit=submission.debit,
            code=code,
            balances=balances(after),
        )
    )
    cancelled = replace(submission, state=SubmissionState.CANCELLED)
    page.submissions.replace(cancelled.id, cancelled)
    return True
