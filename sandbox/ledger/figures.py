"""Figures of a site, its sources and agreements, as `sandbox.ledger.chronicle` fills them in."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime
from fractions import Fraction
from operator import add
from typing import Literal

from sandbox.ledger import records
from sandbox.ledger.anomalies import Watch
from sandbox.ledger.balance import Balance
from sandbox.ledger.timeline import Timeline

Counts = Counter[str]


def _later(_older: Fraction, newer: Fraction) -> Fraction:
    return newer


@dataclass(frozen=True, slots=True)
class Change:
    """A policy or a snapshot, as the owner published it."""

    position: int
    time: datetime
    kind: Literal["policy", "dataset"]
    dataset: str
    digest: str
    """The policy's, for a snapshot too: it says under which one the rows were taken in."""
    cap: Fraction | None = None
    per_agreement: Fraction | None = None
    snapshot: str = ""


@dataclass(slots=True)
class AgreementFigures:
    """One agreement's account and what became of its requests."""

    name: str
    source: str
    position: int
    researcher: str
    """SHA-256 of the researcher's key, hexadecimal: a pseudonym."""
    starts: date
    ends: date
    account: Balance
    counts: Counts = field(default_factory=Counter)
    """Entries by kind: debit, release, failure, refusal."""


@dataclass(slots=True)
class SourceFigures:
    """One source: the people behind its datasets, and what was spent of their privacy."""

    name: str
    position: int
    opened: datetime
    account: Balance
    caps: list[tuple[datetime, Fraction]]
    """Each cap from when on it held."""
    latest: datetime
    """Time of the last entry that concerns the source."""
    owner: str
    """As the source's last policy names them."""
    counts: Counts = field(default_factory=Counter)
    """Entries by kind."""
    datasets: dict[str, None] = field(default_factory=dict)
    changes: list[Change] = field(default_factory=list)
    spent: Timeline[Fraction] = field(default_factory=lambda: Timeline(_later))
    """What all debits together had spent at the end of each step."""
    declined: int = 0
    """Applications that were answered with no."""
    codes: Counts = field(default_factory=Counter)
    """Reasons of refusals; a refusal may have several."""
    refusals: Timeline[Counts] = field(default_factory=lambda: Timeline(add))
    """Reasons of refusals by time."""
    agreements: list[AgreementFigures] = field(default_factory=list)
    researchers: dict[str, Balance] = field(default_factory=dict)
    """What each researcher spent over all agreements, against the sum of their caps."""


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
    """Releases, failures and refusals by time."""
    week: Counter[tuple[int, int]] = field(default_factory=Counter)
    """Requests by local weekday (Monday is 0) and hour."""
    outside: int = 0
    """Requests outside working hours."""
