"""Connections that are kept open, since opening one is slow.

Closing SQLite's last one also folds the write-ahead log back into the file: seven times fewer
commits a second, measured. Neither SQLite nor a server's protocol allows a connection to be carried
over a fork, so idle ones are closed before each fork of this process.
"""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from weakref import WeakSet

from sandbox.errors import Unavailable
from sandbox.store.connection import Connection, Database

IDLE_CONNECTIONS = 8
"""Connections kept open; more are made when more threads come, and closed after use."""


class Pool:
    """Connections to one database, each for one transaction at a time."""

    def __init__(self, database: Database) -> None:
        """Open none yet."""
        self._database = database
        self._idle: list[Connection] = []
        self._lock = threading.Lock()
        _pools.add(self)

    def begin(self, opening: str) -> Connection:
        """Give a connection on which the statements `opening` have begun a transaction.

        A server may have been started anew while connections were idle: if one of them fails at
        the first word, a new one is tried.

        Raises:
            Unavailable: `books.unavailable`.
        """
        idle = self._take()
        if idle is not None:
            try:
                return _begun(idle, opening)
            except Unavailable:
                if not idle.lost:
                    raise
                self.close()
        return _begun(self._database.connect(), opening)

    def end(self, connection: Connection) -> None:
        """Keep a connection whose transaction is over, or close it if that is not sure."""
        with self._lock:
            keep = connection.sound and len(self._idle) < IDLE_CONNECTIONS
            if keep:
                self._idle.append(connection)
        if not keep:
            connection.close()

    @contextmanager
    def transaction(self, opening: str) -> Iterator[Connection]:
        """Commit when the block ends, and undo all if it raises.

        Raises:
            Unavailable: `books.unavailable`; nothing was written.
        """
        connection = self.begin(opening)
        try:
            yield connection
            connection.commit()
        except BaseException:
            undo(connection)
            raise
        finally:
            self.end(connection)

    def close(self) -> None:
        """Close idle connections; the pool may be used again all the same."""
        with self._lock:
            idle, self._idle = self._idle, []
        for connection in idle:
            connection.close()

    def _take(self) -> Connection | None:
        with self._lock:
            return self._idle.pop() if self._idle else None


def undo(connection: Connection) -> None:
    """Undo a transaction; one that cannot be undone is never committed either."""
    with suppress(Unavailable):
        if connection.sound:
            connection.run("ROLLBACK")


def _begun(connection: Connection, opening: str) -> Connection:
    try:
        connection.run(opening)
    except BaseException:
        connection.close()
        raise
    return connection


_pools: WeakSet[Pool] = WeakSet()


def _close_idle() -> None:
    """Leave no connection that a child process would inherit."""
    for pool in tuple(_pools):
        pool.close()


os.register_at_fork(before=_close_idle)
