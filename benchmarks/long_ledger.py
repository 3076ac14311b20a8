"""A long honest ledger, written once: `python -m benchmarks.long_ledger FOLDER ENTRIES`.

Two sources, one under each accounting, forty agreements, and then what a busy site writes: debits
with their releases, a failed run now and then, refusals.
"""

import base64
import sys
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from hashlib import sha256
from itertools import islice
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from sandbox.ledger import entries
from sandbox.ledger.canonical import canonical
from sandbox.ledger.note import Checkpoint, sign_checkpoint, verifier_key
from sandbox.ledger.signing import agreement_message
from sandbox.ledger.tiles import write_export
from sandbox.ledger.tree import grown, leaf_hash, root
from sandbox.model.cost import text

ORIGIN = "bench.example/range"
LEDGER, SITE, RESEARCHER = (
    Ed25519PrivateKey.from_private_bytes(seed * 32) for seed in (b"l", b"s", b"r")
)
VKEY = verifier_key(ORIGIN, LEDGER.public_key().public_bytes_raw())
START = datetime(2026, 11, 22, 8, 30, tzinfo=UTC)
AGREEMENTS = 40
PURE, REFUSED, FAILED = 4, 10, 50
"""One agreement, one request and one run in so many is pure, refused, or fails first."""


class Story:
    """Tells entries without end; what accounts have spent is all that it remembers."""

    def __init__(self) -> None:
        """Begin before the first entry."""
        self.index = 0
        self.spent: defaultdict[str, Fraction] = defaultdict(Fraction)

    def leaves(self) -> Iterator[bytes]:
        """Number the entries and write them."""
        for entry in self._entries():
            yield canonical({**entry, "index": self.index})
            self.index += 1

    def _entries(self) -> Iterator[entries.Entry]:
        yield entries.site(START, origin=ORIGIN, ledger_key=VKEY, site_key=_public(SITE))
        for accounting in ("zcdp", "pure"):
            yield from _described(accounting)
        for number in range(AGREEMENTS):
            yield from _agreed(number)
        number = 0
        while True:
            yield from self._request(number)
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
        submission, debit = _digest(number), self.index
        yield self._debit(time, number, agreement, submission)
        if number % FAILED == 1:
            yield entries.failure(time, submission=submission, debit=debit, code="engine.failed")
        answer = _digest(number + 1)
        yield entries.release(time, submission=submission, debit=debit, answer=answer)

    def _debit(self, time: datetime, number: int, agreement: int, submission: str) -> entries.Entry:
        accounting = _accounting(agreement)
        epsilon = Fraction(number % 97 + 1, 1000)
        rho = epsilon**2 / 2 if accounting == "pure" else Fraction(number % 977 + 1, 10**9)
        path = (f"agreement/agreement-{agreement}", f"source/bench/{accounting}")
        for account in path:
            self.spent[account] += epsilon if accounting == "pure" else rho
        return entries.debit(
            time,
            submission=submission,
            agreement=f"agreement-{agreement}",
            dataset=f"bench/{accounting}",
            snapshot=f"snapshot-{accounting}",
            policy=_digest(0),
            request=_digest(number + 2),
            cost={
                "rho": text(rho),
                "delta": "0",
                "epsilon": text(epsilon) if accounting == "pure" else None,
            },
            balances={account: text(self.spent[account]) for account in path},
        )


def _described(accounting: str) -> Iterator[entries.Entry]:
    name = f"bench/{accounting}"
    yield entries.policy(
        START,
        dataset=name,
        source=name,
        owner="owner",
        digest=_digest(0),
        accounting=accounting,
        cap="1000000",
        per_agreement="100000",
    )
    yield entries.dataset(
        START,
        name=name,
        snapshot=f"snapshot-{accounting}",
        commitment=_digest(1),
        policy=_digest(0),
    )


def _agreed(number: int) -> Iterator[entries.Entry]:
    accounting = _accounting(number)
    application, name, digest = f"application-{number}", f"bench/{accounting}", _digest(number)
    yield entries.application(START, id=application, dataset=name, commitment=_digest(2))
    yield entries.decision(
        START, application=application, granted=True, by="steward", commitment=_digest(3)
    )
    yield entries.agreement(
        START,
        id=f"agreement-{number}",
        application=application,
        datasets=[name],
        source=name,
        digest=digest,
        researcher_key=_public(RESEARCHER),
        researcher_signature=_signature(RESEARCHER, digest),
        site_key=_public(SITE),
        site_signature=_signature(SITE, digest),
        starts=date(2026, 11, 1),
        ends=date(2029, 12, 31),
        accounting=accounting,
        cap="100000",
    )


def _accounting(agreement: int) -> str:
    return "pure" if agreement % PURE == 0 else "zcdp"


def _digest(number: int) -> str:
    return sha256(number.to_bytes(8, "big")).hexdigest()


def _public(key: Ed25519PrivateKey) -> str:
    return base64.b64encode(key.public_key().public_bytes_raw()).decode()


def _signature(key: Ed25519PrivateKey, digest: str) -> str:
    return base64.b64encode(key.sign(agreement_message(digest))).decode()


def _head(size: int) -> str:
    """Sign the head of the first `size` entries; they are told once more for it."""
    latest: dict[int, bytes] = {}

    def newest(level: int, _: int) -> bytes:
        return latest[level]

    for index, leaf in enumerate(islice(Story().leaves(), size)):
        latest.update({level: value for level, _, value in grown(index, leaf_hash(leaf), newest)})
    head = Checkpoint(ORIGIN, size, root(size, newest))
    return sign_checkpoint(head, LEDGER.public_key().public_bytes_raw(), LEDGER.sign)


def write(folder: Path, size: int) -> None:
    """Write the export."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    write_export(folder, islice(Story().leaves(), size), _head(size))


if __name__ == "__main__":
    write(Path(sys.argv[1]), int(sys.argv[2]))
