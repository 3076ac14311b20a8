"""The offline audit of a ledger: from its tiles and one public key, trusting nothing else.

In one streaming pass: the head's signature and co-signatures, each entry's hash against its tile,
the tiles of the tree above, the root at each older head's size, the root and size against the head,
the founding entry against the key, the replay of every rule in `sandbox.ledger.replay`, and the
root at the size of each anchor. What this cannot show: that the log was not rewritten or cut back
and signed anew since nobody kept a head (give older heads, or demand witnesses), and that a debit's
cost is the right price of its question.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, TypeVar

from sandbox.errors import BadInput, NotVerified
from sandbox.ledger.balance import Balance
from sandbox.ledger.cosignature import find_cosignature
from sandbox.ledger.findings import Collector, Finding, in_order
from sandbox.ledger.grown_tree import GrownTree
from sandbox.ledger.keys import COSIGNATURE, VerifierKey
from sandbox.ledger.leaf import Leaf, read_leaf
from sandbox.ledger.note import Checkpoint, key_name, open_checkpoint
from sandbox.ledger.replay import replay
from sandbox.ledger.standing import Anchored
from sandbox.ledger.tiles import HEIGHT, WIDTH, read_export, tile_path

T = TypeVar("T")


class Log(Protocol):
    """A log as it is found: `tiles.Export`, or a site's tiles as they come over the network.

    Both iterators raise `BadInput` (code `export.torn`) where what is there cannot be read.
    """

    @property
    def checkpoint(self) -> str:
        """The head's text as it was found."""
        ...

    def entries(self) -> Iterator[bytes]:
        """Give the entries from the first on."""
        ...

    def hashes(self, level: int) -> Iterator[bytes]:
        """Give a tile level's hashes from the first on."""
        ...


@dataclass(frozen=True, slots=True)
class Demand:
    """What an auditor asks of a log besides its own rules."""

    older: Sequence[Checkpoint] = ()
    """Heads that the log signed before; it must keep what they signed."""
    witnesses: Sequence[str] = ()
    """Verifier keys of witnesses who must all have co-signed the head."""


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
    """By account, as rule R8 names them."""
    counts: Mapping[str, int]
    """Entries by kind."""
    cosigned: Mapping[str, int]
    """When each demanded witness co-signed the head, by its name, in POSIX seconds."""


def verify_export(folder: Path, vkey: str, demand: Demand | None = None) -> Report:
    """Audit an export; see `verify_log`.

    Raises:
        BadInput: code `key.malformed`, or `export.unreadable`; there is no export in the folder.
    """
    return verify_log(read_export(folder), vkey, demand)


def verify_log(
    log: Log, vkey: str, demand: Demand | None = None, leaves: Iterator[Leaf] | None = None
) -> Report:
    """Audit a log against its verifier key, as it streams.

    Whatever the log holds, there is a report. Memory grows with accounts, submissions and anchors,
    and by 64 bytes an entry. `leaves` are the log's entries, where somebody reads them ahead; by
    default they are read here.

    Raises:
        BadInput: code `key.malformed`.
    """
    demand = demand or Demand()
    audit = _Audit(log, vkey, demand)
    replayed = replay(audit.entries(map(read_leaf, log.entries()) if leaves is None else leaves))
    audit.compare_head()
    audit.compare_anchors(replayed.anchors)
    cosigned = audit.compare_witnesses(demand.witnesses)
    findings = in_order([*audit.collector.findings(), *replayed.found])
    return Report(
        verified=all(finding.severity != "error" for finding in findings),
        findings=findings,
        size=audit.size,
        root=audit.root().hex(),
        balances=replayed.balances,
        counts=replayed.counts,
        cosigned=cosigned,
    )


class _Audit:
    """One pass over a log's tiles."""

    def __init__(self, log: Log, vkey: str, demand: Demand) -> None:
        self.log = log
        self.name = key_name(vkey)
        self.vkey = vkey
        self.older: defaultdict[int, list[Checkpoint]] = defaultdict(list)
        """Older heads that the log has not yet grown to, by their sizes."""
        for head in demand.older:
            self.older[head.size].append(head)
        self.collector = Collector()
        self.tree = GrownTree()
        self.tiles: list[Iterator[bytes]] = []
        """The stored hashes of each tile level, as far as they are not yet compared."""
        self.ended: set[int] = set()
        """Tile levels whose stored hashes ran out too early."""

    @property
    def size(self) -> int:
        """Entries that were read so far."""
        return self.tree.size

    def entries(self, leaves: Iterator[Leaf]) -> Iterator[tuple[int, Mapping[str, Any]]]:
        """Give what can be replayed, with its position; grow the tree on the way."""
        self._compare_older()
        for index, leaf in enumerate(self._until_torn(leaves)):
            self._grow(leaf)
            if self.size in self.older:
                self._compare_older()
            parsed = self._parsed(index, leaf)
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
        for size in sorted(self.older):
            message = f"An older head is of {size} entries; {self.size} could be read"
            self.collector.add(None, "ledger.cut_back", message)
        try:
            self._compare(open_checkpoint(self.log.checkpoint, self.vkey))
        except (NotVerified, BadInput) as refused:
            self.collector.add(None, refused.code, refused.message)

    def compare_anchors(self, anchors: Sequence[Anchored]) -> None:
        """Compare what anchors say of the tree with what it was."""
        for anchor in anchors:
            if anchor.size > self.size or anchor.root != self.tree.root(anchor.size):
                message = f"At {anchor.size} entries the tree had another root"
                self.collector.add(anchor.entry, "anchor.root", message)

    def compare_witnesses(self, vkeys: Sequence[str]) -> dict[str, int]:
        """Look for co-signatures under the head; give the times of those that hold."""
        times = {}
        for vkey in vkeys:
            witness = VerifierKey.read(vkey, COSIGNATURE).name
            try:
                times[witness] = find_cosignature(self.log.checkpoint, vkey).time
            except (NotVerified, BadInput) as refused:
                self.collector.add(None, refused.code, refused.message)
        return times

    def root(self) -> bytes:
        """Give the root of all entries that were read."""
        return self.tree.root(self.size)

    def _compare(self, head: Checkpoint) -> None:
        if head.size != self.size:
            message = f"The head is of {head.size} entries; {self.size} could be read"
            self.collector.add(min(head.size, self.size), "ledger.size", message)
        elif head.root != self.root():
            self.collector.add(None, "ledger.root", "The entries have another root")

    def _compare_older(self) -> None:
        """Compare the root as it was at this size with the older heads of this size."""
        for head in self.older.pop(self.size, []):
            if head.root != self.root():
                message = f"The log of now is not the one that was signed at {head.size} entries"
                self.collector.add(None, "ledger.consistency", message)

    def _compare_site(self, site: Mapping[str, Any]) -> None:
        if site.get("origin") != self.name:
            self.collector.add(0, "site.origin", "The key is of another log")
        if site.get("ledger_key") != self.vkey:
            self.collector.add(0, "site.ledger_key", "The log was founded under another key")

    def _parsed(self, index: int, leaf: Leaf) -> Mapping[str, Any] | None:
        if leaf.fault is not None:
            self.collector.add(index, "entry.malformed", leaf.fault)
            return None
        if not leaf.is_canonical:
            self.collector.add(index, "entry.not_canonical", "Not in canonical form")
        if not isinstance(leaf.value, dict):
            self.collector.add(index, "entry.malformed", "Not a JSON object")
            return None
        return leaf.value

    def _grow(self, leaf: Leaf) -> None:
        """Add a leaf to the tree, and compare the hashes that it completes with the tiles."""
        for level, place, value in self.tree.add(leaf.hash):
            if level % HEIGHT == 0:
                self._compare_hash(level // HEIGHT, place, value)

    def _compare_hash(self, level: int, place: int, value: bytes) -> None:
        if level == len(self.tiles):
            self.tiles.append(self._until_torn(self.log.hashes(level)))
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

    def _until_torn(self, items: Iterator[T]) -> Iterator[T]:
        """Give what can be read; what cannot is a finding at the first entry that was not."""
        try:
            yield from items
        except BadInput as torn:
            self.collector.add(self.size, torn.code, f"{torn.place}: {torn.message}")
