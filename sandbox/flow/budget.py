"""Budget: which accounts a submission falls on, what they hold, and how a debit moves them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from fractions import Fraction

from policies.ask import Balance
from sandbox.flow.submit import Submitted
from sandbox.model.account import (
    Account,
    agreement_account,
    emergency_account,
    part_account,
    period_account,
    person_account,
    source_account,
)
from sandbox.model.cost import text
from sandbox.model.names import AccountId
from sandbox.model.path import NOTHING, Parts, Path, Route
from sandbox.model.period import periods_at
from sandbox.model.source import Source
from sandbox.model.submission import PricedPlan
from sandbox.ports import Page
from sandbox.query.touched import parts_touched

SOURCE = "privacy.budget"


@dataclass(frozen=True, slots=True)
class Way:
    """A path with what the books hold of it, and the clauses that its caps come from."""

    path: Path
    stored: Mapping[AccountId, Account]
    """Accounts as they stand in the books; those that are not there are opened by a debit."""
    clauses: Mapping[AccountId, str]

    @property
    def balances(self) -> tuple[Balance, ...]:
        """What each account on the way can still hold, leaf first."""
        leaves = (
            Balance(leaf.id, self.clauses[leaf.id], leaf.remaining) for leaf in self.path.leaves
        )
        return (*leaves, Balance(self.path.source.id, SOURCE, max(self.path.room, NOTHING)))

    @property
    def route(self) -> Route:
        """The names of the accounts, for the books to remember."""
        parts = self.path.parts
        return Route(
            leaves=tuple(leaf.id for leaf in self.path.leaves),
            source=self.path.source.id,
            parts=tuple(part.id for part in parts.accounts) if parts else (),
            touched=tuple(sorted(parts.touched)) if parts else (),
            most=parts.most if parts else 1,
        )

    def settle(self, page: Page, after: Path) -> None:
        """Put the accounts as a debit or its cancellation leaves them."""
        parts = self.path.parts.accounts if self.path.parts else ()
        for account in (*self.path.leaves, *parts):
            if account.id not in self.stored:
                page.accounts.open(account)
        before = [self.stored.get(account.id, account) for account in self.path.accounts]
        page.accounts.move(before, after.accounts)


def way_of(page: Page, submitted: Submitted, now: datetime) -> Way:
    """Find the accounts that a submission would be charged to, under the caps in force.

    A question about several parts is charged as one about everybody where that is cheaper, as it
    can be where a person may be in several: charging everybody is never too little.
    """
    source = page.sources.get(submitted.dataset.source)
    root = page.accounts.get(source_account(source.name))
    leaves = dict(_leaves(page, submitted, source, now))
    parts = _parts(submitted, source)
    names = (*leaves, *(part.id for part in parts.accounts)) if parts else tuple(leaves)
    stored = {root.id: root}
    for name in names:
        found = page.accounts.find(name)
        if found is not None:
            stored[name] = found
    if parts is not None:
        known = tuple(_as_stored(part, stored) for part in parts.accounts)
        parts = replace(parts, accounts=known)
        parts = None if parts.cost_more(submitted.ask.charge) else parts
    return Way(
        path=Path(
            leaves=tuple(_as_stored(leaf, stored) for leaf, _ in leaves.values()),
            source=root,
            reserved=_reserved(page, submitted, source),
            parts=parts,
        ),
        stored=stored,
        clauses={name: clause for name, (_, clause) in leaves.items()},
    )


def balances(path: Path) -> dict[str, str]:
    """Write what each account of a path has spent, for the ledger."""
    return {account.id: text(account.spent) for account in path.accounts}


def way_back(page: Page, route: Route) -> Way:
    """Find the accounts that a debit was charged to."""
    names = (*route.leaves, *route.parts, route.source)
    stored = {name: page.accounts.get(name) for name in names}
    parts = (
        Parts(tuple(stored[name] for name in route.parts), frozenset(route.touched), route.most)
        if route.touched
        else None
    )
    leaves = tuple(stored[name] for name in route.leaves)
    return Way(Path(leaves, stored[route.source], parts=parts), stored, {})


def _leaves(
    page: Page, submitted: Submitted, source: Source, now: datetime
) -> Iterator[tuple[AccountId, tuple[Account, str]]]:
    """Give the accounts below the source as they would be opened, with their clauses."""
    caps = source.caps

    def leaf(name: AccountId, cap: Fraction, clause: str) -> tuple[AccountId, tuple[Account, str]]:
        account = Account(name, source_account(source.name), source.accounting, cap)
        return name, (account, f"privacy.{clause}")

    if submitted.emergency is not None:
        yield leaf(emergency_account(source.name), caps.emergency or NOTHING, "emergency")
        return
    if submitted.agreement is not None:
        agreement = page.accounts.find(agreement_account(submitted.agreement.root))
        if agreement is not None:
            yield agreement.id, (agreement, "agreement.budget")
        yield leaf(person_account(source.name, submitted.pseudonym), caps.of_person, "per_person")
    for (kind, period), cap in zip(
        periods_at(now).items(), (caps.day, caps.month, caps.quarter), strict=True
    ):
        if cap is not None:
            yield leaf(period_account(source.name, period), cap, f"per_period.{kind}")


def _parts(submitted: Submitted, source: Source) -> Parts | None:
    """Give the snapshot's parts as they would be opened, if the question is about some only."""
    partition = submitted.dataset.policy.privacy.partition
    priced = submitted.priced
    if partition is None or not isinstance(priced, PricedPlan):
        return None
    touched = parts_touched(priced.plan, priced.schema)
    if touched is None:
        return None
    root, snapshot = source_account(source.name), submitted.dataset.snapshot.id
    accounts = tuple(
        Account(part_account(snapshot, key), root, source.accounting, source.caps.source)
        for key in submitted.dataset.policy.columns[partition.column].keys
    )
    names = frozenset(part_account(snapshot, key) for key in touched)
    return Parts(accounts, names, partition.max_parts)


def _reserved(page: Page, submitted: Submitted, source: Source) -> Fraction:
    """Say what the source keeps back: whatever the tranche has not spent, but from itself."""
    if submitted.emergency is not None or source.caps.emergency is None:
        return NOTHING
    return page.accounts.get(emergency_account(source.name)).remaining


def _as_stored(fresh: Account, stored: Mapping[AccountId, Account]) -> Account:
    """Give an account with what it has spent, under the cap of now.

    Only a clock that was set back finds a day that has spent more than its cap of now: it is full.
    """
    known = stored.get(fresh.id)
    if known is None:
        return fresh
    cap = max(fresh.cap, known.spent)
    return Account(known.id, known.parent, known.accounting, cap, known.spent)
