"""What a debit takes from which accounts, so that a cancellation can give exactly that back.

Rule R8 of `sandbox.ledger.replay`, for figures: a debit that breaks a rule is charged as dearly as
it can be read, so that no report shows less spending than there may have been.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from fractions import Fraction

from sandbox.ledger import records
from sandbox.ledger.balance import NOTHING, TOO_LONG, charged
from sandbox.ledger.figures import (
    SPANS,
    AgreementFigures,
    EmergencyFigures,
    PartsFigures,
    PeriodFigures,
    PersonFigures,
    SourceFigures,
    Span,
    Tally,
)
from sandbox.ledger.owners import is_sound

MAX_PERIODS = 400
"""Days, months and quarters of one source that are kept apart; older ones are dropped."""
MAX_SNAPSHOTS = 200
"""Snapshots of one source whose parts are kept apart; in further ones, a part costs the whole."""
_MONTHS = 3
"""In a quarter."""


@dataclass(slots=True)
class Charge:
    """A debit on its path through the budget tree, until it is answered."""

    submission: str
    source: SourceFigures
    agreement: AgreementFigures | None
    """Who asked; in an emergency, the tranche pays all the same."""
    emergency: EmergencyFigures | None
    amount: Fraction
    leaves: tuple[Tally, ...]
    parts: PartsFigures | None
    touched: tuple[Tally, ...]
    failed: bool = False

    def take(self) -> None:
        """Spend at every account; where a sum is too long for any entry to state, nowhere."""
        if not self._move(self.amount):
            self.amount = NOTHING

    def give_back(self) -> bool:
        """Undo what was taken; after a run had failed, rows may have been read: nothing moves."""
        return not self.failed and self._move(-self.amount)

    def count(self, kind: str) -> None:
        """Count an entry for whoever asked."""
        for one in (self.agreement, self.emergency):
            if one:
                one.counts[kind] += 1

    def _move(self, amount: Fraction) -> bool:
        changed: tuple[Tally, ...] = (*self.leaves, *self.touched)
        before = self._loss()
        kept = [one.spent for one in changed]
        for one in changed:
            one.spent += amount
        total = self.source.spent + (self._loss() - before if self.parts else amount)
        if all(can_be_stated(spent) for spent in (total, *(one.spent for one in changed))):
            self.source.spent = total
            return True
        for one, spent in zip(changed, kept, strict=True):
            one.spent = spent
        return False

    def _loss(self) -> Fraction:
        return self.parts.loss if self.parts else NOTHING


def can_be_stated(amount: Fraction) -> bool:
    """Tell whether an entry can write this down: exact sums of hostile fractions grow long."""
    return max(amount.numerator, amount.denominator) < TOO_LONG


def charge(
    debit: records.Debit,
    source: SourceFigures,
    agreement: AgreementFigures | None,
    emergency: EmergencyFigures | None,
    partition: records.Partition | None,
) -> Charge:
    """Find the accounts of a debit, and open those that are not there yet.

    `partition` is the one that the debit's snapshot was taken in under.
    """
    amount = charged(debit.cost, source.accounting)
    if debit.emergency is None:
        leaves = tuple(_ordinary(source, agreement, debit.time))
    else:
        leaves = (source.tranche, *([emergency] if emergency else []))
    parts = _parts(debit, source, partition)
    touched = (
        tuple(parts.by_key.setdefault(key, Tally()) for key in debit.parts or ()) if parts else ()
    )
    return Charge(debit.submission, source, agreement, emergency, amount, leaves, parts, touched)


def note_lifetime(source: SourceFigures, time: datetime) -> None:
    """Write beside the periods that a moment lies in what the whole life has spent by then."""
    for span in SPANS:
        period = source.periods[span].get(period_name(span, time))
        if period:
            period.lifetime = source.spent


def period_name(span: Span, time: datetime) -> str:
    """Name the day, month or quarter of a moment, in UTC: `2026-11-22`, `2026-11`, `2026-Q4`."""
    day = time.astimezone(UTC).date()
    if span == "day":
        return day.isoformat()
    if span == "month":
        return day.isoformat()[:7]
    return f"{day.year:04}-Q{(day.month - 1) // _MONTHS + 1}"


def _ordinary(
    source: SourceFigures, agreement: AgreementFigures | None, time: datetime
) -> Iterator[Tally]:
    if agreement:
        yield agreement
        yield source.people.setdefault(
            agreement.researcher, PersonFigures(researcher=agreement.researcher)
        )
    limits = {"day": source.caps.day, "month": source.caps.month, "quarter": source.caps.quarter}
    for span in SPANS:
        cap = limits[span]
        if cap is not None:
            yield _period(source.periods[span], period_name(span, time), cap)


def _period(periods: dict[str, PeriodFigures], name: str, cap: Fraction) -> PeriodFigures:
    period = periods.setdefault(name, PeriodFigures(name=name, cap=cap))
    period.cap = cap
    if len(periods) > MAX_PERIODS:
        del periods[next(iter(periods))]
    return period


def _parts(
    debit: records.Debit, source: SourceFigures, partition: records.Partition | None
) -> PartsFigures | None:
    """Find the parts that are charged; None where the debit is about everybody, or not honest."""
    if partition is None or not is_sound(partition):
        return None
    if not _some(debit.parts or (), partition):
        return None
    parts = source.parts.get(debit.snapshot)
    if parts is None:
        if len(source.parts) >= MAX_SNAPSHOTS:
            return None
        parts = PartsFigures(dataset=debit.dataset, partition=partition)
        source.parts[debit.snapshot] = parts
    return parts


def _some(named: Sequence[str], partition: records.Partition) -> bool:
    """Tell whether parts are some of a partition's, not all, none twice."""
    touched = frozenset(named)
    return 0 < len(touched) == len(named) and touched < frozenset(partition.keys)
