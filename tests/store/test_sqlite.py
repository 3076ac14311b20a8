"""What only a file can promise: private, durable, final, and never read over damage."""

import sqlite3
import stat
from base64 import b64encode
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from sandbox.errors import Unavailable
from sandbox.model.account import Account
from sandbox.model.names import Digest
from sandbox.store.lease import Lease
from sandbox.store.page import BooksPage
from sandbox.store.sql import SqlReader, SqlWriter
from sandbox.store.sqlite import SqliteBooks
from sandbox.store.sqlite_database import SqliteConnection, SqliteDatabase
from sandbox.store.word_index import Fts5

KIB = 1024


@contextmanager
def raw(path: Path) -> Iterator[sqlite3.Connection]:
    """The file as another program would open it."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        yield connection


@pytest.fixture
def connection(sqlite_books: SqliteBooks, tmp_path: Path) -> Iterator[SqliteConnection]:
    """What the books stand on, by itself."""
    with closing(SqliteDatabase(tmp_path / "books.db", patience=0.2).connect()) as connection:
        yield connection
    sqlite_books.close()


def test_the_file_is_its_owners_alone(sqlite_books: SqliteBooks, tmp_path: Path) -> None:
    with sqlite_books.write() as page:
        page.log.append({"kind": "site"})
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()}
    assert modes == {"books.db": 0o600, "books.db-shm": 0o600, "books.db-wal": 0o600}


def test_beginning_leaves_nothing_but_the_books(sqlite_books: SqliteBooks, tmp_path: Path) -> None:
    sqlite_books.close()
    assert [path.name for path in tmp_path.iterdir()] == ["books.db"]


def test_an_erased_payload_is_not_left_in_the_file(
    sqlite_books: SqliteBooks, tmp_path: Path
) -> None:
    payloads = {Digest(str(number)): b"canary-%04d" % number * 99 for number in range(40)}
    with sqlite_books.write() as page:
        for key, payload in payloads.items():
            page.openings.add(key, payload)
    sqlite_books.close()
    marks = [b64encode(payload)[:40] for payload in payloads.values()]
    content = (tmp_path / "books.db").read_bytes()
    assert all(mark in content for mark in marks)
    with sqlite_books.write() as page:
        for key in payloads:
            page.openings.remove(key)
    sqlite_books.close()
    content = (tmp_path / "books.db").read_bytes()
    assert not any(mark in content for mark in marks)


def test_books_are_found_as_they_were_left(tmp_path: Path, source: Account) -> None:
    with closing(SqliteBooks(tmp_path / "books.db")) as books, books.write() as page:
        page.accounts.open(source)
        page.log.append({"kind": "policy"})
        root = page.log.root(1)
    with closing(SqliteBooks(tmp_path / "books.db")) as books, books.read() as page:
        assert page.accounts.get(source.id) == source
        assert page.log.root(1) == root


def test_commits_wait_for_the_disk(connection: SqliteConnection) -> None:
    settings = [
        connection.rows(f"PRAGMA {name}")[0][0]
        for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
    ]
    assert settings == ["wal", 2, 1, 200]


@pytest.mark.parametrize(
    "rewrite",
    [
        "UPDATE entry SET content = x'00'",
        "DELETE FROM entry",
        "INSERT OR REPLACE INTO entry VALUES (0, x'00')",
        "INSERT INTO entry VALUES (5, x'00')",
        "INSERT INTO entry VALUES (NULL, zeroblob(65536))",
        "UPDATE node SET hash = zeroblob(32)",
        "DELETE FROM node",
        "INSERT OR REPLACE INTO node VALUES (0, 0, zeroblob(32))",
        "INSERT INTO node VALUES (9, 9, zeroblob(31))",
        "UPDATE account SET accounting = 'free'",
    ],
)
def test_the_log_refuses_to_be_rewritten(
    sqlite_books: SqliteBooks, tmp_path: Path, source: Account, rewrite: str
) -> None:
    with sqlite_books.write() as page:
        page.accounts.open(source)
        page.log.append({"kind": "site"})
    with raw(tmp_path / "books.db") as connection, pytest.raises(sqlite3.IntegrityError):
        connection.execute(rewrite)


def test_an_account_has_a_parent_that_stands(
    connection: SqliteConnection, agreement: Account
) -> None:
    with pytest.raises(sqlite3.IntegrityError), Lease(connection) as lease:
        SqlWriter(lease, Fts5()).open_account(agreement)


def test_a_lock_held_too_long_by_another_program_is_said(
    sqlite_books: SqliteBooks, tmp_path: Path
) -> None:
    with raw(tmp_path / "books.db") as connection:
        connection.execute("BEGIN IMMEDIATE")
        with pytest.raises(Unavailable, match="too long") as refusal, sqlite_books.write():
            pytest.fail("two writers at once")
    assert refusal.value.code == "books.unavailable"
    with sqlite_books.write() as page:
        assert page.log.append({"kind": "site"}) == 0


@pytest.mark.parametrize("content", [b"not a database" * 100, b"SQLite format 3\0" + bytes(4096)])
def test_what_is_not_a_database_is_refused_and_left_alone(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "books.db"
    path.write_bytes(content)
    with pytest.raises(Unavailable) as refusal:
        SqliteBooks(path)
    assert refusal.value.code == "books.unavailable"
    assert path.read_bytes() == content


def test_damage_inside_is_said_and_not_read_over(tmp_path: Path) -> None:
    path = tmp_path / "books.db"
    with closing(SqliteBooks(path)) as books, books.write() as page:
        for _ in range(50):
            page.log.append({"text": "x" * 1000})
    content = path.read_bytes()
    half = len(content) // 2
    path.write_bytes(content[:half] + b"\xa5" * half)

    def read() -> None:
        with closing(SqliteBooks(path)) as books, books.read() as page:
            list(page.log.entries())

    with pytest.raises(Unavailable) as refusal:
        read()
    assert refusal.value.code == "books.unavailable"


def test_a_part_of_the_log_that_was_taken_out_is_said(
    sqlite_books: SqliteBooks, tmp_path: Path
) -> None:
    with sqlite_books.write() as page:
        page.log.append({"kind": "site"})
    with raw(tmp_path / "books.db") as connection:
        connection.execute("DROP TRIGGER node_stays")
        connection.execute("DELETE FROM node")
    with sqlite_books.read() as page, pytest.raises(Unavailable) as refusal:
        page.log.root(1)
    assert refusal.value.code == "books.unavailable"


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(Unavailable) as refusal:
        SqliteBooks(tmp_path / "none" / "books.db")
    assert refusal.value.code == "books.unavailable"


def test_a_file_that_went_away_is_not_begun_anew(tmp_path: Path) -> None:
    with closing(SqliteBooks(tmp_path / "books.db")) as books:
        books.close()
        (tmp_path / "books.db").unlink()
        with pytest.raises(Unavailable), books.read() as page:
            page.log.size()
    assert not list(tmp_path.iterdir())


def test_a_failure_that_is_passed_over_lets_nothing_through(
    sqlite_books: SqliteBooks, connection: SqliteConnection, source: Account
) -> None:
    connection.run("BEGIN IMMEDIATE")
    connection.run("PRAGMA max_page_count = 1")

    def pass_over() -> None:
        with Lease(connection) as lease:
            page = BooksPage(SqlReader(lease, Fts5()), SqlWriter(lease, Fts5()))
            page.log.append({"text": "x" * 60 * KIB})
            with pytest.raises(Unavailable, match="full"):
                list(page.log.entries())
            page.accounts.open(source)

    with pytest.raises(Unavailable):
        pass_over()
    assert not connection.sound
    connection.close()
    with sqlite_books.read() as page:
        assert page.log.size() == 0
        assert page.accounts.find(source.id) is None
