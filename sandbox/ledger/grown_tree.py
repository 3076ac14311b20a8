"""A tree that grows in memory and knows its root at every size that it ever had."""

from sandbox.ledger.tree import HASH, grown, root


class GrownTree:
    """Keeps the hash of every complete subtree: 64 bytes an entry."""

    def __init__(self) -> None:
        """Begin without leaves."""
        self.size = 0
        self._levels: list[bytearray] = []

    def add(self, leaf: bytes) -> tuple[tuple[int, int, bytes], ...]:
        """Add a leaf's hash; give the complete subtrees that appear, as `tree.grown` does."""
        nodes = grown(self.size, leaf, self._node)
        for level, _, value in nodes:
            if level == len(self._levels):
                self._levels.append(bytearray())
            self._levels[level] += value
        self.size += 1
        return nodes

    def root(self, size: int) -> bytes:
        """Give the root of the first `size` leaves.

        Raises:
            ValueError: there are not so many.
        """
        if size > self.size:
            raise ValueError("the tree has never been so large")
        return root(size, self._node)

    def _node(self, level: int, index: int) -> bytes:
        return bytes(self._levels[level][index * HASH : (index + 1) * HASH])
