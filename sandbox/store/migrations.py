"""Numbered SQL files that bring the books from one schema to the next.

Books are never changed behind the operator's back: opening refuses an older schema with the
command that upgrades it, and a newer one altogether.
"""

import re
import shlex
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from sqlalchemy import (
    Column,
    Connection,
    Engine,
    Integer,
    MetaData,
    Table,
    Text,
    func,
    insert,
    inspect,
    select,
)

from sandbox.errors import Unavailable
from sandbox.store.sqlite_engine import sqlite_engine
from sandbox.store.turn import PATIENCE

_FILE = re.compile(r"(?P<number>\d{4})_(?P<name>\w+)\.sql")
_migration = Table(
    "migration", MetaData(), Column("number", Integer, primary_key=True), Column("name", Text)
)


@dataclass(frozen=True, slots=True)
class Migration:
    """One step from schema `number - 1` to schema `number`."""

    number: int
    name: str
    sql: str


def shipped() -> tuple[Migration, ...]:
    """Read the steps that come with this version, first to last."""
    folder = resources.files("sandbox.store") / "migrations"
    found = ((_FILE.fullmatch(file.name), file) for file in folder.iterdir())
    steps = [
        Migration(int(match["number"]), match["name"], file.read_text(encoding="utf-8"))
        for match, file in found
        if match
    ]
    return tuple(sorted(steps, key=lambda step: step.number))


def upgrade(path: Path, steps: Sequence[Migration] | None = None) -> None:
    """Apply what is missing to the books at `path`, each step in one transaction.

    Raises:
        Unavailable: `books.new_schema`, or `books.unavailable` if the file cannot be written.
    """
    engine = sqlite_engine(path, PATIENCE)
    try:
        for step in shipped() if steps is None else steps:
            _apply(engine, step)
        require_latest(engine, path, steps)
    finally:
        engine.dispose()


def require_latest(engine: Engine, path: Path, steps: Sequence[Migration] | None = None) -> None:
    """Refuse books whose schema is not the one that this version works with.

    Raises:
        Unavailable: `books.old_schema` or `books.new_schema`.
    """
    latest = (shipped() if steps is None else steps)[-1].number
    with engine.begin() as connection:
        found = version(connection)
    if found < latest:
        raise Unavailable(
            f"The books have schema {found} and this version needs {latest}; run: "
            f"datarange upgrade --data {shlex.quote(str(path.parent))}",
            code="books.old_schema",
        )
    if found > latest:
        raise Unavailable(
            f"The books have schema {found}, which is newer than this version's {latest}; "
            "install the version that wrote them, or a later one",
            code="books.new_schema",
        )


def version(connection: Connection) -> int:
    """Give the number of the last step that was applied; 0 for an empty file."""
    if not inspect(connection).has_table(_migration.name):
        return 0
    return int(connection.execute(select(func.max(_migration.c.number))).scalar_one())


def _apply(engine: Engine, step: Migration) -> None:
    """Apply a step unless it was; under the writer's lock, so that two upgrades take turns."""
    with engine.execution_options(begin="BEGIN IMMEDIATE").begin() as connection:
        if version(connection) >= step.number:
            return
        for statement in _statements(step.sql):
            connection.exec_driver_sql(statement)
        connection.execute(insert(_migration), {"number": step.number, "name": step.name})


def _statements(script: str) -> Iterator[str]:
    """Cut a script at the semicolons that end lines, but not at those inside triggers.

    SQLite's own way to run a script commits first, which would break the transaction.
    """
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
    if statement.strip():
        yield statement
