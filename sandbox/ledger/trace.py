"""Trace: from a file that turned up somewhere back to the agreement it was released under.

An answer is known by the digest of its canonical JSON, which its release in the ledger states: so
it is found however it was indented or ordered meanwhile, and not at all once a value was changed.
Whether the ledger can be believed is for `sandbox.ledger.verify` to say.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol, TypeVar

from sandbox.errors import BadInput, NotFound
from sandbox.ledger import records
from sandbox.ledger.canonical import canonical, sha256
from sandbox.ledger.entries import instant

R = TypeVar("R", bound=records.Record)


class Entries(Protocol):
    """A ledger, be it an export or a site's own."""

    def entries(self) -> Iterator[bytes]:
        """Give the canonical bytes of each entry, in order."""
        ...


@dataclass(frozen=True, slots=True)
class Trace:
    """Where an answer came from, by the ledger alone; it names nobody."""

    answer: str
    """SHA-256 of its canonical JSON."""
    submission: str
    dataset: str
    snapshot: str
    agreement: str
    researcher: str
    """The recipient's pseudonym."""
    debit: int
    debited: str
    """RFC 3339, UTC."""
    release: int
    released: str


def digest_of(saved: bytes) -> str:
    """Find the digest of an answer in a saved file: a whole reply, or its `answer` alone.

    Raises:
        BadInput: code `trace.no_answer`; it is no JSON of an answer. A table made from one has lost
            what tells it from others.
    """
    try:
        value = json.loads(saved)
        answer = value.get("answer", value)
        if isinstance(answer, dict) and "submission" in answer:
            return sha256(canonical(answer))
    except (ValueError, AttributeError, RecursionError, BadInput):
        pass
    raise BadInput(
        "No released answer; a trace needs the answer's JSON, not a table made from it",
        code="trace.no_answer",
    )


def trace(log: Entries, digest: str) -> Trace:
    """Find release, debit and agreement of an answer.

    Raises:
        NotFound: code `release.unknown`; no release in this ledger states this digest.
    """
    release = _first(log, records.Release, "answer", digest)
    debit = _first(log, records.Debit, "index", release.debit) if release else None
    agreement = _first(log, records.Agreement, "agreement", debit.agreement) if debit else None
    if release is None or debit is None or agreement is None:
        raise NotFound("No answer like this was released here", code="release.unknown")
    return Trace(
        answer=digest,
        submission=release.submission,
        dataset=debit.dataset,
        snapshot=debit.snapshot,
        agreement=debit.agreement,
        researcher=agreement.researcher,
        debit=debit.index,
        debited=instant(debit.time),
        release=release.index,
        released=instant(release.time),
    )


def _first(log: Entries, kind: type[R], field: str, value: str | int) -> R | None:
    """Find the first entry with this value; only one whose bytes hold it is read."""
    needle = canonical({field: value})[1:-1]
    for entry in log.entries():
        if needle in entry:
            record = records.read(json.loads(entry))
            if isinstance(record, kind) and getattr(record, field) == value:
                return record
    return None
