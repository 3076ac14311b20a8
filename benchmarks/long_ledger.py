"""A long honest ledger, written once: `python -m benchmarks.long_ledger FOLDER ENTRIES`.

Two sources, one under each accounting and both limited in every way, forty agreements, and then
what a busy site writes: debits with their releases, some about parts of the people, a run that
failed or found no place now and then, refusals, anchors.
"""

import base64
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from hashlib import sha256
from itertools import islice
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from sandbox.ledger import entries
from sandbox.ledger.canonical import canonical
from sandbox.ledger.cosignature import cosign, witness_key
from sandbox.ledger.note import Checkpoint, sign_checkpoint, verifier_key
from sandbox.ledger.signing import agreement_digest, agreement_message, policy_message
from sandbox.ledger.tiles import write_export
from sandbox.ledger.tree import grown, leaf_hash, root
from sandbox.model.cost import text

ORIGIN = "bench.example/range"
LEDGER, SITE, OWNER, RESEARCHER, WITNESS = (
    Ed25519PrivateKey.from_private_bytes(seed * 32) for seed in (b"l", b"s", b"o", b"r", b"w")
)
WITNESS_NAME = "witness.example/w1"
VKEY = verifier_key(ORIGIN, LEDGER.public_key().public_bytes_raw())
START = datetime(2026, 11, 22, 8, 30, tzinfo=UTC)
AGREEMENTS, PEOPLE = 40, 25
PURE, REFUSED, FAILED, CANCELLED, DIVIDED, ANCHORED = 4, 10, 50, 60, 3, 5000
"""One in so many agreements is pure, requests are refused, runs fail first or find no place, debits
are about a part, requests are followed by an anchor."""
PARTS = [f"district-{number}" for number in range(12)]
MOST = 2
CAPS = {
    **dict.fromkeys(("source", "person", "day", "month", "quarter"), "1000000"),
    "delta": "0",
    "emergency": "1000",
}


class Story:
    """Tells entries without end; it remembers what accounts have spent, and the tree."""

    def __init__(self) -> None:
        """Begin before the first entry."""
        self.index = 0
        self.spent: defaultdict[str, Fraction] = defaultdict(Fraction)
        self.latest: dict[int, bytes] = {}

    def leaves(self) -> Iterator[bytes]:
        """Number the entries and write them."""
        for entry in self._entries():
            leaf = canonical({**entry, "index": self.index})
            grow = grown(self.index, leaf_hash(leaf), self._newest)
            self.latest.update({level: value for level, _, value in grow})
            self.index += 1
            yield leaf

    def head(self) -> Checkpoint:
        """Give the head of what was told so far."""
        return Checkpoint(ORIGIN, self.index, root(self.index, self._newest))

    def _newest(self, level: int, _: int) -> bytes:
        return self.latest[level]

    def _entries(self) -> Iterator[entries.Entry]:
        yield entries.site(START, origin=ORIGIN, ledger_key=VKEY, site_key=_public(SITE))
        for accounting in ("zcdp", "pure"):
            yield from _described(accounting)
        for number in range(AGREEMENTS):
            yield from _agreed(number)
        number = 0
        while True:
            yield from self._request(number)
            if number % ANCHORED == 0:
                yield _anchor(START + timedelta(seconds=number), self.head())
            number += 1

    def _request(self, number: int) -> Iterator[entries.Entry]:
        time, agreement = START + timedelta(seconds=number), number % AGREEMENTS
        dataset = f"bench/{_accounting(agreement)}"
        if number % REFUSED == 0:
            codes = ["budget.submission"]
            yield entries.refusal(
                time, dataset=dataset, agreement=None, request=_digest(number), codes=codes
            )
            return
        submission = _digest(number)
        if number % CANCELLED == 1:
            debit, before = self.index, dict(self.spent)
            cancelled = self._debit(time, number, agreement, submission)
            yield cancelled
            self.spent.update(
                {name: before.get(name, Fraction()) for name in cancelled["balances"]}
            )
            yield entries.cancellation(
                time,
                submission=submission,
                debit=debit,
                code="engine.busy",
                balances={name: text(self.spent[name]) for name in cancelled["balances"]},
            )
        debit = self.index
        yield self._debit(time, number, agreement, submission)
        if number % FAILED == 1:
            yield entries.failure(time, submission=submission, debit=debit, code="engine.failed")
        answer = _digest(number + 1)
        yield entries.release(time, submission=submission, debit=debit, answer=answer)

    def _debit(self, time: datetime, number: int, agreement: int, submission: str) -> entries.Entry:
        accounting = _accounting(agreement)
        epsilon = Fraction(number % 97 + 1, 1000)
        rho = epsilon**2 / 2 if accounting == "pure" else Fraction(number % 977 + 1, 10**9)
        cost = epsilon if accounting == "pure" else rho
        parts = [PARTS[number % len(PARTS)]] if number % DIVIDED == 0 else None
        return entries.debit(
            time,
            submission=submission,
            agreement=f"agreement-{agreement}",
            dataset=f"bench/{accounting}",
            lane="query",
            snapshot=f"snapshot-{accounting}",
            policy=_digest(0),
            request=_digest(number + 2),
            parts=parts,
            emergency=None,
            template=None,
            cost={
                "rho": text(rho),
                "delta": "0",
                "epsilon": text(epsilon) if accounting == "pure" else None,
            },
            balances=self._charge(time, agreement, cost, parts or []),
        )

    def _charge(
        self, time: datetime, agreement: int, cost: Fraction, parts: list[str]
    ) -> dict[str, str]:
        source = f"bench/{_accounting(agreement)}"
        quarter = f"{time:%Y}-Q{(time.month + 2) // 3}"
        periods = (f"{time:%Y-%m-%d}", f"{time:%Y-%m}", quarter)
        places = {key: f"part/snapshot-{_accounting(agreement)}/{key}" for key in PARTS}
        before = self._loss(places.values())
        path = [
            f"agreement/agreement-{agreement}",
            f"person/{source}/{_digest(agreement % PEOPLE)}",
            *(f"period/{source}/{period}" for period in periods),
            *(places[key] for key in parts),
        ]
        for account in path:
            self.spent[account] += cost
        added = self._loss(places.values()) - before if parts else cost
        self.spent[f"source/{source}"] += added
        return {account: text(self.spent[account]) for account in (*path, f"source/{source}")}

    def _loss(self, places: Iterable[str]) -> Fraction:
        return sum(sorted(map(self.spent.__getitem__, places), reverse=True)[:MOST], Fraction())


def _anchor(time: datetime, head: Checkpoint) -> entries.Entry:
    public = WITNESS.public_key().public_bytes_raw()
    seen = cosign(head.body, WITNESS_NAME, public, WITNESS.sign, int(time.timestamp()))
    keys = [witness_key(WITNESS_NAME, public)]
    return entries.anchor(
        time, size=head.size, root=head.root.hex(), keys=keys, cosignatures=[seen.line]
    )


def _described(accounting: str) -> Iterator[entries.Entry]:
    name = f"bench/{accounting}"
    terms = entries.policy_terms(
        origin=ORIGIN,
        dataset=name,
        source=name,
        owner="owner",
        version=0,
        digest=_digest(0),
        accounting=accounting,
        caps=CAPS,
        per_agreement="100000",
        lanes=["query"],
        partition={"column": "district", "keys": PARTS, "most": MOST},
        owner_key=_public(OWNER),
    )
    yield entries.policy(START, terms, _signature(OWNER, policy_message(terms)))
    yield entries.dataset(
        START,
        name=name,
        snapshot=f"snapshot-{accounting}",
        commitment=_digest(1),
        policy=_digest(0),
    )


def _agreed(number: int) -> Iterator[entries.Entry]:
    accounting = _accounting(number)
    application, name = f"application-{number}", f"bench/{accounting}"
    yield entries.application(START, id=application, dataset=name, commitment=_digest(2))
    yield entries.decision(
        START, application=application, granted=True, by=_digest(4), commitment=_digest(3)
    )
    terms = entries.agreement_terms(
        id=f"agreement-{number}",
        application=application,
        datasets=[name],
        source=name,
        researcher_key=_public(RESEARCHER),
        site_key=_public(SITE),
        starts=date(2026, 11, 1),
        ends=date(2029, 12, 31),
        lanes=["query"],
        accounting=accounting,
        cap="100000",
    )
    digest = agreement_digest(terms, _digest(number))
    yield entries.agreement(
        START,
        terms,
        words=_digest(number),
        digest=digest,
        researcher=_digest(number % PEOPLE),
        researcher_signature=_signature(RESEARCHER, agreement_message(digest)),
        site_signature=_signature(SITE, agreement_message(digest)),
    )


def _accounting(agreement: int) -> str:
    return "pure" if agreement % PURE == 0 else "zcdp"


def _digest(number: int) -> str:
    return sha256(number.to_bytes(8, "big")).hexdigest()


def _public(key: Ed25519PrivateKey) -> str:
    return base64.b64encode(key.public_key().public_bytes_raw()).decode()


def _signature(key: Ed25519PrivateKey, message: bytes) -> str:
    return base64.b64encode(key.sign(message)).decode()


def _head(size: int) -> str:
    """Sign the head of the first `size` entries; they are told once more for it."""
    story = Story()
    for _ in islice(story.leaves(), size):
        pass
    return sign_checkpoint(story.head(), LEDGER.public_key().public_bytes_raw(), LEDGER.sign)


def write(folder: Path, size: int) -> None:
    """Write the export."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    write_export(folder, islice(Story().leaves(), size), _head(size))


if __name__ == "__main__":
    write(Path(sys.argv[1]), int(sys.argv[2]))
