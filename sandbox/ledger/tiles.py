"""A ledger as a folder of files: the C2SP tlog-tiles layout (c2sp.org/tlog-tiles).

`checkpoint` is the signed head, `tile/<level>/<n>` holds 256 hashes and `tile/entries/<n>` 256
entries. Level `L` has the hashes of complete subtrees of `256**L` entries. The last tile of a level
may be partial and then has its width in its name, `.p/<width>`.

Writing and reading stream: at no time is more than one tile a level in memory. A reader trusts
nothing: what is not a small regular file is refused, and what a file claims is measured.
"""

import secrets
import shutil
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Never

from sandbox.errors import BadInput, Conflict, Place, Unavailable
from sandbox.ledger.note import MAX_NOTE
from sandbox.ledger.tree import HASH, grown, leaf_hash

WIDTH = 256
"""Hashes or entries of a full tile."""
HEIGHT = 8
"""Tree levels between one tile level and the next."""
MAX_ENTRY = 65535
"""Bytes of an entry: what its 16-bit length can say."""
ENTRIES = "entries"
"""Stands for the level in the path of an entry bundle."""

_LENGTH = 2
MAX_BUNDLE = WIDTH * (_LENGTH + MAX_ENTRY)
"""Bytes of an entry bundle."""


def tile_path(level: int | str, index: int, width: int = WIDTH) -> str:
    """Name a tile within the log; `level` is a number or `entries`, `width` counts from 1 to 256.

    >>> tile_path(0, 1234067), tile_path("entries", 0, 5)
    ('tile/0/x001/x234/067', 'tile/entries/000.p/5')
    """
    groups = [f"{index % 1000:03}"]
    while index := index // 1000:
        groups.insert(0, f"x{index % 1000:03}")
    partial = f".p/{width}" if width < WIDTH else ""
    return f"tile/{level}/{'/'.join(groups)}{partial}"


def pack(entry: bytes) -> bytes:
    """Write an entry as bundles hold it: its length as a big-endian 16-bit integer, then its bytes.

    Raises:
        BadInput: code `entry.too_long`; the entry has more than 65,535 bytes.
    """
    if len(entry) > MAX_ENTRY:
        raise BadInput(f"An entry has at most {MAX_ENTRY} bytes", code="entry.too_long")
    return len(entry).to_bytes(_LENGTH, "big") + entry


def unpack(bundle: bytes, path: str, width: int) -> Iterator[bytes]:
    """Give the entries of a bundle; those before a tear are given.

    Raises:
        BadInput: code `export.torn`, at `path`; the bundle is not `width` entries long.
    """
    start = 0
    for _ in range(width):
        stop = start + _LENGTH + int.from_bytes(bundle[start : start + _LENGTH], "big")
        if stop > len(bundle):
            refuse_torn(path)
        yield bundle[start + _LENGTH : stop]
        start = stop
    if start != len(bundle):
        refuse_torn(path)


def split(tile: bytes, path: str, width: int) -> Iterator[bytes]:
    """Give the hashes of a tile.

    Raises:
        BadInput: code `export.torn`, at `path`; the tile is not `width` hashes long.
    """
    if len(tile) != width * HASH:
        refuse_torn(path)
    for start in range(0, len(tile), HASH):
        yield tile[start : start + HASH]


def refuse_torn(path: str) -> Never:
    """Say that a tile cannot be read.

    Raises:
        BadInput: code `export.torn`.
    """
    raise BadInput(
        "A tile of the log is cut, overlong or unreadable",
        code="export.torn",
        place=Place(file=path),
    )


def write_export(folder: Path, entries: Iterable[bytes], checkpoint: str) -> None:
    """Write a log that others can verify; it appears whole or not at all.

    Raises:
        Conflict: code `export.exists`; the folder exists and is not empty.
        BadInput: code `entry.too_long`.
        Unavailable: code `export.unwritable`; the disk is full or read-only.
    """
    place = Place(file=str(folder))
    draft = folder.with_name(f".{folder.name}.{secrets.token_hex(8)}")
    try:
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise Conflict("The export's folder is not empty", code="export.exists", place=place)
        _Writer(draft).write(entries, checkpoint)
        draft.rename(folder)
    except OSError as cause:
        raise Unavailable(
            "The export cannot be written", code="export.unwritable", place=place
        ) from cause
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def read_export(folder: Path) -> "Export":
    """Open a log in a folder; only the checkpoint is read at once.

    Raises:
        BadInput: code `export.unreadable`; no folder, or one without a checkpoint.
    """
    try:
        data = _read(folder / "checkpoint", MAX_NOTE)
    except OSError as cause:
        raise BadInput(
            "No ledger export to be read there",
            code="export.unreadable",
            place=Place(file=str(folder)),
        ) from cause
    # Bytes that are no UTF-8 become surrogates, which no checkpoint has: its reader refuses them.
    return Export(folder, data.decode(errors="surrogateescape"))


@dataclass(frozen=True, slots=True)
class Export:
    """A log in a folder, with its checkpoint's text as it was found."""

    folder: Path
    checkpoint: str

    def entries(self) -> Iterator[bytes]:
        """Give the entries from the first on, up to where there is no bundle.

        Raises:
            BadInput: code `export.torn`; a bundle is cut, too long or no regular file.
        """
        for path, width in self._tiles(ENTRIES):
            yield from unpack(self._content(path, MAX_BUNDLE), path, width)

    def hashes(self, level: int) -> Iterator[bytes]:
        """Give a tile level's hashes from the first on, up to where there is no tile.

        Raises:
            BadInput: code `export.torn`; a tile is cut, too long or no regular file.
        """
        for path, width in self._tiles(level):
            yield from split(self._content(path, width * HASH), path, width)

    def _tiles(self, level: int | str) -> Iterator[tuple[str, int]]:
        """Find a level's tiles in order, with their widths; a partial one is the last."""
        for index in count():
            width = self._width(tile_path(level, index))
            if width:
                yield tile_path(level, index, width), width
            if width < WIDTH:
                return

    def _width(self, path: str) -> int:
        """Give a tile's width: full, else its widest partial one (a log may keep older), else 0."""
        try:
            if (self.folder / path).exists():
                return WIDTH
            names = {child.name for child in (self.folder / f"{path}.p").iterdir()}
        except FileNotFoundError:
            return 0
        except OSError:
            refuse_torn(path)
        return max((width for width in range(1, WIDTH) if str(width) in names), default=0)

    def _content(self, path: str, limit: int) -> bytes:
        try:
            return _read(self.folder / path, limit)
        except OSError:
            refuse_torn(path)


def _read(path: Path, limit: int) -> bytes:
    """Read a regular file, one byte past the limit at most: enough to see that it is too long."""
    if not stat.S_ISREG(path.lstat().st_mode):
        raise OSError("not a regular file")
    with path.open("rb") as file:
        return file.read(limit + 1)


class _Writer:
    """Fills tiles from the left and holds only the unfinished ones."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.bundle: list[bytes] = []
        self.hashes: list[list[bytes]] = []
        self.latest: dict[int, bytes] = {}
        """The newest complete subtree of each tree level: all that growth ever asks for."""

    def write(self, entries: Iterable[bytes], checkpoint: str) -> None:
        """Write all tiles, then the checkpoint that promises them."""
        self.folder.mkdir()
        size = 0
        for entry in entries:
            self._add(size, entry)
            size += 1
        self._save(ENTRIES, size // WIDTH, self.bundle)
        for level, hashes in enumerate(self.hashes):
            self._save(level, size // WIDTH ** (level + 1), hashes)
        (self.folder / "checkpoint").write_bytes(checkpoint.encode())

    def _add(self, index: int, entry: bytes) -> None:
        self.bundle.append(pack(entry))
        if len(self.bundle) == WIDTH:
            self._save(ENTRIES, index // WIDTH, self.bundle)
        for height, place, value in grown(index, leaf_hash(entry), self._newest):
            self.latest[height] = value
            if height % HEIGHT == 0:
                self._extend(height // HEIGHT, place, value)

    def _newest(self, level: int, _index: int) -> bytes:
        return self.latest[level]

    def _extend(self, level: int, place: int, value: bytes) -> None:
        if level == len(self.hashes):
            self.hashes.append([])
        self.hashes[level].append(value)
        if len(self.hashes[level]) == WIDTH:
            self._save(level, place // WIDTH, self.hashes[level])

    def _save(self, level: int | str, index: int, parts: list[bytes]) -> None:
        """Write the tile, unless it is empty, and start the next one."""
        if parts:
            path = self.folder / tile_path(level, index, len(parts))
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(b"".join(parts))
            parts.clear()
