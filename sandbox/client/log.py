"""A running site's log, read tile by tile while it is verified or written down."""

import os
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from itertools import islice

from sandbox.client.connection import Connection
from sandbox.errors import NotFound
from sandbox.ledger.note import MAX_NOTE, claimed_size
from sandbox.ledger.tiles import (
    ENTRIES,
    HEIGHT,
    MAX_BUNDLE,
    WIDTH,
    refuse_torn,
    split,
    tile_path,
    unpack,
)
from sandbox.ledger.tree import HASH

LOG = "/log/"
NEWEST = "checkpoint"
PENDING = "checkpoint/pending"
WITNESSED = "checkpoint/witnessed"
COSIGNATURE = "cosignature"
AHEAD = 8
"""Tiles of each level that are fetched before they are needed."""


class RemoteTiles:
    """The tiles of a site's log over its first `size` entries."""

    def __init__(self, connection: Connection, size: int) -> None:
        """Fetch nothing yet."""
        self._connection = connection
        self._size = size

    def entries(self) -> Iterator[bytes]:
        """Give the entries from the first on, up to the head's size.

        Raises:
            BadInput: code `export.torn`; the site does not show what its head promises.
        """
        for path, width, bundle in self._ahead(_tiles(ENTRIES, self._size), MAX_BUNDLE):
            yield from unpack(bundle, path, width)

    def hashes(self, level: int) -> Iterator[bytes]:
        """Give a tile level's hashes from the first on, up to the head's size.

        Raises:
            BadInput: code `export.torn`; the site does not show what its head promises.
        """
        tiles = _tiles(level, self._size >> HEIGHT * level)
        for path, width, tile in self._ahead(tiles, WIDTH * HASH):
            yield from split(tile, path, width)

    def tile(self, path: str, limit: int = WIDTH * HASH) -> bytes:
        """Fetch a tile.

        Raises:
            BadInput: code `export.torn`; the site says that there is none.
        """
        try:
            return self._connection.limited(LOG + path, limit)
        except NotFound:
            refuse_torn(path)

    def _ahead(
        self, tiles: Iterator[tuple[str, int]], limit: int
    ) -> Iterator[tuple[str, int, bytes]]:
        """Fetch some tiles ahead, in order: one after the other would wait for the network."""
        pool = ThreadPoolExecutor(AHEAD)
        waiting: deque[tuple[str, int, Future[bytes]]] = deque()
        try:
            while True:
                for path, width in islice(tiles, AHEAD - len(waiting)):
                    waiting.append((path, width, pool.submit(self.tile, path, limit)))
                if not waiting:
                    return
                path, width, fetched = waiting.popleft()
                yield path, width, fetched.result()
        finally:
            pool.shutdown(cancel_futures=True)


class RemoteLog(RemoteTiles):
    """The log as the site shows it; see `sandbox.ledger.verify.Log`."""

    def __init__(self, connection: Connection, head: str = NEWEST) -> None:
        """Fetch one of the site's heads; tiles follow as they are asked for.

        Raises:
            NotFound: code `ledger.no_witnessed_head`.
            Unavailable: no site answers there.
        """
        # Bytes that are no UTF-8 become surrogates, which no checkpoint has: its reader refuses it.
        text = connection.limited(LOG + head, MAX_NOTE).decode(errors="surrogateescape")
        self.checkpoint = text
        super().__init__(connection, claimed_size(text))


def connection_to(url: str) -> Connection:
    """Reach a site with the token in DATARANGE_TOKEN.

    Raises:
        BadInput: code `site.url` or `site.insecure`.
    """
    return Connection(url, os.environ.get("DATARANGE_TOKEN") or None)


def remote_log(url: str, *, witnessed: bool) -> RemoteLog:
    """Open a running site's log up to its newest head, or to its newest witnessed one if any.

    Where no head has been co-signed, its verifier finds that under the newest one.

    Raises:
        Unavailable: no site answers there.
    """
    connection = connection_to(url)
    if witnessed:
        with suppress(NotFound):
            return RemoteLog(connection, WITNESSED)
    return RemoteLog(connection, NEWEST)


def _tiles(level: int | str, count: int) -> Iterator[tuple[str, int]]:
    """List a level's tiles over this many hashes or entries, with their widths."""
    for first in range(0, count, WIDTH):
        width = min(WIDTH, count - first)
        yield tile_path(level, first // WIDTH, width), width
