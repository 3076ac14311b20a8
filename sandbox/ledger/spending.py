"""Rules R7 to R11: what a debit may be for, what it takes from where, and what becomes of it."""

from collections.abc import Iterator, Mapping
from fractions import Fraction
from itertools import starmap

from sandbox.ledger import records
from sandbox.ledger.balance import charged, faults
from sandbox.ledger.findings import figure, shown
from sandbox.ledger.standing import (
    Broken,
    Charge,
    Snapshot,
    Source,
    Standing,
    agreement_account,
    emergency_account,
    person_account,
)

TOO_LONG = "The sum of costs is too long for any entry to state"


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
    stands.payers[debit.index] = debit.agreement


def release(stands: Standing, release: records.Release) -> Broken:
    """Let an answer out (R9)."""
    if stands.debits.get(release.debit) != release.submission:
        yield "release.debit", f"Entry {release.debit} is no debit of this submission"
    if release.debit in stands.released:
        yield "release.repeated", f"Debit {release.debit} has its release"
    if release.debit in stands.cancelled:
        yield "release.cancelled", f"Debit {release.debit} was given back"
    yield from _still_agreed(stands, release)
    stands.released.add(release.debit)
    stands.settle(release.debit)


def failure(stands: Standing, failure: records.Failure) -> Broken:
    """Let a paid run fail (R10): rows may have been read, so nothing is given back any more."""
    if stands.debits.get(failure.debit) != failure.submission:
        yield "failure.debit", f"Entry {failure.debit} is no debit of this submission"
    stands.settle(failure.debit)


def cancellation(stands: Standing, cancellation: records.Cancellation) -> Broken:
    """Give a debit back (R11)."""
    if stands.debits.get(cancellation.debit) != cancellation.submission:
        yield "cancellation.debit", f"Entry {cancellation.debit} is no debit of this submission"
        return
    charge = stands.settle(cancellation.debit)
    if charge is None:
        yield "cancellation.late", f"Debit {cancellation.debit} was used or given back before"
        return
    if not _moved(charge, -charge.amount):
        yield "cancellation.balances", TOO_LONG
        return
    stands.cancelled.add(cancellation.debit)
    stands.submissions.discard(cancellation.submission)
    if not _are_stated(cancellation.balances, charge):
        yield "cancellation.balances", "The stated balances are not what the debit leaves behind"


def _still_agreed(stands: Standing, release: records.Release) -> Broken:
    name = stands.payers.get(release.debit)
    agreement = None if name is None else stands.agreements.get(name)
    if name is None or agreement is None:
        return
    if stands.has_ended(name):
        yield "release.agreement", f"{shown(name)} had ended"
    elif release.time.date() > agreement.ends:
        yield "release.agreement", f"{release.time.date()} is after {agreement.ends}"


def _permission(
    stands: Standing, debit: records.Debit, agreement: records.Agreement | None
) -> Broken:
    if agreement is None:
        yield "debit.agreement", f"No agreement {shown(debit.agreement)} is in force"
        return
    if stands.has_ended(debit.agreement):
        yield "debit.agreement", f"{shown(debit.agreement)} had ended"
    elif stands.latest[stands.root(debit.agreement)] is not agreement:
        yield "debit.agreement", f"{shown(debit.agreement)} has a later version"
    day = debit.time.date()
    if not agreement.starts <= day <= agreement.ends:
        yield "debit.period", f"{day} is not within {agreement.starts} to {agreement.ends}"
    if debit.dataset not in agreement.datasets:
        yield "debit.dataset", f"The agreement does not cover {shown(debit.dataset)}"
    if debit.lane not in agreement.lanes:
        yield "debit.lane", f"The agreement does not grant {shown(debit.lane)}"


def _question(stands: Standing, debit: records.Debit) -> Broken:
    if stands.current.get(debit.dataset) != debit.snapshot:
        yield "debit.snapshot", f"{shown(debit.snapshot)} is not the current snapshot"
    if not stands.in_force(debit.dataset, debit.policy):
        yield "debit.policy", f"Not the policy in force of {shown(debit.dataset)}"
    policy = stands.policies.get(debit.dataset)
    if policy and debit.lane not in policy.lanes:
        yield "debit.lane", f"The policy does not open {shown(debit.lane)}"
    if debit.parts is not None and not _are_parts(
        debit.parts, stands.snapshots.get(debit.snapshot)
    ):
        yield "debit.parts", "It names other parts than some of its snapshot's people"


def _are_parts(parts: tuple[str, ...], snapshot: Snapshot | None) -> bool:
    if snapshot is None or len(set(parts)) < len(parts):
        return False
    return bool(parts) and set(parts) < snapshot.keys


def _emergency(stands: Standing, debit: records.Debit, source: Source) -> Broken:
    if (debit.template is None) != (debit.emergency is None):
        which = "no approved question" if debit.template is None else "no emergency"
        yield "debit.template", f"It names {which}"
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
    charge = _charge(stands, debit, agreement, source)
    if not _moved(charge, charge.amount):
        yield "debit.cost", TOO_LONG
        return
    stands.settle(debit.index)
    stands.waiting[debit.index] = charge
    stands.unsettled[stands.root(debit.agreement)] += 1
    yield from _limits(debit, charge, source)
    if agreement and not _are_stated(debit.balances, charge):
        yield "debit.balances", "The stated balances are not the sum of the debits"


def _charge(
    stands: Standing, debit: records.Debit, agreement: records.Agreement | None, source: Source
) -> Charge:
    """Say what a debit takes; one that names parts wrongly is taken to be about everybody."""
    leaves = tuple(starmap(source.account, _leaves(stands, debit, agreement, source)))
    snapshot, parts = stands.snapshots.get(debit.snapshot), debit.parts
    if parts is None or snapshot is None or not _are_parts(parts, snapshot):
        snapshot, parts = None, ()
    touched = tuple(map(snapshot.part, parts)) if snapshot else ()
    amount = charged(debit.cost, source.accounting)
    return Charge(amount, (*leaves, *touched, source.root), snapshot)


def _leaves(
    stands: Standing, debit: records.Debit, agreement: records.Agreement | None, source: Source
) -> Iterator[tuple[str, Fraction]]:
    """Name the accounts below the source that a debit falls on, with their caps."""
    if debit.emergency is not None:
        yield emergency_account(source.name), source.tranche
        return
    if agreement is not None:
        root = stands.root(agreement.agreement)
        yield agreement_account(root), stands.latest[root].cap
        yield person_account(source.name, agreement.researcher), source.of_person
    yield from source.periods(debit.time.date())


def _moved(charge: Charge, amount: Fraction) -> bool:
    """Move all accounts of a charge, if entries can state them then; else none."""
    _move(charge, amount)
    # Each is asked, and reduced by that; one that was passed over would grow on with each entry.
    too_long = [account for account in charge.path if not account.can_be_stated()]
    if too_long:
        _move(charge, -amount)
    return not too_long


def _move(charge: Charge, amount: Fraction) -> None:
    """Move accounts: the source's by what is added to the loss by the dearest parts, if any."""
    *below, root = charge.path
    for account in below:
        account.move(amount)
    root.move(charge.snapshot.added() if charge.snapshot else amount)


def _are_stated(balances: Mapping[str, records.Stated], charge: Charge) -> bool:
    """Tell whether an entry states what the accounts of the path have spent, and no other."""
    return len(balances) == len(charge.path) and all(
        account.has_spent(balances.get(account.name)) for account in charge.path
    )


def _limits(debit: records.Debit, charge: Charge, source: Source) -> Broken:
    """Compare with the caps."""
    for account in charge.path:
        if account.rest < 0:
            spent = f"{shown(account.name)} has spent {figure(account.spent)}"
            yield "debit.over_cap", f"{spent} of {figure(account.cap)}"
    tranche = source.accounts.get(emergency_account(source.name))
    if debit.emergency is not None or tranche is None or source.root.rest < 0:
        return
    if source.root.has_less_left_than(tranche):
        left, kept_back = figure(source.root.left), figure(tranche.left)
        yield "debit.reserve", f"{left} is left; emergencies may need {kept_back}"
