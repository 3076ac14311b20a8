"""Rules R3, R12 and R13: what only an owner's key can do, and which key that is.

What an owner signs are the fields as they stand in the entry: numbers are signed as they are
written, so that nobody has to agree on how to write them again. They name the log: what was signed
for another site is found here, though the signature holds. A change of caps or of a key that
breaks a rule has no effect here: what follows is judged by what the owner did sign.
"""

from collections.abc import Callable, Mapping
from typing import Any

from sandbox.errors import BadInput
from sandbox.ledger import records
from sandbox.ledger.balance import NOTHING
from sandbox.ledger.findings import figure, shown
from sandbox.ledger.signing import cap_message, key_message, policy_message
from sandbox.ledger.standing import (
    MAX_PARTS,
    Broken,
    Key,
    Source,
    Standing,
    emergency_account,
    holds,
    source_account,
)

Entry = Mapping[str, Any]

POLICY_TERMS = (
    "origin",
    "dataset",
    "source",
    "owner",
    "version",
    "digest",
    "accounting",
    "caps",
    "per_agreement",
    "lanes",
    "partition",
    "owner_key",
)
"""Fields of a policy that its owner signs."""
CAP_TERMS = ("origin", "source", "change", "accounting", "before", "after", "owner_key")
KEY_TERMS = ("origin", "subject", "change", "old_key", "new_key")


def policy(stands: Standing, policy: records.Policy, entry: Entry) -> Broken:
    """Put a policy in force (R3); the first of a source opens its account."""
    yield from _of_this_log(stands, "policy.origin", policy.origin)
    known = stands.policies.get(policy.dataset)
    if known and known.source != policy.source:
        yield "policy.source", f"{shown(policy.dataset)} leaves {shown(known.source)}"
    due = known.version + 1 if known else 0
    if policy.version != due:
        yield "policy.version", f"Version {policy.version} stands where {due} is due"
    source = stands.sources.get(policy.source) or _opened(stands, policy)
    if policy.owner_key != source.key.public:
        yield "policy.owner_key", f"{shown(source.name)} is in the care of another key"
    if not _signed(policy.owner_key, policy.signature, policy_message, entry, POLICY_TERMS):
        yield "policy.signature", "The owner's signature does not hold"
    if (policy.accounting, policy.caps) != (source.accounting, source.caps):
        ours, theirs = figure(source.caps.source), figure(policy.caps.source)
        in_force = f"{source.accounting} {ours} and the other caps in force"
        yield "policy.terms", f"Not {in_force}: {policy.accounting} {theirs} and its other caps"
    if policy.partition and not is_sound(policy.partition):
        yield "policy.partition", f"{shown(policy.partition.column)} divides nobody"
    stands.policies[policy.dataset] = policy


def is_sound(partition: records.Partition) -> bool:
    """Tell whether a partition tells people apart."""
    keys = len(partition.keys)
    return len(set(partition.keys)) == keys and 1 <= partition.most < keys <= MAX_PARTS


def cap_change(stands: Standing, change: records.CapChange, entry: Entry) -> Broken:
    """Change the caps of a source (R12)."""
    source = stands.sources.get(change.source)
    if source is None:
        yield "cap.before", f"There is no source {shown(change.source)}"
        return
    broken = [
        *_of_this_log(stands, "cap.origin", change.origin),
        *_from_what_is(source, change),
        *_by_its_owner(source, change, entry),
        *_above_spent(source, change),
    ]
    yield from broken
    if not broken:
        source.key.changes += 1
        source.caps = change.after
        _recap(source)


def key_change(stands: Standing, change: records.KeyChange, entry: Entry) -> Broken:
    """Let one key follow another (R13)."""
    key = stands.keys.get(change.subject)
    if key is None:
        yield "key.old", f"{shown(change.subject)} has no key here"
        return
    broken = [
        *_of_this_log(stands, "key.origin", change.origin),
        *_succession(key, change, entry),
    ]
    yield from broken
    if not broken:
        key.public, key.changes = change.new_key, change.change


def _of_this_log(stands: Standing, code: str, origin: str) -> Broken:
    """Find what was signed for another log; one without a founding entry is none's, and found."""
    if stands.site and origin != stands.site.origin:
        yield code, f"Signed for {shown(origin)}"


def _opened(stands: Standing, policy: records.Policy) -> Source:
    source = Source(policy.source, policy.accounting, policy.caps, Key(policy.owner_key))
    stands.sources[source.name] = source
    stands.keys[source_account(source.name)] = source.key
    _recap(source)
    return source


def _recap(source: Source) -> None:
    """Let accounts have the caps in force.

    Periods get theirs when they are charged: a day that is over kept to the cap of its time.
    """
    source.account(source_account(source.name), source.caps.source)
    tranche = emergency_account(source.name)
    if source.caps.emergency is not None or tranche in source.accounts:
        source.account(tranche, source.tranche)
    for account in source.people:
        account.cap = source.of_person


def _from_what_is(source: Source, change: records.CapChange) -> Broken:
    if change.accounting != source.accounting:
        yield "cap.before", f"The source is counted under {source.accounting}"
    if change.before != source.caps:
        yield "cap.before", "The caps in force are others than it says"
    if change.change != source.key.changes + 1:
        due = source.key.changes + 1
        yield "cap.change", f"Change {change.change} stands where {due} is due"


def _by_its_owner(source: Source, change: records.CapChange, entry: Entry) -> Broken:
    if change.owner_key != source.key.public:
        yield "cap.owner_key", f"{shown(source.name)} is in the care of another key"
    if not _signed(change.owner_key, change.signature, cap_message, entry, CAP_TERMS):
        yield "cap.signature", "The owner's signature does not hold"


def _above_spent(source: Source, change: records.CapChange) -> Broken:
    """Find what has spent more than it may have spent under the new caps."""
    after = Source(source.name, source.accounting, change.after, source.key)
    tranche = emergency_account(source.name)
    kept_back = max(after.tranche - source.spent(tranche), NOTHING)
    limits = [
        (source_account(source.name), after.caps.source - kept_back),
        (tranche, after.tranche),
        *after.periods(change.time.date()),
        *((account.name, after.of_person) for account in source.people),
    ]
    for name, limit in limits:
        if source.spent(name) > limit:
            spent = f"{shown(name)} has spent {figure(source.spent(name))}"
            yield "cap.below_spent", f"{spent}, more than {figure(limit)}"


def _succession(key: Key, change: records.KeyChange, entry: Entry) -> Broken:
    if change.old_key != key.public:
        yield "key.old", f"Another key is in force of {shown(change.subject)}"
    if change.change != key.changes + 1:
        yield "key.change", f"Change {change.change} stands where {key.changes + 1} is due"
    both = ((change.old_key, change.old_signature), (change.new_key, change.new_signature))
    for side, (public, signature) in zip(("old", "new"), both, strict=True):
        if not _signed(public, signature, key_message, entry, KEY_TERMS):
            yield "key.signature", f"The {side} key's signature does not hold"


def _signed(
    public: str,
    signature: str,
    message: Callable[[Entry], bytes],
    entry: Entry,
    terms: tuple[str, ...],
) -> bool:
    """Tell whether a key signed these fields as they stand in the entry."""
    try:
        signed = message({name: entry[name] for name in terms})
    except BadInput:  # The fields hold something that canonical JSON cannot say.
        return False
    return holds(public, signature, signed)
