"""The transparency log in the books: entries and the subtrees that they complete.

The mathematics is `sandbox.ledger.tree`'s; here hashes of complete subtrees are kept, so that an
append, a root or a proof reads about log2(size) of them and never an older entry.
"""

from collections.abc import Iterator, Mapping, Sequence

from sandbox.errors import BadInput, NotFound, Unavailable
from sandbox.ledger import tree
from sandbox.ledger.canonical import canonical
from sandbox.ledger.tiles import MAX_ENTRY
from sandbox.ports import Json
from sandbox.store.tables import Reader, Writer

_BEYOND = "The log has no such entry"
_LACKING = "The books lack a part of the log"


class MerkleLog:
    """An append-only log under one Merkle tree (RFC 6962); see `sandbox.ports.Log`."""

    def __init__(self, reader: Reader, writer: Writer) -> None:
        """Stand on one transaction's tables."""
        self._reader = reader
        self._writer = writer

    def append(self, entry: Mapping[str, Json]) -> int:
        """Write the entry's canonical JSON, with its `index`, as the next leaf; give the index.

        Raises:
            BadInput: `ledger.entry_too_long`.
        """
        index = self.size()
        content = canonical({**entry, "index": index})
        if len(content) > MAX_ENTRY:
            raise BadInput(
                f"An entry of the ledger has at most {MAX_ENTRY} bytes",
                code="ledger.entry_too_long",
            )
        nodes = tree.grown(index, tree.leaf_hash(content), self.subtree)
        self._writer.append(index, content, nodes)
        return index

    def size(self) -> int:
        """Give the number of entries."""
        return self._reader.size()

    def entry(self, index: int) -> bytes:
        """Give an entry's canonical bytes.

        Raises:
            NotFound: `books.unknown`, the log is shorter.
        """
        content = self._reader.entry(index)
        if content is None:
            raise NotFound(_BEYOND, code="books.unknown")
        return content

    def entries(self, start: int = 0, stop: int | None = None) -> Iterator[bytes]:
        """Stream entries in order, as long as this page is open."""
        return self._reader.entries(start, self.size() if stop is None else stop)

    def root(self, size: int) -> bytes:
        """Give the root of the first `size` entries.

        Raises:
            NotFound: `books.unknown`, the log is shorter.
        """
        if not 0 <= size <= self.size():
            raise NotFound(_BEYOND, code="books.unknown")
        return tree.root(size, self.subtree)

    def inclusion(self, index: int, size: int) -> tuple[bytes, ...]:
        """Give the audit path of an entry in the tree of `size` entries, leaf side first.

        Raises:
            NotFound: `books.unknown`, the log or that tree is shorter.
        """
        if not 0 <= index < size <= self.size():
            raise NotFound(_BEYOND, code="books.unknown")
        return tree.inclusion(index, size, self.subtree)

    def subtree(self, level: int, index: int) -> bytes:
        """Give the hash of a complete subtree, which stands since the subtree was complete.

        Raises:
            Unavailable: somebody took it out of the books, or it is not complete yet.
        """
        found = self._reader.node(level, index)
        if found is None:
            raise Unavailable(_LACKING, code="books.unavailable")
        return found

    def subtrees(self, level: int, start: int, stop: int) -> Sequence[bytes]:
        """Give the hashes of complete subtrees side by side, at once.

        Raises:
            Unavailable: as above.
        """
        found = self._reader.nodes(level, start, stop)
        if len(found) != stop - start:
            raise Unavailable(_LACKING, code="books.unavailable")
        return found
