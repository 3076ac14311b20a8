"""Books are opened at exactly the schema that this version knows, and upgraded on command."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from sandbox.errors import Unavailable
from sandbox.model.account import Account
from sandbox.store.migrations import Migration, require_latest, shipped, upgrade
from sandbox.store.sqlite import SqliteBooks
from sandbox.store.sqlite_engine import sqlite_engine

SECOND = Migration(
    len(shipped()) + 1,
    "remarks",
    """
    -- A remark; with a semicolon in it.
    CREATE TABLE remark (position INTEGER PRIMARY KEY, words TEXT NOT NULL) STRICT;
    INSERT INTO remark (words) SELECT id FROM account;
    CREATE TRIGGER remark_stays BEFORE DELETE ON remark
    BEGIN
        SELECT RAISE(ABORT, 'stays');
    END;
    """,
)
BROKEN = Migration(
    SECOND.number,
    "broken",
    """
    CREATE TABLE half (number INTEGER) STRICT;
    INSERT INTO none VALUES (1)
    """,
)


def schema(path: Path) -> tuple[list[tuple[int, str]], set[str]]:
    """Applied migrations, and names of tables."""
    with closing(sqlite3.connect(path)) as connection:
        tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_schema")}
        applied = (
            "SELECT number, name FROM migration" if "migration" in tables else "SELECT 1 LIMIT 0"
        )
        return connection.execute(applied).fetchall(), tables


def test_shipped_migrations_are_numbered_without_gaps() -> None:
    assert [step.number for step in shipped()] == list(range(1, len(shipped()) + 1))
    assert shipped()[0].name == "first"


def test_new_books_have_the_latest_schema(tmp_path: Path) -> None:
    SqliteBooks(tmp_path / "books.db").close()
    applied, _ = schema(tmp_path / "books.db")
    assert applied == [(step.number, step.name) for step in shipped()]


def test_older_books_are_refused_with_the_command_that_upgrades_them(tmp_path: Path) -> None:
    path = tmp_path / "data folder" / "books.db"
    path.parent.mkdir()
    path.touch()
    with pytest.raises(Unavailable) as refusal:
        SqliteBooks(path)
    assert refusal.value.code == "books.old_schema"
    assert f"datarange upgrade --data '{path.parent}'" in refusal.value.message
    assert path.stat().st_size == 0 or schema(path) == ([], set())
    upgrade(path)
    with closing(SqliteBooks(path)) as books, books.write() as page:
        page.log.append({"kind": "site"})


def test_newer_books_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "books.db"
    SqliteBooks(path).close()
    upgrade(path, (*shipped(), SECOND))
    for attempt in (lambda: SqliteBooks(path), lambda: upgrade(path)):
        with pytest.raises(Unavailable) as refusal:
            attempt()
        assert refusal.value.code == "books.new_schema"


def test_an_upgrade_applies_what_is_missing_and_keeps_what_stands(
    tmp_path: Path, source: Account
) -> None:
    path = tmp_path / "books.db"
    with closing(SqliteBooks(path)) as books, books.write() as page:
        page.accounts.open(source)
    steps = (*shipped(), SECOND)
    engine = sqlite_engine(path, patience=1)
    with pytest.raises(Unavailable) as refusal:
        require_latest(engine, path, steps)
    assert refusal.value.code == "books.old_schema"
    upgrade(path, steps)
    upgrade(path, steps)
    require_latest(engine, path, steps)
    engine.dispose()
    applied, tables = schema(path)
    assert applied[-1] == (SECOND.number, SECOND.name)
    assert {"remark", "remark_stays", "account"} <= tables
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT words FROM remark").fetchall() == [(source.id,)]


def test_a_step_that_fails_is_undone_whole(tmp_path: Path) -> None:
    path = tmp_path / "books.db"
    SqliteBooks(path).close()
    before = schema(path)
    with pytest.raises(Unavailable):
        upgrade(path, (*shipped(), BROKEN))
    assert schema(path) == before


def test_there_is_nothing_to_upgrade_where_no_books_are(tmp_path: Path) -> None:
    with pytest.raises(Unavailable) as refusal:
        upgrade(tmp_path / "books.db")
    assert refusal.value.code == "books.unavailable"
    assert not list(tmp_path.iterdir())
