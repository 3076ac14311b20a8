"""One honest ledger, written through the product's own entry functions with real keys."""

import base64
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from sandbox.ledger import entries, tree
from sandbox.ledger.canonical import canonical, commitment, sha256
from sandbox.ledger.note import Checkpoint, sign_checkpoint, verifier_key
from sandbox.ledger.signing import (
    agreement_digest,
    agreement_message,
    cap_message,
    key_message,
    policy_message,
)
from sandbox.ledger.tiles import write_export
from tests.support.witnesses import ALPHA, BETA

ORIGIN = "site.example/range"
LEDGER = Ed25519PrivateKey.from_private_bytes(b"ledger key of a test............")
SITE = Ed25519PrivateKey.from_private_bytes(b"site key of a test..............")
NEXT_SITE = Ed25519PrivateKey.from_private_bytes(b"next site key of a test.........")
OWNER = Ed25519PrivateKey.from_private_bytes(b"owner key of a test.............")
NEXT_OWNER = Ed25519PrivateKey.from_private_bytes(b"next owner key of a test........")
RESEARCHER = Ed25519PrivateKey.from_private_bytes(b"researcher key of a test........")
START = datetime(2026, 11, 22, 8, 30, tzinfo=UTC)

VKEY = verifier_key(ORIGIN, LEDGER.public_key().public_bytes_raw())

Entry = dict[str, Any]
Cost = dict[str, str | None]


def public_text(key: Ed25519PrivateKey) -> str:
    return base64.b64encode(key.public_key().public_bytes_raw()).decode()


def signed_by(key: Ed25519PrivateKey, message: bytes) -> str:
    return base64.b64encode(key.sign(message)).decode()


def signature(key: Ed25519PrivateKey, digest: str) -> str:
    """Sign an agreement."""
    return signed_by(key, agreement_message(digest))


def both_sign(entry: Entry, site: Ed25519PrivateKey) -> Entry:
    """Give an agreement's entry with the digest of its terms and words, signed by both."""
    digest = agreement_digest(entry, entry["words"])
    signed = {
        "digest": digest,
        "researcher_signature": signature(RESEARCHER, digest),
        "site_signature": signature(site, digest),
    }
    return {**entry, **signed}


def committed(words: str) -> str:
    return commitment(words.encode(), bytes(32))


def pseudonym(name: str) -> str:
    """Give what stands in the ledger for somebody."""
    return sha256(f"pseudonym of {name}".encode())


PERSON = pseudonym("researcher")


def caps(**limits: str) -> dict[str, str | None]:
    """Write caps; what is not named is not limited, but for the source's 1."""
    unlimited = dict.fromkeys(("person", "day", "month", "quarter", "emergency"))
    return {"source": "1", "delta": "0.000000001", **unlimited, **limits}


def zcdp(rho: str, epsilon: str | None = None) -> Cost:
    return {"rho": rho, "delta": "0", "epsilon": epsilon}


class Story:
    """Entries as a site appends them, a minute apart."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self.policies: dict[str, Entry] = {}
        """The policy in force of each dataset."""
        self.snapshots: dict[str, str] = {}
        """The current snapshot of each dataset."""

    @property
    def now(self) -> datetime:
        return START + timedelta(minutes=len(self.entries))

    def add(self, entry: Entry) -> int:
        self.entries.append({**entry, "index": len(self.entries)})
        return len(self.entries) - 1

    def found(self) -> int:
        return self.add(
            entries.site(self.now, origin=ORIGIN, ledger_key=VKEY, site_key=public_text(SITE))
        )

    def describe(  # noqa: PLR0913  (a policy's clauses)
        self,
        dataset: str,
        source: str,
        accounting: str,
        *,
        limits: Mapping[str, str | None] | None = None,
        partition: Mapping[str, Any] | None = None,
        per_agreement: str = "0.5",
        lanes: Sequence[str] = ("query", "algorithm"),
        key: Ed25519PrivateKey = OWNER,
    ) -> None:
        """Put a dataset's next policy in force, and take a snapshot in under it."""
        known = self.policies.get(dataset)
        version = known["version"] + 1 if known else 0
        named = f"{version} of {dataset}" if version else f"of {dataset}"
        terms = entries.policy_terms(
            origin=ORIGIN,
            dataset=dataset,
            source=source,
            owner="owner",
            version=version,
            digest=sha256(f"policy {named}".encode()),
            accounting=accounting,
            caps=caps() if limits is None else limits,
            per_agreement=per_agreement,
            lanes=lanes,
            partition=partition,
            owner_key=public_text(key),
        )
        self.policies[dataset] = terms
        self.snapshots[dataset] = f"snapshot {named}"
        self.add(entries.policy(self.now, terms, signed_by(key, policy_message(terms))))
        self.add(
            entries.dataset(
                self.now,
                name=dataset,
                snapshot=self.snapshots[dataset],
                commitment=committed("manifest"),
                policy=terms["digest"],
            )
        )

    def agree(  # noqa: PLR0913  (an entry lists its fields)
        self,
        name: str,
        datasets: list[str],
        source: str,
        accounting: str,
        *,
        researcher: str = PERSON,
        site: Ed25519PrivateKey = SITE,
        amends: str | None = None,
    ) -> None:
        application = f"application for {name}"
        self.add(
            entries.application(
                self.now, id=application, dataset=datasets[0], commitment=committed("form")
            )
        )
        self.add(
            entries.decision(
                self.now,
                application=application,
                granted=True,
                by=pseudonym("steward"),
                commitment=committed("reason"),
            )
        )
        terms = entries.agreement_terms(
            id=name,
            application=application,
            datasets=datasets,
            source=source,
            researcher_key=public_text(RESEARCHER),
            site_key=public_text(site),
            starts=date(2026, 11, 1),
            ends=date(2026, 12, 31),
            lanes=["query"],
            accounting=accounting,
            cap="0.5",
            amends=amends,
        )
        entry = entries.agreement(
            self.now,
            terms,
            words=sha256(f"words of {name}".encode()),
            digest="",
            researcher=researcher,
            researcher_signature="",
            site_signature="",
        )
        self.add(both_sign(entry, site))

    def debit(  # noqa: PLR0913  (an entry lists its fields)
        self,
        submission: str,
        agreement: str,
        dataset: str,
        cost: Cost,
        balances: Mapping[str, str],
        *,
        parts: Sequence[str] | None = None,
        emergency: str | None = None,
    ) -> int:
        return self.add(
            entries.debit(
                self.now,
                submission=submission,
                agreement=agreement,
                dataset=dataset,
                lane="query",
                snapshot=self.snapshots[dataset],
                policy=self.policies[dataset]["digest"],
                request=committed("request"),
                parts=parts,
                emergency=emergency,
                template=emergency and "cases",
                cost=cost,
                balances=balances,
            )
        )

    def cancel(self, submission: str, debit: int, balances: Mapping[str, str]) -> int:
        return self.add(
            entries.cancellation(
                self.now,
                submission=submission,
                debit=debit,
                code="engine.queue_full",
                balances=balances,
            )
        )

    def release(self, submission: str, debit: int) -> int:
        answer = sha256(canonical({"submission": submission}))
        return self.add(
            entries.release(self.now, submission=submission, debit=debit, answer=answer)
        )

    def fail(self, submission: str, debit: int) -> int:
        return self.add(
            entries.failure(self.now, submission=submission, debit=debit, code="engine.failed")
        )

    def declare(self, name: str, source: str, *, hours: int = 24) -> int:
        return self.add(
            entries.emergency(
                self.now,
                id=name,
                source=source,
                by=[pseudonym("steward"), pseudonym("another steward")],
                starts=self.now,
                ends=self.now + timedelta(hours=hours),
                commitment=committed("flood"),
            )
        )

    def recap(  # noqa: PLR0913  (a change's fields)
        self,
        source: str,
        accounting: str,
        before: Mapping[str, str | None],
        after: Mapping[str, str | None],
        *,
        change: int = 1,
        key: Ed25519PrivateKey = OWNER,
        origin: str = ORIGIN,
    ) -> int:
        terms = entries.cap_terms(
            origin=origin,
            source=source,
            change=change,
            accounting=accounting,
            before=before,
            after=after,
            owner_key=public_text(key),
        )
        return self.add(entries.cap_change(self.now, terms, signed_by(key, cap_message(terms))))

    def rekey(
        self,
        subject: str,
        change: int,
        old: Ed25519PrivateKey,
        new: Ed25519PrivateKey,
        *,
        origin: str = ORIGIN,
    ) -> int:
        terms = entries.key_terms(
            origin=origin,
            subject=subject,
            change=change,
            old_key=public_text(old),
            new_key=public_text(new),
        )
        message = key_message(terms)
        return self.add(
            entries.key_change(
                self.now,
                terms,
                old_signature=signed_by(old, message),
                new_signature=signed_by(new, message),
            )
        )

    def anchor(self, size: int) -> int:
        """Let two witnesses have seen the head of the first `size` entries."""
        leaves = written(self.entries[:size])
        head = Checkpoint(ORIGIN, size, tree.root(size, nodes(leaves)))
        time = int(self.now.timestamp())
        return self.add(
            entries.anchor(
                self.now,
                size=size,
                root=head.root.hex(),
                keys=[ALPHA.public, BETA.public],
                cosignatures=[one.cosign(head.body, time).line for one in (ALPHA, BETA)],
            )
        )


def told() -> list[Entry]:
    """Give the honest ledger's entries."""
    return honest().entries


def honest() -> Story:
    """Two datasets over one source under `zcdp`, one under `pure`; three agreements; then riders.

    Entries 0 to 23 need nothing but caps of sources; what follows has one of everything else.
    """
    story = Story()
    story.found()
    story.describe("health/hie", "health/people", "zcdp")
    story.describe("health/costs", "health/people", "zcdp")
    story.describe("school/marks", "school/pupils", "pure")
    story.agree("a1", ["health/hie", "health/costs"], "health/people", "zcdp")
    story.agree("a2", ["health/costs"], "health/people", "zcdp")
    story.agree("a3", ["school/marks"], "school/pupils", "pure")
    first = story.debit(
        "s1",
        "a1",
        "health/hie",
        zcdp("1/3"),
        {
            "agreement/a1": "1/3",
            f"person/health/people/{PERSON}": "1/3",
            "source/health/people": "1/3",
        },
    )
    story.release("s1", first)
    second = story.debit(
        "s2",
        "a2",
        "health/costs",
        zcdp("0.125", "0.5"),
        {
            "agreement/a2": "0.125",
            f"person/health/people/{PERSON}": "11/24",
            "source/health/people": "11/24",
        },
    )
    story.fail("s2", second)
    story.add(
        entries.refusal(
            story.now,
            dataset="health/hie",
            agreement=None,
            request=committed("request"),
            codes=["budget.exceeded"],
        )
    )
    story.release("s2", second)
    third = story.debit(
        "s3",
        "a3",
        "school/marks",
        zcdp("0.03125", "0.25"),
        {
            "agreement/a3": "0.25",
            f"person/school/pupils/{PERSON}": "0.25",
            "source/school/pupils": "0.25",
        },
    )
    story.release("s3", third)
    _ride(story)
    _oversee(story)
    return story


RIDERS = "transport/riders"
TRIPS = "transport/trips"
DISTRICTS = {"column": "district", "keys": ["north", "south", "east", "west"], "most": 2}
RIDERS_CAPS = caps(person="0.6", day="0.5", month="0.8", quarter="0.9", emergency="0.2")
LATER_CAPS = {**RIDERS_CAPS, "source": "1.2", "person": "0.7", "month": "1"}


def _ride(story: Story) -> None:
    """Spend below every kind of cap, on parts of the people, and in an emergency."""
    story.describe(TRIPS, RIDERS, "zcdp", limits=RIDERS_CAPS, partition=DISTRICTS)
    story.agree("a4", [TRIPS], RIDERS, "zcdp")
    debit = story.debit("s4", "a4", TRIPS, zcdp("0.125"), riders("0.125", "0.125"))
    story.release("s4", debit)
    debit = story.debit(
        "s5", "a4", TRIPS, zcdp("0.1"), riders("0.225", "0.225", north="0.1"), parts=["north"]
    )
    story.release("s5", debit)
    for cancelled in (True, False):
        debit = story.debit(
            "s6",
            "a4",
            TRIPS,
            zcdp("0.05"),
            riders("0.275", "0.275", south="0.05", east="0.05"),
            parts=["south", "east"],
        )
        if cancelled:
            story.cancel("s6", debit, riders("0.225", "0.225", south="0", east="0"))
    story.release("s6", debit)
    debit = story.debit(
        "s7", "a4", TRIPS, zcdp("0.05"), riders("0.325", "0.325", south="0.1"), parts=["south"]
    )
    story.release("s7", debit)
    # Two districts have lost 0.1 by now; nobody is in three, so that a third one adds nothing.
    debit = story.debit(
        "s8", "a4", TRIPS, zcdp("0.05"), riders("0.375", "0.325", east="0.1"), parts=["east"]
    )
    story.release("s8", debit)
    story.declare("e1", RIDERS)
    debit = story.debit(
        "s9",
        "a4",
        TRIPS,
        zcdp("0.05"),
        {f"emergency/{RIDERS}": "0.05", f"source/{RIDERS}": "0.375"},
        emergency="e1",
    )
    story.release("s9", debit)


def riders(leaves: str, source: str, **parts: str) -> dict[str, str]:
    """State what agreement `a4`, its person, the periods, some parts and the source have spent."""
    periods = ("2026-11-22", "2026-11", "2026-Q4")
    return {
        "agreement/a4": leaves,
        f"person/{RIDERS}/{PERSON}": leaves,
        **{f"period/{RIDERS}/{period}": leaves for period in periods},
        **{f"part/snapshot of {TRIPS}/{key}": spent for key, spent in parts.items()},
        f"source/{RIDERS}": source,
    }


def _oversee(story: Story) -> None:
    """Change caps and keys, go on under them, look back, and end an agreement."""
    story.recap(RIDERS, "zcdp", RIDERS_CAPS, LATER_CAPS)
    story.rekey(f"source/{RIDERS}", 2, OWNER, NEXT_OWNER)
    story.rekey("site", 1, SITE, NEXT_SITE)
    story.describe(TRIPS, RIDERS, "zcdp", limits=LATER_CAPS, partition=DISTRICTS, key=NEXT_OWNER)
    story.agree("a5", [TRIPS], RIDERS, "zcdp", site=NEXT_SITE)
    story.anchor(1)
    by, outcome = pseudonym("auditor"), "in_order"
    for subject in ("ledger", f"source/{RIDERS}", "agreement/a4", "emergency/e1"):
        story.add(
            entries.review(
                story.now,
                subject=subject,
                by=by,
                outcome=outcome,
                commitment=committed("what I saw"),
            )
        )
    story.add(
        entries.disposal(story.now, agreement="a2", by=PERSON, commitment=committed("shredded"))
    )
    for subject in ("agreement/a2", "application/application for a2"):
        story.add(entries.erasure(story.now, subject=subject, by=pseudonym("steward"), payloads=2))
    story.add(
        entries.certificate(
            story.now,
            agreement="a2",
            cause="disposed",
            tokens=1,
            stopped=0,
            key=sha256(b"the key of a2"),
        )
    )
    story.add(entries.feedback(story.now, agreement="a2", by=PERSON, commitment=committed("paper")))
    story.agree("a1.2", ["health/hie"], "health/people", "zcdp", site=NEXT_SITE, amends="a1")
    story.add(
        entries.opening(
            story.now,
            dataset="traffic/stops",
            snapshot="snapshot of traffic/stops",
            policy=sha256(b"a policy without a budget"),
            by=pseudonym("owner"),
            csv=sha256(b"rows"),
            parquet=sha256(b"the same rows"),
        )
    )
    story.add(
        entries.withdrawal(
            story.now,
            dataset="traffic/stops",
            snapshot="snapshot of traffic/stops",
            by=pseudonym("owner"),
            commitment=committed("a mistake"),
        )
    )


def written(story: list[Entry]) -> list[bytes]:
    """Write entries as leaves."""
    return [canonical(entry) for entry in story]


def renumbered(story: list[Entry]) -> list[Entry]:
    """Number entries anew, as somebody does who covers a gap."""
    return [{**entry, "index": index} for index, entry in enumerate(story)]


def nodes(leaves: list[bytes]) -> tree.ReadNode:
    """Read the complete subtrees over these leaves."""
    known: dict[tuple[int, int], bytes] = {}
    for size, leaf in enumerate(leaves):
        for level, index, value in tree.grown(size, tree.leaf_hash(leaf), _reader(known)):
            known[level, index] = value
    return _reader(known)


def _reader(known: dict[tuple[int, int], bytes]) -> tree.ReadNode:
    return lambda level, index: known[level, index]


def signed(leaves: list[bytes], key: Ed25519PrivateKey = LEDGER, origin: str = ORIGIN) -> str:
    """Sign the head of a log; with the true key this is the insider's tool."""
    head = Checkpoint(origin, len(leaves), tree.root(len(leaves), nodes(leaves)))
    return sign_checkpoint(head, key.public_key().public_bytes_raw(), key.sign)


def exported(folder: Path, leaves: list[bytes], checkpoint: str | None = None) -> Path:
    """Export a log, under its true key's signature unless another head is given."""
    write_export(folder, leaves, signed(leaves) if checkpoint is None else checkpoint)
    return folder
