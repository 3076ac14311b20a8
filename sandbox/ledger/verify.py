"""The offline audit of an exported ledger: from files and one public key, trusting nothing else.

In one streaming pass: the head's signature, each entry's hash against its tile, the tiles of the
tree above, the root and size against the head, the founding entry against the key, and the replay
of every rule in `sandbox.ledger.replay`. What it cannot show: that the log was not cut back to an
earlier state and signed anew (hold an older head or receipt against it, `tree.check_consistency`),
and that a debit's cost is the right price of its question.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sandbox.errors import BadInput, NotVerified
from sandbox.ledger.balance import Balance
from sandbox.ledger.canonical import canonical, parse
from sandbox.ledger.findings import Collector, Finding, in_order
from sandbox.ledger.note import Checkpoint, key_name, open_checkpoint
from sandbox.ledger.replay import replay
from sandbox.ledger.tiles import HEIGHT, WIDTH, Export, read_export, tile_path
from sandbox.ledger.tree import grown, leaf_hash, root


@dataclass(frozen=True, slots=True)
class Report:
    """What an audit found."""

    verified: bool
    """No finding is an error."""
    findings: tuple[Finding, ...]
    size: int
    """Entries that could be read."""
    root: str
    """Root of these entries, as the auditor computed it; hexadecimal."""
    balances: Mapping[str, Balance]
    """By account: `source/<name>`, `agreement/<id>`."""
    counts: Mapping[str, int]
    """Entries by kind."""


def verify_export(folder: Path, vkey: str) -> Report:
    """Audit an export against the log's verifier key.

    Whatever the folder holds, there is a report; memory grows with accounts and submissions only.

    Raises:
        BadInput: code `key.malformed`, or `export.unreadable`; there is no export in the folder.
    """
    name = key_name(vkey)
    audit = _Audit(read_export(folder), name, vkey)
    replayed = replay(audit.entries())
    audit.compare_head()
    findings = in_order([*audit.collector.findings(), *replayed.found])
    return Report(
        verified=all(finding.severity != "error" for finding in findings),
        findings=findings,
        size=audit.size,
        root=audit.root().hex(),
        balances=replayed.balances,
        counts=replayed.counts,
    )


class _Audit:
    """One pass over an export's files."""

    def __init__(self, export: Export, name: str, vkey: str) -> None:
        self.export = export
        self.name = name
        self.vkey = vkey
        self.collector = Collector()
        self.size = 0
        self.latest: dict[int, bytes] = {}
        """The newest complete subtree of each tree level."""
        self.tiles: list[Iterator[bytes]] = []
        """The stored hashes of each tile level, as far as they are not yet compared."""
        self.ended: set[int] = set()
        """Tile levels whose stored hashes ran out too early."""

    def entries(self) -> Iterator[tuple[int, Mapping[str, Any]]]:
        """Give what can be replayed, with its position; hash all of it on the way."""
        for index, entry in enumerate(self._until_torn(self.export.entries())):
            self.size = index + 1
            self._grow(index, entry)
            parsed = self._parsed(index, entry)
            if parsed is not None:
                if index == 0:
                    self._compare_site(parsed)
                yield index, parsed

    def compare_head(self) -> None:
        """Compare what was read with what the log signed, once all was read."""
        for level, hashes in enumerate(self.tiles):
            if next(hashes, None) is not None:
                message = f"Level {level} has hashes of entries that are not there"
                self.collector.add(None, "ledger.tile", message)
        try:
            self._compare(open_checkpoint(self.export.checkpoint, self.vkey))
        except (NotVerified, BadInput) as refused:
            self.collector.add(None, refused.code, refused.message)

    def root(self) -> bytes:
        """Give the root of all entries that were read."""
        return root(self.size, self._newest)

    def _compare(self, head: Checkpoint) -> None:
        if head.size != self.size:
            message = f"The head is of {head.size} entries; {self.size} could be read"
            self.collector.add(min(head.size, self.size), "ledger.size", message)
        elif head.root != self.root():
            self.collector.add(None, "ledger.root", "The entries have another root")

    def _compare_site(self, site: Mapping[str, Any]) -> None:
        if site.get("origin") != self.name:
            self.collector.add(0, "site.origin", "The key is of another log")
        if site.get("ledger_key") != self.vkey:
            self.collector.add(0, "site.ledger_key", "The log was founded under another key")

    def _parsed(self, index: int, entry: bytes) -> Mapping[str, Any] | None:
        try:
            parsed = parse(entry)
            if canonical(parsed) != entry:
                self.collector.add(index, "entry.not_canonical", "Not in canonical form")
        except BadInput as malformed:
            self.collector.add(index, "entry.malformed", malformed.message)
            return None
        if not isinstance(parsed, dict):
            self.collector.add(index, "entry.malformed", "Not a JSON object")
            return None
        return parsed

    def _grow(self, index: int, entry: bytes) -> None:
        """Add an entry to the tree, and compare the hashes that it completes with the tiles."""
        for level, place, value in grown(index, leaf_hash(entry), self._newest):
            self.latest[level] = value
            if level % HEIGHT == 0:
                self._compare_hash(level // HEIGHT, place, value)

    def _newest(self, level: int, _index: int) -> bytes:
        return self.latest[level]

    def _compare_hash(self, level: int, place: int, value: bytes) -> None:
        if level == len(self.tiles):
            self.tiles.append(self._until_torn(self.export.hashes(level)))
        stored = next(self.tiles[level], None)
        if stored is None and level not in self.ended:
            self.ended.add(level)
            message = f"Level {level} has no hash from number {place} on"
            self.collector.add(None, "ledger.tile", message)
        elif stored is not None and stored != value and level == 0:
            self.collector.add(place, "ledger.leaf", "Its hash in the tree is another")
        elif stored is not None and stored != value:
            message = f"{tile_path(level, place // WIDTH)} has another hash at {place % WIDTH}"
            self.collector.add(None, "ledger.tile", message)

    def _until_torn(self, items: Iterator[bytes]) -> Iterator[bytes]:
        """Give what can be read; what cannot is a finding at the first entry that was not."""
        try:
            yield from items
        except BadInput as torn:
            self.collector.add(self.size, torn.code, f"{torn.place}: {torn.message}")
