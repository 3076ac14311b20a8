"""Rules R4 to R6: which rows there are, and who may ask about them."""

from collections.abc import Mapping
from typing import Any

from sandbox.errors import BadInput
from sandbox.ledger import course, lineage, records
from sandbox.ledger.findings import figure, shown
from sandbox.ledger.owners import is_sound
from sandbox.ledger.signing import agreement_digest, agreement_message
from sandbox.ledger.standing import Broken, Snapshot, Standing, holds


def dataset(stands: Standing, dataset: records.Dataset) -> Broken:
    """Take a snapshot in (R4)."""
    if not stands.in_force(dataset.dataset, dataset.policy):
        yield "dataset.policy", f"Not the policy in force of {shown(dataset.dataset)}"
    if dataset.snapshot in stands.snapshots or dataset.snapshot in stands.opened:
        yield "dataset.snapshot", f"Snapshot {shown(dataset.snapshot)} is recorded again"
    policy = stands.policies.get(dataset.dataset)
    if policy and dataset.snapshot not in stands.snapshots:
        stands.snapshots[dataset.snapshot] = _divided(stands, dataset.snapshot, policy)
    stands.current[dataset.dataset] = dataset.snapshot


def _divided(stands: Standing, name: str, policy: records.Policy) -> Snapshot:
    source, partition = stands.sources[policy.source], policy.partition
    if partition is None or not is_sound(partition):
        return Snapshot(name, source, most=1, keys=frozenset())
    return Snapshot(name, source, partition.most, frozenset(partition.keys))


def opening(stands: Standing, opening: records.Opening) -> Broken:
    """Open unconditional data (R19)."""
    if opening.dataset in stands.policies:
        yield "opening.dataset", f"{shown(opening.dataset)} is asked of under a budget"
    if opening.snapshot in stands.opened or opening.snapshot in stands.snapshots:
        yield "opening.snapshot", f"Snapshot {shown(opening.snapshot)} is recorded again"
    stands.opened.add(opening.snapshot)
    stands.handed_out[opening.dataset] = opening.snapshot


def withdrawal(stands: Standing, withdrawal: records.Withdrawal) -> Broken:
    """Take down what is open (R20)."""
    if stands.handed_out.get(withdrawal.dataset) != withdrawal.snapshot:
        yield "withdrawal.snapshot", f"{shown(withdrawal.snapshot)} is not what is open"
    stands.handed_out.pop(withdrawal.dataset, None)


def application(stands: Standing, application: records.Application) -> Broken:
    """Receive an application (R5)."""
    if application.application in stands.applications:
        yield "application.repeated", f"{shown(application.application)} was received before"
    if application.dataset not in stands.policies:
        yield "application.dataset", f"There is no dataset {shown(application.dataset)}"
    yield from course.receive(stands, application)
    stands.applications.setdefault(application.application, application)


def decision(stands: Standing, decision: records.Decision) -> Broken:
    """Grant or refuse an application (R5)."""
    if decision.application not in stands.applications:
        yield "decision.application", f"No application {shown(decision.application)}"
    if decision.application in stands.granted:
        yield "decision.repeated", f"{shown(decision.application)} was decided before"
    yield from course.decide(stands, decision)
    stands.granted.setdefault(decision.application, decision.granted)


def agreement(stands: Standing, agreement: records.Agreement, entry: Mapping[str, Any]) -> Broken:
    """Put an agreement in force and open its account, or change the one it amends (R6)."""
    used = agreement.application, agreement.source
    if agreement.agreement in stands.agreements or used in stands.used:
        yield "agreement.repeated", f"{shown(agreement.application)} has its agreement"
    if not stands.granted.get(agreement.application):
        yield "agreement.application", f"{shown(agreement.application)} was not granted"
    yield from _coverage(stands, agreement)
    yield from _signatures(stands, agreement)
    if not _is_of_terms(agreement, entry):
        yield "agreement.document", "Other terms were signed than the entry has"
    yield from _terms(stands, agreement)
    yield from _lanes(stands, agreement)
    yield from lineage.amended(stands, agreement)
    yield from lineage.feedback_due(stands, agreement)
    stands.used.add(used)
    lineage.put_in_force(stands, agreement)


def _is_of_terms(agreement: records.Agreement, entry: Mapping[str, Any]) -> bool:
    try:
        return agreement.digest == agreement_digest(entry, agreement.words)
    except BadInput:  # A text of it has no canonical form, so nobody can have signed it.
        return False


def _coverage(stands: Standing, agreement: records.Agreement) -> Broken:
    yield from course.covered(stands, agreement)
    for name in agreement.datasets:
        policy = stands.policies.get(name)
        if policy is None or policy.source != agreement.source:
            yield "agreement.datasets", f"{shown(name)} is not of the agreement's source"


def _signatures(stands: Standing, agreement: records.Agreement) -> Broken:
    message = agreement_message(agreement.digest)
    if not holds(agreement.researcher_key, agreement.researcher_signature, message):
        yield "agreement.researcher_signature", "The researcher's signature does not hold"
    site = stands.keys.get("site")
    in_force = site is not None and agreement.site_key == site.public
    if not in_force or not holds(agreement.site_key, agreement.site_signature, message):
        yield "agreement.site_signature", "The site's signature does not hold under its key"


def _lanes(stands: Standing, agreement: records.Agreement) -> Broken:
    if not agreement.lanes:
        yield "agreement.lanes", "It grants no lane"
    for name in agreement.datasets:
        policy = stands.policies.get(name)
        for lane in agreement.lanes:
            if policy and lane not in policy.lanes:
                yield "agreement.lanes", f"{shown(name)} does not open {shown(lane)}"


def _terms(stands: Standing, agreement: records.Agreement) -> Broken:
    source = stands.sources.get(agreement.source)
    if source and source.accounting != agreement.accounting:
        yield "agreement.accounting", f"The source is counted under {source.accounting}"
    spent = lineage.spent(stands, agreement)
    if agreement.cap < spent:
        yield "agreement.cap", f"{figure(agreement.cap)}; {figure(spent)} is spent"
    for name in agreement.datasets:
        policy = stands.policies.get(name)
        if policy and agreement.cap > max(policy.per_agreement, spent):
            allowed = figure(policy.per_agreement)
            yield "agreement.cap", f"{figure(agreement.cap)}; {shown(name)} allows {allowed}"
    if agreement.starts > agreement.ends:
        yield "agreement.period", f"From {agreement.starts} to {agreement.ends}"
