"""Check: judge a submission by policy, agreement and balances, with every reason."""

from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import datetime

from policies.ask import Balance, Terms
from policies.judge import judge
from policies.verdict import Verdict
from sandbox.errors import Reason
from sandbox.flow.submit import Submitted
from sandbox.model.account import Account, agreement_account, source_account
from sandbox.model.agreement import Agreement, AgreementState
from sandbox.ports import Page


def check(
    page: Page, submitted: Submitted, now: datetime, *, paid_already: bool = False
) -> Verdict:
    """Judge under the caller's lock; what was paid before asks for no balance again.

    `now` is the time that the ledger will be told, so that a question around midnight is judged
    by the day that an auditor reads.
    """
    accounts = () if paid_already else accounts_of(page, submitted)
    return judge(
        submitted.dataset.policy,
        _terms(submitted.agreement) if submitted.agreement else None,
        replace(submitted.ask, today=now.date()),
        tuple(_balance(account) for account in accounts),
    )


def accounts_of(page: Page, submitted: Submitted) -> Sequence[Account]:
    """Give the accounts that the submission would be charged to, leaf first."""
    if submitted.agreement is not None:
        leaf = agreement_account(submitted.agreement.id)
        if page.accounts.find(leaf) is not None:
            return page.accounts.path(leaf)
    return (page.accounts.get(source_account(submitted.dataset.source)),)


def reasons_of(verdict: Verdict) -> tuple[Reason, ...]:
    """Carry a verdict's reasons over to the product's own error."""
    return tuple(Reason(**asdict(reason)) for reason in verdict.reasons)


def _terms(agreement: Agreement) -> Terms:
    return Terms(
        agreement=agreement.id,
        datasets=tuple(agreement.clauses.datasets),
        purpose=agreement.clauses.purpose,
        starts=agreement.clauses.starts,
        ends=agreement.clauses.ends,
        in_force=agreement.state is AgreementState.IN_FORCE,
    )


def _balance(account: Account) -> Balance:
    clause = "privacy.budget" if account.parent is None else "privacy.per_agreement"
    return Balance(account=account.id, clause=clause, remaining=account.remaining)
