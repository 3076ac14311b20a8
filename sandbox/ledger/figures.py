"""Figures of a site, its sources and their accounts; `sandbox.ledger.chronicle` fills them in."""

from collections import Counter, deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from fractions import Fraction
from operator import add
from typing import Literal

from sandbox.ledger import records
from sandbox.ledger.anomalies import Watch
from sandbox.ledger.balance import NOTHING, Balance
from sandbox.ledger.timeline import Timeline

Counts = Counter[str]
Span = Literal["day", "month", "quarter"]
SPANS: tuple[Span, ...] = ("day", "month", "quarter")

MAX_ANCHORS = 12
"""Co-signed heads that are listed, the last ones."""


def _later(_older: Fraction, newer: Fraction) -> Fraction:
    return newer


@dataclass(slots=True, kw_only=True)
class Tally:
    """What an account has spent; rho under `zcdp`, epsilon under `pure`."""

    spent: Fraction = NOTHING


@dataclass(frozen=True, slots=True)
class Change:
    """A policy or a snapshot, as the owner published it."""

    position: int
    time: datetime
    kind: Literal["policy", "dataset"]
    dataset: str
    digest: str
    """The policy's, for a snapshot too: it says under which one the rows were taken in."""
    snapshot: str = ""
    version: int | None = None
    per_agreement: Fraction | None = None
    departs: bool = False
    """The policy states other caps than the source has: an honest one repeats them."""


@dataclass(frozen=True, slots=True)
class CapStep:
    """Other caps from now on."""

    position: int
    time: datetime
    before: records.Caps
    after: records.Caps
    key: str
    """Fingerprint of the key that signed."""


@dataclass(frozen=True, slots=True)
class KeyStep:
    """Another key from now on; both by their fingerprints."""

    position: int
    time: datetime
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Deed:
    """A review, disposal, feedback, opening or another deed: who did what about what."""

    position: int
    time: datetime
    kind: Literal[
        "review", "disposal", "certificate", "feedback", "opening", "withdrawal", "erasure"
    ]
    subject: str
    by: str
    """Empty where the site did it by itself."""
    outcome: str = ""
    payloads: int = 0


@dataclass(frozen=True, slots=True)
class Cancelled:
    """A debit that was given back."""

    position: int
    debit: int
    time: datetime
    code: str
    amount: Fraction


@dataclass(slots=True, kw_only=True)
class AgreementFigures(Tally):
    """One agreement's account, by its first version, and what became of its requests."""

    name: str
    source: str
    position: int
    researcher: str
    """A pseudonym."""
    starts: date
    ends: date
    lanes: tuple[str, ...]
    """Granted by its last version."""
    cap: Fraction
    disposed: datetime | None = None
    counts: Counts = field(default_factory=Counter)
    """Entries by kind: debit, release, failure, refusal, cancellation."""


@dataclass(slots=True, kw_only=True)
class PersonFigures(Tally):
    """One researcher's account over all of their agreements on a source."""

    researcher: str
    agreements: int = 0


@dataclass(slots=True, kw_only=True)
class PeriodFigures(Tally):
    """A source's day, month or quarter."""

    name: str
    cap: Fraction
    """The limit in force at its last debit."""
    lifetime: Fraction = NOTHING
    """What the source had spent in its whole life by its last debit."""


@dataclass(slots=True, kw_only=True)
class EmergencyFigures(Tally):
    """One opening of a source's tranche, and what was asked under it."""

    name: str
    source: str
    position: int
    time: datetime
    by: tuple[str, ...]
    starts: datetime
    ends: datetime
    counts: Counts = field(default_factory=Counter)
    """Entries by kind: debit, release, failure, cancellation."""
    reviewed: datetime | None = None
    """When somebody else than those who opened it first looked into it, after its end."""


@dataclass(slots=True, kw_only=True)
class PartsFigures:
    """The parts of one snapshot's people; those that nobody asked about are left out."""

    dataset: str
    partition: records.Partition
    """As the policy declared it under which the snapshot was taken in."""
    by_key: dict[str, Tally] = field(default_factory=dict)

    @property
    def loss(self) -> Fraction:
        """What the source counts: the sum of the dearest parts that one person may be in."""
        dearest = sorted((part.spent for part in self.by_key.values()), reverse=True)
        return sum(dearest[: self.partition.most], NOTHING)


@dataclass(slots=True, kw_only=True)
class SourceFigures(Tally):
    """One source: the people behind its datasets, and what was spent of their privacy."""

    name: str
    position: int
    opened: datetime
    accounting: records.Accounting
    caps: records.Caps
    """In force at the end."""
    latest: datetime
    """Time of the last entry that concerns the source."""
    owner: str
    """As the source's last policy names them."""
    owner_key: str
    """Fingerprint of the owner's key in force at the end."""
    counts: Counts = field(default_factory=Counter)
    """Entries by kind."""
    datasets: dict[str, records.Partition | None] = field(default_factory=dict)
    """With the partition that the last policy of each declares."""
    per_agreement: Fraction = NOTHING
    """The highest cap of one agreement that any policy allows."""
    changes: list[Change] = field(default_factory=list)
    cap_steps: list[CapStep] = field(default_factory=list)
    cap_curve: list[tuple[datetime, Fraction]] = field(default_factory=list)
    """Each cap of the whole source from when on it held."""
    key_steps: list[KeyStep] = field(default_factory=list)
    curve: Timeline[Fraction] = field(default_factory=lambda: Timeline(_later))
    """What was spent at the end of each step."""
    declined: int = 0
    """Applications that were answered with no."""
    codes: Counts = field(default_factory=Counter)
    """Reasons of refusals; a refusal may have several."""
    refusals: Timeline[Counts] = field(default_factory=lambda: Timeline(add))
    """Reasons of refusals by time."""
    agreements: list[AgreementFigures] = field(default_factory=list)
    people: dict[str, PersonFigures] = field(default_factory=dict)
    """By pseudonym."""
    periods: Mapping[Span, dict[str, PeriodFigures]] = field(
        default_factory=lambda: {span: {} for span in SPANS}
    )
    """By name, the oldest first."""
    tranche: Tally = field(default_factory=Tally)
    emergencies: list[EmergencyFigures] = field(default_factory=list)
    parts: dict[str, PartsFigures] = field(default_factory=dict)
    """By snapshot."""
    cancelled: list[Cancelled] = field(default_factory=list)
    given_back: Fraction = NOTHING
    """Sum of all debits that were given back."""
    deeds: list[Deed] = field(default_factory=list)

    @property
    def account(self) -> Balance:
        """The account of everybody's answers, for good."""
        return Balance(self.accounting, self.caps.source, self.spent)

    @property
    def reserved(self) -> Fraction:
        """What only an emergency may still spend."""
        return max(NOTHING, (self.caps.emergency or NOTHING) - self.tranche.spent)


@dataclass(frozen=True, slots=True)
class Anchored:
    """A head that witnesses had co-signed."""

    position: int
    time: datetime
    size: int
    witnesses: tuple[str, ...]
    """Their verifier keys."""


@dataclass(slots=True)
class Chronicle:
    """The whole site's figures."""

    watch: Watch
    site: records.Site | None = None
    size: int = 0
    """Entries that were offered."""
    unread: int = 0
    """Entries that are malformed or of an unknown kind."""
    unattributed: int = 0
    """Entries about no source that is told of: an unknown one, another one, one too many."""
    first: datetime | None = None
    latest: datetime | None = None
    """Highest time so far; a clock that is set back does not move it."""
    counts: Counts = field(default_factory=Counter)
    """Entries by kind."""
    sources: dict[str, SourceFigures] = field(default_factory=dict)
    further_sources: set[str] = field(default_factory=set)
    activity: Timeline[Counts] = field(default_factory=lambda: Timeline(add))
    """Releases, failures, refusals and cancellations by time."""
    week: Counter[tuple[int, int]] = field(default_factory=Counter)
    """Requests by local weekday (Monday is 0) and hour."""
    outside: int = 0
    """Requests outside working hours."""
    key_steps: list[KeyStep] = field(default_factory=list)
    """Changes of the site's own key."""
    deeds: list[Deed] = field(default_factory=list)
    """Reviews of the ledger as a whole."""
    anchors: deque[Anchored] = field(default_factory=lambda: deque(maxlen=MAX_ANCHORS))
