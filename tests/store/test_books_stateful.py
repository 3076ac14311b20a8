"""Random work on the books, undone, cut off and reopened at random, against a model of plain dicts.

The tree is small and fixed in shape: a source, three plain accounts below it, and the parts of two
snapshots. What the model says of the source is not kept up step by step, as the product does, but
added up anew from all debits that stand.
"""

import json
import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from copy import deepcopy
from dataclasses import dataclass, field, replace
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
from sandbox.model.names import AccountId, Digest, PrincipalName, SourceName
from sandbox.model.path import Parts
from sandbox.model.path import Path as Way
from sandbox.model.source import Caps, Source
from sandbox.ports import Books, Page
from sandbox.store.memory import MemoryBooks
from sandbox.store.sql_books import SqlBooks
from tests.support.books import open_books
from tests.support.postgres import PostgresServer

SOURCE = "source"
LEAVES = ("agreement/a", "agreement/b", "person/p")
SNAPSHOTS = {"one": ("part/1/x", "part/1/y", "part/1/z"), "two": ("part/2/x", "part/2/y")}
MOST = {"one": 2, "two": 1}
"""Parts that one person is in at most, by the snapshot."""
BELOW = (*LEAVES, *SNAPSHOTS["one"], *SNAPSHOTS["two"])
WIDE = Fraction(10**6)
"""The cap of a part, which the source's cap always reaches first."""

leaves = st.lists(st.sampled_from(LEAVES), unique=True)
touched = st.sampled_from(
    [(None, ())]
    + [("one", parts) for parts in (SNAPSHOTS["one"][:1], SNAPSHOTS["one"][1:])]
    + [("two", SNAPSHOTS["two"][1:])]
)
amounts = st.fractions(min_value=0, max_value=2, max_denominator=12)
keys = st.sampled_from("abcd")


class Undone(Exception):
    """Raised in a block so that nothing of it stays."""


@dataclass(frozen=True)
class Debit:
    """One debit that stands."""

    leaves: tuple[str, ...]
    snapshot: str | None
    touched: tuple[str, ...]
    amount: Fraction

    @property
    def named(self) -> frozenset[str]:
        """The accounts that it moves."""
        return frozenset((SOURCE, *self.leaves, *self.touched))


@dataclass
class Model:
    """What the books should hold."""

    caps: dict[str, Fraction] = field(default_factory=dict)
    debits: list[Debit] = field(default_factory=list)
    openings: dict[str, bytes] = field(default_factory=dict)
    sources: dict[str, int] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def spent(self, name: str) -> Fraction:
        """Add up what one account has spent."""
        if name != SOURCE:
            return sum((one.amount for one in self.debits if name in one.named), Fraction(0))
        whole = sum((one.amount for one in self.debits if not one.snapshot), Fraction(0))
        dearest = (
            sum(sorted(map(self.spent, parts), reverse=True)[: MOST[snapshot]], Fraction(0))
            for snapshot, parts in SNAPSHOTS.items()
        )
        return whole + sum(dearest, Fraction(0))

    def fits(self) -> bool:
        """Tell whether no account is over its cap."""
        return all(self.spent(name) <= cap for name, cap in self.caps.items())


Step = Callable[[Page, Model], None]
"""Does the same to the books and to the model."""


def opens(name: str, cap: Fraction) -> Step:
    def step(page: Page, model: Model) -> None:
        parent = None if name == SOURCE else AccountId(SOURCE)
        limit = WIDE if name.startswith("part/") else cap
        account = Account(AccountId(name), parent, Accounting.ZCDP, limit)
        if name in model.caps:
            with pytest.raises(Conflict):
                page.accounts.open(account)
        elif parent and parent not in model.caps:
            with pytest.raises(NotFound):
                page.accounts.open(account)
        else:
            page.accounts.open(account)
            model.caps[name] = limit

    return step


def opens_all(caps: Sequence[Fraction]) -> Step:
    def step(page: Page, model: Model) -> None:
        for name, cap in zip((SOURCE, *BELOW), caps, strict=True):
            if name not in model.caps:
                opens(name, cap)(page, model)

    return step


def way(page: Page, debit: Debit) -> Way:
    parts = None
    if debit.snapshot:
        accounts = tuple(page.accounts.get(AccountId(p)) for p in SNAPSHOTS[debit.snapshot])
        ids = frozenset(map(AccountId, debit.touched))
        parts = Parts(accounts, ids, MOST[debit.snapshot])
    return Way(
        leaves=tuple(page.accounts.get(AccountId(leaf)) for leaf in debit.leaves),
        source=page.accounts.get(AccountId(SOURCE)),
        parts=parts,
    )


def debits(debit: Debit) -> Step:
    def step(page: Page, model: Model) -> None:
        wanted = debit.named | frozenset(SNAPSHOTS.get(debit.snapshot or "", ()))
        if not wanted <= model.caps.keys():
            with pytest.raises(NotFound):
                way(page, debit)
            return
        before = way(page, debit)
        after_all = replace(model, debits=[*model.debits, debit])
        if not after_all.fits():
            with pytest.raises(Conflict) as refusal:
                before.debited(PrivacyCost(debit.amount))
            assert refusal.value.code == "budget.exceeded"
            return
        page.accounts.move(before.accounts, before.debited(PrivacyCost(debit.amount)).accounts)
        model.debits.append(debit)

    return step


def cancels(number: int) -> Step:
    def step(page: Page, model: Model) -> None:
        if model.debits:
            debit = model.debits.pop(number % len(model.debits))
            before = way(page, debit)
            after = before.credited(PrivacyCost(debit.amount))
            page.accounts.move(before.accounts, after.accounts)

    return step


def caps(name: str, cap: Fraction) -> Step:
    def step(page: Page, model: Model) -> None:
        if name in model.caps and model.spent(name) <= cap:
            before = page.accounts.get(AccountId(name))
            page.accounts.move([before], [replace(before, cap=cap)])
            model.caps[name] = cap

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


def removes(key: str) -> Step:
    def step(page: Page, model: Model) -> None:
        if key in model.openings:
            page.openings.remove(Digest(key))
            del model.openings[key]
        else:
            with pytest.raises(NotFound):
                page.openings.remove(Digest(key))

    return step


def names_a_source(key: str, changes: int) -> Step:
    def step(page: Page, model: Model) -> None:
        put = page.sources.replace if key in model.sources else page.sources.add
        put(SourceName(key), source(key, changes))
        model.sources[key] = changes

    return step


def source(name: str, changes: int) -> Source:
    limits = Caps(Fraction(1, changes + 1), Fraction("1e-9"))
    return Source(
        SourceName(name), PrincipalName("o"), "", Accounting.ZCDP, limits, changes=changes
    )


debit_steps = st.tuples(leaves, touched, amounts).map(
    lambda drawn: debits(Debit(tuple(drawn[0]), drawn[1][0], drawn[1][1], drawn[2]))
)
steps = st.lists(
    st.one_of(
        st.builds(opens, st.sampled_from((SOURCE, *BELOW)), amounts),
        st.builds(opens_all, st.lists(amounts, min_size=len(BELOW) + 1, max_size=len(BELOW) + 1)),
        debit_steps,
        debit_steps,
        st.builds(cancels, st.integers(0, 99)),
        st.builds(caps, st.sampled_from((SOURCE, *LEAVES)), amounts),
        st.builds(appends, st.text(max_size=8)),
        st.builds(puts, keys, st.binary(max_size=8)),
        st.builds(removes, keys),
        st.builds(names_a_source, keys, st.integers(0, 9)),
    ),
    max_size=8,
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
