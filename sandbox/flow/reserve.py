"""Reserve: judge and debit in one transaction, before any row is read.

The only place that makes a `Reservation`. A debit is the right to one answer: whoever comes back
after a crash with the same submission collects that answer and pays nothing more.
"""

from datetime import datetime

from policies.verdict import Verdict
from sandbox.errors import Conflict, Refused
from sandbox.flow.authorise import demand, of_agreement
from sandbox.flow.budget import Way, balances, way_of
from sandbox.flow.check import check, reasons_of
from sandbox.flow.lane import require_lane
from sandbox.flow.publish import require_witnesses
from sandbox.flow.site import Site
from sandbox.flow.strictest import policies_beside
from sandbox.flow.submit import Submitted
from sandbox.ledger import entries
from sandbox.model.agreement import Agreement
from sandbox.model.cost import PrivacyCost, text
from sandbox.model.step import Step
from sandbox.model.submission import (
    Priced,
    PricedAlgorithm,
    Reservation,
    Submission,
    SubmissionState,
)
from sandbox.model.verb import Verb
from sandbox.ports import Page


def reserve(site: Site, submitted: Submitted) -> Reservation | Submission:
    """Debit once; give the reservation, or the finished submission if it was answered before.

    Raises:
        Refused: with every reason; the refusal is in the ledger and cost nothing.
        Conflict: the owner has just published another version; nothing was spent.
        Unavailable: the books cannot be written, or too few witnesses have seen the ledger of
            late, or the agreement's key is missing, or nothing here holds a stranger's program;
            nothing was spent.
    """
    decided = site.books.transact(lambda page: _decide(site, page, submitted))
    if isinstance(decided, Verdict):
        # Raised outside the transaction, which would otherwise undo the refusal's entry.
        raise Refused(reasons_of(decided))
    return decided


def _decide(site: Site, page: Page, submitted: Submitted) -> Reservation | Submission | Verdict:
    """Debit, find what was debited before, or record a refusal; give its verdict."""
    _still_current(page, submitted)
    known = _paid_already(page, submitted)
    now = site.clock.now()
    way = way_of(page, submitted, now)
    verdict = check(submitted, way, now, paid_already=known is not None)
    site.onlooker.passed(Step.JUDGED)
    if verdict.permitted and submitted.priced and submitted.agreement:
        if known is not None and known.state is SubmissionState.RELEASED:
            return known
        require_witnesses(site, page, now)
        if isinstance(submitted.priced, PricedAlgorithm):
            require_lane(site)
        site.workspaces.require(submitted.agreement.root)
        if known is not None:
            return _reservation(known)
        # The verdict has said so already; the rules of who may do what are asked all the same.
        demand(submitted.researcher, Verb.ASK, of_agreement(page, submitted.agreement))
        return _debit(site, page, submitted, submitted.priced, submitted.agreement, way, now)
    _record_refusal(site, page, submitted, verdict, now)
    return verdict


def _still_current(page: Page, submitted: Submitted) -> None:
    """Make sure that what the price and the plan were made from is what will be debited."""
    dataset, agreement = submitted.dataset, submitted.agreement
    current = page.datasets.get(dataset.name)
    if (current.snapshot, current.policy_digest) != (dataset.snapshot, dataset.policy_digest):
        raise Conflict("The dataset has a newer version; ask again", code="dataset.moved_on")
    if agreement is not None and page.agreements.get(agreement.id) != agreement:
        raise Conflict("The agreement has just changed; ask again", code="agreement.moved_on")
    if agreement and submitted.beside and policies_beside(page, agreement) != submitted.beside:
        raise Conflict("A policy has just changed; ask again", code="dataset.moved_on")


def _paid_already(page: Page, submitted: Submitted) -> Submission | None:
    """Find the debit of an equal request, if it was not given back."""
    known = page.submissions.find(submitted.id)
    return None if known and known.state is SubmissionState.CANCELLED else known


def _debit(  # noqa: PLR0913, PLR0917  (all that was judged, and nothing else, is debited)
    site: Site,
    page: Page,
    submitted: Submitted,
    priced: Priced,
    agreement: Agreement,
    way: Way,
    now: datetime,
) -> Reservation:
    after = way.path.debited(priced.cost)
    way.settle(page, after)
    site.onlooker.passed(Step.CHARGED)
    index = page.log.append(
        entries.debit(
            now,
            submission=submitted.id,
            agreement=agreement.id,
            dataset=submitted.dataset.name,
            lane=submitted.ask.lane,
            snapshot=submitted.dataset.snapshot.id,
            policy=submitted.dataset.policy_digest,
            request=site.commit_to(page, submitted.request),
            parts=_parts(submitted, way),
            emergency=submitted.emergency.id if submitted.emergency else None,
            template=submitted.ask.template,
            cost=_columns(priced.cost),
            balances=balances(after),
        )
    )
    site.onlooker.passed(Step.DEBITED)
    submission = Submission(
        id=submitted.id,
        researcher=submitted.researcher.name,
        agreement=agreement.id,
        snapshot=submitted.dataset.snapshot.id,
        cost=priced.cost,
        submitted=now,
        debit=index,
        route=way.route,
    )
    put = page.submissions.replace if page.submissions.find(submission.id) else page.submissions.add
    put(submission.id, submission)
    return _reservation(submission)


def _parts(submitted: Submitted, way: Way) -> list[str] | None:
    """Name the parts that a debit is charged to by their keys, in the policy's order."""
    partition, parts = submitted.dataset.policy.privacy.partition, way.path.parts
    if partition is None or parts is None:
        return None
    keys = submitted.dataset.policy.columns[partition.column].keys
    named = zip(keys, parts.accounts, strict=True)
    return [key for key, account in named if account.id in parts.touched]


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
