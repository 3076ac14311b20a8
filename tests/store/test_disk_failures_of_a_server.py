"""A server whose disk is full or read-only: the books refuse, lose nothing, and work again."""

import hashlib
from collections.abc import Iterator
from contextlib import closing
from fractions import Fraction
from typing import NoReturn

import psycopg
import pytest

from sandbox.errors import Unavailable
from sandbox.model.account import Account
from sandbox.model.cost import PrivacyCost
from sandbox.ports import Books
from sandbox.store.postgres import PostgresBooks
from tests.support.books import spend
from tests.support.postgres import PostgresServer, postgres_server
from tests.support.small_disk import SmallDisk, small_disk

pytestmark = pytest.mark.slow

COST = PrivacyCost(Fraction(1, 10**6))


@pytest.fixture
def server() -> Iterator[PostgresServer]:
    """A server that no other test sees: what its disk suffers would be theirs too."""
    with postgres_server() as server:
        yield server


@pytest.fixture
def disk(server: PostgresServer) -> Iterator[SmallDisk]:
    """A disk that a little more than an empty database fits on."""
    with small_disk(server.folder / "disk", "24m", server.user) as disk:
        try:
            yield disk
        finally:
            server.stop()


@pytest.fixture
def url(server: PostgresServer, disk: SmallDisk) -> str:
    """A database that lies on the small disk."""
    with psycopg.connect(server.url("postgres"), autocommit=True) as connection:
        connection.execute(f"CREATE TABLESPACE small LOCATION '{disk.path}'".encode())
    return server.new_database("TABLESPACE small")


def digits(number: int) -> str:
    """Give 30,000 digits that no compression makes much of."""
    return hashlib.shake_256(number.to_bytes(8)).hexdigest(15_000)


class Debits:
    """Debits in the books, and how many of them were acknowledged."""

    def __init__(self, books: Books, source: Account) -> None:
        self._books = books
        self._source = source
        self.acknowledged = 0
        with books.write() as page:
            page.accounts.open(source)

    def add(self) -> None:
        """Debit once, with a long entry."""
        with self._books.write() as page:
            spend(page, self._source.id, COST)
            page.log.append({"digits": digits(page.log.size())})
        self.acknowledged += 1

    def add_until_refused(self) -> Unavailable:
        """Debit until the books refuse; give what they say."""
        with pytest.raises(Unavailable) as refusal:
            self._add_for_ever()
        assert refusal.value.code == "books.unavailable"
        return refusal.value

    def _add_for_ever(self) -> NoReturn:
        while True:
            self.add()

    def counted(self) -> int:
        """Count what the books hold of them; the account and the log must agree."""
        with self._books.read() as page:
            size = page.log.size()
            assert page.accounts.get(self._source.id).spent == COST.rho * size
            assert len(list(page.log.entries())) == size
            page.log.root(size)
        return size


def test_a_full_disk_refuses_and_there_is_no_gap_when_it_has_room_again(
    url: str, disk: SmallDisk, source: Account
) -> None:
    with closing(PostgresBooks(url)) as books:
        debits = Debits(books, source)
        refusal = debits.add_until_refused()
        assert "disk that holds the books is full" in refusal.message
        assert debits.counted() == debits.acknowledged > 0
        assert debits.add_until_refused().code == "books.unavailable"
        assert debits.counted() == debits.acknowledged
        assert disk.change("remount,size=64m")
        for _ in range(20):
            debits.add()
        assert debits.counted() == debits.acknowledged


def test_a_disk_that_turned_read_only_refuses_until_it_can_be_written_again(
    server: PostgresServer, url: str, disk: SmallDisk, source: Account
) -> None:
    with closing(PostgresBooks(url)) as books:
        debits = Debits(books, source)
        debits.add()
        server.pause()
        assert disk.change("remount,ro")
        server.start()
        debits.add_until_refused()
        server.pause()
        assert disk.change("remount,rw")
        server.start()
        assert debits.counted() == debits.acknowledged == 1
        debits.add()
        assert debits.counted() == 2


def test_a_server_that_cannot_write_its_log_ahead_loses_nothing_that_it_acknowledged(
    server: PostgresServer, disk: SmallDisk, source: Account
) -> None:
    """PostgreSQL gives up and begins anew; whether its last commit stands, it cannot say."""
    server.pause()
    server.move_log_to(disk.path)
    server.start()
    with closing(PostgresBooks(server.url("postgres"))) as books:
        debits = Debits(books, source)
        debits.add_until_refused()
        assert disk.change("remount,size=400m")
        server.stop()
        server.start()
        known = debits.acknowledged
        assert 0 < known <= debits.counted() <= known + 1
        debits.add()
        assert known < debits.counted() <= known + 2
