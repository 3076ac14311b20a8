"""A folder that appears complete and durable, or not at all.

Files are written under a hidden name and synced; one rename publishes them. Whoever writes holds
a lock on the hidden folder, so that leftovers of a killed process can be told from work under way.
"""

import fcntl
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

_PREFIX = ".tmp-"
_FOLDER_MODE = 0o700
_FILE_MODE = 0o600


@contextmanager
def staged(target: Path) -> Iterator[Path]:
    """Give a folder to write into, and rename it to `target` when the block ends.

    If the block raises, nothing is left. Raises OSError if the disk is full or read-only.
    """
    work = target.parent / f"{_PREFIX}{secrets.token_hex(16)}"
    work.mkdir(_FOLDER_MODE)
    lock = _lock(work)
    written = work
    try:
        yield work
        _sync(work)
        written = work.rename(target)
        _sync(target.parent)
    except BaseException:
        shutil.rmtree(written, ignore_errors=True)
        raise
    finally:
        os.close(lock)


def write_durably(path: Path, data: bytes) -> None:
    """Write a new file that only we can read, down to the disk."""
    with new_file(path) as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def new_file(path: Path) -> BinaryIO:
    """Open a new file for writing that only we can read."""
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _FILE_MODE), "wb")


def sweep(folder: Path) -> None:
    """Remove what killed processes left in a folder; live ones keep theirs."""
    for leftover in folder.glob(f"{_PREFIX}*"):
        try:
            lock = _lock(leftover)
        except BlockingIOError:
            continue
        shutil.rmtree(leftover)
        os.close(lock)


def _lock(folder: Path) -> int:
    """Lock a folder and give the descriptor that holds the lock; the kernel drops it on a kill.

    Raises:
        BlockingIOError: another process holds it.
    """
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        raise
    return descriptor


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
