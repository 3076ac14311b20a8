"""Random work on the books, undone, cut off and reopened at random, against a plain model."""

import json
import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from copy import deepcopy
from dataclasses import replace
from itertools import count
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from sandbox.errors import Conflict
from sandbox.model.names import AccountId
from sandbox.ports import Books
from sandbox.store.memory import MemoryBooks
from sandbox.store.sql_books import SqlBooks
from tests.store.books_model import SOURCE, Model, Step, source, steps
from tests.support.books import open_books
from tests.support.postgres import PostgresServer


class Undone(Exception):
    """Raised in a block so that nothing of it stays."""


class BooksMachine(RuleBasedStateMachine):
    """Drives one kind of books; `place` is None for those that live in memory."""

    def __init__(self, place: str | None, merkle_root: Callable[[Sequence[bytes]], bytes]) -> None:
        super().__init__()
        self._place = place
        self._merkle_root = merkle_root
        self._model = Model()
        self._books: Books = MemoryBooks()
        self._open()

    def _open(self) -> None:
        if self._place:
            self._books = open_books(self._place)

    @rule(block=steps)
    def commit(self, block: list[Step]) -> None:
        with self._books.write() as page:
            for step in block:
                step(page, self._model)

    @rule(block=steps)
    def undo(self, block: list[Step]) -> None:
        draft = deepcopy(self._model)

        def work() -> None:
            with self._books.write() as page:
                for step in block:
                    step(page, draft)
                raise Undone

        with pytest.raises(Undone):
            work()

    @rule(block=steps)
    def find_that_it_moved_on(self, block: list[Step]) -> None:
        """Move, behind other work, an account that is not what it is said to be."""
        if SOURCE not in self._model.caps:
            return
        draft = deepcopy(self._model)

        def work() -> None:
            with self._books.write() as page:
                for step in block:
                    step(page, draft)
                known = page.accounts.get(AccountId(SOURCE))
                stale = replace(known, cap=known.cap + 1)
                page.accounts.move([stale], [known])

        with pytest.raises(Conflict) as refusal:
            work()
        assert refusal.value.code == "books.moved_on"

    @precondition(lambda self: self._place is not None)
    @rule()
    def reopen(self) -> None:
        self.teardown()
        self._open()

    @precondition(lambda self: self._place is not None)
    @rule(block=steps)
    def die(self, block: list[Step]) -> None:
        """Let a process of its own do some work and end before the block does."""
        child = os.fork()
        if child == 0:
            self._work_and_end(block)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0

    def _work_and_end(self, block: list[Step]) -> None:
        """Run in the child; the test's own way to end must not be reached from here."""
        with suppress(BaseException), open_books(str(self._place)).write() as page:
            for step in block:
                step(page, self._model)
            os._exit(0)
        os._exit(1)

    @invariant()
    def agree(self) -> None:
        model = self._model
        with self._books.read() as page:
            for name, cap in model.caps.items():
                account = page.accounts.get(AccountId(name))
                assert (account.cap, account.spent) == (cap, model.spent(name))
            below = [account.id for account in page.accounts.below(AccountId(SOURCE))]
            assert below == sorted(model.caps.keys() - {SOURCE})
            assert list(page.openings) == list(model.openings.values())
            assert list(page.sources) == [source(*one) for one in model.sources.items()]
            entries = list(page.log.entries())
            assert [json.loads(entry) for entry in entries] == [
                {"note": note, "index": index} for index, note in enumerate(model.notes)
            ]
            assert page.log.root(len(entries)) == self._merkle_root(entries)

    def teardown(self) -> None:
        if isinstance(self._books, SqlBooks):
            self._books.close()


def check(
    next_place: Callable[[], str | None], merkle_root: Callable[[Sequence[bytes]], bytes]
) -> None:
    class Machine(BooksMachine):
        def __init__(self) -> None:
            super().__init__(next_place(), merkle_root)

    run_state_machine_as_test(
        Machine, settings=settings(max_examples=25, stateful_step_count=10, deadline=None)
    )


def test_books_in_memory_agree_with_the_model_whatever_happens(
    merkle_root: Callable[[Sequence[bytes]], bytes],
) -> None:
    check(lambda: None, merkle_root)


def test_books_in_a_file_agree_with_the_model_whatever_happens(
    tmp_path: Path, merkle_root: Callable[[Sequence[bytes]], bytes]
) -> None:
    numbers = count()
    check(lambda: str(tmp_path / f"{next(numbers)}.db"), merkle_root)


@pytest.mark.slow
def test_books_on_a_server_agree_with_the_model_whatever_happens(
    server: PostgresServer, merkle_root: Callable[[Sequence[bytes]], bytes]
) -> None:
    check(server.emptied_database, merkle_root)
