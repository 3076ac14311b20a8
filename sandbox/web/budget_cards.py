"""What is said of budgets: sources with their accounts."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from fractions import Fraction

from sandbox.flow.terms import LIMITS
from sandbox.model.account import (
    Account,
    agreement_account,
    period_account,
    person_account,
    source_account,
)
from sandbox.model.agreement import Agreement
from sandbox.model.cost import text
from sandbox.model.label import of_source
from sandbox.model.names import AccountId, Pseudonym
from sandbox.model.period import periods_at
from sandbox.model.source import Source
from sandbox.ports import Page
from sandbox.wire import AccountCard, SourceCard


def source_card(page: Page, source: Source, now: datetime) -> SourceCard:
    """Write a source out, with every account of its budget as it stands now."""
    root = page.accounts.get(source_account(source.name))
    below = (_as_of(source, account, now) for account in page.accounts.below(root.id))
    limits = {name: getattr(source.caps, name) for name in LIMITS}
    return SourceCard(
        name=source.name,
        owner=source.owner,
        owner_key=source.owner_key,
        accounting=source.accounting.value,
        delta=text(source.caps.delta),
        changes=source.changes,
        datasets=tuple(one.name for one in page.datasets.labelled(of_source(source.name))),
        accounts=tuple(map(_account_card, (root, *below))),
        limits={name: None if cap is None else text(cap) for name, cap in limits.items()},
    )


def accounts_of(
    page: Page, agreement: Agreement, researcher: Pseudonym, now: datetime
) -> list[AccountCard]:
    """Write out what limits an agreement's researcher now; the source itself is not theirs to see.

    Empty before both sides have signed.
    """
    own = page.accounts.find(agreement_account(agreement.root))
    if own is None:
        return []
    source = page.sources.get(page.datasets.get(agreement.clauses.datasets[0]).source)
    limited = _limited(source, researcher, now)
    return [_account_card(account) for account in (own, *_as_capped(page, source, limited))]


def _as_of(source: Source, account: Account, now: datetime) -> Account:
    """Give an account below a source under the cap that it takes on at its next debit."""
    spans = dict(_spans(source, now))
    person = account.id.startswith(person_account(source.name, Pseudonym("")))
    cap = source.caps.of_person if person else spans.get(account.id, account.cap)
    return replace(account, cap=cap)


def _limited(
    source: Source, researcher: Pseudonym, now: datetime
) -> Iterator[tuple[AccountId, Fraction]]:
    """Name the accounts of a researcher below a source that have a cap of their own now."""
    if source.caps.person is not None:
        yield person_account(source.name, researcher), source.caps.person
    yield from _spans(source, now)


def _spans(source: Source, now: datetime) -> Iterator[tuple[AccountId, Fraction]]:
    spans = (source.caps.day, source.caps.month, source.caps.quarter)
    for period, cap in zip(periods_at(now).values(), spans, strict=True):
        if cap is not None:
            yield period_account(source.name, period), cap


def _as_capped(
    page: Page, source: Source, limited: Iterator[tuple[AccountId, Fraction]]
) -> Iterator[Account]:
    """Give accounts under the caps of now; one that nothing was charged to is not there yet."""
    for name, cap in limited:
        known = page.accounts.find(name)
        spent = known.spent if known else Fraction(0)
        yield Account(name, source_account(source.name), source.accounting, cap, spent)


def _account_card(account: Account) -> AccountCard:
    return AccountCard(
        id=account.id,
        cap=text(account.cap),
        spent=text(account.spent),
        remaining=text(account.remaining),
    )
