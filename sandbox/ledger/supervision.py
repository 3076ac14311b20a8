"""Rules R14 to R16 and R18: who looks after a site, and what they have said and seen."""

from collections.abc import Container
from heapq import heappop, heappush

from sandbox.errors import BadInput, NotVerified
from sandbox.ledger import records
from sandbox.ledger.cosignature import read_cosignature
from sandbox.ledger.findings import shown
from sandbox.ledger.note import Checkpoint
from sandbox.ledger.standing import Anchored, Broken, Standing


def emergency(stands: Standing, emergency: records.Emergency) -> Broken:
    """Open a source's tranche for a time (R14)."""
    if emergency.source not in stands.sources:
        yield "emergency.source", f"There is no source {shown(emergency.source)}"
    if emergency.emergency in stands.emergencies:
        yield "emergency.repeated", f"{shown(emergency.emergency)} was opened before"
    if len(set(emergency.by)) < 2:  # noqa: PLR2004  (two people)
        yield "emergency.by", "One person alone has opened it"
    if emergency.starts >= emergency.ends:
        yield "emergency.period", f"From {emergency.starts} to {emergency.ends}"
    waiting = stands.unreviewed.setdefault(emergency.source, [])
    while waiting and waiting[0][1] in stands.reviewed:
        heappop(waiting)
    if waiting and waiting[0][0] <= emergency.time:
        ended, name = waiting[0]
        yield "emergency.unreviewed", f"{shown(name)} ended at {ended} without a review"
    if stands.emergencies.setdefault(emergency.emergency, emergency) is emergency:
        heappush(waiting, (emergency.ends, emergency.emergency))


def review(stands: Standing, review: records.Review) -> Broken:
    """Hear what somebody found (R15)."""
    kind, _, name = review.subject.partition("/")
    known: dict[str, Container[str]] = {
        "source": stands.sources,
        "agreement": stands.agreements,
        "emergency": stands.emergencies,
    }
    if review.subject != "ledger" and name not in known.get(kind, {}):
        yield "review.subject", f"There is no {shown(review.subject)}"
    elif kind == "emergency":
        yield from _after_action(stands, review, stands.emergencies[name])


def _after_action(stands: Standing, review: records.Review, emergency: records.Emergency) -> Broken:
    if review.by in emergency.by:
        yield "review.by", "One of the two who opened it says so"
    elif review.time >= emergency.ends:
        stands.reviewed.add(emergency.emergency)


def disposal(stands: Standing, disposal: records.Disposal) -> Broken:
    """End an agreement (R15)."""
    agreement = stands.agreements.get(disposal.agreement)
    if agreement is None:
        yield "disposal.agreement", f"There is no agreement {shown(disposal.agreement)}"
        return
    root = stands.root(disposal.agreement)
    if root in stands.disposed:
        yield "disposal.repeated", f"{shown(disposal.agreement)} had ended before"
    if disposal.by != agreement.researcher:
        yield "disposal.by", "Somebody else than its researcher says so"
    stands.disposed.add(root)


def feedback(stands: Standing, feedback: records.Feedback) -> Broken:
    """Hear what came of an agreement (R15)."""
    agreement = stands.agreements.get(feedback.agreement)
    if agreement is None:
        yield "feedback.agreement", f"There is no agreement {shown(feedback.agreement)}"
        return
    if feedback.by != agreement.researcher:
        yield "feedback.by", "Somebody else than its researcher says so"
        return
    stands.reported.add(stands.root(feedback.agreement))


def certificate(stands: Standing, certificate: records.Certificate) -> Broken:
    """Certify that an agreement's end was carried out (R18)."""
    name = certificate.agreement
    agreement = stands.agreements.get(name)
    if agreement is None or stands.root(name) != name:
        yield "certificate.agreement", f"{shown(name)} is no agreement's first version"
        return
    if name in stands.certified:
        yield "certificate.repeated", f"{shown(name)} has its certificate"
    if _cause(stands, agreement, certificate) != certificate.cause:
        yield "certificate.cause", f"{shown(name)} has not {certificate.cause}"
    if stands.unsettled[name]:
        yield "certificate.unsettled", f"{stands.unsettled[name]} questions were not stopped"
    stands.certified.add(name)


def _cause(
    stands: Standing, agreement: records.Agreement, certificate: records.Certificate
) -> records.Cause | None:
    """Say why an agreement is over at this time, if it is."""
    if agreement.agreement in stands.disposed:
        return "disposed"
    last = stands.latest[agreement.agreement]
    return "expired" if certificate.time.date() > last.ends else None


def erasure(stands: Standing, erasure: records.Erasure) -> Broken:
    """Forget payloads (R15)."""
    kind, _, name = erasure.subject.partition("/")
    known: dict[str, Container[str]] = {
        "application": stands.applications,
        "agreement": stands.agreements,
    }
    if name not in known.get(kind, {}):
        yield "erasure.subject", f"There is no {shown(erasure.subject)}"


def anchor(stands: Standing, anchor: records.Anchor) -> Broken:
    """Hear what witnesses have seen (R16); the root itself is compared once the log was read."""
    if anchor.size > anchor.index:
        yield "anchor.size", f"It is of {anchor.size} entries; {anchor.index} stand before it"
    else:
        root = bytes.fromhex(anchor.root)
        stands.anchors.append(Anchored(anchor.size, anchor.index, root))
    if len(anchor.keys) != len(anchor.cosignatures):
        yield "anchor.cosignature", "There is not one co-signature for each key"
    body = _body(stands, anchor)
    for key, line in zip(anchor.keys, anchor.cosignatures, strict=False):
        if not _cosigned(line, body, key):
            yield "anchor.cosignature", f"The co-signature by {shown(key)} does not hold"


def _body(stands: Standing, anchor: records.Anchor) -> str:
    """Write the head that was co-signed."""
    origin = stands.site.origin if stands.site else ""
    return Checkpoint(origin, anchor.size, bytes.fromhex(anchor.root)).body


def _cosigned(line: str, body: str, key: str) -> bool:
    try:
        read_cosignature(line, body, key)
    except (NotVerified, BadInput, UnicodeEncodeError):  # An origin need not be text, in a lie.
        return False
    return True
