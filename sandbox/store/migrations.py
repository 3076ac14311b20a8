"""Numbered SQL files that bring the books from one schema to the next.

Books are never changed behind the operator's back: opening refuses an older schema with the
command that upgrades it, and a newer one altogether. SQLite's files stand in `migrations`, those
of PostgreSQL in a folder below it; equal numbers make equal books.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import resources

from sandbox.errors import Unavailable
from sandbox.store.connection import Connection, Database
from sandbox.store.lease import Lease
from sandbox.store.page import BooksPage
from sandbox.store.pool import Pool
from sandbox.store.sql import SqlReader, SqlWriter

_FILE = re.compile(r"(?P<number>\d{4})_(?P<name>\w+)\.sql")
LABELS = "labels"
"""The step after which everything that stands is labelled, in the same transaction."""
_APPLIED = "INSERT INTO migration (number, name) VALUES (:number, :name)"


@dataclass(frozen=True, slots=True)
class Migration:
    """One step from schema `number - 1` to schema `number`."""

    number: int
    name: str
    sql: str


def shipped(below: str = ".") -> tuple[Migration, ...]:
    """Read the steps that come with this version, first to last; `below` names a database's."""
    folder = resources.files("sandbox.store") / "migrations" / below
    found = ((_FILE.fullmatch(file.name), file) for file in folder.iterdir())
    steps = [
        Migration(int(match["number"]), match["name"], file.read_text(encoding="utf-8"))
        for match, file in found
        if match
    ]
    return tuple(sorted(steps, key=lambda step: step.number))


def migrate(database: Database, steps: Sequence[Migration] | None = None) -> None:
    """Apply what is missing, each step in one transaction.

    Raises:
        Unavailable: `books.new_schema`, or `books.unavailable` if the books cannot be written.
    """
    pool = Pool(database)
    try:
        for step in _steps(database, steps):
            with pool.transaction(database.writing) as connection:
                _apply(connection, database, step)
        require_latest(pool, database, steps)
    finally:
        pool.close()


def require_latest(
    pool: Pool, database: Database, steps: Sequence[Migration] | None = None
) -> None:
    """Refuse books whose schema is not the one that this version works with.

    Raises:
        Unavailable: `books.old_schema` or `books.new_schema`.
    """
    with pool.transaction(database.reading) as connection:
        found = version(connection, database)
    latest = _steps(database, steps)[-1].number
    if found < latest:
        raise Unavailable(
            f"The books have schema {found} and this version needs {latest}; run: "
            f"{database.upgrading}",
            code="books.old_schema",
        )
    if found > latest:
        raise Unavailable(
            f"The books have schema {found}, which is newer than this version's {latest}; "
            "install the version that wrote them, or a later one",
            code="books.new_schema",
        )


def version(connection: Connection, database: Database) -> int:
    """Give the number of the last step that was applied; 0 for an empty database."""
    if not connection.rows(database.migrated):
        return 0
    ((number,),) = connection.rows("SELECT max(number) FROM migration")
    return int(number)


def _apply(connection: Connection, database: Database, step: Migration) -> None:
    """Apply a step unless it was; in a writer's transaction, so that two upgrades take turns."""
    if version(connection, database) < step.number:
        connection.run(step.sql)
        connection.change(_APPLIED, {"number": step.number, "name": step.name})
        if step.name == LABELS:
            with Lease(connection) as lease:
                words = database.word_index
                BooksPage(SqlReader(lease, words), SqlWriter(lease, words)).label_all()


def _steps(database: Database, steps: Sequence[Migration] | None) -> Sequence[Migration]:
    return shipped(database.migrations) if steps is None else steps
