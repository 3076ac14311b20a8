"""What blocks put waits together, and never shows: each block sees and undoes what it should."""

import io
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Literal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sandbox.errors import Unavailable
from sandbox.store import lease
from sandbox.store.connection import Connection
from sandbox.store.lease import Draft, Lease, Put
from sandbox.store.postgres_database import PostgresDatabase
from sandbox.store.sqlite_database import SqliteDatabase

PATIENCE = 2.0
FIND = "SELECT words FROM note WHERE key = :key"
ALL = "SELECT key, words FROM note"
REMOVE = "DELETE FROM note WHERE key = :key"
WRITE = Put(
    "INSERT INTO note (key, words) VALUES (:key, :words) "
    "ON CONFLICT (key) DO UPDATE SET words = excluded.words",
    lambda place, words: {"key": place[1], "words": words},
)

Ending = Literal["well", "raising", "spoilt"]
Operation = tuple[Literal["put", "change", "remove", "ask", "all"], str, str]
Block = tuple[list[Operation], Ending]

operations = st.tuples(
    st.sampled_from(["put", "put", "change", "remove", "ask", "all"]),
    st.sampled_from("abc"),
    st.sampled_from(["one", "two"]),
)
blocks = st.tuples(
    st.lists(operations, max_size=5), st.sampled_from(["well", "well", "raising", "spoilt"])
)


class Undone(Exception):
    """Raised in a block so that nothing of it stays."""


@pytest.fixture
def connection(place: str) -> Iterator[Connection]:
    is_server = place.startswith("postgresql:")
    if not is_server:
        Path(place).touch()
    database = (
        PostgresDatabase(place, PATIENCE) if is_server else SqliteDatabase(Path(place), PATIENCE)
    )
    with closing(database.connect()) as connection:
        connection.run("CREATE SCHEMA datarange" if is_server else "PRAGMA user_version")
        connection.run("CREATE TABLE note (key TEXT PRIMARY KEY, words TEXT)")
        yield connection


def asked(lent: Lease, key: str) -> str | None:
    return lent.ask(("note", key), FIND, {"key": key}, lambda row: str(row[0]))


def work(lent: Lease, operation: Operation, model: dict[str, str]) -> None:
    """Do the same to the table and to the model, and look."""
    kind, key, words = operation
    if kind == "put":
        lent.put(("note", key), words, WRITE)
        model[key] = words
    elif kind == "change":
        lent.change(WRITE.statement, {"key": key, "words": words})
        lent.learn(("note", key), words)
        model[key] = words
    elif kind == "remove":
        assert lent.change(REMOVE, {"key": key}) == (key in model)
        lent.learn(("note", key), None)
        model.pop(key, None)
    elif kind == "ask":
        assert asked(lent, key) == model.get(key)
    else:
        assert dict(lent.rows(ALL)) == model


def run(lent: Lease, block: Block, model: dict[str, str]) -> None:
    """Run one block, which leaves the model as it was unless it ends well."""
    found = dict(model)
    with lent:
        for operation in block[0]:
            work(lent, operation, found)
        if block[1] == "raising":
            raise Undone
        if block[1] == "spoilt":
            lent.spoil()
    model.clear()
    model.update(found)


@pytest.mark.parametrize("limit", [1, 2, lease.MAX_PLACES])
@given(many=st.lists(blocks, max_size=6))
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_blocks_of_one_transaction_agree_with_a_dictionary_whatever_is_undone(
    connection: Connection, monkeypatch: pytest.MonkeyPatch, limit: int, many: list[Block]
) -> None:
    monkeypatch.setattr(lease, "MAX_PLACES", limit)
    connection.run("DELETE FROM note")
    connection.run("BEGIN")
    draft, model = Draft(), dict[str, str]()
    # A block before all others ends well: it needs no savepoint, and those behind it do.
    run(Lease(connection, draft), ([("put", "a", "one"), ("change", "b", "two")], "well"), model)
    for block in many:
        with suppress(Undone, Unavailable):
            run(Lease(connection, draft, savepoint=True), block, model)
    draft.send(connection)
    connection.commit()
    assert dict(connection.rows(ALL)) == model


def test_what_is_put_is_told_once_however_often_it_was_put(connection: Connection) -> None:
    draft = Draft()
    for words in ("one", "two"):
        with Lease(connection, draft) as lent:
            lent.put(("note", "a"), words, WRITE)
            assert not connection.rows(ALL)
    assert [len(places) for places in draft.waiting.values()] == [1]
    draft.send(connection)
    assert connection.rows(ALL) == [("a", "two")]


def test_the_database_is_asked_once_for_a_row(connection: Connection) -> None:
    draft = Draft()
    with Lease(connection, draft) as lent:
        assert asked(lent, "a") is None
    connection.change(WRITE.statement, {"key": "a", "words": "behind our back"})
    with Lease(connection, draft) as lent:
        assert asked(lent, "a") is None


def test_a_lease_without_others_tells_what_was_put_when_it_ends(connection: Connection) -> None:
    with Lease(connection) as lent:
        lent.put(("note", "a"), "one", WRITE)
    assert connection.rows(ALL) == [("a", "one")]


def test_a_draft_that_the_database_took_in_part_is_torn(connection: Connection) -> None:
    draft = Draft()
    with Lease(connection, draft) as lent:
        lent.put(("note", "a"), "one", WRITE)
        lent.put(("lost", "a"), "one", Put("INSERT INTO nowhere VALUES (1)", WRITE.values))
    with pytest.raises(Unavailable):
        draft.send(connection)
    assert draft.is_torn


def test_a_lease_that_is_over_takes_and_gives_nothing(connection: Connection) -> None:
    with Lease(connection) as lent:
        assert asked(lent, "a") is None
    with pytest.raises(io.UnsupportedOperation):
        asked(lent, "a")
    with pytest.raises(io.UnsupportedOperation):
        lent.put(("note", "a"), "one", WRITE)
