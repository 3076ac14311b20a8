"""Each rule of the replay: an honest ledger keeps it, a broken one is found where it broke."""

import copy
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from sandbox.ledger import entries
from sandbox.ledger.canonical import sha256
from sandbox.ledger.findings import ERRORS, MAX_LISTED, WARNINGS
from sandbox.ledger.replay import Findings, replay
from sandbox.ledger.signing import policy_message
from tests.support.courses import BEFORE_SIGNING, BROKEN_COURSES, walk
from tests.support.honest_ledger import (
    DISTRICTS,
    LATER_CAPS,
    NEXT_OWNER,
    NEXT_SITE,
    ORIGIN,
    OWNER,
    PERSON,
    RIDERS,
    RIDERS_CAPS,
    SITE,
    TRIPS,
    Entry,
    Story,
    both_sign,
    caps,
    honest,
    pseudonym,
    public_text,
    renumbered,
    signed_by,
    told,
    zcdp,
)

# Where things stand in the honest ledger.
POLICY, SECOND_POLICY, SNAPSHOT = 1, 3, 2
APPLICATION, DECISION, AGREEMENT, SECOND_AGREEMENT, PURE_AGREEMENT = 7, 8, 9, 12, 15
DEBIT, RELEASE, SECOND_DEBIT, FAILURE, REFUSAL, PURE_DEBIT = 16, 17, 18, 19, 20, 22
CANCELLED, CANCELLATION, PAID_AGAIN, EMERGENCY = 33, 34, 35, 41
CAP_CHANGE, OWNERS_KEY, SITES_KEY = 44, 45, 46
LAST_POLICY, LAST_AGREEMENT, ANCHOR = 47, 51, 52
REVIEW, DISPOSAL, ERASURE, CERTIFICATE = 53, 57, 58, 60
FEEDBACK, AMENDMENT, OPENING, WITHDRAWAL = 61, 64, 65, 66
OLD_SITE = public_text(SITE)
LATE = "2026-11-30T09:00:00.000000Z"
"""When the emergency is over."""

MALLORY = Ed25519PrivateKey.from_private_bytes(b"a key that nobody trusts........")

Change = Callable[[Story], object]


def replayed(story: list[Entry]) -> Findings:
    return replay(enumerate(story))


def codes(story: list[Entry]) -> set[tuple[int | None, str]]:
    return {(finding.index, finding.code) for finding in replayed(story).found}


def put(index: int, /, **fields: object) -> Change:
    """Overwrite fields of one entry."""
    return lambda story: story.entries[index].update(fields)


def again(index: int, /, **fields: object) -> Change:
    """Append an entry once more, with some fields changed."""

    def change(story: Story) -> None:
        stands = {"index": len(story.entries), "time": entries.instant(story.now)}
        story.entries.append({**story.entries[index], **stands, **fields})

    return change


def agreed(index: int, /, **fields: object) -> Change:
    """Overwrite fields of an agreement, as both parties had signed them."""

    def change(story: Story) -> None:
        entry = story.entries[index]
        site = SITE if entry["site_key"] == public_text(SITE) else NEXT_SITE
        story.entries[index] = both_sign({**entry, **fields}, site)

    return change


def resigned(index: int, /, **fields: object) -> Change:
    """Append an agreement that both parties signed, with some fields changed."""

    def change(story: Story) -> None:
        again(index, site_key=public_text(NEXT_SITE), **fields)(story)
        story.entries[-1] = both_sign(story.entries[-1], NEXT_SITE)

    return change


def amended_again(amends: str | None) -> Change:
    """Append another agreement over the first source, or another version of one there."""
    return lambda story: story.agree(
        "another", ["health/hie"], "health/people", "zcdp", site=NEXT_SITE, amends=amends
    )


def asked_of_amended(rho: str) -> Change:
    """Append a debit under the version in force; the account is the first version's."""
    spent = {
        "agreement/a1": str(Fraction("1/3") + Fraction(rho)),
        PEOPLE: str(Fraction("11/24") + Fraction(rho)),
        "source/health/people": str(Fraction("11/24") + Fraction(rho)),
    }
    return lambda story: story.debit("under a1.2", "a1.2", "health/hie", zcdp(rho), spent)


def reissued(index: int, /, key: Ed25519PrivateKey = OWNER, **fields: object) -> Change:
    """Append a signed policy, the next of its dataset, with some fields changed."""

    def change(story: Story) -> None:
        old = story.entries[index]
        left_out = {"kind", "time", "index", "signature"}
        terms = {name: value for name, value in old.items() if name not in left_out}
        terms |= {"version": old["version"] + 1, "owner_key": public_text(key), **fields}
        story.add(entries.policy(story.now, terms, signed_by(key, policy_message(terms))))

    return change


def asked(
    spent: str = "0.425",
    by_agreement: str = "0.05",
    parts: Mapping[str, str] | None = None,
    /,
    **fields: object,
) -> Change:
    """Append a debit of the last agreement, in order but for the fields changed."""

    def change(story: Story) -> None:
        story.debit(
            "s10", "a5", TRIPS, zcdp("0.05"), balances(spent, by_agreement, spent, parts or {})
        )
        template = "cases" if fields.get("emergency") else None
        story.entries[-1].update({"template": template, **fields})

    return change


def another_emergency(time: str = LATE) -> Change:
    """Open the tranche once more."""
    return again(
        EMERGENCY, emergency="e2", time=time, starts=time, ends="2026-12-24T00:00:00.000000Z"
    )


def reviewed(by: str = "auditor", time: str = LATE) -> Change:
    """Look into the first emergency."""
    return again(REVIEW, subject="emergency/e1", by=pseudonym(by), time=time)


def balances(
    leaves: str, by_agreement: str, source: str, parts: Mapping[str, str] | None = None
) -> dict[str, str]:
    periods = ("2026-11-22", "2026-11", "2026-Q4")
    return {
        "agreement/a5": by_agreement,
        f"person/{RIDERS}/{PERSON}": leaves,
        **{f"period/{RIDERS}/{period}": leaves for period in periods},
        **{f"part/snapshot 1 of {TRIPS}/{key}": spent for key, spent in (parts or {}).items()},
        f"source/{RIDERS}": source,
    }


def recapped(
    before: Mapping[str, str | None] = LATER_CAPS,
    change: int = 3,
    key: Ed25519PrivateKey = NEXT_OWNER,
    accounting: str = "zcdp",
    origin: str = ORIGIN,
    **after: str | None,
) -> Change:
    """Append a signed change of the riders' caps."""
    return lambda story: story.recap(
        RIDERS, accounting, before, {**LATER_CAPS, **after}, change=change, key=key, origin=origin
    )


def rekeyed(
    subject: str = f"source/{RIDERS}",
    change: int = 3,
    old: Ed25519PrivateKey = NEXT_OWNER,
    new: Ed25519PrivateKey = OWNER,
    origin: str = ORIGIN,
) -> Change:
    """Append a change of key that both keys signed."""
    return lambda story: story.rekey(subject, change, old, new, origin=origin)


def foretold(story: Story) -> None:
    """Append what witnesses signed of a log that is two entries longer."""
    longer = honest()
    for _ in range(2):
        again(REFUSAL)(longer)
    longer.anchor(END + 2)
    story.entries.append({**longer.entries[-1], "index": END})


def narrowed() -> Change:
    """Put a policy in force that closes the lane that the riders' agreements grant."""
    return lambda story: story.describe(
        TRIPS,
        RIDERS,
        "zcdp",
        limits=LATER_CAPS,
        partition=DISTRICTS,
        lanes=["algorithm"],
        key=NEXT_OWNER,
    )


def both(*changes: Change) -> Change:
    def change(story: Story) -> None:
        for each in changes:
            each(story)

    return change


def test_an_honest_ledger_has_no_findings() -> None:
    assert replayed(told()).found == ()


def test_balances_are_exact_fractions() -> None:
    balances = replayed(told()).balances
    person = f"person/{RIDERS}/{PERSON}"
    assert {name: (one.cap, one.spent, one.remaining) for name, one in balances.items()} == {
        "source/health/people": (1, Fraction(11, 24), Fraction(13, 24)),
        "source/school/pupils": (1, Fraction(1, 4), Fraction(3, 4)),
        f"source/{RIDERS}": (Fraction(6, 5), Fraction(3, 8), Fraction(33, 40)),
        f"emergency/{RIDERS}": (Fraction(1, 5), Fraction(1, 20), Fraction(3, 20)),
        "agreement/a1": (Fraction(1, 2), Fraction(1, 3), Fraction(1, 6)),
        "agreement/a2": (Fraction(1, 2), Fraction(1, 8), Fraction(3, 8)),
        "agreement/a3": (Fraction(1, 2), Fraction(1, 4), Fraction(1, 4)),
        "agreement/a4": (Fraction(1, 2), Fraction(3, 8), Fraction(1, 8)),
        "agreement/a5": (Fraction(1, 2), 0, Fraction(1, 2)),
        f"person/health/people/{PERSON}": (64, Fraction(11, 24), Fraction(1525, 24)),
        f"person/school/pupils/{PERSON}": (64, Fraction(1, 4), Fraction(255, 4)),
        person: (Fraction(7, 10), Fraction(3, 8), Fraction(13, 40)),
        f"period/{RIDERS}/2026-11-22": (Fraction(1, 2), Fraction(3, 8), Fraction(1, 8)),
        f"period/{RIDERS}/2026-11": (Fraction(4, 5), Fraction(3, 8), Fraction(17, 40)),
        f"period/{RIDERS}/2026-Q4": (Fraction(9, 10), Fraction(3, 8), Fraction(21, 40)),
        **{
            f"part/snapshot of {TRIPS}/{key}": (Fraction(6, 5), Fraction(1, 10), Fraction(11, 10))
            for key in ("north", "south", "east")
        },
    }


def test_entries_are_counted_by_kind() -> None:
    counts = replayed(told()).counts
    assert (counts["site"], counts["debit"], counts["refusal"], sum(counts.values())) == (
        1,
        10,
        1,
        len(told()),
    )


END = len(told())
ELSEWHERE = "other.example/range"
AT_ITS_END = {"cause": "expired", "time": "2029-01-01T00:00:00.000000Z"}
FREE = {"cost": zcdp("0"), "balances": balances("0.375", "0", "0.375")}
PEOPLE = f"person/health/people/{PERSON}"
IN_EMERGENCY = {f"emergency/{RIDERS}": "0.1", f"source/{RIDERS}": "0.425"}
BROKEN: list[tuple[str, int, Change]] = [
    ("entry.index", 20, lambda story: story.entries.pop(20)),
    ("entry.index", 4, lambda story: story.entries.insert(4, story.entries.pop(5))),
    ("entry.index", END, again(REFUSAL, index=REFUSAL)),
    ("entry.malformed", DEBIT, put(DEBIT, cost=zcdp("1e-3"))),
    ("entry.malformed", DEBIT, lambda story: story.entries[DEBIT].pop("balances")),
    ("entry.malformed", DECISION, put(DECISION, commitment="Because I know her.")),
    ("entry.malformed", DECISION, put(DECISION, by="Zhang San")),
    ("entry.malformed", END, lambda story: story.entries.append({"index": END})),
    ("entry.kind", END, again(RELEASE, kind="of a later version")),
    ("time.backwards", END, again(REFUSAL, time="2020-01-01T00:00:00.000000Z")),
    ("site.missing", 0, put(0, kind="of a later version")),
    ("site.repeated", END, again(0)),
    ("policy.source", END, reissued(POLICY, source="school/pupils", accounting="pure")),
    ("policy.version", END, reissued(POLICY, version=0)),
    ("policy.version", END, reissued(POLICY, version=2)),
    ("policy.version", SECOND_POLICY, put(SECOND_POLICY, version=1)),
    ("policy.owner_key", END, reissued(POLICY, MALLORY)),
    ("policy.owner_key", END, reissued(LAST_POLICY, OWNER)),
    ("policy.origin", END, reissued(POLICY, origin=ELSEWHERE)),
    ("policy.signature", END, both(reissued(POLICY, origin=ELSEWHERE), put(END, origin=ORIGIN))),
    ("policy.signature", END, again(POLICY, version=1)),
    ("policy.signature", END, both(reissued(POLICY), put(END, per_agreement="0.9"))),
    ("policy.signature", END, both(reissued(POLICY), put(END, per_agreement="0.50"))),
    ("policy.signature", END, both(reissued(POLICY), put(END, owner="another"))),
    ("policy.signature", LAST_POLICY, put(LAST_POLICY, partition={**DISTRICTS, "most": 1})),
    ("policy.terms", END, reissued(POLICY, caps=caps(source="2"))),
    ("policy.terms", END, reissued(POLICY, caps=caps(source="0.5"))),
    ("policy.terms", END, reissued(POLICY, caps=caps(person="1"))),
    ("policy.terms", END, reissued(POLICY, caps=caps(delta="0.00000001"))),
    ("policy.terms", END, reissued(POLICY, accounting="pure")),
    ("policy.partition", END, reissued(POLICY, partition={**DISTRICTS, "keys": ["north"]})),
    ("policy.partition", END, reissued(POLICY, partition={**DISTRICTS, "keys": ["a", "b", "a"]})),
    ("policy.partition", END, reissued(POLICY, partition={**DISTRICTS, "most": 0})),
    ("policy.partition", END, reissued(POLICY, partition={**DISTRICTS, "most": 4})),
    ("policy.partition", END, reissued(POLICY, partition={**DISTRICTS, "most": 2**53 - 1})),
    (
        "policy.partition",
        END,
        reissued(POLICY, partition={**DISTRICTS, "keys": [str(key) for key in range(65)]}),
    ),
    ("dataset.policy", END, again(SNAPSHOT, snapshot="new", policy="0" * 64)),
    ("dataset.policy", END, again(SNAPSHOT, snapshot="new", dataset="health/costs")),
    ("dataset.policy", END, again(SNAPSHOT, snapshot="new", dataset="no/such")),
    ("dataset.snapshot", END, again(SNAPSHOT)),
    ("application.dataset", END, again(APPLICATION, application="x", dataset="no/such")),
    ("application.repeated", END, again(APPLICATION)),
    ("decision.application", END, again(DECISION, application="never received")),
    ("decision.repeated", END, again(DECISION, granted=False)),
    ("agreement.application", AGREEMENT, put(DECISION, granted=False)),
    ("agreement.application", END, resigned(AGREEMENT, agreement="x", application="x")),
    ("agreement.repeated", END, resigned(AGREEMENT, agreement="second account")),
    ("agreement.repeated", END, resigned(AGREEMENT, application="another")),
    ("agreement.datasets", AGREEMENT, agreed(AGREEMENT, datasets=["health/costs"])),
    ("agreement.datasets", AGREEMENT, agreed(AGREEMENT, datasets=["health/hie", "school/marks"])),
    ("agreement.datasets", AGREEMENT, agreed(AGREEMENT, datasets=["health/hie", "no/such"])),
    ("agreement.researcher_signature", AGREEMENT, put(AGREEMENT, digest="0" * 64)),
    ("agreement.researcher_signature", AGREEMENT, put(AGREEMENT, researcher_signature="")),
    ("agreement.researcher_signature", AGREEMENT, agreed(AGREEMENT, researcher_key="no key")),
    ("agreement.site_signature", AGREEMENT, put(AGREEMENT, site_signature="")),
    ("agreement.site_signature", AGREEMENT, put(0, site_key="another key")),
    ("agreement.site_signature", LAST_AGREEMENT, agreed(LAST_AGREEMENT, site_key=OLD_SITE)),
    ("agreement.accounting", PURE_AGREEMENT, agreed(PURE_AGREEMENT, accounting="zcdp")),
    ("agreement.cap", AGREEMENT, agreed(AGREEMENT, cap="0.500000001")),
    ("agreement.cap", AGREEMENT, put(SECOND_POLICY, per_agreement="0.4")),
    ("agreement.period", LAST_AGREEMENT, agreed(LAST_AGREEMENT, starts="2027-01-01")),
    ("agreement.lanes", LAST_AGREEMENT, agreed(LAST_AGREEMENT, lanes=[])),
    ("agreement.lanes", LAST_AGREEMENT, agreed(LAST_AGREEMENT, lanes=["query", "reviewed"])),
    ("agreement.document", AGREEMENT, put(AGREEMENT, cap="0.4")),
    ("agreement.document", AGREEMENT, put(AGREEMENT, lanes=["query", "algorithm"])),
    ("agreement.document", AGREEMENT, put(AGREEMENT, words="0" * 64)),
    ("agreement.document", LAST_AGREEMENT, put(LAST_AGREEMENT, ends="2027-12-31")),
    ("agreement.document", AMENDMENT, put(AMENDMENT, datasets=["health/costs"])),
    ("agreement.amends", AMENDMENT, agreed(AMENDMENT, amends="never signed")),
    ("agreement.amends", AMENDMENT, agreed(AMENDMENT, researcher="0" * 64)),
    ("agreement.amends", AMENDMENT, agreed(AMENDMENT, amends="a2")),
    ("agreement.amends", AMENDMENT, agreed(AMENDMENT, amends="a4")),
    ("agreement.amends", AMENDMENT, agreed(AMENDMENT, time="2027-01-01T00:00:00.000000Z")),
    ("agreement.amends", AMENDMENT, agreed(AMENDMENT, agreement="a9.2")),
    ("agreement.amends", LAST_AGREEMENT, agreed(LAST_AGREEMENT, agreement="a9.2")),
    ("agreement.amends", END + 2, amended_again("a1")),
    ("agreement.feedback", AMENDMENT, put(FEEDBACK, agreement="a4")),
    ("agreement.feedback", AMENDMENT, put(FEEDBACK, by="0" * 64)),
    ("agreement.feedback", END + 3, both(again(DISPOSAL, agreement="a1.2"), amended_again(None))),
    ("agreement.cap", AMENDMENT, agreed(AMENDMENT, cap="0.500000001")),
    ("agreement.cap", AMENDMENT, agreed(AMENDMENT, cap="0.3333")),
    (
        "debit.agreement",
        END,
        again(
            DEBIT,
            submission="under an earlier version",
            cost=zcdp("0"),
            balances={"agreement/a1": "1/3", PEOPLE: "11/24", "source/health/people": "11/24"},
        ),
    ),
    ("debit.over_cap", END, asked_of_amended("0.167")),
    (
        "disposal.repeated",
        END + 1,
        both(again(DISPOSAL, agreement="a1"), again(DISPOSAL, agreement="a1.2")),
    ),
    ("feedback.agreement", END, again(FEEDBACK, agreement="never signed")),
    ("feedback.by", END, again(FEEDBACK, by="0" * 64)),
    ("debit.agreement", DEBIT, put(DEBIT, agreement="never signed")),
    (
        "debit.agreement",
        END,
        again(
            SECOND_DEBIT,
            submission="after disposal",
            cost=zcdp("0"),
            balances={"agreement/a2": "0.125", PEOPLE: "11/24", "source/health/people": "11/24"},
        ),
    ),
    ("debit.period", DEBIT, agreed(AGREEMENT, ends="2026-11-21")),
    ("debit.period", DEBIT, agreed(AGREEMENT, starts="2026-11-23")),
    ("debit.dataset", SECOND_DEBIT, agreed(SECOND_AGREEMENT, datasets=["health/hie"])),
    (
        "debit.dataset",
        END,
        asked(
            dataset="health/hie",
            snapshot="snapshot of health/hie",
            policy=sha256(b"policy of health/hie"),
            cost=zcdp("0"),
            balances={"agreement/a5": "0", PEOPLE: "11/24", "source/health/people": "11/24"},
        ),
    ),
    ("debit.lane", DEBIT, put(DEBIT, lane="algorithm")),
    ("debit.lane", DEBIT, put(DEBIT, lane="reviewed")),
    ("debit.lane", END + 2, both(narrowed(), asked(**FREE))),
    ("debit.snapshot", DEBIT, put(DEBIT, snapshot="snapshot of health/costs")),
    ("debit.snapshot", DEBIT, put(DEBIT, snapshot="never recorded")),
    ("debit.policy", DEBIT, put(DEBIT, policy="0" * 64)),
    ("debit.policy", DEBIT, put(DEBIT, dataset="no/such")),
    ("debit.parts", END, asked(parts=[])),
    ("debit.parts", END, asked(parts=["north", "north"])),
    ("debit.parts", END, asked(parts=["north", "nowhere"])),
    ("debit.parts", END, asked(parts=["north", "south", "east", "west"])),
    ("debit.parts", DEBIT, put(DEBIT, parts=["north"])),
    ("debit.emergency", END, asked(emergency="never declared", balances=IN_EMERGENCY)),
    (
        "debit.emergency",
        END + 1,
        both(
            again(EMERGENCY, emergency="e2", source="health/people"),
            asked(emergency="e2", balances=IN_EMERGENCY),
        ),
    ),
    (
        "debit.emergency",
        END,
        asked(emergency="e1", time="2026-11-23T09:11:00.000000Z", balances=IN_EMERGENCY),
    ),
    (
        "debit.emergency",
        END + 1,
        both(
            again(EMERGENCY, emergency="e2", starts="2026-11-22T12:00:00.000000Z"),
            asked(emergency="e2", balances=IN_EMERGENCY),
        ),
    ),
    ("debit.template", END, asked(template="cases")),
    ("debit.template", END, asked(emergency="e1", template=None, balances=IN_EMERGENCY)),
    ("debit.cost", END, asked(**{**FREE, "cost": zcdp("-0.1")})),
    ("debit.cost", END, asked(**{**FREE, "cost": {**zcdp("0"), "delta": "-1"}})),
    ("debit.cost", END, asked(**{**FREE, "cost": zcdp("0", "-1")})),
    ("debit.cost", PURE_DEBIT, put(PURE_DEBIT, cost=zcdp("1"))),
    ("debit.cost", PURE_DEBIT, put(PURE_DEBIT, cost=zcdp("0.03", "0.25"))),
    ("debit.balances", DEBIT, put(DEBIT, balances={"agreement/a1": "1/3"})),
    ("debit.balances", END, asked("0.426")),
    ("debit.balances", END, asked("0.425", "0.04")),
    ("debit.balances", END, asked("0.425", "0.05", {"north": "0"})),
    ("debit.balances", END, asked(balances={**balances("0.425", "0.05", "0.42")})),
    (
        "debit.over_cap",
        SECOND_DEBIT,
        agreed(SECOND_AGREEMENT, cap="0.1"),
    ),
    ("debit.over_cap", END, asked("0.525", "0.15", cost=zcdp("0.15"))),
    (
        "debit.over_cap",
        END,
        asked(
            emergency="e1",
            cost=zcdp("0.16"),
            balances={f"emergency/{RIDERS}": "0.21", f"source/{RIDERS}": "0.535"},
        ),
    ),
    ("debit.repeated", END, asked(submission="s9")),
    ("release.debit", END, again(RELEASE, debit=END + 100)),
    ("release.debit", RELEASE, put(RELEASE, submission="s2")),
    ("release.debit", RELEASE, put(RELEASE, debit=SECOND_DEBIT)),
    ("release.repeated", END, again(RELEASE)),
    ("release.cancelled", END, again(RELEASE, submission="s6", debit=CANCELLED)),
    (
        "release.agreement",
        END + 1,
        both(
            asked(),
            again(RELEASE, submission="s10", debit=END, time="2029-01-01T00:00:00.000000Z"),
        ),
    ),
    (
        "release.agreement",
        END + 2,
        both(
            asked(),
            again(DISPOSAL, agreement="a5"),
            again(RELEASE, submission="s10", debit=END),
        ),
    ),
    ("failure.debit", END, again(FAILURE, debit=DEBIT)),
    ("failure.debit", END, again(FAILURE, debit=0)),
    ("cancellation.debit", END, again(CANCELLATION, debit=0)),
    ("cancellation.debit", END, again(CANCELLATION, debit=END)),
    ("cancellation.debit", END, again(CANCELLATION, submission="s5")),
    ("cancellation.late", END, again(CANCELLATION)),
    ("cancellation.late", END, again(CANCELLATION, debit=PAID_AGAIN)),
    (
        "cancellation.late",
        END + 2,
        both(
            asked(),
            again(FAILURE, submission="s10", debit=END),
            again(CANCELLATION, submission="s10", debit=END),
        ),
    ),
    (
        "cancellation.balances",
        END + 1,
        both(
            asked(),
            again(
                CANCELLATION, submission="s10", debit=END, balances=balances("0.375", "0", "0.37")
            ),
        ),
    ),
    ("cap.before", END, recapped(RIDERS_CAPS)),
    ("cap.before", END, recapped({**LATER_CAPS, "delta": "0"})),
    ("cap.before", END, recapped(accounting="pure")),
    (
        "cap.before",
        END,
        lambda story: story.recap("no/such", "zcdp", caps(), caps(source="2")),
    ),
    ("cap.owner_key", END, recapped(key=OWNER)),
    ("cap.owner_key", END, recapped(key=MALLORY)),
    ("cap.signature", END, both(recapped(source="1.3"), put(END, after=LATER_CAPS))),
    ("cap.signature", END, both(recapped(), put(END, signature=""))),
    ("cap.origin", END, recapped(origin=ELSEWHERE)),
    ("cap.signature", END, both(recapped(origin=ELSEWHERE), put(END, origin=ORIGIN))),
    ("cap.change", END, recapped(change=2)),
    ("cap.change", END, recapped(change=4)),
    ("cap.below_spent", END, recapped(source="0.5249")),
    ("cap.below_spent", END, recapped(emergency="0.0499")),
    ("cap.below_spent", END, recapped(emergency=None)),
    ("cap.below_spent", END, recapped(person="0.3749")),
    ("cap.below_spent", END, recapped(day="0.3749")),
    ("cap.below_spent", END, recapped(month="0.3749")),
    ("cap.below_spent", END, recapped(quarter="0.3749")),
    ("key.old", END, rekeyed(old=OWNER)),
    ("key.old", END, rekeyed("source/no/such")),
    ("key.old", END, rekeyed(RIDERS)),
    ("key.old", END, rekeyed("site", 2, SITE, MALLORY)),
    ("key.signature", END, both(rekeyed(), put(END, old_signature=""))),
    ("key.signature", END, both(rekeyed(), put(END, new_signature=""))),
    ("key.signature", END, both(rekeyed(), put(END, new_key=public_text(MALLORY)))),
    ("key.origin", END, rekeyed(origin=ELSEWHERE)),
    ("key.origin", END, rekeyed("site", 2, NEXT_SITE, SITE, origin=ELSEWHERE)),
    ("key.change", END, rekeyed(change=2)),
    ("key.change", END, rekeyed("site", 1, NEXT_SITE, SITE)),
    ("emergency.source", END, again(EMERGENCY, emergency="e2", source="no/such")),
    ("emergency.repeated", END, again(EMERGENCY)),
    ("emergency.by", END, again(EMERGENCY, emergency="e2", by=["a" * 64, "a" * 64])),
    ("emergency.by", END, again(EMERGENCY, emergency="e2", by=["a" * 64])),
    ("emergency.period", END, again(EMERGENCY, emergency="e2", ends="2026-11-22T09:11:00.000000Z")),
    ("emergency.unreviewed", END, another_emergency()),
    ("emergency.unreviewed", END, another_emergency(time="2026-11-23T09:11:00.000000Z")),
    ("emergency.unreviewed", END + 1, both(reviewed(by="steward"), another_emergency())),
    ("review.by", END, reviewed(by="steward")),
    ("review.by", END, reviewed(by="another steward", time="2026-11-22T10:30:00.000000Z")),
    ("review.subject", END, again(REVIEW, subject="source/no/such")),
    ("review.subject", END, again(REVIEW, subject="agreement/never signed")),
    ("review.subject", END, again(REVIEW, subject="emergency/never declared")),
    ("review.subject", END, again(REVIEW, subject="application/application for a1")),
    ("disposal.agreement", END, again(DISPOSAL, agreement="never signed")),
    ("disposal.repeated", END, again(DISPOSAL)),
    ("disposal.by", END, again(DISPOSAL, agreement="a5", by="0" * 64)),
    ("certificate.agreement", END, again(CERTIFICATE, agreement="never signed")),
    ("certificate.repeated", END, again(CERTIFICATE)),
    ("certificate.cause", END, again(CERTIFICATE, agreement="a5")),
    ("certificate.cause", END, again(CERTIFICATE, agreement="a5", cause="expired")),
    ("certificate.cause", CERTIFICATE, put(CERTIFICATE, cause="expired")),
    (
        "certificate.unsettled",
        END + 2,
        both(
            asked(),
            again(DISPOSAL, agreement="a5"),
            again(CERTIFICATE, agreement="a5"),
        ),
    ),
    (
        "debit.agreement",
        END + 1,
        both(again(CERTIFICATE, agreement="a5", **AT_ITS_END), asked()),
    ),
    (
        "release.agreement",
        END + 3,
        both(
            asked(),
            again(FAILURE, submission="s10", debit=END),
            again(CERTIFICATE, agreement="a5", **AT_ITS_END),
            again(RELEASE, submission="s10", debit=END),
        ),
    ),
    ("opening.dataset", END, again(OPENING, dataset=TRIPS, snapshot="new")),
    ("opening.snapshot", END, again(OPENING)),
    ("opening.snapshot", END, again(OPENING, snapshot="snapshot of " + TRIPS)),
    ("withdrawal.snapshot", END, again(WITHDRAWAL)),
    ("withdrawal.snapshot", WITHDRAWAL, put(WITHDRAWAL, snapshot="snapshot of " + TRIPS)),
    ("withdrawal.snapshot", WITHDRAWAL, put(WITHDRAWAL, dataset="traffic/buses")),
    ("dataset.snapshot", END, again(SNAPSHOT, snapshot="snapshot of traffic/stops")),
    ("erasure.subject", END, again(ERASURE, subject="agreement/never signed")),
    ("erasure.subject", END, again(ERASURE, subject="ledger")),
    ("anchor.size", END, foretold),
    ("anchor.cosignature", END, again(ANCHOR, size=2)),
    ("anchor.cosignature", END, again(ANCHOR, root="0" * 64)),
    ("anchor.cosignature", END, again(ANCHOR, cosignatures=[])),
    ("anchor.cosignature", END, again(ANCHOR, keys=["no key"], cosignatures=["no line"])),
    ("anchor.cosignature", ANCHOR, put(0, origin="other.example")),
    ("anchor.cosignature", ANCHOR, put(0, origin="\ud800")),
    *BROKEN_COURSES,
]


@pytest.mark.parametrize(
    ("code", "index", "change"),
    BROKEN,
    ids=[f"{code}-{number}" for number, (code, _, _) in enumerate(BROKEN)],
)
def test_each_broken_rule_is_found_at_its_entry(code: str, index: int, change: Change) -> None:
    story = honest()
    change(story)
    assert (index, code) in codes(story.entries)


ABOUT_FILES = ("export.", "ledger.", "checkpoint.", "witness.")
BY_THE_AUDIT = {"entry.not_canonical", "site.origin", "site.ledger_key", "anchor.root"}
WITH_OTHERS = {"site.missing", "debit.reserve"}
"""Without its founding entry a log has no key to check agreements with; the reserve has a test of
its own below."""


def test_every_code_of_the_replay_is_found_alone_where_its_rule_alone_is_broken() -> None:
    alone = set()
    for code, index, change in BROKEN:
        story = honest()
        change(story)
        if codes(story.entries) == {(index, code)}:
            alone.add(code)
    elsewhere = {code for code in ERRORS if code.startswith(ABOUT_FILES)}
    assert alone == {*ERRORS, *WARNINGS} - elsewhere - BY_THE_AUDIT - WITH_OTHERS


HONEST_MORE: dict[str, Change] = {
    "a question under a later version": asked_of_amended("1/6"),
    "a version whose cap is what was spent": agreed(AMENDMENT, cap="1/3"),
    "an application's whole course": walk(*BEFORE_SIGNING, "sign"),
    "assessed twice, declined, then consented to": walk(
        "receive", "assess", "decline", "consent", "assess", "grant", "sign"
    ),
    "a draft that is withdrawn": walk("draft", "edit", "withdraw"),
    "an application that is withdrawn": walk("receive", "supplement", "withdraw"),
    "a refusal that nobody assessed": walk("receive", "supplement", "refuse"),
    "a question about everybody": asked(),
    "a question about a part": asked("0.425", "0.05", {"north": "0.05"}, parts=["north"]),
    "an emergency": asked(emergency="e1", balances=IN_EMERGENCY),
    "a second emergency while the first is open": another_emergency("2026-11-23T09:10:00.000000Z"),
    "a second emergency once the first was looked into": both(reviewed(), another_emergency()),
    "raised caps": recapped(source="2", person="1", month="2"),
    "lowered caps, down to what is spent and kept back": recapped(
        source="0.525", person="0.375", day="0.375", month="0.375", quarter="0.375"
    ),
    "a tranche lowered to what it has spent": recapped(source="0.375", emergency="0.05"),
    "limits lifted": recapped(person=None, day=None, month=None, quarter=None),
    "a key that is changed back": rekeyed(),
    "the site's key changed back": rekeyed("site", 2, NEXT_SITE, SITE),
    "a policy of the next version": reissued(LAST_POLICY, NEXT_OWNER),
    "caps in other words": reissued(POLICY, caps={**caps(source="1.0"), "delta": "1/1000000000"}),
    "an anchor of all there is": lambda story: story.anchor(END),
    "a debit given back, and paid anew": both(
        asked(),
        again(CANCELLATION, submission="s10", debit=END, balances=balances("0.375", "0", "0.375")),
        asked(),
    ),
}


@pytest.mark.parametrize("name", HONEST_MORE)
def test_an_honest_ledger_goes_on_without_findings(name: str) -> None:
    story = honest()
    HONEST_MORE[name](story)
    assert replayed(story.entries).found == ()


def test_an_empty_log_is_no_ledger() -> None:
    assert codes([]) == {(None, "site.missing")}


def test_oddities_are_warnings_and_say_why() -> None:
    story = [*told(), {"kind": "of a later version", "index": END}]
    (finding,) = replayed(story).found
    assert (finding.severity, finding.why) == ("warning", WARNINGS["entry.kind"])


def test_a_removed_debit_is_named_and_its_release_has_no_debit() -> None:
    story = told()
    del story[DEBIT]
    assert {(DEBIT, "entry.index"), (RELEASE, "release.debit")} <= codes(story)


def test_covering_the_gap_shows_in_balances_and_releases() -> None:
    story = told()
    del story[DEBIT]
    found = codes(renumbered(story))
    assert {(RELEASE - 1, "release.debit"), (SECOND_DEBIT - 1, "debit.balances")} <= found


def test_a_failure_may_be_followed_by_the_release_and_a_release_by_a_failure() -> None:
    story = honest()
    again(FAILURE)(story)
    assert codes(story.entries) == set()


def test_a_new_snapshot_and_policy_are_current_from_then_on() -> None:
    story = honest()
    asked(submission="before", **FREE)(story)
    before = story.entries[-1]
    story.describe(TRIPS, RIDERS, "zcdp", limits=LATER_CAPS, partition=DISTRICTS, key=NEXT_OWNER)
    asked(submission="after", **FREE)(story)
    stale = ("snapshot", "policy")
    asked(submission="stale", **FREE, **{name: before[name] for name in stale})(story)
    last = len(story.entries) - 1
    assert codes(story.entries) == {(last, "debit.policy"), (last, "debit.snapshot")}


def shared(*costs: str, limits: Mapping[str, str | None]) -> list[Entry]:
    """Tell of agreements over one source, each of which asks once at these costs."""
    story = Story()
    story.found()
    story.describe("health/hie", "people", "zcdp", limits=limits)
    total = Fraction(0)
    for number, cost in enumerate(costs):
        story.agree(f"a{number}", ["health/hie"], "people", "zcdp")
        total += Fraction(cost)
        spent = {
            f"agreement/a{number}": cost,
            f"person/people/{PERSON}": str(total),
            "source/people": str(total),
        }
        story.debit(f"s{number}", f"a{number}", "health/hie", zcdp(cost), spent)
    return story.entries


def test_two_agreements_over_one_source_share_its_cap() -> None:
    assert codes(shared("0.4", "0.5", limits=caps(source="0.9"))) == set()
    over = shared("0.4", "0.5", limits=caps(source="0.899"))
    assert codes(over) == {(len(over) - 1, "debit.over_cap")}


def test_two_agreements_of_one_person_share_their_cap() -> None:
    assert codes(shared("0.4", "0.5", limits=caps(person="0.9"))) == set()
    over = shared("0.4", "0.5", limits=caps(person="0.899"))
    assert codes(over) == {(len(over) - 1, "debit.over_cap")}


def test_what_is_kept_back_for_emergencies_is_not_spent_on_anything_else() -> None:
    assert codes(shared("0.4", "0.4", limits=caps(emergency="0.2"))) == set()
    over = shared("0.4", "0.4", limits=caps(emergency="0.2001"))
    assert codes(over) == {(len(over) - 1, "debit.reserve")}


def test_a_change_that_the_owner_did_not_sign_lets_nobody_spend_more() -> None:
    story = honest()
    recapped(key=MALLORY, day="9", person="9", month="9", quarter="9", source="9")(story)
    asked("0.525", "0.15", cost=zcdp("0.15"))(story)
    assert codes(story.entries) == {(END, "cap.owner_key"), (END + 1, "debit.over_cap")}


def test_a_raise_signed_once_serves_once() -> None:
    """After a lowering, the operator appends the raise of before again, in the owner's words."""
    story = honest()
    recapped(source="0.6")(story)
    again(CAP_CHANGE)(story)
    named = {"cap.before", "cap.change", "cap.owner_key"}
    assert codes(story.entries) == {(END + 1, code) for code in named}
    assert replayed(story.entries).balances[f"source/{RIDERS}"].cap == Fraction("0.6")


def test_a_thief_s_key_is_not_the_owner_s() -> None:
    story = honest()
    rekeyed(new=MALLORY)(story)
    story.entries[END]["old_signature"] = story.entries[END]["new_signature"]
    recapped(change=4, key=MALLORY, source="9")(story)
    named = {(END, "key.signature"), (END + 1, "cap.change"), (END + 1, "cap.owner_key")}
    assert codes(story.entries) == named


def test_a_new_period_starts_from_nothing_and_the_whole_goes_on() -> None:
    story = honest()
    spent = {
        "agreement/a5": "0.3",
        f"person/{RIDERS}/{PERSON}": "0.675",
        f"period/{RIDERS}/2026-12-01": "0.3",
        f"period/{RIDERS}/2026-12": "0.3",
        f"period/{RIDERS}/2026-Q4": "0.675",
        f"source/{RIDERS}": "0.675",
    }
    asked(cost=zcdp("0.3"), time="2026-12-01T00:00:00.000000Z", balances=spent)(story)
    assert codes(story.entries) == set()


def test_what_was_spent_on_an_earlier_snapshot_s_parts_stays_spent() -> None:
    story = honest()
    asked("0.425", "0.05", {"north": "0.05"}, parts=["north"])(story)
    assert codes(story.entries) == set()
    assert replayed(story.entries).balances[f"source/{RIDERS}"].spent == Fraction("0.425")


def test_a_part_is_not_the_part_of_a_snapshot_with_a_like_name() -> None:
    """`part/a/b/c` could be part `c` of `a/b`, or part `b/c` of `a`: they are kept apart."""
    story = Story()
    story.found()
    halves = {"column": "half", "keys": ["x", "left/x"], "most": 1}
    story.describe("one/data", "one", "zcdp", partition=halves)
    story.describe("two/data", "two", "zcdp", partition=halves)
    story.snapshots = {"one/data": "s", "two/data": "s/left"}
    for entry, snapshot in zip((story.entries[2], story.entries[4]), ("s", "s/left"), strict=True):
        entry["snapshot"] = snapshot
    for number, (source, key) in enumerate((("one", "left/x"), ("two", "x"))):
        story.agree(f"a{number}", [f"{source}/data"], source, "zcdp")
        spent = {
            f"agreement/a{number}": "0.1",
            f"person/{source}/{PERSON}": "0.1",
            "part/s/left/x": "0.1",
            f"source/{source}": "0.1",
        }
        story.debit(f"s{number}", f"a{number}", f"{source}/data", zcdp("0.1"), spent, parts=[key])
    assert codes(story.entries) == set()


def test_a_cancelled_debit_leaves_nothing_behind() -> None:
    story = honest()
    before = replayed(story.entries).balances
    asked("0.425", "0.05", {"north": "0.05"}, parts=["north"])(story)
    back = balances("0.375", "0", "0.375", {"north": "0"})
    again(CANCELLATION, submission="s10", debit=END, balances=back)(story)
    replay_of_both = replayed(story.entries)
    spent = {name: one.spent for name, one in replay_of_both.balances.items() if one.spent}
    assert replay_of_both.found == ()
    assert spent == {name: one.spent for name, one in before.items() if one.spent}


def test_a_debit_without_an_agreement_still_counts_against_the_people() -> None:
    story = told()
    story[DEBIT]["agreement"] = "never signed"
    assert replayed(story).balances["source/health/people"].spent == Fraction(11, 24)


def test_a_negative_cost_gives_nothing_back() -> None:
    story = told()
    story[SECOND_DEBIT]["cost"]["rho"] = "-0.25"
    assert replayed(story).balances["source/health/people"].spent == Fraction(1, 3)


def test_sums_that_no_entry_can_state_are_refused_and_not_summed() -> None:
    story = honest()
    for number in range(20):
        long = f"1/{10**1000 + 2 * number + 1}"
        again(DEBIT, submission=f"long {number}", cost=zcdp(long))(story)
    assert (END + 19, "debit.cost") in codes(story.entries)
    assert replayed(story.entries).balances["agreement/a1"].spent.denominator < 10**2000


def test_what_is_given_back_cannot_make_a_sum_that_no_entry_can_state() -> None:
    """Two costs over one long prime add up to a short sum; giving one back leaves the long one."""
    story = honest()
    shares = [f"1/{10**700 + number}" for number in (9, 31, 57)]
    rests = [f"{10**700 + number - 1}/{10**700 + number}" for number in (9, 31, 57)]
    for number, cost in enumerate(
        cost for pair in zip(shares, rests, strict=True) for cost in pair
    ):
        again(DEBIT, submission=f"long {number}", cost=zcdp(cost))(story)
    for number in range(0, 6, 2):
        again(CANCELLATION, submission=f"long {number}", debit=END + number)(story)
    stands = replayed(story.entries)
    too_long = [one for one in stands.found if "too long" in one.message]
    assert [(one.index, one.code) for one in too_long] == [(END + 8, "cancellation.balances")]
    assert stands.balances["agreement/a1"].spent.denominator < 10**2000


def test_findings_of_one_kind_are_listed_up_to_a_limit_and_hide_no_other() -> None:
    story = honest()
    for _ in range(MAX_LISTED + 5):
        again(RELEASE)(story)
    again(DEBIT)(story)
    found = replayed(story.entries).found
    repeated = [finding for finding in found if finding.code == "release.repeated"]
    assert len(repeated) == MAX_LISTED + 1
    assert (repeated[-1].index, repeated[-1].message) == (None, "5 further findings of this kind")
    assert any(finding.code == "debit.repeated" for finding in found)


def test_messages_show_hostile_text_short_and_without_control_characters() -> None:
    story = told()
    story[DEBIT]["agreement"] = "\x1b[2J" + "x" * 1000
    (finding,) = (one for one in replayed(story).found if one.code == "debit.agreement")
    assert finding.message.isprintable()
    assert len(finding.message) < 150


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.sampled_from(["", "0", "1/3", "9" * 5000, "1/0", "-1", "\ud800", "s1", "a1", "pure"])
    | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=4,
)


@settings(deadline=None)
@given(st.data())
def test_nothing_that_an_entry_holds_stops_the_replay(data: st.DataObject) -> None:
    story: list[Any] = copy.deepcopy(told())
    for _ in range(data.draw(st.integers(1, 4), "changes")):
        entry = story[data.draw(st.integers(0, END - 1), "entry")]
        entry[data.draw(st.sampled_from(sorted(entry)), "field")] = data.draw(VALUES, "value")
    replayed(story)


@given(st.lists(st.dictionaries(st.sampled_from(["kind", "index", "time", "x"]), VALUES)))
def test_any_objects_at_all_are_replayed(story: list[Entry]) -> None:
    assert replayed(story).found
