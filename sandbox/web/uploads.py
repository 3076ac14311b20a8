"""Files on their way in: streamed to the disk, private to one owner, gone after one use."""

import hashlib
import os
import re
import shutil
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from anyio.to_thread import run_sync

from sandbox.errors import NotFound, Place, Unavailable
from sandbox.model.names import PrincipalName
from sandbox.web.problems import TooLong

BLOCK = 2**20
"""Bytes that are gathered before they are written."""
SPARE = 2**28
"""Bytes that stay free on the disk, so that the books can still be written."""

_ID = re.compile(r"[0-9a-f]{32}")
_APPEND = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW
_PRIVATE_FILE = 0o600
_PRIVATE_FOLDER = 0o700


@dataclass(frozen=True, slots=True)
class Uploads:
    """One folder for each owner, so that an id is of use to its owner only."""

    folder: Path
    limit: int
    """Bytes of one file."""

    async def receive(self, owner: PrincipalName, id: str, blocks: AsyncIterator[bytes]) -> None:  # noqa: A002  (the message's field)
        """Write a file as it comes; if it does not come whole, nothing is left.

        Raises:
            TooLong: code `request.too_long`.
            Unavailable: code `upload.disk`; the disk is full, or would be soon.
        """
        path = self._path(owner, id)
        try:
            async for block in _gathered(blocks, self.limit):
                await run_sync(_append, path, block)
        except BaseException:
            path.unlink(missing_ok=True)
            raise

    @contextmanager
    def take(self, owner: PrincipalName, id: str) -> Iterator[Path]:  # noqa: A002
        """Lend the file to one taker; it is removed when the block ends, however it ends.

        Raises:
            NotFound: code `upload.unknown`; there is none, it is another's, or it is taken.
        """
        taken = self._claim(owner, id)
        try:
            yield taken
        finally:
            taken.unlink(missing_ok=True)

    def _claim(self, owner: PrincipalName, id: str) -> Path:  # noqa: A002
        """Rename the file, so that of two takers at once only one gets it.

        Raises:
            NotFound: code `upload.unknown`.
        """
        if _ID.fullmatch(id):
            path = self._path(owner, id)
            with suppress(FileNotFoundError):
                return path.rename(path.with_suffix(".taken"))
        raise NotFound(
            "You have no such upload", code="upload.unknown", place=Place(clause="upload")
        )

    def _path(self, owner: PrincipalName, id: str) -> Path:  # noqa: A002
        # Hashed: a person's name may have letters that a file system folds or refuses.
        return self.folder / hashlib.sha256(owner.encode()).hexdigest() / id


def sweep(folder: Path) -> None:
    """Remove what an earlier run left; nobody can come back for it.

    Raises:
        OSError: the folder cannot be written.
    """
    if folder.exists():
        shutil.rmtree(folder)
    folder.mkdir(mode=_PRIVATE_FOLDER)


async def _gathered(blocks: AsyncIterator[bytes], limit: int) -> AsyncIterator[bytes]:
    """Join small blocks into large ones; the last one may be empty, so that a file appears.

    Raises:
        TooLong: there are more than `limit` bytes.
    """
    gathered = bytearray()
    received = 0
    async for block in blocks:
        gathered += block
        received += len(block)
        if received > limit:
            raise TooLong(f"A file has at most {limit} bytes", code="request.too_long")
        if len(gathered) >= BLOCK:
            yield bytes(gathered)
            gathered.clear()
    yield bytes(gathered)


def _append(path: Path, block: bytes) -> None:
    try:
        path.parent.mkdir(mode=_PRIVATE_FOLDER, exist_ok=True)
        free = shutil.disk_usage(path.parent).free
        if free - len(block) >= SPARE:
            with os.fdopen(os.open(path, _APPEND, _PRIVATE_FILE), "ab") as file:
                file.write(block)
            return
    except OSError as cause:
        raise _full() from cause
    raise _full()


def _full() -> Unavailable:
    return Unavailable("The site's disk has no room for this file", code="upload.disk")
