"""Tiles of a log (C2SP tlog-tiles), made when they are asked for."""

import re
from dataclasses import dataclass

from sandbox.errors import NotFound
from sandbox.ledger.tiles import ENTRIES, HEIGHT, WIDTH, pack, tile_path
from sandbox.ports import Log

_PATH = re.compile(r"tile/(entries|[0-6])/((?:x[0-9]{3}/){0,5}[0-9]{3})(?:\.p/([0-9]{1,3}))?")
"""Level, index in groups of three digits, width; a tile of level 6 covers 2**56 entries."""

_UNKNOWN = "The log has no such tile"


@dataclass(frozen=True, slots=True)
class Tile:
    """A place in the log's tile layout."""

    level: int | None
    """None for entries."""
    index: int
    width: int

    @property
    def first(self) -> int:
        """Index of the first hash or entry, counted within the level."""
        return self.index * WIDTH

    @property
    def height(self) -> int:
        """Tree levels between the entries and what the tile holds."""
        return HEIGHT * (self.level or 0)


def parse(path: str) -> Tile:
    """Read a tile's path; a tile has one path only.

    Raises:
        NotFound: code `tile.unknown`.
    """
    match = _PATH.fullmatch(path)
    if match is None:
        raise NotFound(_UNKNOWN, code="tile.unknown")
    level, groups, width = match.groups()
    index = int(groups.replace("x", "").replace("/", ""))
    tile = Tile(None if level == ENTRIES else int(level), index, int(width or WIDTH))
    if path != tile_path(level, index, tile.width) or not tile.width:
        raise NotFound(_UNKNOWN, code="tile.unknown")
    return tile


def content(log: Log, tile: Tile) -> bytes:
    """Give an entry bundle, or hashes of complete subtrees.

    Raises:
        NotFound: code `tile.unknown`; the log has not grown that far.
    """
    stop = tile.first + tile.width
    if stop > log.size() >> tile.height:
        raise NotFound(_UNKNOWN, code="tile.unknown")
    if tile.level is None:
        return b"".join(pack(entry) for entry in log.entries(tile.first, stop))
    return b"".join(log.subtrees(tile.height, tile.first, stop))
