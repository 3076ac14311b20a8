"""One honest ledger, written through the product's own entry functions with real keys."""

import base64
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from sandbox.ledger import entries, tree
from sandbox.ledger.canonical import canonical, commitment, sha256
from sandbox.ledger.note import Checkpoint, sign_checkpoint, verifier_key
from sandbox.ledger.signing import agreement_message
from sandbox.ledger.tiles import write_export

ORIGIN = "site.example/range"
LEDGER = Ed25519PrivateKey.from_private_bytes(b"ledger key of a test............")
SITE = Ed25519PrivateKey.from_private_bytes(b"site key of a test..............")
RESEARCHER = Ed25519PrivateKey.from_private_bytes(b"researcher key of a test........")
START = datetime(2026, 11, 22, 8, 30, tzinfo=UTC)

VKEY = verifier_key(ORIGIN, LEDGER.public_key().public_bytes_raw())

Entry = dict[str, Any]


def public_text(key: Ed25519PrivateKey) -> str:
    return base64.b64encode(key.public_key().public_bytes_raw()).decode()


def signature(key: Ed25519PrivateKey, digest: str) -> str:
    return base64.b64encode(key.sign(agreement_message(digest))).decode()


def committed(words: str) -> str:
    return commitment(words.encode(), bytes(32))


class Story:
    """Entries as a site appends them, a minute apart."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []

    @property
    def now(self) -> datetime:
        return START + timedelta(minutes=len(self.entries))

    def add(self, entry: Entry) -> int:
        self.entries.append({**entry, "index": len(self.entries)})
        return len(self.entries) - 1

    def describe(self, dataset: str, source: str, accounting: str) -> None:
        digest = sha256(f"policy of {dataset}".encode())
        self.add(
            entries.policy(
                self.now,
                dataset=dataset,
                source=source,
                owner="owner",
                digest=digest,
                accounting=accounting,
                cap="1",
                per_agreement="0.5",
            )
        )
        self.add(
            entries.dataset(
                self.now,
                name=dataset,
                snapshot=f"snapshot of {dataset}",
                commitment=committed("manifest"),
                policy=digest,
            )
        )

    def agree(self, name: str, datasets: list[str], source: str, accounting: str) -> None:
        application = f"application for {name}"
        digest = sha256(f"text of {name}".encode())
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
                by="steward",
                commitment=committed("reason"),
            )
        )
        self.add(
            entries.agreement(
                self.now,
                id=name,
                application=application,
                datasets=datasets,
                source=source,
                digest=digest,
                researcher_key=public_text(RESEARCHER),
                researcher_signature=signature(RESEARCHER, digest),
                site_key=public_text(SITE),
                site_signature=signature(SITE, digest),
                starts=date(2026, 11, 1),
                ends=date(2026, 12, 31),
                accounting=accounting,
                cap="0.5",
            )
        )

    def debit(
        self,
        submission: str,
        agreement: str,
        dataset: str,
        cost: dict[str, str | None],
        balances: dict[str, str],
    ) -> int:
        return self.add(
            entries.debit(
                self.now,
                submission=submission,
                agreement=agreement,
                dataset=dataset,
                snapshot=f"snapshot of {dataset}",
                policy=sha256(f"policy of {dataset}".encode()),
                request=committed("request"),
                cost=cost,
                balances=balances,
            )
        )

    def release(self, submission: str, debit: int) -> int:
        answer = sha256(canonical({"submission": submission}))
        return self.add(
            entries.release(self.now, submission=submission, debit=debit, answer=answer)
        )


def told() -> list[Entry]:
    """Two datasets over one source under `zcdp`, one under `pure`; three agreements."""
    story = Story()
    story.add(
        entries.site(
            story.now,
            origin=ORIGIN,
            ledger_key=VKEY,
            site_key=public_text(SITE),
        )
    )
    story.describe("health/hie", "health/people", "zcdp")
    story.describe("health/costs", "health/people", "zcdp")
    story.describe("school/marks", "school/pupils", "pure")
    story.agree("a1", ["health/hie", "health/costs"], "health/people", "zcdp")
    story.agree("a2", ["health/costs"], "health/people", "zcdp")
    story.agree("a3", ["school/marks"], "school/pupils", "pure")
    zcdp: dict[str, str | None] = {"rho": "1/3", "delta": "0", "epsilon": None}
    first = story.debit(
        "s1",
        "a1",
        "health/hie",
        zcdp,
        {"agreement/a1": "1/3", "source/health/people": "1/3"},
    )
    story.release("s1", first)
    second = story.debit(
        "s2",
        "a2",
        "health/costs",
        {"rho": "0.125", "delta": "0", "epsilon": "0.5"},
        {"agreement/a2": "0.125", "source/health/people": "11/24"},
    )
    story.add(entries.failure(story.now, submission="s2", debit=second, code="engine.failed"))
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
        {"rho": "0.03125", "delta": "0", "epsilon": "0.25"},
        {"agreement/a3": "0.25", "source/school/pupils": "0.25"},
    )
    story.release("s3", third)
    return story.entries


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
