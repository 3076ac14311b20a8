"""How we talk to PostgreSQL: durable commits, one writer at a time, no address in any message.

What the driver says may quote the address, and a password that is written wrongly can pass for a
part of the host's name: so no words of the driver are shown, logged or chained to ours.
"""

import math
import re
from collections.abc import Sequence
from functools import cache
from typing import Final

import psycopg
from psycopg import errors

from sandbox.errors import Unavailable
from sandbox.store.connection import NO_VALUES, NOTHING_WRITTEN, Row, Values
from sandbox.store.word_index import TextSearch

OLDEST = 150000
"""The oldest server that will do, in PostgreSQL's own numbering: version 15."""
WRITERS_LOCK = int.from_bytes(b"DataRnge")
"""Key of the advisory lock that writers of these books take; any number of 64 bits would do."""

_NAME = re.compile(r":(\w+)")
_SETTINGS = """
SELECT set_config('search_path', 'datarange', false),
       set_config('lock_timeout', :patience, false),
       set_config('synchronous_commit', CASE current_setting('synchronous_commit')
                  WHEN 'remote_apply' THEN 'remote_apply' ELSE 'on' END, false)
"""
_PROMISES = "SELECT current_setting('fsync') = 'on', current_setting('server_encoding') = 'UTF8'"
_FAILURES: tuple[tuple[type[psycopg.Error], str], ...] = (
    (errors.LockNotAvailable, "Somebody else has been writing in the books for too long"),
    (errors.DiskFull, "The disk that holds the books is full"),
    (errors.ReadOnlySqlTransaction, "The books may be read here but not written"),
    (errors.InsufficientPrivilege, "The server of the books does not permit this"),
    (errors.UndefinedTable, "The books lack a table"),
    (psycopg.OperationalError, "The server of the books cannot be reached, or turns us away"),
)
_FAILED = f"The books failed{NOTHING_WRITTEN}"
_UNKNOWN = "The server of the books went away, and whether this was written is not known"
_OUR_MISTAKES = psycopg.IntegrityError | psycopg.DataError


class PostgresDatabase:
    """A database on a server, with a schema of ours; see `sandbox.store.connection.Database`."""

    reading: Final = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
    writing: Final = (
        # Each statement sees what is committed by then, so what is judged by is what stands once
        # the lock is ours; nobody else writes from here to the end of the transaction.
        "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; "
        f"SELECT pg_advisory_xact_lock({WRITERS_LOCK})"
    )
    migrations: Final = "postgresql"
    word_index: Final = TextSearch()
    migrated: Final = "SELECT 1 WHERE to_regclass('datarange.migration') IS NOT NULL"
    upgrading: Final = "datarange upgrade --data FOLDER, with DATARANGE_BOOKS as when it runs"

    def __init__(self, url: str, patience: float) -> None:
        """Take an address as libpq reads it; wait at most `patience` seconds for anything."""
        self._url = url
        self._patience = patience

    def connect(self) -> "PostgresConnection":
        """Connect to the server, and make sure that it keeps what it commits.

        Raises:
            Unavailable: `books.unavailable`.
        """
        connection = PostgresConnection(self._driver())
        try:
            patience = f"{math.ceil(self._patience * 1000)}ms"
            connection.rows(_SETTINGS, {"patience": patience})
            connection.require_promises()
        except BaseException:
            connection.close()
            raise
        return connection

    def _driver(self) -> psycopg.Connection:
        seconds = max(2, math.ceil(self._patience))  # libpq takes no less
        try:
            return psycopg.connect(
                self._url,
                autocommit=True,
                client_encoding="UTF8",
                connect_timeout=seconds,
                tcp_user_timeout=seconds * 1000,
            )
        except psycopg.Error as failure:
            said = _said(failure)
        raise Unavailable(said, code="books.unavailable")


class PostgresConnection:
    """One session of a server; see `sandbox.store.connection.Connection`."""

    def __init__(self, driver: psycopg.Connection) -> None:
        """Stand on the driver's connection, which begins no transactions of its own."""
        self._driver = driver
        self.sound = True

    @property
    def lost(self) -> bool:
        """Tell whether the server has gone away."""
        return self._driver.closed

    def require_promises(self) -> None:
        """Refuse a server on which a commit would not mean what the books promise.

        Raises:
            Unavailable: `books.unavailable`.
        """
        ((is_durable, is_unicode),) = self.rows(_PROMISES)
        broken = (
            (self._driver.info.server_version < OLDEST, "The books need PostgreSQL 15 or newer"),
            (not is_durable, "The server of the books does not wait for its disk: fsync is off"),
            (not is_unicode, "The database of the books must have the encoding UTF8"),
        )
        for is_so, sentence in broken:
            if is_so:
                raise Unavailable(sentence, code="books.unavailable")

    def rows(self, statement: str, values: Values = NO_VALUES) -> Sequence[Row]:
        """Give all rows of a query."""
        return self._executed(_renamed(statement), values).fetchall()

    def change(self, statement: str, values: Values = NO_VALUES) -> int:
        """Change rows; give how many."""
        return self._executed(_renamed(statement), values).rowcount

    def change_each(self, statement: str, many: Sequence[Values]) -> int:
        """Change rows once for each of several values, in one round trip; give how many in all."""
        try:
            with self._driver.cursor() as cursor:
                cursor.executemany(_renamed(statement), many)
                return cursor.rowcount
        except psycopg.Error as failure:
            said = self._fallen(failure)
        raise said

    def run(self, script: str) -> None:
        """Run statements in one round trip."""
        self._executed(script.encode())

    def commit(self) -> None:
        """Have the server write the transaction to its disk.

        Raises:
            Unavailable: `books.unavailable`. If the server went away before it answered, nobody
                knows whether it was written; the message says so.
        """
        try:
            done = self._executed(b"COMMIT").statusmessage
        except Unavailable:
            if self.lost:
                raise Unavailable(_UNKNOWN, code="books.unavailable") from None
            raise
        if done != "COMMIT":  # the server says ROLLBACK, and no more, if a statement had failed
            raise Unavailable(_FAILED, code="books.unavailable")

    def close(self) -> None:
        """End the session."""
        self._driver.close()

    def _executed(self, statement: bytes, values: Values | None = None) -> psycopg.Cursor:
        try:
            return self._driver.execute(statement, values)
        except psycopg.Error as failure:
            said = self._fallen(failure)
        raise said

    def _fallen(self, failure: psycopg.Error) -> Exception:
        """Say what happened; the server does nothing more in this transaction."""
        if isinstance(failure, _OUR_MISTAKES):
            return failure
        self.sound = False
        return Unavailable(_said(failure), code="books.unavailable")


def _said(failure: psycopg.Error) -> str:
    """Turn a failure into a sentence that says nothing of the address."""
    for kind, sentence in _FAILURES:
        if isinstance(failure, kind):
            return sentence + NOTHING_WRITTEN
    return _FAILED


@cache
def _renamed(statement: str) -> bytes:
    """Write `:name` as the driver does; the statements are our own, and few."""
    return _NAME.sub(r"%(\1)s", statement).encode()
