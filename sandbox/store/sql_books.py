"""The books in any SQL database: many readers, one writer at a time, durable commits."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from sandbox.errors import Unavailable
from sandbox.store.connection import Database
from sandbox.store.group_commit import GroupCommit
from sandbox.store.lease import Lease
from sandbox.store.migrations import require_latest
from sandbox.store.page import BooksPage
from sandbox.store.pool import Pool
from sandbox.store.sql import SqlReader, SqlWriter
from sandbox.store.tables import NoWriting

V = TypeVar("V")


class SqlBooks:
    """Books in a database; see `sandbox.ports.Books`.

    Any number of threads and processes may use the same books at once. What a writer's block did
    is on the disk when the block ends, or none of it is.
    """

    def __init__(self, database: Database, patience: float) -> None:
        """Open books that have a schema; a writer waits `patience` seconds for another.

        Raises:
            Unavailable: `books.unavailable`, `books.old_schema` or `books.new_schema`.
        """
        self._database = database
        self._pool = Pool(database)
        self._commits = GroupCommit(self._pool, database.writing, patience)
        try:
            require_latest(self._pool, database)
        except Unavailable:
            self.close()
            raise

    @contextmanager
    def write(self) -> Iterator[BooksPage]:
        """Open a serialised transaction: durable when the block ends, undone if it raises.

        Raises:
            Unavailable: `books.unavailable`; nothing was written.
        """
        with self._commits.block() as lease:
            words = self._database.word_index
            yield BooksPage(SqlReader(lease, words), SqlWriter(lease, words))

    def transact(self, block: Callable[[BooksPage], V]) -> V:
        """Give what a short block gives, which whoever writes at the moment may run.

        Raises:
            Unavailable: `books.unavailable`; nothing was written.
        """
        words = self._database.word_index
        return self._commits.run(
            lambda lease: block(BooksPage(SqlReader(lease, words), SqlWriter(lease, words)))
        )

    @contextmanager
    def read(self) -> Iterator[BooksPage]:
        """Open a consistent view, which later writers do not change.

        Raises:
            Unavailable: `books.unavailable`.
        """
        with (
            self._pool.transaction(self._database.reading) as connection,
            Lease(connection) as lease,
        ):
            yield BooksPage(SqlReader(lease, self._database.word_index), NoWriting())

    def close(self) -> None:
        """Close idle connections; the books may be used again all the same."""
        self._pool.close()
