"""What a server adds: final rows, an address that nobody reads, and crashes of its own."""

import json
import signal
import threading
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from fractions import Fraction

import psycopg
import pytest

from sandbox.errors import Unavailable
from sandbox.model.account import Account
from sandbox.model.cost import PrivacyCost, text
from sandbox.model.names import Digest
from sandbox.store.postgres import PostgresBooks
from sandbox.store.postgres_database import WRITERS_LOCK, PostgresDatabase
from tests.support.books import spend
from tests.support.postgres import PostgresServer, postgres_server

WRITERS = 4
LIVES = (signal.SIGQUIT, signal.SIGKILL, signal.SIGKILL)
"""How the server ends: by an immediate shutdown, or killed outright."""
COST = PrivacyCost(Fraction(1, 3**9))


@pytest.fixture
def url(server: PostgresServer) -> str:
    return server.emptied_database()


@pytest.fixture
def books(url: str) -> Iterator[PostgresBooks]:
    with closing(PostgresBooks(url, patience=0.5)) as books:
        yield books


@pytest.fixture
def beside(url: str) -> Iterator[psycopg.Connection]:
    """The database as another program would open it, with every right."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SET search_path = datarange")
        yield connection


def end_others(beside: psycopg.Connection) -> None:
    """Have the server end every other session of this database."""
    beside.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )


@pytest.mark.parametrize(
    "rewrite",
    [
        "UPDATE entry SET content = '\\x00'",
        "DELETE FROM entry",
        "TRUNCATE entry",
        "INSERT INTO entry VALUES (0, '\\x00') ON CONFLICT (position) DO UPDATE SET content = ''",
        "INSERT INTO entry VALUES (5, '\\x00')",
        "INSERT INTO entry VALUES (NULL, '\\x00')",
        "INSERT INTO entry VALUES (1, decode(repeat('00', 65536), 'hex'))",
        "UPDATE node SET hash = decode(repeat('00', 32), 'hex')",
        "DELETE FROM node",
        "TRUNCATE node",
        "INSERT INTO node VALUES (0, 0, decode(repeat('00', 32), 'hex'))",
        "INSERT INTO node VALUES (9, 9, decode(repeat('00', 31), 'hex'))",
        "UPDATE account SET accounting = 'free'",
        "UPDATE account SET parent = 'source/none'",
    ],
)
def test_the_log_refuses_to_be_rewritten(
    books: PostgresBooks, beside: psycopg.Connection, source: Account, rewrite: str
) -> None:
    with books.write() as page:
        page.accounts.open(source)
        page.log.append({"kind": "site"})
    with pytest.raises(psycopg.IntegrityError):
        beside.execute(rewrite.encode())


@pytest.mark.parametrize(("chosen", "got"), [("off", "on"), ("remote_apply", "remote_apply")])
def test_commits_wait_for_the_disk_whatever_the_database_prefers(
    server: PostgresServer, chosen: str, got: str
) -> None:
    url = server.new_database()
    with psycopg.connect(url, autocommit=True) as connection:
        name = connection.info.dbname
        connection.execute(f"ALTER DATABASE {name} SET synchronous_commit = {chosen}".encode())
    with closing(PostgresDatabase(url, 1).connect()) as session:
        assert session.rows("SELECT current_setting('synchronous_commit')") == [(got,)]


def test_a_server_that_does_not_wait_for_its_disk_is_refused(
    server: PostgresServer, beside: psycopg.Connection
) -> None:
    url = server.new_database()
    beside.execute("ALTER SYSTEM SET fsync = off")
    beside.execute("SELECT pg_reload_conf()")
    try:
        for _ in range(100):
            with closing(psycopg.connect(url)) as seen:
                if seen.execute("SHOW fsync").fetchone() == ("off",):
                    break
        with pytest.raises(Unavailable, match="fsync"):
            PostgresBooks(url)
    finally:
        beside.execute("ALTER SYSTEM RESET fsync")
        beside.execute("SELECT pg_reload_conf()")


def test_a_database_that_cannot_hold_every_name_is_refused(server: PostgresServer) -> None:
    url = server.new_database("ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0")
    with pytest.raises(Unavailable, match="UTF8") as refusal:
        PostgresBooks(url)
    assert refusal.value.code == "books.unavailable"


def test_a_user_without_rights_is_told_so(
    server: PostgresServer, beside: psycopg.Connection
) -> None:
    beside.execute("DROP ROLE IF EXISTS guest")
    beside.execute("CREATE ROLE guest LOGIN")
    with pytest.raises(Unavailable, match="permit") as refusal:
        PostgresBooks(server.url(beside.info.dbname, user="guest"))
    assert refusal.value.code == "books.unavailable"


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://clerk:geheim@127.0.0.1:1/books",
        "postgresql://clerk:g@geheim@127.0.0.1:1/books",
        "postgresql://clerk:g/geheim@127.0.0.1:1/books",
        "postgresql://clerk:geheim@nowhere.invalid/books",
        "postgresql://clerk:geheim@127.0.0.1/books?password=geheim&nonsense=geheim",
        "postgresql://[geheim",
    ],
)
def test_no_failure_shows_the_address_or_a_password(address: str) -> None:
    with pytest.raises(Unavailable) as refusal:
        PostgresBooks(address, patience=0.1)
    assert refusal.value.code == "books.unavailable"
    shown = "".join(traceback.format_exception(refusal.value))
    assert "geheim" not in shown
    assert "clerk" not in shown
    assert refusal.value.__context__ is None


def test_a_lock_held_too_long_by_another_program_is_said(
    books: PostgresBooks, beside: psycopg.Connection
) -> None:
    with beside.transaction():
        beside.execute(f"SELECT pg_advisory_xact_lock({WRITERS_LOCK})".encode())
        with pytest.raises(Unavailable, match="too long"), books.write():
            pytest.fail("two writers at once")
    with books.write() as page:
        assert page.log.append({"kind": "site"}) == 0


def test_idle_connections_that_the_server_has_ended_are_not_missed(
    books: PostgresBooks, beside: psycopg.Connection
) -> None:
    for expected in range(3):
        end_others(beside)
        with books.write() as page:
            assert page.log.append({"kind": "site"}) == expected
        end_others(beside)
        with books.read() as page:
            assert page.log.size() == expected + 1


def test_a_session_that_ends_in_the_middle_of_a_block_leaves_nothing(
    books: PostgresBooks, beside: psycopg.Connection
) -> None:
    def lose_the_server() -> None:
        with books.write() as page:
            page.log.append({"kind": "site"})
            end_others(beside)
            page.openings.add(Digest("1"), b"")

    with pytest.raises(Unavailable) as refusal:
        lose_the_server()
    assert refusal.value.message.endswith("nothing was written")
    with books.write() as page:
        assert page.log.append({"kind": "site"}) == 0


def test_a_commit_without_a_reply_is_not_said_to_be_undone(
    books: PostgresBooks, beside: psycopg.Connection
) -> None:
    def lose_the_server() -> None:
        with books.write() as page:
            page.log.append({"kind": "site"})
            assert list(page.log.entries())  # the server has heard of it
            end_others(beside)

    with pytest.raises(Unavailable, match="not known") as refusal:
        lose_the_server()
    assert refusal.value.code == "books.unavailable"
    assert "nothing was written" not in refusal.value.message


def test_tables_that_were_taken_away_are_said(
    books: PostgresBooks, beside: psycopg.Connection
) -> None:
    beside.execute("DROP TABLE opening")
    with pytest.raises(Unavailable, match="table"), books.read() as page:
        page.openings.find(Digest("1"))


@pytest.mark.slow
def test_a_server_killed_under_load_has_all_that_was_acknowledged(
    source: Account, merkle_root: Callable[[Sequence[bytes]], bytes]
) -> None:
    acknowledged: list[int] = []

    def debit_until_it_fails(books: PostgresBooks) -> None:
        while True:
            try:
                with books.write() as page:
                    spend(page, source.id, COST)
                    index = page.log.append({"kind": "debit", "rho": text(COST.rho)})
            except Unavailable:
                return
            acknowledged.append(index)

    with postgres_server() as server, closing(PostgresBooks(server.url("postgres"))) as books:
        with books.write() as page:
            page.accounts.open(source)
        for life, how in enumerate(LIVES, start=1):
            writers = [
                threading.Thread(target=debit_until_it_fails, args=(books,)) for _ in range(WRITERS)
            ]
            for writer in writers:
                writer.start()
            while len(acknowledged) < 20 * life:
                assert any(writer.is_alive() for writer in writers)
            server.crash(how)
            for writer in writers:
                writer.join()
            server.start()
            with books.read() as page:
                entries = list(page.log.entries())
                assert len(acknowledged) == len(set(acknowledged))
                assert [json.loads(entry)["index"] for entry in entries] == [*range(len(entries))]
                assert max(acknowledged) < len(entries) <= len(acknowledged) + life * WRITERS
                assert page.accounts.get(source.id).spent == COST.rho * len(entries)
                assert page.log.root(len(entries)) == merkle_root(entries)
