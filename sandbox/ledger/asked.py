"""What was asked of a site, and what became of it: refusals, debits, and how debits ended."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime

from sandbox.ledger import oversight, records
from sandbox.ledger.anomalies import Event
from sandbox.ledger.charges import Charge, can_be_stated, charge, note_lifetime
from sandbox.ledger.figures import (
    AgreementFigures,
    Cancelled,
    Chronicle,
    Counts,
    EmergencyFigures,
    SourceFigures,
)

MAX_CODES = 32
"""Reasons of refusals that are kept apart in one source; further ones count as `OTHER`."""
OTHER = ""
"""Stands for all reasons beyond `MAX_CODES`."""


@dataclass(slots=True)
class Known:
    """What must be remembered to know whom an entry is about."""

    sources: dict[str, SourceFigures]
    """Those that are told of."""
    by_dataset: dict[str, SourceFigures] = field(default_factory=dict)
    declared: dict[str, records.Partition | None] = field(default_factory=dict)
    """The partition of each dataset, by its policy in force."""
    partitions: dict[str, records.Partition | None] = field(default_factory=dict)
    """By snapshot, as the policy declared it under which the rows were taken in."""
    by_application: dict[str, SourceFigures] = field(default_factory=dict)
    agreements: dict[str, AgreementFigures] = field(default_factory=dict)
    emergencies: dict[str, EmergencyFigures] = field(default_factory=dict)
    now: datetime = field(default_factory=lambda: datetime.min.replace(tzinfo=UTC))
    """The log's time, which never goes back, so that no curve does."""

    def subject(self, subject: str) -> SourceFigures | None:
        """Find the source that a `kind/name` is about."""
        kind, _, name = subject.partition("/")
        match kind:
            case "source":
                return self.sources.get(name)
            case "application":
                return self.by_application.get(name)
            case "agreement":
                agreement = self.agreements.get(name)
                return self.sources[agreement.source] if agreement else None
            case "emergency":
                opening = self.emergencies.get(name)
                return self.sources[opening.source] if opening else None
            case _:
                return None


class Asked:
    """Tells of requests; each entry's function gives the source that it is about."""

    def __init__(self, told: Chronicle, known: Known) -> None:
        self.told = told
        self.known = known
        self.open: dict[int, Charge] = {}
        """Debits without a release, by index."""

    def refusal(self, position: int, refusal: records.Refusal) -> SourceFigures | None:
        """Count a refusal and its reasons."""
        agreement = self.known.agreements.get(refusal.agreement or "")
        source = self.known.by_dataset.get(refusal.dataset)
        if source is None:
            return None
        if agreement:
            agreement.counts["refusal"] += 1
        codes = Counter(_known(source.codes, code) for code in dict.fromkeys(refusal.codes))
        source.codes += codes
        source.refusals.put(self.known.now, codes)
        event = self._requested(position, refusal, source, agreement)
        self.told.watch.refusal(event, source.name, agreement.name if agreement else "")
        self.told.activity.put(self.known.now, Counter(refusal=1))
        return source

    def debit(self, position: int, debit: records.Debit) -> SourceFigures | None:
        """Charge a debit."""
        agreement = self.known.agreements.get(debit.agreement)
        source = self.known.by_dataset.get(debit.dataset)
        if source is None:
            return None
        opening = self.known.emergencies.get(debit.emergency or "")
        partition = self.known.partitions.get(debit.snapshot)
        taken = charge(debit, source, agreement, opening, partition)
        taken.take()
        taken.count("debit")
        self._spent(source, debit.time)
        event = self._requested(position, debit, source, agreement)
        holder = agreement.name if agreement else ""
        self.told.watch.debit(event, source.name, holder, debit.dataset, taken.amount)
        self.open[debit.index] = taken
        return source

    def cancellation(self, position: int, undone: records.Cancellation) -> SourceFigures | None:
        """Give a debit back."""
        taken = self.open.get(undone.debit)
        if taken is None or taken.submission != undone.submission:
            return None
        del self.open[undone.debit]
        taken.count("cancellation")
        source = taken.source
        if taken.give_back():
            total = source.given_back + taken.amount
            source.given_back = total if can_be_stated(total) else source.given_back
            line = Cancelled(position, undone.debit, undone.time, undone.code, taken.amount)
            oversight.add(source.cancelled, line)
        self._spent(source, undone.time)
        self.told.watch.cancellation(Event(position, undone.time), source.name)
        self.told.activity.put(self.known.now, Counter(cancellation=1))
        return source

    def release(self, position: int, release: records.Release) -> SourceFigures | None:
        """Close a debit by its answer."""
        taken = self.open.pop(release.debit, None)
        if taken is None:
            return None
        taken.count("release")
        if taken.agreement:
            event = Event(position, release.time)
            self.told.watch.release(event, taken.source.name, taken.agreement.name)
        self.told.activity.put(self.known.now, Counter(release=1))
        return taken.source

    def failure(self, position: int, failure: records.Failure) -> SourceFigures | None:
        """Note that a paid run failed; its debit stays open for another try."""
        taken = self.open.get(failure.debit)
        if taken is None:
            return None
        taken.failed = True
        taken.count("failure")
        self.told.watch.failure(Event(position, failure.time), taken.source.name)
        self.told.activity.put(self.known.now, Counter(failure=1))
        return taken.source

    def _spent(self, source: SourceFigures, time: datetime) -> None:
        source.curve.put(self.known.now, source.spent)
        note_lifetime(source, time)

    def _requested(
        self,
        position: int,
        record: records.Refusal | records.Debit,
        source: SourceFigures,
        agreement: AgreementFigures | None,
    ) -> Event:
        """Count a request where and when it was made."""
        hours = self.told.watch.hours
        local = hours.local(record.time)
        self.told.week[local.weekday(), local.hour] += 1
        self.told.outside += not hours.cover(local)
        event = Event(position, record.time)
        self.told.watch.request(event, source.name, agreement.name if agreement else "")
        return event


def _known(codes: Counts, code: str) -> str:
    return code if code in codes or len(codes) < MAX_CODES else OTHER
