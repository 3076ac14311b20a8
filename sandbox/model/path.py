"""Where a debit falls in the budget tree: all accounts on its way up move, or none does.

Most accounts are plain sums. The source is one too, but for a declared partition of its people: a
question that touches some parts only is charged to these, and of the parts of a snapshot the source
counts the `most` dearest, because nobody is in more than `most` of them (ingest keeps it so). That
is parallel composition (McSherry 2009, "Privacy Integrated Queries", theorem 4), for people who may
be in several parts. Another snapshot has parts of its own: people may have moved, so what the
source has spent on the earlier one stays.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from fractions import Fraction

from sandbox.errors import Conflict
from sandbox.model.account import Account
from sandbox.model.cost import PrivacyCost
from sandbox.model.names import AccountId

NOTHING = Fraction(0)


@dataclass(frozen=True, slots=True)
class Parts:
    """A snapshot's partition, as one debit falls on it."""

    accounts: tuple[Account, ...]
    """Every part of the snapshot."""
    touched: frozenset[AccountId]
    """The parts whose people the question is about: some, not all."""
    most: int
    """Parts that one person is in at most."""

    def __post_init__(self) -> None:
        """Refuse a debit that is about nobody, about parts that are not there, or about all.

        Raises:
            ValueError: as above, or nobody would be in any part.
        """
        known = {account.id for account in self.accounts}
        if not self.touched or not self.touched < known or self.most < 1:
            raise ValueError("a debit touches some parts of a partition, not all")

    @property
    def loss(self) -> Fraction:
        """What the dearest parts that one person may be in have spent together."""
        return sum(self._spent(self.accounts)[: self.most], NOTHING)

    def room(self, room: Fraction) -> Fraction:
        """Give the largest cost that raises the loss by no more than this.

        With a cost `c`, the loss is the greatest sum of `j` touched parts, each with `c` more, and
        `most - j` others; each such sum bounds `c`.
        """
        touched = self._spent(a for a in self.accounts if a.id in self.touched)
        others = self._spent(a for a in self.accounts if a.id not in self.touched)
        limit = self.loss + room
        return min(
            (limit - sum(touched[:count], NOTHING) - sum(others[: self.most - count], NOTHING))
            / count
            for count in range(1, min(self.most, len(touched)) + 1)
        )

    def cost_more(self, amount: Fraction) -> bool:
        """Tell whether charging the parts raises the loss by more than charging everybody."""
        after = (
            one.spent + (amount if one.id in self.touched else NOTHING) for one in self.accounts
        )
        return sum(sorted(after, reverse=True)[: self.most], NOTHING) > self.loss + amount

    def moved(self, amount: Fraction) -> "Parts":
        """Charge each touched part; a negative amount gives back."""
        accounts = tuple(
            account.moved(amount) if account.id in self.touched else account
            for account in self.accounts
        )
        return replace(self, accounts=accounts)

    @staticmethod
    def _spent(accounts: Iterable[Account]) -> list[Fraction]:
        return sorted((account.spent for account in accounts), reverse=True)


@dataclass(frozen=True, slots=True)
class Path:
    """The accounts of one debit, as they stand."""

    leaves: tuple[Account, ...]
    """Agreement, person and periods, or the emergency tranche: plain sums."""
    source: Account
    reserved: Fraction = NOTHING
    """What the source still keeps back for emergencies, and this debit may not have."""
    parts: Parts | None = None
    """None where the question is about everybody."""

    @property
    def accounts(self) -> tuple[Account, ...]:
        """Every account that a debit would change, the source last."""
        touched = self.parts.accounts if self.parts else ()
        ids = self.parts.touched if self.parts else frozenset()
        return (*self.leaves, *(one for one in touched if one.id in ids), self.source)

    @property
    def room(self) -> Fraction:
        """The largest cost that the source can hold."""
        free = self.source.remaining - self.reserved
        return self.parts.room(free) if self.parts and free >= NOTHING else free

    def debited(self, cost: PrivacyCost) -> "Path":
        """Spend at every account, or nowhere.

        Raises:
            Conflict: `budget.exceeded`, naming the first account that cannot hold the cost.
        """
        amount = cost.spent_under(self.source.accounting)
        full = [leaf for leaf in self.leaves if not leaf.fits(cost)]
        if amount > self.room:
            full.append(self.source)
        if full:
            raise Conflict(
                f"The account {full[0].id} cannot hold this cost", code="budget.exceeded"
            )
        return self._moved(amount)

    def credited(self, cost: PrivacyCost) -> "Path":
        """Give back what a debit took before any row was read."""
        return self._moved(-cost.spent_under(self.source.accounting))

    def _moved(self, amount: Fraction) -> "Path":
        parts = self.parts.moved(amount) if self.parts else None
        loss = parts.loss - self.parts.loss if parts and self.parts else amount
        leaves = tuple(leaf.moved(amount) for leaf in self.leaves)
        return Path(leaves, self.source.moved(loss), self.reserved, parts)


@dataclass(frozen=True, slots=True)
class Route:
    """The names of a path's accounts, as the books remember a debit."""

    leaves: tuple[AccountId, ...]
    source: AccountId
    parts: tuple[AccountId, ...] = ()
    """Every part of the snapshot; empty where the question was about everybody."""
    touched: tuple[AccountId, ...] = ()
    most: int = 1
