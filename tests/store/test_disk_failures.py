"""A disk that is full or read-only stops writers with a clear sentence and nothing half-written."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from sandbox.errors import Unavailable
from sandbox.store.sqlite import SqliteBooks
from tests.support.small_disk import SmallDisk, small_disk

KIB = 1024
LIMIT = 256 * KIB
"""Bytes of a file in the process that may not write large ones."""
PROGRAM = Path(__file__).with_name("full_disk_program.py")


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[SmallDisk]:
    """A disk of 1 MiB; without one, the limit on file sizes is tested anyway."""
    with small_disk(tmp_path / "disk", "1m") as disk:
        yield disk


def write_until_it_fails(books: SqliteBooks) -> None:
    while True:
        with books.write() as page:
            page.log.append({"text": "x" * 30 * KIB})


def test_a_full_disk_refuses_and_there_is_no_gap_when_it_has_room_again(disk: SmallDisk) -> None:
    with closing(SqliteBooks(disk.path / "books.db")) as books:
        with pytest.raises(Unavailable, match="full") as refusal:
            write_until_it_fails(books)
        assert refusal.value.code == "books.unavailable"
        with books.read() as page:
            size = page.log.size()
            root = page.log.root(size)
        assert disk.change("remount,size=8m")
        with books.write() as page:
            assert page.log.append({"kind": "site"}) == size
            assert page.log.root(size) == root


def test_no_books_begin_on_a_full_disk(disk: SmallDisk) -> None:
    with pytest.raises(OSError, match="space"):
        (disk.path / "filler").write_bytes(bytes(1024 * KIB + 1))
    with pytest.raises(Unavailable) as refusal:
        SqliteBooks(disk.path / "books.db")
    assert refusal.value.code == "books.unavailable"
    assert [path.name for path in disk.path.iterdir()] == ["filler"]


def test_a_disk_that_turned_read_only_refuses_writing(disk: SmallDisk) -> None:
    with closing(SqliteBooks(disk.path / "books.db")) as books:
        books.close()
        assert disk.change("remount,ro")
        with pytest.raises(Unavailable) as refusal, books.write():
            pytest.fail("a read-only disk was written")
    assert refusal.value.code == "books.unavailable"


def test_a_read_only_file_refuses_writing(tmp_path: Path) -> None:
    path = tmp_path / "books.db"
    with closing(SqliteBooks(path)) as books:
        books.close()
        path.chmod(0o400)
        if os.access(path, os.W_OK):
            pytest.skip("this user may write anything; the read-only disk is tested anyway")
        with pytest.raises(Unavailable) as refusal, books.write() as page:
            page.log.append({"kind": "site"})
    assert refusal.value.code == "books.unavailable"


def test_a_limit_on_file_sizes_refuses_and_leaves_nothing_half_written(tmp_path: Path) -> None:
    path = tmp_path / "books.db"
    with closing(SqliteBooks(path)) as books:
        done = subprocess.run(  # noqa: S603  (our own program)
            [sys.executable, PROGRAM, path, str(LIMIT)], check=True, capture_output=True, text=True
        )
        written, code = done.stdout.split()
        assert int(written) > 0
        assert code == "books.unavailable"
        with books.write() as page:
            assert page.log.append({"kind": "site"}) == int(written)
