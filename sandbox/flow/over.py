"""Over: whether an agreement still lets anything out; judged again after the debit."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

from sandbox.errors import Conflict
from sandbox.flow.cancel import give_back
from sandbox.flow.site import Site
from sandbox.flow.versions import latest
from sandbox.ledger import entries
from sandbox.model.agreement import Agreement, AgreementState
from sandbox.model.names import AgreementId
from sandbox.model.submission import Submission, SubmissionState
from sandbox.ports import Page

CODE = "agreement.over"
SAID = "This agreement ended before the answer was out; nothing is released under it"
OPEN = frozenset((SubmissionState.RESERVED, SubmissionState.BEGUN))
"""What can still become an answer."""


def is_over(page: Page, agreement: Agreement, now: datetime) -> bool:
    """Tell whether its last day is over, or its researcher has disposed of what it gave.

    One that was closed stays over, also when the clock is set back. A version that another has
    taken the place of keeps its own last day for what was asked under it.
    """
    last = latest(page, agreement)
    if last.closed is not None or last.state is not AgreementState.IN_FORCE:
        return True
    return now.date() > agreement.clauses.ends


def last_moment(agreement: Agreement) -> datetime:
    """Say when its last day is over, in UTC; that moment is outside."""
    return datetime.combine(agreement.clauses.ends + timedelta(days=1), time(), UTC)


def hold_back_if_over(site: Site, agreement: AgreementId) -> None:
    """Keep an answer that waited, for its tick or its researcher, when the agreement has ended.

    Its release stands in the ledger, for it fell within the agreement.

    Raises:
        Conflict: code `agreement.over`.
    """
    with site.books.read() as page:
        last = latest(page, page.agreements.get(agreement))
        over = is_over(page, last, site.clock.now())
    if over:
        raise Conflict(SAID, code=CODE)


def stop(site: Site, page: Page, submission: Submission) -> bool:
    """Stop what an agreement paid for before it ended; tell whether there was anything to stop.

    What has read no rows is given back. Else the debit stands, and the end is recorded as a
    failure.
    """
    if submission.state not in OPEN:
        return False
    if not give_back(site, page, submission, CODE):
        now = site.clock.now()
        page.log.append(
            entries.failure(now, submission=submission.id, debit=submission.debit, code=CODE)
        )
        stopped = replace(submission, state=SubmissionState.STOPPED)
        page.submissions.replace(stopped.id, stopped)
    return True
