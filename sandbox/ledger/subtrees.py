"""Complete subtrees read out of a log's tiles (c2sp.org/tlog-tiles), so that proofs can be made.

Nothing here is trusted: a proof made from wrong tiles does not lead to the signed root.
"""

from collections.abc import Callable

from sandbox.ledger.tiles import HEIGHT, WIDTH, split, tile_path
from sandbox.ledger.tree import node_hash


class TileSubtrees:
    """Gives hashes of complete subtrees; see `sandbox.ledger.tree.ReadNode`."""

    def __init__(self, size: int, fetch: Callable[[str], bytes]) -> None:
        """Read tiles of a log of `size` entries; `fetch` gives the file at a path."""
        self._size = size
        self._fetch = fetch
        self._tiles: dict[str, tuple[bytes, ...]] = {}

    def __call__(self, level: int, index: int) -> bytes:
        """Give the hash of the subtree at this place.

        Raises:
            BadInput: code `export.torn`; a tile has not the width that it must have.
        """
        rest = level % HEIGHT
        first, count = index << rest, 1 << rest
        tile = self._tile(level // HEIGHT, first // WIDTH)
        hashes = tile[first % WIDTH : first % WIDTH + count]
        while len(hashes) > 1:
            hashes = tuple(map(node_hash, hashes[::2], hashes[1::2]))
        return hashes[0]

    def _tile(self, level: int, index: int) -> tuple[bytes, ...]:
        width = min(WIDTH, (self._size >> HEIGHT * level) - index * WIDTH)
        path = tile_path(level, index, width)
        if path not in self._tiles:
            self._tiles[path] = tuple(split(self._fetch(path), path, width))
        return self._tiles[path]
