"""What stands in a ledger so far: the rules judge each entry by it, then let the entry change it.

`sandbox.ledger.replay` has the rules in words; the modules `owners`, `access`, `course`, `spending`
and `supervision` have them in code, one function an entry kind. Each gives what the entry breaks.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from fractions import Fraction
from functools import lru_cache
from math import lcm
from typing import NamedTuple

from sandbox.errors import NotVerified
from sandbox.ledger import records
from sandbox.ledger.balance import NOTHING, Account, Balance
from sandbox.ledger.signing import check

Broken = Iterator[tuple[str, str]]
"""Broken rules: (code, message)."""

MAX_PARTS = 64
"""Keys of a partition."""


@dataclass(slots=True)
class Key:
    """The key in force of an owner, or of the site."""

    public: str
    changes: int = 0
    """Changes of the key, or of caps under it, that count."""


@dataclass(slots=True)
class Source:
    """The people behind one or more datasets, in the care of their owner's key."""

    name: str
    accounting: records.Accounting
    caps: records.Caps
    key: Key
    accounts: dict[str, Account] = field(default_factory=dict)
    """Its own and all below it, by name, but those of parts."""

    @property
    def root(self) -> Account:
        """The account that all spending on these people ends in."""
        return self.accounts[source_account(self.name)]

    @property
    def people(self) -> Iterator[Account]:
        """The accounts of persons."""
        return (one for one in self.accounts.values() if one.name.startswith("person/"))

    @property
    def tranche(self) -> Fraction:
        """What only an emergency may spend."""
        return self.caps.emergency or NOTHING

    @property
    def of_person(self) -> Fraction:
        """What a person's account can hold."""
        return self.caps.source * MAX_PARTS if self.caps.person is None else self.caps.person

    def periods(self, day: date) -> Iterator[tuple[str, Fraction]]:
        """Name the accounts of the limited periods that a day is in, with their caps."""
        limits = (self.caps.day, self.caps.month, self.caps.quarter)
        for period, cap in zip(_periods(day), limits, strict=True):
            if cap is not None:
                yield f"period/{self.name}/{period}", cap

    def account(self, name: str, cap: Fraction) -> Account:
        """Give an account under its cap of now; open it if it is new."""
        account = self.accounts.get(name)
        if account is None:
            account = self.accounts[name] = Account(name, cap)
        account.cap = cap
        return account

    def spent(self, name: str) -> Fraction:
        """Give what an account has spent; one that was never charged is as good as none."""
        account = self.accounts.get(name)
        return NOTHING if account is None else account.spent


@lru_cache
def _periods(day: date) -> tuple[str, str, str]:
    """Name the day, the month and the quarter."""
    whole = day.isoformat()
    return whole, whole[:7], f"{whole[:4]}-Q{(day.month + 2) // 3}"


@dataclass(slots=True)
class Snapshot:
    """A snapshot, with what was spent on each part of its people.

    The partition is that of the policy it was taken in under, for that one was enforced on it.
    Parts are kept here and not by their accounts' names: a snapshot could be named such that its
    part's account is also one of another's, whose spending would then seem to be its own.
    """

    name: str
    source: Source
    most: int
    """Parts that one person is in at most."""
    keys: frozenset[str]
    """Of its parts; none where no partition was declared."""
    parts: dict[str, Account] = field(default_factory=dict)
    """Accounts of the parts that were ever asked about."""

    lost: Fraction = NOTHING
    """What one person has lost at worst by what was spent on parts."""

    def added(self) -> Fraction:
        """Say by how much that loss has changed, now that parts were moved."""
        below = lcm(*(account.below for account in self.parts.values()))
        shares = (account.above * (below // account.below) for account in self.parts.values())
        dearest = sorted(shares, reverse=True)[: self.most]
        before, self.lost = self.lost, Fraction(sum(dearest), below)
        return self.lost - before

    def part(self, key: str) -> Account:
        """Give the account of a part."""
        account = self.parts.get(key)
        if account is None:
            account = self.parts[key] = Account(f"part/{self.name}/{key}", NOTHING)
        account.cap = self.source.caps.source
        return account


@dataclass(slots=True)
class Course:
    """How far one application has come."""

    state: str
    """One of `sandbox.ledger.course`'s."""
    applicant: str | None = None
    """Whoever made the first of its applicant's moves."""
    consents: dict[str, bool] = field(default_factory=dict)
    """What the owner of each dataset said last."""
    steps: int = 0
    bare: bool = False
    """Granted before the log had any step, as versions did that had none."""


@dataclass(frozen=True, slots=True)
class Charge:
    """What a debit took, and from which accounts."""

    amount: Fraction
    path: tuple[Account, ...]
    """The source's own comes last."""
    snapshot: Snapshot | None
    """None where the debit is about everybody."""


class Anchored(NamedTuple):
    """What an anchor says of the tree: its root at a size, and the entry that says so."""

    size: int
    entry: int
    root: bytes


@dataclass(slots=True)
class Standing:
    """All of it, by name. Memory grows with accounts, submissions and anchors."""

    site: records.Site | None = None
    keys: dict[str, Key] = field(default_factory=dict)
    """By whose they are: `site`, `source/<name>`."""
    sources: dict[str, Source] = field(default_factory=dict)
    policies: dict[str, records.Policy] = field(default_factory=dict)
    """The policy in force of each dataset."""
    current: dict[str, str] = field(default_factory=dict)
    """The current snapshot of each dataset."""
    snapshots: dict[str, Snapshot] = field(default_factory=dict)
    opened: set[str] = field(default_factory=set)
    """Snapshots of unconditional data; whoever signs in is given them whole."""
    handed_out: dict[str, str] = field(default_factory=dict)
    """The snapshot of each dataset that is open now; none once its owner has withdrawn it."""
    applications: dict[str, records.Application] = field(default_factory=dict)
    courses: dict[str, Course] = field(default_factory=dict)
    """Of each application, from its draft on."""
    stepped: bool = False
    """Whether the log has had a step."""
    granted: dict[str, bool] = field(default_factory=dict)
    agreements: dict[str, records.Agreement] = field(default_factory=dict)
    used: set[tuple[str, str]] = field(default_factory=set)
    """Applications that have their agreement over a source, with the source."""
    roots: dict[str, str] = field(default_factory=dict)
    """The first version of each agreement, by which its account goes."""
    latest: dict[str, records.Agreement] = field(default_factory=dict)
    """The version in force of each agreement, by its first one."""
    lineages: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    """First versions of what each researcher has had over each source."""
    disposed: set[str] = field(default_factory=set)
    """Agreements that their researchers have disposed of, by their first versions."""
    reported: set[str] = field(default_factory=set)
    """Agreements whose researchers have filed feedback, by their first versions."""
    certified: set[str] = field(default_factory=set)
    """Agreements whose end was carried out, by their first versions."""
    unsettled: Counter[str] = field(default_factory=Counter)
    """Debits of each agreement, by its first version, of which nothing has become yet."""
    emergencies: dict[str, records.Emergency] = field(default_factory=dict)
    unreviewed: dict[str, list[tuple[datetime, str]]] = field(default_factory=dict)
    """By source: ends and names of emergencies, the earliest end first (`heapq`)."""
    reviewed: set[str] = field(default_factory=set)
    """Emergencies that somebody else than the two who opened them looked into after their end."""
    submissions: set[str] = field(default_factory=set)
    """Those that have a debit which was not cancelled."""
    debits: dict[int, str] = field(default_factory=dict)
    """The submission of each debit, by the debit's index."""
    payers: dict[int, str] = field(default_factory=dict)
    """The agreement of each debit, by the debit's index."""
    waiting: dict[int, Charge] = field(default_factory=dict)
    """Debits that could still be cancelled."""
    released: set[int] = field(default_factory=set)
    cancelled: set[int] = field(default_factory=set)
    anchors: list[Anchored] = field(default_factory=list)

    def root(self, agreement: str) -> str:
        """Name the first version of an agreement; one that nobody knows is its own."""
        return self.roots.get(agreement, agreement)

    def has_ended(self, agreement: str) -> bool:
        """Tell whether somebody said or certified that it is over."""
        root = self.root(agreement)
        return root in self.disposed or root in self.certified

    def settle(self, debit: int) -> Charge | None:
        """Take a debit that something becomes of; what it took, if it could still be cancelled."""
        charge = self.waiting.pop(debit, None)
        if charge is not None:
            self.unsettled[self.root(self.payers[debit])] -= 1
        return charge

    def in_force(self, dataset: str, digest: str) -> bool:
        """Tell whether this is the dataset's policy in force."""
        policy = self.policies.get(dataset)
        return policy is not None and policy.digest == digest

    def balances(self) -> dict[str, Balance]:
        """Give every account as it stands."""
        every = [
            (source, account, account.cap)
            for source in self.sources.values()
            for account in source.accounts.values()
        ]
        every += [
            (snapshot.source, account, snapshot.source.caps.source)
            for snapshot in self.snapshots.values()
            for account in snapshot.parts.values()
        ]
        return {
            account.name: Balance(source.accounting, cap, account.spent)
            for source, account, cap in every
        }


def source_account(source: str) -> str:
    """Name the account that all spending on these people ends in."""
    return f"source/{source}"


def agreement_account(agreement: str) -> str:
    """Name an agreement's account."""
    return f"agreement/{agreement}"


def person_account(source: str, researcher: str) -> str:
    """Name the account of a person or team over all their agreements on a source."""
    return f"person/{source}/{researcher}"


def emergency_account(source: str) -> str:
    """Name the tranche that a source keeps back for emergencies."""
    return f"emergency/{source}"


def holds(public: str, signature: str, message: bytes) -> bool:
    """Tell whether an Ed25519 signature holds."""
    try:
        check(public, signature, message)
    except NotVerified:
        return False
    return True
