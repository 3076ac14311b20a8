"""Writers of one process stand in line."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from sandbox.errors import Unavailable

PATIENCE = 60.0
"""Seconds to wait for another writer."""


class Turn:
    """A lock that is given up waiting for, so that one stuck writer does not stop the site."""

    def __init__(self, patience: float) -> None:
        """Wait at most `patience` seconds for a turn."""
        self._lock = threading.Lock()
        self._patience = patience

    @contextmanager
    def take(self) -> Iterator[None]:
        """Be the only writer of this process during the block.

        Raises:
            Unavailable: `books.unavailable`, the turn did not come in time.
        """
        if not self._lock.acquire(timeout=self._patience):
            raise Unavailable(
                "Somebody else has been writing in the books for too long; nothing was written",
                code="books.unavailable",
            )
        try:
            yield
        finally:
            self._lock.release()
