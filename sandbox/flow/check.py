"""Check: judge a submission by policy, agreement and balances, with every reason."""

from dataclasses import asdict, replace
from datetime import datetime

from policies.ask import Ask, Terms
from policies.judge import judge
from policies.schema import Policy
from policies.verdict import Verdict
from sandbox.errors import Reason
from sandbox.flow.budget import Way
from sandbox.flow.strictest import smaller_delta
from sandbox.flow.submit import Submitted
from sandbox.model.agreement import Agreement, AgreementState
from sandbox.privacy.conversion import epsilon_of

SHARED = frozenset(
    ("purpose.not_in_policy", "access.no_algorithm", "lane.off", "budget.per_submission")
)
"""Reasons that hold for a question whichever of the policies of one grant gives them."""


def check(submitted: Submitted, way: Way, now: datetime, *, paid_already: bool = False) -> Verdict:
    """Judge under the caller's lock; what was paid before asks for no balance again.

    `now` is the time that the ledger will be told, so that a question around midnight is judged
    by the day that an auditor reads.
    """
    terms = _terms(submitted.agreement, now) if submitted.agreement else None
    ask = replace(submitted.ask, today=now.date(), emergency=_emergency(submitted, now))
    balances = () if paid_already else way.balances
    verdict = judge(submitted.dataset.policy, terms, ask, balances)
    stricter = (
        reason
        for policy in submitted.beside
        for reason in judge(policy, terms, _as_read_by(policy, submitted, ask), ()).reasons
        if reason.code in SHARED
    )
    return Verdict(tuple(dict.fromkeys((*verdict.reasons, *stricter))))


def reasons_of(verdict: Verdict) -> tuple[Reason, ...]:
    """Carry a verdict's reasons over to the product's own error."""
    return tuple(Reason(**asdict(reason)) for reason in verdict.reasons)


def _as_read_by(policy: Policy, submitted: Submitted, ask: Ask) -> Ask:
    """Give the request with its epsilon at another policy's delta, where that is smaller."""
    own = submitted.dataset.policy
    delta = smaller_delta(own, policy)
    if own.privacy.accounting == "pure" or delta == own.privacy.budget.delta:
        return ask
    return replace(ask, epsilon=epsilon_of(ask.charge, delta))


def _emergency(submitted: Submitted, now: datetime) -> bool | None:
    """Say whether the emergency that is named is open here; None if none is named."""
    if not submitted.names_emergency:
        return None
    emergency = submitted.emergency
    return (
        emergency is not None
        and emergency.source == submitted.dataset.source
        and emergency.is_open(now)
    )


def _terms(agreement: Agreement, now: datetime) -> Terms:
    """Say what a verdict depends on; one that its last day ended is over by the calendar alone.

    Unless the clock was set back since: what was closed stays so.
    """
    closed = agreement.closed is not None and now.date() <= agreement.clauses.ends
    ended = closed or agreement.state is AgreementState.ENDED
    return Terms(
        agreement=agreement.id,
        datasets=tuple(agreement.clauses.datasets),
        lanes=agreement.grant.lanes,
        purpose=agreement.clauses.purpose,
        starts=agreement.clauses.starts,
        ends=agreement.clauses.ends,
        in_force=agreement.state is AgreementState.IN_FORCE and not ended,
        ended=ended,
    )
