"""How we talk to SQLite: durable commits, one writer at a time, every failure said plainly."""

import shlex
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from sandbox.errors import Unavailable
from sandbox.store.connection import NO_VALUES, NOTHING_WRITTEN, Row, Values
from sandbox.store.word_index import Fts5

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

CHECKPOINT = 4000
"""Pages in the write-ahead log, 16 MiB, before they are copied into the file.

Debits touch the same pages again and again: copied every 1,000 pages, which is SQLite's choice, one
debit writes 19.2 kB and not 15.8, and the disk is waited for a third more often.
"""


class SqliteDatabase:
    """An existing file; see `sandbox.store.connection.Database`."""

    reading: Final = "BEGIN"
    writing: Final = "BEGIN IMMEDIATE"
    """Takes the writer's lock at once, so that what is judged by is what is written upon."""

    migrations: Final = "."
    word_index: Final = Fts5()
    migrated: Final = "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'migration'"

    def __init__(self, path: Path, patience: float) -> None:
        """Wait at most `patience` seconds for a writer in another process."""
        self.upgrading = f"datarange upgrade --data {shlex.quote(str(path.parent))}"
        self._address = f"{path.absolute().as_uri()}?mode=rw"
        self._patience = patience

    def connect(self) -> "SqliteConnection":
        """Open the file.

        Raises:
            Unavailable: `books.unavailable`.
        """
        try:
            driver = sqlite3.connect(
                self._address,
                uri=True,
                timeout=self._patience,
                isolation_level=None,
                check_same_thread=False,
            )
        except sqlite3.Error as failure:
            raise Unavailable(_said(failure), code="books.unavailable") from failure
        connection = SqliteConnection(driver)
        try:
            connection.prepare()
        except BaseException:
            connection.close()
            raise
        return connection


class SqliteConnection:
    """One open file; see `sandbox.store.connection.Connection`."""

    def __init__(self, driver: sqlite3.Connection) -> None:
        """Stand on the driver's connection, which begins no transactions of its own."""
        self._driver = driver
        self.sound = True
        self.lost = False

    def prepare(self) -> None:
        """Set what SQLite does not remember.

        Where a disk cannot keep a write-ahead log, SQLite stays with its rollback journal: as
        durable, but readers and writers wait for each other.
        """
        self.rows("PRAGMA journal_mode = WAL")
        self.rows("PRAGMA synchronous = FULL")
        self.rows(f"PRAGMA wal_autocheckpoint = {CHECKPOINT}")
        self.rows("PRAGMA foreign_keys = ON")
        self.rows("PRAGMA secure_delete = ON")  # an erased payload is overwritten in the file

    def rows(self, statement: str, values: Values = NO_VALUES) -> Sequence[Row]:
        """Give all rows of a query."""
        try:
            return self._driver.execute(statement, values).fetchall()
        except sqlite3.Error as failure:
            raise self._fallen(failure) from failure

    def change(self, statement: str, values: Values = NO_VALUES) -> int:
        """Change rows; give how many."""
        try:
            return self._driver.execute(statement, values).rowcount
        except sqlite3.Error as failure:
            raise self._fallen(failure) from failure

    def change_each(self, statement: str, many: Sequence[Values]) -> int:
        """Change rows once for each of several values; give how many in all."""
        try:
            return self._driver.executemany(statement, many).rowcount
        except sqlite3.Error as failure:
            raise self._fallen(failure) from failure

    def run(self, script: str) -> None:
        """Run statements; SQLite's own way to run a script would commit first."""
        statement = ""
        for line in script.splitlines(keepends=True):
            statement += line
            if sqlite3.complete_statement(statement):
                self.change(statement)
                statement = ""
        if statement.strip():
            self.change(statement)

    def commit(self) -> None:
        """Write the transaction to the disk."""
        self.change("COMMIT")

    def close(self) -> None:
        """Close the file."""
        self._driver.close()

    def _fallen(self, failure: sqlite3.Error) -> Exception:
        """Say what happened; SQLite may have undone the transaction by itself.

        Then whatever came next on this connection would be committed alone: it must not be used.
        """
        if isinstance(failure, _OUR_MISTAKES):
            return failure
        self.sound = False
        return Unavailable(_said(failure), code="books.unavailable")


def _said(failure: sqlite3.Error) -> str:
    """Turn a failure of the disk or of the file into a sentence."""
    code = getattr(failure, "sqlite_errorcode", 0)  # the driver's own failures have none
    return _FAILURES.get(code & 0xFF, "The books failed") + NOTHING_WRITTEN
