"""The accounts of a story's sources, kept by the arithmetic that the books use."""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from sandbox.model.account import Account
from sandbox.model.cost import Accounting, PrivacyCost, text
from sandbox.model.names import AccountId
from sandbox.model.path import Parts, Path
from sandbox.model.period import periods_at
from tests.support.honest_ledger import pseudonym

UNLIMITED = Fraction(10**9)
"""The cap of accounts that have none of their own: their source's holds them."""


def key(name: str) -> Ed25519PrivateKey:
    """Give a key that follows from a name."""
    return Ed25519PrivateKey.from_private_bytes(hashlib.sha256(name.encode()).digest())


@dataclass
class Source:
    """A source with the terms of its policies and the key that answers for it."""

    name: str
    accounting: str
    caps: dict[str, str | None]
    per_agreement: str
    datasets: tuple[str, ...]
    partition: dict[str, Any] | None = None
    key: Ed25519PrivateKey = field(init=False)
    changes: int = 0

    def __post_init__(self) -> None:
        """Begin under the owner's first key."""
        self.key = key(f"owner of {self.name}")

    def limit(self, name: str) -> Fraction:
        cap = self.caps[name]
        return UNLIMITED if cap is None else Fraction(cap)


def caps(source: str, *, delta: str = "0.000000001", **limits: str | None) -> dict[str, str | None]:
    """Write a source's caps; those that are not named do not exist."""
    names = ("person", "day", "month", "quarter", "emergency")
    return {"source": source, "delta": delta, **{name: limits.get(name) for name in names}}


@dataclass
class Party:
    """An agreement, whose it is, and how its researcher goes about it."""

    name: str
    source: Source
    researcher: str
    cap: Fraction
    prices: tuple[str, ...]
    days: tuple[int, int]
    """First and last day of activity, counted from the start."""
    pace: int
    """Questions in ten working days."""
    patience: int = 4
    """Refusals for want of budget before they stop asking."""


@dataclass(frozen=True)
class Paid:
    """A debit, as far as its end needs it."""

    index: int
    submission: str
    party: Party
    snapshot: str
    time: datetime
    cost: PrivacyCost
    parts: tuple[str, ...] | None
    emergency: str | None


def price_of(source: Source, price: str) -> PrivacyCost:
    amount = Fraction(price)
    if source.accounting == "pure":
        return PrivacyCost(rho=amount**2 / 2, epsilon=amount)
    return PrivacyCost(rho=amount)


class Tree:
    """What each account has spent."""

    def __init__(self) -> None:
        self.spent: dict[str, Fraction] = {}

    def path(self, paid: Paid) -> Path:
        """Find the accounts of a debit as they stand."""
        source = paid.party.source
        tranche = f"emergency/{source.name}"
        if paid.emergency:
            leaves = {tranche: source.limit("emergency")}
        else:
            person = f"person/{source.name}/{pseudonym(paid.party.researcher)}"
            leaves = {
                f"agreement/{paid.party.name}": paid.party.cap,
                person: source.limit("person"),
            }
            leaves |= {
                f"period/{source.name}/{name}": source.limit(span)
                for span, name in periods_at(paid.time).items()
                if source.caps[span] is not None
            }
        kept = Fraction(source.caps["emergency"] or 0) - self.spent.get(tranche, Fraction(0))
        return Path(
            leaves=tuple(self._account(source, name, cap) for name, cap in leaves.items()),
            source=self._account(source, f"source/{source.name}", source.limit("source")),
            reserved=Fraction(0) if paid.emergency else kept,
            parts=self._parts(paid, source) if paid.parts else None,
        )

    def _parts(self, paid: Paid, source: Source) -> Parts:
        assert source.partition
        assert paid.parts
        names = {key: f"part/{paid.snapshot}/{key}" for key in source.partition["keys"]}
        cap = source.limit("source")
        return Parts(
            accounts=tuple(self._account(source, name, cap) for name in names.values()),
            touched=frozenset(AccountId(names[key]) for key in paid.parts),
            most=source.partition["most"],
        )

    def _account(self, source: Source, name: str, cap: Fraction) -> Account:
        spent = self.spent.get(name, Fraction(0))
        return Account(AccountId(name), None, Accounting(source.accounting), cap, spent)

    def settle(self, after: Path) -> dict[str, str]:
        spent: dict[str, Fraction] = {one.id: one.spent for one in after.accounts}
        self.spent.update(spent)
        return {name: text(amount) for name, amount in spent.items()}
