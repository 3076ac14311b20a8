"""Rules R7 to R11: what a debit may be for, what it takes from where, and what becomes of it."""

from dataclasses import dataclass, replace
from fractions import Fraction

from sandbox.ledger import records
from sandbox.ledger.balance import NOTHING, can_be_stated, charged, faults
from sandbox.ledger.findings import figure, shown
from sandbox.ledger.standing import (
    Broken,
    Charge,
    Snapshot,
    Source,
    Standing,
    agreement_account,
    emergency_account,
    part_account,
    person_account,
    source_account,
)


def debit(stands: Standing, debit: records.Debit) -> Broken:
    """Spend (R7, R8)."""
    if debit.submission in stands.submissions:
        yield "debit.repeated", f"Submission {shown(debit.submission)} was debited before"
    agreement = stands.agreements.get(debit.agreement)
    yield from _permission(stands, debit, agreement)
    yield from _question(stands, debit)
    policy = stands.policies.get(debit.dataset)
    if policy is not None:
        source = stands.sources[policy.source]
        yield from _emergency(stands, debit, source)
        yield from _spending(stands, debit, agreement, source)
    stands.submissions.add(debit.submission)
    stands.debits[debit.index] = debit.submission


def release(stands: Standing, release: records.Release) -> Broken:
    """Let an answer out (R9)."""
    if stands.debits.get(release.debit) != release.submission:
        yield "release.debit", f"Entry {release.debit} is no debit of this submission"
    if release.debit in stands.released:
        yield "release.repeated", f"Debit {release.debit} has its release"
    if release.debit in stands.cancelled:
        yield "release.cancelled", f"Debit {release.debit} was given back"
    stands.released.add(release.debit)
    stands.waiting.pop(release.debit, None)


def failure(stands: Standing, failure: records.Failure) -> Broken:
    """Let a paid run fail (R10): rows may have been read, so nothing is given back any more."""
    if stands.debits.get(failure.debit) != failure.submission:
        yield "failure.debit", f"Entry {failure.debit} is no debit of this submission"
    stands.waiting.pop(failure.debit, None)


def cancellation(stands: Standing, cancellation: records.Cancellation) -> Broken:
    """Give a debit back (R11)."""
    if stands.debits.get(cancellation.debit) != cancellation.submission:
        yield "cancellation.debit", f"Entry {cancellation.debit} is no debit of this submission"
        return
    charge = stands.waiting.pop(cancellation.debit, None)
    if charge is None:
        yield "cancellation.late", f"Debit {cancellation.debit} was used or given back before"
        return
    after = _after(stands, charge, -charge.amount)
    _settle(stands, after)
    stands.cancelled.add(cancellation.debit)
    stands.submissions.discard(cancellation.submission)
    if cancellation.balances != after.stated:
        yield "cancellation.balances", "The stated balances are not what the debit leaves behind"


def _permission(
    stands: Standing, debit: records.Debit, agreement: records.Agreement | None
) -> Broken:
    if agreement is None:
        yield "debit.agreement", f"No agreement {shown(debit.agreement)} is in force"
        return
    if debit.agreement in stands.disposed:
        yield "debit.agreement", f"What {shown(debit.agreement)} gave was disposed of"
    day = debit.time.date()
    if not agreement.starts <= day <= agreement.ends:
        yield "debit.period", f"{day} is not within {agreement.starts} to {agreement.ends}"
    if debit.dataset not in agreement.datasets:
        yield "debit.dataset", f"The agreement does not cover {shown(debit.dataset)}"


def _question(stands: Standing, debit: records.Debit) -> Broken:
    if stands.current.get(debit.dataset) != debit.snapshot:
        yield "debit.snapshot", f"{shown(debit.snapshot)} is not the current snapshot"
    if not stands.in_force(debit.dataset, debit.policy):
        yield "debit.policy", f"Not the policy in force of {shown(debit.dataset)}"
    if debit.parts is not None and not _are_parts(
        debit.parts, stands.snapshots.get(debit.snapshot)
    ):
        yield "debit.parts", "It names other parts than some of its snapshot's people"


def _are_parts(parts: tuple[str, ...], snapshot: Snapshot | None) -> bool:
    if snapshot is None or len(set(parts)) < len(parts):
        return False
    return bool(parts) and set(parts) < snapshot.keys


def _emergency(stands: Standing, debit: records.Debit, source: Source) -> Broken:
    if debit.emergency is None:
        return
    opened = stands.emergencies.get(debit.emergency)
    if opened is None or opened.source != source.name:
        yield "debit.emergency", f"{shown(debit.emergency)} is no emergency of this source"
    elif not opened.starts <= debit.time < opened.ends:
        yield "debit.emergency", f"It is open from {opened.starts} to {opened.ends}"


def _spending(
    stands: Standing, debit: records.Debit, agreement: records.Agreement | None, source: Source
) -> Broken:
    """Spend at every account of the path; without an agreement, at those of the source alone."""
    yield from (("debit.cost", fault) for fault in faults(debit.cost, source.accounting))
    caps = _leaves(debit, agreement, source)
    charge = _charge(stands, debit, source, tuple(caps))
    after = _after(stands, charge, charge.amount)
    if not after.can_be_stated:
        yield "debit.cost", "The sum of costs is too long for any entry to state"
        return
    if agreement and debit.emergency is None:
        source.people.add(person_account(source.name, agreement.researcher))
    for account, cap in caps.items():
        stands.put(source, account, cap)
    _settle(stands, after)
    stands.waiting[debit.index] = charge
    yield from _limits(stands, debit, charge)
    if agreement and debit.balances != after.stated:
        yield "debit.balances", "The stated balances are not the sum of the debits"


def _leaves(
    debit: records.Debit, agreement: records.Agreement | None, source: Source
) -> dict[str, Fraction]:
    """Name the accounts below the source that a debit falls on, with their caps."""
    if debit.emergency is not None:
        return {emergency_account(source.name): source.tranche}
    leaves = dict(source.periods(debit.time.date()))
    if agreement is not None:
        leaves[agreement_account(agreement.agreement)] = agreement.cap
        leaves[person_account(source.name, agreement.researcher)] = source.of_person
    return leaves


def _charge(
    stands: Standing, debit: records.Debit, source: Source, leaves: tuple[str, ...]
) -> Charge:
    """Say what a debit takes; one that names parts wrongly is taken to be about everybody."""
    amount = charged(debit.cost, source.accounting)
    snapshot = stands.snapshots.get(debit.snapshot)
    if debit.parts is None or snapshot is None or not _are_parts(debit.parts, snapshot):
        return Charge(amount, source, leaves)
    return Charge(amount, source, leaves, debit.snapshot, debit.parts)


@dataclass(frozen=True, slots=True)
class _After:
    """What the accounts of a charge have spent after it, or after it was given back."""

    charge: Charge
    leaves: dict[str, Fraction]
    parts: dict[str, Fraction]
    """By key; those that the charge is about."""
    source: Fraction

    @property
    def stated(self) -> dict[str, Fraction]:
        """What the entry has to say."""
        named = {
            part_account(self.charge.snapshot, key): spent for key, spent in self.parts.items()
        }
        return {**self.leaves, **named, source_account(self.charge.source.name): self.source}

    @property
    def can_be_stated(self) -> bool:
        """Tell whether an entry can say it: exact sums of hostile fractions grow long."""
        return all(map(can_be_stated, (*self.leaves.values(), *self.parts.values(), self.source)))


def _after(stands: Standing, charge: Charge, amount: Fraction) -> _After:
    leaves = {account: stands.spent(account) + amount for account in charge.leaves}
    spent = stands.spent(source_account(charge.source.name))
    if not charge.parts:
        return _After(charge, leaves, {}, spent + amount)
    snapshot = stands.snapshots[charge.snapshot]
    parts = {key: snapshot.parts.get(key, NOTHING) + amount for key in charge.parts}
    added = snapshot.loss({**snapshot.parts, **parts}) - snapshot.loss(snapshot.parts)
    return _After(charge, leaves, parts, spent + added)


def _settle(stands: Standing, after: _After) -> None:
    for account, spent in after.leaves.items():
        stands.balances[account] = replace(stands.balances[account], spent=spent)
    root = source_account(after.charge.source.name)
    stands.balances[root] = replace(stands.balances[root], spent=after.source)
    if after.parts:
        stands.snapshots[after.charge.snapshot].parts.update(after.parts)


def _limits(stands: Standing, debit: records.Debit, charge: Charge) -> Broken:
    """Compare with the caps. A part is never over the source's unless the source is, too."""
    root = source_account(charge.source.name)
    for account in (*charge.leaves, root):
        balance = stands.balances[account]
        if balance.spent > balance.cap:
            spent = f"{shown(account)} has spent {figure(balance.spent)}"
            yield "debit.over_cap", f"{spent} of {figure(balance.cap)}"
    kept_back = charge.source.tranche - stands.spent(emergency_account(charge.source.name))
    left = stands.balances[root].remaining
    if debit.emergency is None and NOTHING <= left < kept_back:
        yield "debit.reserve", f"{figure(left)} is left; emergencies may need {figure(kept_back)}"
