"""How we talk to SQLite: durable commits, writers in line, and every failure said plainly.

Connections are kept, because closing the last one folds the write-ahead log back into the file:
seven times fewer commits a second, measured. SQLite forbids to carry a connection over a fork, so
idle ones are closed before each fork of this process.
"""

import os
import sqlite3
from pathlib import Path
from weakref import WeakSet

from sqlalchemy import Connection, Engine, ExceptionContext, create_engine, event
from sqlalchemy.pool import QueuePool

from sandbox.errors import Unavailable

IDLE_CONNECTIONS = 8
"""Connections kept open; more are made when more threads come, and closed after use."""

_FAILURES = {
    sqlite3.SQLITE_BUSY: "Somebody else has been writing in the books for too long",
    sqlite3.SQLITE_FULL: "The disk that holds the books is full",
    sqlite3.SQLITE_READONLY: "The books may be read here but not written",
    sqlite3.SQLITE_IOERR: "The disk that holds the books failed",
    sqlite3.SQLITE_CANTOPEN: "The books cannot be opened",
    sqlite3.SQLITE_PERM: "The books may not be opened",
    sqlite3.SQLITE_CORRUPT: "The file of the books is damaged",
    sqlite3.SQLITE_NOTADB: "The file of the books is not a database",
}
_OUR_MISTAKES = sqlite3.IntegrityError | sqlite3.ProgrammingError | sqlite3.DataError
"""Broken constraints and wrong statements: nothing that waiting or a larger disk would help."""

_open_engines: WeakSet[Engine] = WeakSet()


def sqlite_engine(path: Path, patience: float) -> Engine:
    """Make an engine over an existing file; `patience` is in seconds.

    A transaction begins as a reader; with the execution option `begin="BEGIN IMMEDIATE"` it takes
    the writer's lock at once, so that what it judges by is what it writes upon.
    """

    def connect() -> sqlite3.Connection:
        return sqlite3.connect(
            f"{path.absolute().as_uri()}?mode=rw",
            uri=True,
            timeout=patience,
            isolation_level=None,
            check_same_thread=False,
        )

    engine = create_engine(
        "sqlite://",
        creator=connect,
        poolclass=QueuePool,
        pool_size=IDLE_CONNECTIONS,
        max_overflow=-1,
    )
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    event.listen(engine, "handle_error", _say)
    _open_engines.add(engine)
    return engine


def _prepare(connection: sqlite3.Connection, _record: object) -> None:
    """Set what SQLite does not remember.

    Where a disk cannot keep a write-ahead log, SQLite stays with its rollback journal: as durable,
    but readers and writers wait for each other.
    """
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")


def _begin(connection: Connection) -> None:
    """Begin as the caller asked; the driver itself would only begin before the first write."""
    connection.exec_driver_sql(connection.get_execution_options().get("begin", "BEGIN"))


def _say(context: ExceptionContext) -> None:
    """Turn a failure of the disk or of the file into a sentence.

    The connection is dropped as well: SQLite may have undone the transaction by itself, and
    whatever came next on this connection would be committed alone.

    Raises:
        Unavailable: `books.unavailable`.
    """
    failure = context.original_exception
    if not isinstance(failure, sqlite3.Error) or isinstance(failure, _OUR_MISTAKES):
        return
    context.is_disconnect = True
    context.invalidate_pool_on_disconnect = False
    code = getattr(failure, "sqlite_errorcode", 0)  # the driver's own failures have none
    sentence = _FAILURES.get(code & 0xFF, "The books failed")
    raise Unavailable(f"{sentence}; nothing was written", code="books.unavailable")


def _close_idle() -> None:
    """Leave no connection that a child process would inherit."""
    for engine in tuple(_open_engines):
        engine.dispose()


os.register_at_fork(before=_close_idle)
