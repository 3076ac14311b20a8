"""Reading an export for a report: verified once, told once, and cited, each time as a stream."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from sandbox.errors import BadInput, Conflict, NotFound, NotVerified, Place
from sandbox.ledger.anomalies import MAX_ENTRIES, WorkingHours
from sandbox.ledger.canonical import parse
from sandbox.ledger.chronicle import chronicle
from sandbox.ledger.figures import Chronicle
from sandbox.ledger.findings import Finding
from sandbox.ledger.tiles import Export, read_export
from sandbox.ledger.tree import grown, leaf_hash, root
from sandbox.ledger.verify import Report, verify_export

MAX_CITED = 400
"""Entries that a report prints."""
MAX_ENTRY_SHOWN = 2000
"""Characters of an entry that a report prints."""


@dataclass(frozen=True, slots=True)
class Cited:
    """An entry as it stands in the export."""

    position: int
    text: str
    length: int
    """Characters of the whole entry."""


@dataclass(frozen=True, slots=True)
class Audited:
    """What a report is about: the verdict, the figures and the entries that both refer to."""

    report: Report
    told: Chronicle
    cited: tuple[Cited, ...]
    further: int
    """Entries that are referred to and not printed."""


def read_through(folder: Path, vkey: str, hours: WorkingHours, source: str | None) -> Audited:
    """Verify an export and tell what it says; the verdict does not stop the telling.

    Raises:
        BadInput: code `key.malformed` or `export.unreadable`.
        NotFound: code `report.source`; the ledger has no such source.
        Conflict: code `report.moved`; somebody wrote to the export meanwhile.
    """
    report = verify_export(folder, vkey)
    export = read_export(folder)
    entries = _Entries(export)
    told = chronicle(entries.parsed(), hours, source)
    if entries.root() != report.root:
        raise Conflict(
            "The export changed while it was being read; start again",
            code="report.moved",
            place=Place(file=str(folder)),
        )
    if source is not None and source not in told.sources:
        raise NotFound("The ledger has no such source", code="report.source")
    wanted = _referred_to(report, told)
    cited = tuple(_cited(export, set(wanted[:MAX_CITED])))
    return Audited(report, told, cited, max(0, len(wanted) - MAX_CITED))


def require_verified(folder: Path, vkey: str) -> None:
    """Verify an export that something will be made from.

    Raises:
        BadInput: code `key.malformed` or `export.unreadable`.
        NotVerified: code `report.not_verified`.
    """
    if not verify_export(folder, vkey).verified:
        raise NotVerified("The ledger does not verify", code="report.not_verified")


def parsed_entries(folder: Path) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """Give an export's entries, each with its position; one that is no object is given empty.

    Raises:
        BadInput: code `export.unreadable`.
    """
    return _Entries(read_export(folder)).parsed()


class _Entries:
    """One pass over an export's entries that hashes what it gives."""

    def __init__(self, export: Export) -> None:
        self.export = export
        self.size = 0
        self.latest: dict[int, bytes] = {}

    def parsed(self) -> Iterator[tuple[int, Mapping[str, Any]]]:
        """Give each entry; one that is no JSON object is given empty, and so counted."""
        for entry in _until_torn(self.export):
            for level, _, value in grown(self.size, leaf_hash(entry), self._newest):
                self.latest[level] = value
            self.size += 1
            yield self.size - 1, _object(entry)

    def root(self) -> str:
        """Give the root of what was read."""
        return root(self.size, self._newest).hex()

    def _newest(self, level: int, _index: int) -> bytes:
        return self.latest[level]


def _until_torn(export: Export) -> Iterator[bytes]:
    """Give what can be read; that there is more is the verdict's to say."""
    try:
        yield from export.entries()
    except BadInput:
        return


def _object(entry: bytes) -> Mapping[str, Any]:
    try:
        parsed = parse(entry)
    except BadInput:
        return {}
    return parsed if isinstance(parsed, dict) else {}


def _referred_to(report: Report, told: Chronicle) -> list[int]:
    """List the positions that a report links to, the gravest first, each once."""
    positions = list(_first_of_each_code(report.findings))
    for incidents in told.watch.incidents.values():
        for incident in incidents:
            positions += incident.entries
    positions += _places(told.deeds, told.key_steps, told.anchors)
    for source in told.sources.values():
        positions += [source.position, *_places(source.cap_steps, source.key_steps)]
        positions += _places(source.emergencies, source.deeds, source.changes, source.agreements)
        for one in source.cancelled:
            positions += [one.debit, one.position]
    return list(dict.fromkeys(positions))


class _Placed(Protocol):
    """What was told of an entry."""

    @property
    def position(self) -> int: ...


def _places(*told: Iterable[_Placed]) -> Iterator[int]:
    for listed in told:
        yield from (one.position for one in listed)


def _first_of_each_code(findings: Iterable[Finding]) -> Iterator[int]:
    seen: Counter[str] = Counter()
    for finding in findings:
        if finding.index is not None and seen[finding.code] < MAX_ENTRIES:
            seen[finding.code] += 1
            yield finding.index


def _cited(export: Export, wanted: set[int]) -> Iterator[Cited]:
    last = max(wanted, default=-1)
    for position, entry in enumerate(_until_torn(export)):
        if position in wanted:
            text = entry.decode(errors="replace")
            yield Cited(position, text[:MAX_ENTRY_SHOWN], len(text))
        if position >= last:
            return
