"""What a ledger tells about a site: who spent how much of which budget when, and what was refused.

Figures for people, in one pass and exact. Whether they can be believed is for
`sandbox.ledger.verify` to say: here each entry is taken at its word, one that cannot be read is
counted and passed over, and money is charged by the same arithmetic as in the replay. Memory grows
with sources, agreements, applications and unanswered debits, not with entries.
"""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from fractions import Fraction
from typing import Any

from sandbox.errors import BadInput
from sandbox.ledger import records
from sandbox.ledger.anomalies import Event, Watch, WorkingHours
from sandbox.ledger.balance import NOTHING, Balance
from sandbox.ledger.canonical import from_base64
from sandbox.ledger.figures import AgreementFigures, Change, Chronicle, SourceFigures

MAX_SOURCES = 50
"""Sources that are told of one by one, the first of the log; the others are counted."""
MAX_CHANGES = 200
"""Policies and snapshots of one source that are listed, and caps that are drawn."""
MAX_CODES = 32
"""Reasons of refusals that are kept apart in one source; further ones count as `OTHER`."""
OTHER = ""
"""Stands for all reasons beyond `MAX_CODES`."""


def chronicle(
    entries: Iterable[tuple[int, Mapping[str, Any]]], hours: WorkingHours, source: str | None = None
) -> Chronicle:
    """Read entries, each with its position in the log; with `source`, tell of that one alone."""
    reading = _Reading(Chronicle(Watch(hours)), source)
    for position, entry in entries:
        reading.take(position, entry)
    return reading.told


def fingerprint(key: str) -> str:
    """Give a key's pseudonym: SHA-256 of its bytes, or of its text where it is no key."""
    try:
        return hashlib.sha256(from_base64(key)).hexdigest()
    except BadInput:
        return hashlib.sha256(key.encode(errors="surrogatepass")).hexdigest()


class _Reading:
    """What must be remembered to know whom an entry is about."""

    def __init__(self, told: Chronicle, source: str | None) -> None:
        self.told = told
        self.only = source
        self.by_dataset: dict[str, SourceFigures] = {}
        self.by_application: dict[str, SourceFigures] = {}
        self.agreements: dict[str, AgreementFigures] = {}
        self.open: dict[int, tuple[SourceFigures, AgreementFigures | None]] = {}
        """Debits without a release, by index."""
        self.now = datetime.min.replace(tzinfo=UTC)
        """The log's time, which never goes back, so that no curve does."""
        self.tell: Mapping[type[records.Record], Callable[[int, Any], SourceFigures | None]] = {
            records.Policy: self._policy,
            records.Dataset: self._dataset,
            records.Application: self._application,
            records.Decision: self._decision,
            records.Agreement: self._agreement,
            records.Refusal: self._refusal,
            records.Debit: self._debit,
            records.Release: self._release,
            records.Failure: self._failure,
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
        told.latest = self.now = max(self.now, record.time)
        if isinstance(record, records.Site):
            told.site = told.site or record
        tell = self.tell.get(type(record))
        if tell is None:  # It is about no source.
            return
        source = tell(position, record)
        if source is None:
            told.unattributed += 1
        else:
            source.counts[entry["kind"]] += 1
            source.latest = self.now

    def _policy(self, position: int, policy: records.Policy) -> SourceFigures | None:
        source = self.told.sources.get(policy.source) or self._opened(position, policy)
        if source is None:
            self.by_dataset.pop(policy.dataset, None)
            return None
        self.by_dataset[policy.dataset] = source
        source.owner = policy.owner
        if source.account.cap != policy.cap:
            source.account = replace(source.account, cap=policy.cap)
            if len(source.caps) < MAX_CHANGES:
                source.caps.append((self.now, policy.cap))
        if len(source.datasets) < MAX_CHANGES:
            source.datasets[policy.dataset] = None
        change = Change(
            position,
            policy.time,
            "policy",
            policy.dataset,
            policy.digest,
            cap=policy.cap,
            per_agreement=policy.per_agreement,
        )
        return _changed(source, change)

    def _opened(self, position: int, policy: records.Policy) -> SourceFigures | None:
        name = policy.source
        if self.only is not None and name != self.only:
            return None
        if len(self.told.sources) >= MAX_SOURCES:
            self.told.further_sources.add(name)
            return None
        account = Balance(policy.accounting, policy.cap)
        caps = [(self.now, policy.cap)]
        opened = SourceFigures(
            name, position, self.now, account, caps, latest=self.now, owner=policy.owner
        )
        self.told.sources[name] = opened
        return opened

    def _dataset(self, position: int, dataset: records.Dataset) -> SourceFigures | None:
        source = self.by_dataset.get(dataset.dataset)
        change = Change(
            position,
            dataset.time,
            "dataset",
            dataset.dataset,
            dataset.policy,
            snapshot=dataset.snapshot,
        )
        return _changed(source, change) if source else None

    def _application(
        self, _position: int, application: records.Application
    ) -> SourceFigures | None:
        source = self.by_dataset.get(application.dataset)
        if source:
            self.by_application.setdefault(application.application, source)
        return source

    def _decision(self, _position: int, decision: records.Decision) -> SourceFigures | None:
        source = self.by_application.get(decision.application)
        if source and not decision.granted:
            source.declined += 1
        return source

    def _agreement(self, position: int, agreement: records.Agreement) -> SourceFigures | None:
        source = self.told.sources.get(agreement.source)
        if source is None:
            return None
        if agreement.agreement in self.agreements:
            return source
        figures = AgreementFigures(
            name=agreement.agreement,
            source=agreement.source,
            position=position,
            researcher=fingerprint(agreement.researcher_key),
            starts=agreement.starts,
            ends=agreement.ends,
            account=Balance(agreement.accounting, agreement.cap),
        )
        self.agreements[figures.name] = figures
        source.agreements.append(figures)
        nothing = Balance(agreement.accounting, NOTHING)
        purse = source.researchers.get(figures.researcher, nothing)
        widened = replace(purse, cap=_sum(purse.cap, agreement.cap))
        source.researchers[figures.researcher] = widened
        return source

    def _refusal(self, position: int, refusal: records.Refusal) -> SourceFigures | None:
        agreement = self.agreements.get(refusal.agreement or "")
        source = self.by_dataset.get(refusal.dataset)
        if source is None:
            return None
        if agreement:
            agreement.counts["refusal"] += 1
        codes = Counter(_known(source, code) for code in dict.fromkeys(refusal.codes))
        source.codes += codes
        source.refusals.put(self.now, codes)
        event = self._requested(position, refusal, source, agreement)
        self.told.watch.refusal(event, source.name, agreement.name if agreement else "")
        self.told.activity.put(self.now, Counter(refusal=1))
        return source

    def _debit(self, position: int, debit: records.Debit) -> SourceFigures | None:
        agreement = self.agreements.get(debit.agreement)
        name = agreement.source if agreement else ""
        source = self.told.sources.get(name) or self.by_dataset.get(debit.dataset)
        if source is None:
            return None
        price = source.account.less(debit.cost).spent - source.account.spent
        _charge(source, agreement, debit.cost)
        source.spent.put(self.now, source.account.spent)
        if agreement:
            agreement.counts["debit"] += 1
        event = self._requested(position, debit, source, agreement)
        holder = agreement.name if agreement else ""
        self.told.watch.debit(event, source.name, holder, debit.dataset, price)
        self.open[debit.index] = (source, agreement)
        return source

    def _release(self, position: int, release: records.Release) -> SourceFigures | None:
        source, agreement = self.open.pop(release.debit, (None, None))
        if source is None:
            return None
        if agreement:
            agreement.counts["release"] += 1
            event = Event(position, release.time)
            self.told.watch.release(event, source.name, agreement.name)
        self.told.activity.put(self.now, Counter(release=1))
        return source

    def _failure(self, position: int, failure: records.Failure) -> SourceFigures | None:
        source, agreement = self.open.get(failure.debit, (None, None))
        if source is None:
            return None
        if agreement:
            agreement.counts["failure"] += 1
        self.told.watch.failure(Event(position, failure.time), source.name)
        self.told.activity.put(self.now, Counter(failure=1))
        return source

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


def _changed(source: SourceFigures, change: Change) -> SourceFigures:
    if len(source.changes) < MAX_CHANGES:
        source.changes.append(change)
    return source


def _known(source: SourceFigures, code: str) -> str:
    return code if code in source.codes or len(source.codes) < MAX_CODES else OTHER


def _charge(source: SourceFigures, agreement: AgreementFigures | None, cost: records.Cost) -> None:
    """Charge as the replay does: where a sum is too long for any entry to state, nothing moves."""
    spent = source.account.less(cost)
    if agreement is None:
        source.account = spent if spent.can_be_stated else source.account
        return
    below = agreement.account.less(cost)
    purse = source.researchers[agreement.researcher].less(cost)
    if spent.can_be_stated and below.can_be_stated and purse.can_be_stated:
        source.account, agreement.account = spent, below
        source.researchers[agreement.researcher] = purse


def _sum(total: Fraction, amount: Fraction) -> Fraction:
    """Add caps, unless hostile ones would grow a number that nobody can write down."""
    result = Balance("zcdp", cap=NOTHING, spent=total + amount)
    return result.spent if result.can_be_stated else total
