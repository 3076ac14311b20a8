"""What a ledger tells about a site: who spent how much of which budget when, and what was refused.

Figures for people, in one pass and exact. Whether they can be believed is for
`sandbox.ledger.verify` to say: here each entry is taken at its word, one that cannot be read is
counted and passed over, and money is charged by the same arithmetic as in the replay
(`sandbox.ledger.charges`). Memory grows with sources, agreements, applications, emergencies and
unanswered debits, not with entries.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from sandbox.errors import BadInput
from sandbox.ledger import oversight, records
from sandbox.ledger.anomalies import Watch, WorkingHours
from sandbox.ledger.asked import Asked, Known
from sandbox.ledger.figures import AgreementFigures, Chronicle, PersonFigures, SourceFigures

MAX_SOURCES = 50
"""Sources that are told of one by one, the first of the log; the others are counted."""


def chronicle(
    entries: Iterable[tuple[int, Mapping[str, Any]]], hours: WorkingHours, source: str | None = None
) -> Chronicle:
    """Read entries, each with its position in the log; with `source`, tell of that one alone."""
    reading = _Reading(Chronicle(Watch(hours)), source)
    for position, entry in entries:
        reading.take(position, entry)
    return reading.told


class _Reading:
    """Hands each entry to whoever tells of its kind."""

    def __init__(self, told: Chronicle, source: str | None) -> None:
        self.told = told
        self.only = source
        self.known = Known(told.sources)
        self.asked = Asked(told, self.known)
        self.tell: Mapping[type[records.Record], Callable[[int, Any], SourceFigures | None]] = {
            records.Policy: self._policy,
            records.CapChange: self._cap_change,
            records.KeyChange: self._key_change,
            records.Dataset: self._dataset,
            records.Application: self._application,
            records.Step: self._step,
            records.Decision: self._decision,
            records.Agreement: self._agreement,
            records.Refusal: self.asked.refusal,
            records.Debit: self.asked.debit,
            records.Cancellation: self.asked.cancellation,
            records.Release: self.asked.release,
            records.Failure: self.asked.failure,
            records.Emergency: self._emergency,
            records.Review: self._review,
            records.Disposal: self._disposal,
            records.Certificate: self._certificate,
            records.Feedback: self._feedback,
            records.Erasure: self._erasure,
        }

    def take(self, position: int, entry: Mapping[str, Any]) -> None:
        """Tell of one entry."""
        told = self.told
        told.size += 1
        try:
            record = records.read(entry)
        except BadInput:
            record = None
        if record is None:
            told.unread += 1
            return
        told.counts[entry["kind"]] += 1
        told.first = told.first or record.time
        told.latest = self.known.now = max(self.known.now, record.time)
        if self._of_the_site(position, record):
            return
        source = self.tell[type(record)](position, record)
        if source is None:
            told.unattributed += 1
        else:
            source.counts[entry["kind"]] += 1
            source.latest = self.known.now

    def _of_the_site(self, position: int, record: records.Record) -> bool:
        """Tell of an entry that is about no source, if it is one."""
        told = self.told
        match record:
            case records.Site():
                told.site = told.site or record
            case records.KeyChange(subject="site"):
                oversight.key_change(position, record, told)
            case records.Review(subject="ledger"):
                oversight.review(position, record, told)
            case records.Opening():
                oversight.opened(position, record, told)
            case records.Withdrawal():
                oversight.withdrawn(position, record, told)
            case records.Anchor():
                oversight.anchor(position, record, told)
            case _:
                return False
        return True

    def _policy(self, position: int, policy: records.Policy) -> SourceFigures | None:
        source = self.told.sources.get(policy.source) or self._opened(position, policy)
        if source is None:
            self.known.by_dataset.pop(policy.dataset, None)
            return None
        self.known.by_dataset[policy.dataset] = source
        self.known.declared[policy.dataset] = policy.partition
        oversight.policy(position, policy, source)
        return source

    def _opened(self, position: int, policy: records.Policy) -> SourceFigures | None:
        name = policy.source
        if self.only is not None and name != self.only:
            return None
        if len(self.told.sources) >= MAX_SOURCES:
            self.told.further_sources.add(name)
            return None
        self.told.sources[name] = SourceFigures(
            name=name,
            position=position,
            opened=self.known.now,
            accounting=policy.accounting,
            caps=policy.caps,
            cap_curve=[(self.known.now, policy.caps.source)],
            latest=self.known.now,
            owner=policy.owner,
            owner_key=oversight.fingerprint(policy.owner_key),
        )
        return self.told.sources[name]

    def _cap_change(self, position: int, change: records.CapChange) -> SourceFigures | None:
        source = self.told.sources.get(change.source)
        if source:
            oversight.cap_change(position, change, source, self.known.now)
        return source

    def _key_change(self, position: int, change: records.KeyChange) -> SourceFigures | None:
        source = self.known.subject(change.subject)
        if source:
            oversight.key_change(position, change, source)
        return source

    def _dataset(self, position: int, dataset: records.Dataset) -> SourceFigures | None:
        source = self.known.by_dataset.get(dataset.dataset)
        if source:
            self.known.partitions[dataset.snapshot] = self.known.declared.get(dataset.dataset)
            oversight.snapshot(position, dataset, source)
        return source

    def _application(
        self, _position: int, application: records.Application
    ) -> SourceFigures | None:
        source = self.known.by_dataset.get(application.dataset)
        if source:
            self.known.by_application.setdefault(application.application, source)
        return source

    def _step(self, _position: int, step: records.Step) -> SourceFigures | None:
        return self.known.by_application.get(step.application) or self.known.by_dataset.get(
            step.dataset or ""
        )

    def _decision(self, _position: int, decision: records.Decision) -> SourceFigures | None:
        source = self.known.by_application.get(decision.application)
        if source and not decision.granted:
            source.declined += 1
        return source

    def _agreement(self, position: int, agreement: records.Agreement) -> SourceFigures | None:
        source = self.told.sources.get(agreement.source)
        if source is None or agreement.agreement in self.known.agreements:
            return source
        before = self.known.agreements.get(agreement.amends or "")
        if before is not None:
            before.ends, before.cap = agreement.ends, agreement.cap
            before.lanes = agreement.lanes
            self.known.agreements[agreement.agreement] = before
            return source
        figures = AgreementFigures(
            name=agreement.agreement,
            source=agreement.source,
            position=position,
            researcher=agreement.researcher,
            starts=agreement.starts,
            ends=agreement.ends,
            lanes=agreement.lanes,
            cap=agreement.cap,
        )
        self.known.agreements[figures.name] = figures
        source.agreements.append(figures)
        person = PersonFigures(researcher=agreement.researcher)
        source.people.setdefault(agreement.researcher, person).agreements += 1
        return source

    def _emergency(self, position: int, opening: records.Emergency) -> SourceFigures | None:
        source = self.told.sources.get(opening.source)
        if source and opening.emergency not in self.known.emergencies:
            figures = oversight.emergency(position, opening, source)
            self.known.emergencies[figures.name] = figures
        return source

    def _review(self, position: int, seen: records.Review) -> SourceFigures | None:
        source = self.known.subject(seen.subject)
        if source:
            oversight.review(position, seen, source)
        kind, _, name = seen.subject.partition("/")
        opening = self.known.emergencies.get(name) if kind == "emergency" else None
        if opening:
            oversight.after_action(seen, opening)
        return source

    def _disposal(self, position: int, done: records.Disposal) -> SourceFigures | None:
        agreement = self.known.agreements.get(done.agreement)
        if agreement is None:
            return None
        source = self.told.sources[agreement.source]
        oversight.disposal(position, done, agreement, source)
        return source

    def _certificate(self, position: int, ended: records.Certificate) -> SourceFigures | None:
        agreement = self.known.agreements.get(ended.agreement)
        if agreement is None:
            return None
        source = self.told.sources[agreement.source]
        oversight.certificate(position, ended, source)
        return source

    def _feedback(self, position: int, filed: records.Feedback) -> SourceFigures | None:
        agreement = self.known.agreements.get(filed.agreement)
        if agreement is None:
            return None
        source = self.told.sources[agreement.source]
        oversight.feedback(position, filed, source)
        return source

    def _erasure(self, position: int, done: records.Erasure) -> SourceFigures | None:
        source = self.known.subject(done.subject)
        if source:
            oversight.erasure(position, done, source)
        return source
