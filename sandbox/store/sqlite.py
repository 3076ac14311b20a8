"""The books in one SQLite file: write-ahead log, full sync, one writer at a time."""

from pathlib import Path

from sandbox.errors import Unavailable
from sandbox.store.line import PATIENCE
from sandbox.store.migrations import migrate
from sandbox.store.new_file import new_file
from sandbox.store.sql_books import SqlBooks
from sandbox.store.sqlite_database import SqliteDatabase


class SqliteBooks(SqlBooks):
    """Books in a file; see `sandbox.ports.Books`."""

    def __init__(self, path: Path, *, patience: float = PATIENCE) -> None:
        """Open the books, or begin new ones (mode 0600); a writer waits `patience` seconds.

        Raises:
            Unavailable: `books.unavailable`, `books.old_schema` or `books.new_schema`.
        """
        if not path.exists():
            _begin_books(path)
        super().__init__(SqliteDatabase(path, patience), patience)


def _begin_books(path: Path) -> None:
    """Make the file with its whole schema before anybody can see it.

    Raises:
        Unavailable: `books.unavailable`, the folder cannot be written.
    """
    try:
        with new_file(path) as draft:
            migrate(SqliteDatabase(draft, PATIENCE))
    except OSError as cause:
        raise Unavailable(
            "No books can be made in this folder; nothing was written", code="books.unavailable"
        ) from cause
