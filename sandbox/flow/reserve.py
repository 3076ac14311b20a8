"""Reserve: judge and debit in one transaction, before any row is read.

The only place that makes a `Reservation`. A debit is the right to one answer: whoever comes back
after a crash with the same submission collects that answer and pays nothing more.
"""

from datetime import datetime

from policies.verdict import Verdict
from sandbox.errors import Conflict, Refused
from sandbox.flow.check import check, reasons_of
from sandbox.flow.publish import require_witnesses
from sandbox.flow.site import Site
from sandbox.flow.submit import Submitted
from sandbox.ledger import entries
from sandbox.model.account import Account, agreement_account
from sandbox.model.agreement import Agreement
from sandbox.model.cost import PrivacyCost, text
from sandbox.model.submission import PricedPlan, Reservation, Submission, SubmissionState
from sandbox.ports import Page


def reserve(site: Site, submitted: Submitted) -> Reservation | Submission:
    """Debit once; give the reservation, or the finished submission if it was answered before.

    Raises:
        Refused: with every reason; the refusal is in the ledger and cost nothing.
        Conflict: the owner has just published another version; nothing was spent.
        Unavailable: the books cannot be written, or too few witnesses have seen the ledger of
            late; nothing was spent.
    """
    with site.books.write() as page:
        _still_current(page, submitted)
        known = page.submissions.find(submitted.id)
        now = site.clock.now()
        verdict = check(page, submitted, now, paid_already=known is not None)
        if verdict.permitted and submitted.priced and submitted.agreement:
            if known is not None and known.state is SubmissionState.RELEASED:
                return known
            require_witnesses(site, page, now)
            if known is not None:
                return _reservation(known)
            return _debit(site, page, submitted, submitted.priced, submitted.agreement, now)
        _record_refusal(site, page, submitted, verdict, now)
    # Raised outside the transaction, which would otherwise undo the refusal's entry.
    raise Refused(reasons_of(verdict))


def _still_current(page: Page, submitted: Submitted) -> None:
    """Make sure that what the price and the plan were made from is what will be debited."""
    dataset, agreement = submitted.dataset, submitted.agreement
    current = page.datasets.get(dataset.name)
    if (current.snapshot, current.policy_digest) != (dataset.snapshot, dataset.policy_digest):
        raise Conflict("The dataset has a newer version; ask again", code="dataset.moved_on")
    if agreement is not None and page.agreements.get(agreement.id) != agreement:
        raise Conflict("The agreement has just changed; ask again", code="agreement.moved_on")


def _debit(
    site: Site,
    page: Page,
    submitted: Submitted,
    priced: PricedPlan,
    agreement: Agreement,
    now: datetime,
) -> Reservation:
    path = page.accounts.debit(agreement_account(agreement.id), priced.cost)
    index = page.log.append(
        entries.debit(
            now,
            submission=submitted.id,
            agreement=agreement.id,
            dataset=submitted.dataset.name,
            snapshot=submitted.dataset.snapshot.id,
            policy=submitted.dataset.policy_digest,
            request=site.commit_to(page, submitted.request),
            cost=_columns(priced.cost),
            balances=_balances(path),
        )
    )
    submission = Submission(
        id=submitted.id,
        researcher=submitted.researcher.name,
        agreement=agreement.id,
        snapshot=submitted.dataset.snapshot.id,
        cost=priced.cost,
        submitted=now,
        debit=index,
    )
    page.submissions.add(submission.id, submission)
    return _reservation(submission)


def _reservation(submission: Submission) -> Reservation:
    return Reservation(
        submission=submission.id,
        agreement=submission.agreement,
        snapshot=submission.snapshot,
        cost=submission.cost,
        debit=submission.debit,
    )


def _record_refusal(
    site: Site, page: Page, submitted: Submitted, verdict: Verdict, now: datetime
) -> None:
    page.log.append(
        entries.refusal(
            now,
            dataset=submitted.dataset.name,
            agreement=submitted.agreement.id if submitted.agreement else None,
            request=site.commit_to(page, submitted.request),
            codes=[reason.code for reason in verdict.reasons],
        )
    )


def _columns(cost: PrivacyCost) -> dict[str, str | None]:
    return {
        "rho": text(cost.rho),
        "delta": text(cost.delta),
        "epsilon": None if cost.epsilon is None else text(cost.epsilon),
    }


def _balances(path: tuple[Account, ...]) -> dict[str, str]:
    return {account.id: text(account.spent) for account in path}
