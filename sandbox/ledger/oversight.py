"""What those did who answer for a site: changes of caps and keys, emergencies, reviews, anchors.

Each function tells of one entry, where it belongs. Lists are bounded, counts are not.
"""

import hashlib
from datetime import datetime
from typing import TypeVar

from sandbox.errors import BadInput
from sandbox.ledger import records
from sandbox.ledger.canonical import from_base64
from sandbox.ledger.figures import (
    AgreementFigures,
    Anchored,
    CapStep,
    Change,
    Chronicle,
    Deed,
    EmergencyFigures,
    KeyStep,
    SourceFigures,
)

MAX_LISTED = 200
"""Changes and deeds of one kind that are kept of one source, the first of the log."""

T = TypeVar("T")


def fingerprint(key: str) -> str:
    """Give SHA-256 of a key's bytes, or of its text where it is no key."""
    try:
        return hashlib.sha256(from_base64(key)).hexdigest()
    except BadInput:
        return hashlib.sha256(key.encode(errors="surrogatepass")).hexdigest()


def add(listed: list[T], one: T) -> None:
    """List something while there is room."""
    if len(listed) < MAX_LISTED:
        listed.append(one)


def policy(position: int, policy: records.Policy, source: SourceFigures) -> None:
    """Tell what an owner published; caps change by their own entry alone."""
    source.owner = policy.owner
    if policy.dataset in source.datasets or len(source.datasets) < MAX_LISTED:
        source.datasets[policy.dataset] = policy.partition
    source.per_agreement = max(source.per_agreement, policy.per_agreement)
    change = Change(
        position,
        policy.time,
        "policy",
        policy.dataset,
        policy.digest,
        version=policy.version,
        per_agreement=policy.per_agreement,
        departs=(policy.accounting, policy.caps) != (source.accounting, source.caps),
    )
    add(source.changes, change)


def snapshot(position: int, dataset: records.Dataset, source: SourceFigures) -> None:
    """Tell of rows that were taken in."""
    change = Change(
        position,
        dataset.time,
        "dataset",
        dataset.dataset,
        dataset.policy,
        snapshot=dataset.snapshot,
    )
    add(source.changes, change)


def cap_change(
    position: int, change: records.CapChange, source: SourceFigures, now: datetime
) -> None:
    """Put other caps in force, from the log's time on."""
    key = fingerprint(change.owner_key)
    add(source.cap_steps, CapStep(position, change.time, change.before, change.after, key))
    if change.after.source != source.caps.source:
        add(source.cap_curve, (now, change.after.source))
    source.caps = change.after


def key_change(position: int, change: records.KeyChange, into: SourceFigures | Chronicle) -> None:
    """Put another key in force: a source's owner's, or the site's own."""
    old, new = fingerprint(change.old_key), fingerprint(change.new_key)
    add(into.key_steps, KeyStep(position, change.time, old, new))
    if isinstance(into, SourceFigures):
        into.owner_key = new


def emergency(position: int, opening: records.Emergency, source: SourceFigures) -> EmergencyFigures:
    """Tell of an opening of the tranche."""
    figures = EmergencyFigures(
        name=opening.emergency,
        source=source.name,
        position=position,
        time=opening.time,
        by=opening.by,
        starts=opening.starts,
        ends=opening.ends,
    )
    add(source.emergencies, figures)
    return figures


def review(position: int, seen: records.Review, into: SourceFigures | Chronicle) -> None:
    """Tell who looked into what."""
    deed = Deed(position, seen.time, "review", seen.subject, seen.by, outcome=seen.outcome)
    add(into.deeds, deed)


def after_action(seen: records.Review, opening: EmergencyFigures) -> None:
    """Tell when an emergency was looked into; the first review that counts by rule R14."""
    if opening.reviewed is None and seen.time >= opening.ends and seen.by not in opening.by:
        opening.reviewed = seen.time


def disposal(
    position: int, done: records.Disposal, agreement: AgreementFigures, source: SourceFigures
) -> None:
    """End an agreement."""
    agreement.disposed = agreement.disposed or done.time
    subject = f"agreement/{done.agreement}"
    add(source.deeds, Deed(position, done.time, "disposal", subject, done.by))


def certificate(position: int, ended: records.Certificate, source: SourceFigures) -> None:
    """Tell that an agreement's end was carried out."""
    subject = f"agreement/{ended.agreement}"
    deed = Deed(position, ended.time, "certificate", subject, "", outcome=ended.cause)
    add(source.deeds, deed)


def feedback(position: int, filed: records.Feedback, source: SourceFigures) -> None:
    """Tell that somebody has reported on their use."""
    subject = f"agreement/{filed.agreement}"
    add(source.deeds, Deed(position, filed.time, "feedback", subject, filed.by))


def opened(position: int, done: records.Opening, told: Chronicle) -> None:
    """Tell what was opened for download."""
    add(told.deeds, Deed(position, done.time, "opening", f"dataset/{done.dataset}", done.by))


def withdrawn(position: int, done: records.Withdrawal, told: Chronicle) -> None:
    """Tell what was taken down."""
    add(told.deeds, Deed(position, done.time, "withdrawal", f"dataset/{done.dataset}", done.by))


def erasure(position: int, done: records.Erasure, source: SourceFigures) -> None:
    """Tell which papers were deleted."""
    deed = Deed(position, done.time, "erasure", done.subject, done.by, payloads=done.payloads)
    add(source.deeds, deed)


def anchor(position: int, anchor: records.Anchor, told: Chronicle) -> None:
    """Tell which head witnesses had co-signed."""
    told.anchors.append(Anchored(position, anchor.time, anchor.size, anchor.keys[:MAX_LISTED]))
