"""A file that appears whole or not at all, and never in place of another."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

PRIVATE_FILE = 0o600
"""Mode: its owner alone reads and writes."""


@contextmanager
def new_file(path: Path) -> Iterator[Path]:
    """Give an empty private draft beside `path`; when the block ends, the draft becomes `path`.

    The draft is linked and not renamed to its name: a rename would overwrite what another process
    put there meanwhile. If somebody was first, theirs stays and the draft is dropped.

    Raises:
        OSError: the folder cannot be written; then there is no new file.
    """
    with TemporaryDirectory(dir=path.parent, prefix=f".{path.name}.") as folder:
        draft = Path(folder, path.name)
        os.close(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE_FILE))
        yield draft
        sync(draft)
        try:
            os.link(draft, path)
        except FileExistsError:
            return
        sync(path.parent)


def sync(path: Path) -> None:
    """Wait until a file, or the names in a folder, are on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
