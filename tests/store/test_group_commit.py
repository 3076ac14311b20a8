"""Writers who share a commit keep every promise that they would have alone."""

import io
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path

import pytest

from sandbox.errors import Unavailable
from sandbox.store import group_commit
from sandbox.store.connection import NO_VALUES, Connection, Database, Row, Values
from sandbox.store.group_commit import MAX_BLOCKS, GroupCommit
from sandbox.store.lease import Lease, Put
from sandbox.store.pool import Pool
from sandbox.store.postgres_database import PostgresDatabase
from sandbox.store.sqlite_database import SqliteDatabase

PATIENCE = 2.0
"""Seconds that a writer waits here; a busy machine needs most of a second for 65 of them."""
OTHERS = 5
BREAK = "BREAK"
"""A statement at which a watched connection fails as if the disk did."""
INSERT = "INSERT INTO note (words) VALUES (:words)"


class WatchedConnection:
    """A real connection that counts and delays commits, and fails when it is told to."""

    def __init__(self, connection: Connection, before_commit: Callable[[], None]) -> None:
        self._connection = connection
        self._before_commit = before_commit
        self._broken = False

    @property
    def sound(self) -> bool:
        return self._connection.sound and not self._broken

    @property
    def lost(self) -> bool:
        return self._connection.lost

    def rows(self, statement: str, values: Values = NO_VALUES) -> Sequence[Row]:
        return self._connection.rows(statement, values)

    def change(self, statement: str, values: Values = NO_VALUES) -> int:
        if statement == BREAK:
            self._broken = True
            raise Unavailable("The disk failed", code="books.unavailable")
        return self._connection.change(statement, values)

    def change_each(self, statement: str, many: Sequence[Values]) -> int:
        return self._connection.change_each(statement, many)

    def run(self, script: str) -> None:
        self._connection.run(script)

    def commit(self) -> None:
        try:
            self._before_commit()
        except Unavailable:
            self._broken = True
            raise
        self._connection.commit()

    def close(self) -> None:
        self._connection.close()


class WatchedDatabase:
    """A real database whose commits wait for `gate`, or fail while `fails` is set."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.commits = 0
        self.fails = False
        self.gate = threading.Event()
        self.reading = self.database.reading
        self.writing = self.database.writing
        self.migrations = self.database.migrations
        self.migrated = self.database.migrated
        self.word_index = self.database.word_index
        self.upgrading = self.database.upgrading
        self.gate.set()

    def connect(self) -> WatchedConnection:
        return WatchedConnection(self.database.connect(), self._before_commit)

    def _before_commit(self) -> None:
        self.commits += 1
        assert self.gate.wait(10)
        if self.fails:
            raise Unavailable("The disk failed", code="books.unavailable")


Block = Callable[[Lease], None]


@dataclass
class Line:
    """Writers that are made to stand in line, whatever the machine is doing."""

    writing: GroupCommit
    beside: Connection
    ways: Iterator[bool]
    """For each writer, whether the block is a function, which others may run."""
    ended: dict[str, str] = field(default_factory=dict)
    """What each writer was told: `written`, or the class of what was raised."""
    threads: list[threading.Thread] = field(default_factory=list)

    def write(self, name: str, block: Block | None = None) -> None:
        """Let a writer put its name, then do the rest of its block."""

        def whole(lease: Lease) -> str:
            lease.change(INSERT, {"words": name})
            if block:
                block(lease)
            return "written"

        try:
            if next(self.ways):
                self.ended[name] = self.writing.run(whole)
            else:
                with self.writing.block() as lease:
                    told = whole(lease)
                self.ended[name] = told
        except BaseException as raised:  # noqa: BLE001  (whatever it is, the test looks at it)
            self.ended[name] = type(raised).__name__

    def together(self, blocks: dict[str, Block | None]) -> None:
        """Run blocks that are all in line before the first begins."""
        in_line = threading.Event()

        def hold(_lease: Lease) -> None:
            assert in_line.wait(10)
            raise InterruptedError

        for name, block in {"": hold, **blocks}.items():
            thread = threading.Thread(target=self.write, args=(name, block))
            self.threads.append(thread)
            thread.start()
            time.sleep(0.03)
        in_line.set()
        self.threads.pop(0).join()
        assert self.ended.pop("") == "InterruptedError"

    def join(self) -> None:
        for thread in self.threads:
            thread.join()

    @property
    def written(self) -> list[str]:
        return [words for (words,) in self.beside.rows("SELECT words FROM note ORDER BY number")]


@pytest.fixture(autouse=True)
def _no_hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep a busy machine from cutting a group short."""
    monkeypatch.setattr(group_commit, "MAX_SECONDS", 60)


@pytest.fixture
def database(place: str) -> WatchedDatabase:
    if place.startswith("postgresql:"):
        return WatchedDatabase(PostgresDatabase(place, PATIENCE))
    Path(place).touch()
    return WatchedDatabase(SqliteDatabase(Path(place), PATIENCE))


WAYS = {"with": (False,), "function": (True,), "mixed": (True, False, False, True, True)}


@pytest.fixture(params=["function", "mixed"])
def line(database: WatchedDatabase, request: pytest.FixtureRequest) -> Iterator[Line]:
    with closing(database.database.connect()) as beside, closing(Pool(database)) as pool:
        identity = "SERIAL" if database.migrations == "postgresql" else "INTEGER"
        beside.run(
            "CREATE SCHEMA datarange"
            if database.migrations == "postgresql"
            else "PRAGMA user_version"
        )
        beside.run(f"CREATE TABLE note (number {identity} PRIMARY KEY, words TEXT UNIQUE)")
        line = Line(
            GroupCommit(pool, database.writing, PATIENCE), beside, cycle(WAYS[request.param])
        )
        yield line
        line.join()


def names(count: int = OTHERS) -> dict[str, Block | None]:
    return dict.fromkeys(["first", *(f"w{number}" for number in range(count))])


def test_writers_in_line_share_one_commit(line: Line, database: WatchedDatabase) -> None:
    line.together(names())
    line.join()
    assert database.commits == 1
    assert line.written == list(names())
    assert set(line.ended.values()) == {"written"}


def test_a_writer_alone_waits_for_nobody(line: Line, database: WatchedDatabase) -> None:
    line.write("a")
    line.write("b")
    assert database.commits == 2
    assert line.ended == {"a": "written", "b": "written"}


def test_nobody_is_told_before_the_commit_is_done(line: Line, database: WatchedDatabase) -> None:
    database.gate.clear()
    line.together(names())
    time.sleep(0.1)
    assert database.commits == 1
    assert line.ended == {}
    assert line.written == []
    database.gate.set()
    line.join()
    assert set(line.ended.values()) == {"written"}


def test_a_failure_at_the_commit_reaches_every_writer(
    line: Line, database: WatchedDatabase
) -> None:
    database.fails = True
    line.together(names())
    line.join()
    assert line.ended == dict.fromkeys(names(), "Unavailable")
    assert line.written == []
    database.fails = False
    line.write("after")
    assert line.written == ["after"]


def test_a_failure_of_the_disk_in_one_block_reaches_every_writer(
    line: Line, database: WatchedDatabase
) -> None:
    def fail(lease: Lease) -> None:
        lease.change(BREAK, {})

    line.together({**names(), "w2": fail})
    line.join()
    # Whoever came after the failure began anew.
    assert {name: line.ended[name] for name in ("first", "w0", "w1", "w2")} == dict.fromkeys(
        ("first", "w0", "w1", "w2"), "Unavailable"
    )
    assert line.written == [name for name in names() if line.ended[name] == "written"]
    assert database.commits == 1


@pytest.mark.parametrize("who", ["first", "w2", f"w{OTHERS - 1}"])
def test_a_block_that_raises_is_undone_alone(line: Line, who: str) -> None:
    def fail(_lease: Lease) -> None:
        raise KeyError

    line.together({**names(), who: fail})
    line.join()
    assert line.ended == {**dict.fromkeys(names(), "written"), who: "KeyError"}
    assert line.written == [name for name in names() if name != who]


@pytest.mark.parametrize("who", ["first", "w2"])
def test_a_broken_constraint_undoes_its_own_block_even_if_it_is_passed_over(
    line: Line, who: str
) -> None:
    def twice(lease: Lease) -> None:
        with pytest.raises(Exception, match=r"(?i)unique"):
            lease.change(INSERT, {"words": who})

    line.together({**names(), who: twice})
    line.join()
    assert line.ended == {**dict.fromkeys(names(), "written"), who: "Unavailable"}
    assert line.written == [name for name in names() if name != who]


def test_what_was_put_and_is_refused_at_the_end_reaches_every_writer(
    line: Line, database: WatchedDatabase
) -> None:
    twice = Put(INSERT, lambda _place, words: {"words": words})

    def put(lease: Lease) -> None:
        lease.put(("note", "again"), "first", twice)

    line.together({**names(), f"w{OTHERS - 1}": put})
    line.join()
    assert "written" not in line.ended.values()
    assert line.written == []
    assert database.commits == 0
    line.write("after")
    assert line.written == ["after"]


def test_what_was_put_by_a_block_that_raises_is_forgotten(line: Line) -> None:
    note = Put(INSERT, lambda _place, words: {"words": words})

    def put(lease: Lease) -> None:
        lease.put(("note", "put"), "put", note)

    def put_and_raise(lease: Lease) -> None:
        lease.put(("note", "lost"), "lost", note)
        raise KeyError

    line.together({**names(), "w1": put_and_raise, "w2": put})
    line.join()
    assert line.ended == {**dict.fromkeys(names(), "written"), "w1": "KeyError"}
    assert sorted(line.written) == sorted({*names(), "put"} - {"w1"})


def test_each_block_sees_what_those_before_it_wrote(line: Line) -> None:
    seen: list[int] = []

    def count(lease: Lease) -> None:
        seen.append(lease.rows("SELECT count(*) FROM note")[0][0])

    line.together(dict.fromkeys(names(), count))
    line.join()
    assert seen == list(range(1, OTHERS + 2))


@pytest.mark.parametrize(
    ("line", "who"), [("with", "first"), ("function", "stuck")], indirect=["line"]
)
def test_a_writer_gives_up_on_one_who_never_ends_and_then_nothing_was_written(
    line: Line, who: str
) -> None:
    stuck = threading.Event()

    def never_end(_lease: Lease) -> None:
        assert stuck.wait(10)

    blocks: dict[str, Block | None] = {"first": None, "stuck": never_end, "last": None}
    line.together(blocks)
    line.threads[2].join()
    assert line.ended["last"] == "Unavailable"
    line.threads[list(blocks).index(who)].join()
    assert line.ended[who] == "Unavailable"
    stuck.set()
    line.join()
    assert line.ended == dict.fromkeys(blocks, "Unavailable")
    assert line.written == []
    line.write("after")
    assert line.written == ["after"]


@pytest.mark.parametrize("line", ["function"], indirect=True)
def test_whoever_writes_runs_the_blocks_of_those_in_line(line: Line) -> None:
    threads: set[int] = set()
    line.together(dict.fromkeys(names(), lambda _lease: threads.add(threading.get_ident())))
    line.join()
    assert len(threads) == 1
    assert set(line.ended.values()) == {"written"}


@pytest.mark.parametrize("line", ["function"], indirect=True)
def test_an_interruption_meets_who_runs_a_block_and_undoes_that_block_alone(line: Line) -> None:
    def interrupt(_lease: Lease) -> None:
        raise KeyboardInterrupt

    line.together({"first": None, "w0": None, "w1": interrupt, "w2": None})
    line.join()
    told = {"first": "KeyboardInterrupt", "w0": "written", "w1": "Unavailable", "w2": "written"}
    assert line.ended == told
    assert line.written == ["first", "w0", "w2"]


def test_groups_are_bounded(line: Line, database: WatchedDatabase) -> None:
    threads = [
        threading.Thread(target=line.write, args=(f"w{number}",)) for number in range(MAX_BLOCKS)
    ]

    def start_the_others(_lease: Lease) -> None:
        for thread in threads:
            thread.start()

    line.write("first", start_the_others)
    for thread in threads:
        thread.join()
    assert set(line.ended.values()) == {"written"}
    assert 2 <= database.commits <= MAX_BLOCKS
    assert len(line.written) == MAX_BLOCKS + 1


def test_a_page_is_of_no_use_after_its_block(line: Line) -> None:
    kept: list[Lease] = []
    line.write("a", kept.append)
    with pytest.raises(io.UnsupportedOperation):
        kept[0].change(INSERT, {"words": "b"})
    assert line.written == ["a"]
