"""Random work on the books, undone and reopened at random, against a model of plain dicts."""

import json
from collections.abc import Callable, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import count
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from sandbox.errors import Conflict, NotFound
from sandbox.model.account import Account
from sandbox.model.cost import Accounting, PrivacyCost
from sandbox.model.names import AccountId, Digest
from sandbox.ports import Books, Page
from sandbox.store.memory import MemoryBooks
from sandbox.store.sql_books import SqlBooks
from tests.support.books import open_books
from tests.support.postgres import PostgresServer

names = st.sampled_from("abcd")
amounts = st.fractions(min_value=0, max_value=2, max_denominator=12)
payloads = st.binary(max_size=8)


class Undone(Exception):
    """Raised in a block so that nothing of it stays."""


@dataclass
class Model:
    """What the books should hold."""

    parents: dict[str, str | None] = field(default_factory=dict)
    caps: dict[str, Fraction] = field(default_factory=dict)
    spent: dict[str, Fraction] = field(default_factory=dict)
    openings: dict[str, bytes] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def path(self, name: str | None) -> list[str]:
        """A node and its ancestors."""
        return [name, *self.path(self.parents[name])] if name else []


Step = Callable[[Page, Model], None]
"""Does the same to the books and to the model."""


def opens(name: str, parent: str | None, cap: Fraction) -> Step:
    def step(page: Page, model: Model) -> None:
        account = Account(
            AccountId(name), AccountId(parent) if parent else None, Accounting.ZCDP, cap
        )
        if name in model.caps:
            with pytest.raises(Conflict):
                page.accounts.open(account)
        elif parent and parent not in model.caps:
            with pytest.raises(NotFound):
                page.accounts.open(account)
        else:
            page.accounts.open(account)
            model.parents[name], model.caps[name], model.spent[name] = parent, cap, Fraction(0)

    return step


def debits(name: str, rho: Fraction) -> Step:
    def step(page: Page, model: Model) -> None:
        if name not in model.caps:
            with pytest.raises(NotFound):
                page.accounts.debit(AccountId(name), PrivacyCost(rho))
        elif any(model.spent[node] + rho > model.caps[node] for node in model.path(name)):
            with pytest.raises(Conflict):
                page.accounts.debit(AccountId(name), PrivacyCost(rho))
        else:
            page.accounts.debit(AccountId(name), PrivacyCost(rho))
            for node in model.path(name):
                model.spent[node] += rho

    return step


def appends(note: str) -> Step:
    def step(page: Page, model: Model) -> None:
        assert page.log.append({"note": note}) == len(model.notes)
        model.notes.append(note)

    return step


def puts(key: str, payload: bytes) -> Step:
    def step(page: Page, model: Model) -> None:
        put = page.openings.replace if key in model.openings else page.openings.add
        put(Digest(key), payload)
        model.openings[key] = payload

    return step


steps = st.lists(
    st.one_of(
        st.builds(opens, names, st.none() | names, amounts),
        st.builds(debits, names, amounts),
        st.builds(appends, st.text(max_size=8)),
        st.builds(puts, names, payloads),
    ),
    max_size=6,
)


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

    @precondition(lambda self: self._place is not None)
    @rule()
    def reopen(self) -> None:
        self.teardown_books()
        self._open()

    @invariant()
    def agree(self) -> None:
        with self._books.read() as page:
            for name, parent in self._model.parents.items():
                account = page.accounts.get(AccountId(name))
                assert account.parent == parent
                assert (account.cap, account.spent) == (
                    self._model.caps[name],
                    self._model.spent[name],
                )
            assert list(page.openings) == list(self._model.openings.values())
            entries = list(page.log.entries())
            assert [json.loads(entry) for entry in entries] == [
                {"note": note, "index": index} for index, note in enumerate(self._model.notes)
            ]
            assert page.log.root(len(entries)) == self._merkle_root(entries)

    def teardown_books(self) -> None:
        if isinstance(self._books, SqlBooks):
            self._books.close()

    def teardown(self) -> None:
        self.teardown_books()


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
