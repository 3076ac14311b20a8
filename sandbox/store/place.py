"""Where a site's books lie: in a file in its folder, or on a server; never in two places.

Books that are begun anew have full budgets. So a site whose books stand in one place is not opened
over another because somebody forgot an option.
"""

from importlib.util import find_spec
from pathlib import Path

from sandbox.errors import BadInput, Unavailable
from sandbox.store.line import PATIENCE
from sandbox.store.migrations import migrate
from sandbox.store.sql_books import SqlBooks
from sandbox.store.sqlite import SqliteBooks
from sandbox.store.sqlite_database import SqliteDatabase

FILE = "books.sqlite"
MARK = "books.on-a-server"
"""An empty file which says that the books are not here; their address may hold a password."""

_SCHEMES = ("postgresql://", "postgres://")


def open_books(data: Path, url: str | None) -> SqlBooks:
    """Open or begin the books of the site in a folder; `url` names a server's database.

    Raises:
        BadInput: `books.url`, or `books.place`, the site's books are elsewhere.
        Unavailable: `books.unavailable`, `books.old_schema` or `books.new_schema`.
    """
    _require_same_place(data, url)
    if url is None:
        return SqliteBooks(data / FILE)
    _require_driver()
    from sandbox.store.postgres import PostgresBooks  # noqa: PLC0415  (an extra)

    books = PostgresBooks(url)
    (data / MARK).touch()
    return books


def upgrade_books(data: Path, url: str | None) -> None:
    """Bring the books of the site in a folder to this version's schema.

    Raises:
        BadInput: `books.url`, or `books.place`, the site's books are elsewhere.
        Unavailable: `books.new_schema` or `books.unavailable`.
    """
    _require_same_place(data, url)
    if url is None:
        migrate(SqliteDatabase(data / FILE, PATIENCE))
        return
    _require_driver()
    from sandbox.store.postgres_database import PostgresDatabase  # noqa: PLC0415  (an extra)

    migrate(PostgresDatabase(url, PATIENCE))


def _require_same_place(data: Path, url: str | None) -> None:
    """Stop before books are begun beside those that the site has.

    Raises:
        BadInput: `books.url` or `books.place`.
    """
    if url is not None and not url.startswith(_SCHEMES):
        raise BadInput("The address of the books begins with postgresql://", code="books.url")
    if url is None and (data / MARK).exists():
        raise BadInput(
            "This site's books are on a server; say where with --books or DATARANGE_BOOKS",
            code="books.place",
        )
    if url is not None and (data / FILE).exists():
        raise BadInput(
            "This site's books are in its folder; leave out --books and DATARANGE_BOOKS",
            code="books.place",
        )


def _require_driver() -> None:
    """Say how to get what talks to the server.

    Raises:
        Unavailable: `books.unavailable`.
    """
    if find_spec("psycopg") is None:
        raise Unavailable(
            'Books on PostgreSQL need a driver; run: pip install "datarange[postgresql]"',
            code="books.unavailable",
        )
