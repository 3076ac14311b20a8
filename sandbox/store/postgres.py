"""The books on a PostgreSQL server: for sites that keep their records where others are kept.

They stand in a schema of their own, `datarange`. Needs the extra `postgresql`.
"""

from sandbox.store.line import PATIENCE
from sandbox.store.migrations import migrate, version
from sandbox.store.pool import Pool
from sandbox.store.postgres_database import PostgresDatabase
from sandbox.store.sql_books import SqlBooks


class PostgresBooks(SqlBooks):
    """Books in a database of a server; see `sandbox.ports.Books`."""

    def __init__(self, url: str, *, patience: float = PATIENCE) -> None:
        """Open the books, or begin new ones where there are none; `url` is libpq's.

        Raises:
            Unavailable: `books.unavailable`, `books.old_schema` or `books.new_schema`.
        """
        database = PostgresDatabase(url, patience)
        if not _are_begun(database):
            migrate(database)
        super().__init__(database, patience)


def _are_begun(database: PostgresDatabase) -> bool:
    pool = Pool(database)
    try:
        with pool.transaction(database.reading) as connection:
            return version(connection, database) > 0
    finally:
        pool.close()
