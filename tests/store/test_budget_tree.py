"""Accounts in the books: values put in place together, and only on what they were read as."""

import threading
from contextlib import closing
from dataclasses import replace
from fractions import Fraction
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.errors import Conflict, NotFound, Unavailable
from sandbox.model.account import Account
from sandbox.model.cost import Accounting, PrivacyCost
from sandbox.model.names import AccountId
from sandbox.ports import Books
from sandbox.store.memory import MemoryBooks
from sandbox.store.sqlite import SqliteBooks
from tests.support.books import spend, way_up

HALF = Fraction(1, 2)
NUMBERS = count()


def spent(account: Account, amount: Fraction) -> Account:
    return replace(account, spent=account.spent + amount)


def test_a_debit_is_spent_at_every_node_of_the_path(
    books: Books, source: Account, agreement: Account
) -> None:
    with books.write() as page:
        page.accounts.open(source)
        page.accounts.open(agreement)
        page.accounts.open(replace(agreement, id=AccountId("agreement/a2")))
        after = spend(page, agreement.id, PrivacyCost(Fraction(1, 3)))
        assert [(node.id, node.spent) for node in after.accounts] == [
            (agreement.id, Fraction(1, 3)),
            (source.id, Fraction(1, 3)),
        ]
    with books.read() as page:
        assert way_up(page, agreement.id) == after
        assert page.accounts.get(AccountId("agreement/a2")).spent == 0


def test_a_debit_that_one_node_cannot_hold_is_spent_nowhere(
    books: Books, source: Account, agreement: Account
) -> None:
    wide = replace(agreement, cap=Fraction(3))
    with books.write() as page:
        page.accounts.open(source)
        page.accounts.open(wide)
        with pytest.raises(Conflict, match=f"{source.id} ") as refusal:
            spend(page, wide.id, PrivacyCost(Fraction(2)))
        assert refusal.value.code == "budget.exceeded"
        assert way_up(page, wide.id).accounts == (wide, source)


def test_budget_runs_out_exactly_at_the_cap(books: Books, source: Account) -> None:
    with books.write() as page:
        page.accounts.open(source)
        for _ in range(10):
            spend(page, source.id, PrivacyCost(Fraction(1, 10)))
        assert page.accounts.get(source.id).remaining == 0
        with pytest.raises(Conflict):
            spend(page, source.id, PrivacyCost(Fraction(1, 10**30)))


def test_a_pure_account_adds_up_epsilon(books: Books, source: Account) -> None:
    pure = replace(source, accounting=Accounting.PURE)
    with books.write() as page:
        page.accounts.open(pure)
        spend(page, pure.id, PrivacyCost.pure(Fraction(1, 4)))
    with books.read() as page:
        assert page.accounts.get(pure.id) == replace(pure, spent=Fraction(1, 4))


def test_amounts_stay_exact_beyond_any_wire_limit(books: Books, source: Account) -> None:
    odd = Fraction(3**200 + 1, 7**211)
    fine = Fraction(1, 2**900)
    with books.write() as page:
        page.accounts.open(replace(source, spent=odd))
        spend(page, source.id, PrivacyCost(fine))
    with books.read() as page:
        assert page.accounts.get(source.id).spent == odd + fine


def test_a_cap_moves_like_the_spending_does(books: Books, source: Account) -> None:
    with books.write() as page:
        page.accounts.open(source)
        page.accounts.move([source], [replace(source, cap=Fraction(7, 3), spent=Fraction(2))])
    with books.read() as page:
        assert page.accounts.get(source.id) == replace(
            source, cap=Fraction(7, 3), spent=Fraction(2)
        )


@pytest.mark.parametrize("field", ["cap", "spent"])
def test_what_moved_on_meanwhile_is_not_moved_again(
    books: Books, source: Account, agreement: Account, field: str
) -> None:
    other = replace(source, **{field: getattr(source, field) + HALF})
    with books.write() as page:
        page.accounts.open(source)
        page.accounts.open(agreement)
        page.accounts.move([source], [other])
    with pytest.raises(Conflict) as refusal, books.write() as page:
        page.accounts.move([agreement, source], [spent(agreement, HALF), spent(source, HALF)])
    assert refusal.value.code == "books.moved_on"
    with books.read() as page:
        assert page.accounts.get(source.id) == other
        assert page.accounts.get(agreement.id) == agreement


def test_an_account_that_is_not_there_has_moved_on(books: Books, source: Account) -> None:
    with pytest.raises(Conflict) as refusal, books.write() as page:
        page.accounts.move([source], [spent(source, HALF)])
    assert refusal.value.code == "books.moved_on"


def test_half_a_move_never_stays_even_if_nobody_minds(
    books: Books, source: Account, agreement: Account
) -> None:
    with books.write() as page:
        page.accounts.open(source)
        page.accounts.open(agreement)

    def pass_over() -> None:
        with books.write() as page:
            page.log.append({"kind": "debit"})
            stale = spent(source, HALF)
            with pytest.raises(Conflict):
                page.accounts.move([agreement, stale], [spent(agreement, HALF), source])

    if isinstance(books, MemoryBooks):
        pass_over()
    else:
        with pytest.raises(Unavailable) as refusal:
            pass_over()
        assert refusal.value.code == "books.unavailable"
    with books.read() as page:
        assert page.accounts.get(agreement.id) == agreement
        assert page.accounts.get(source.id) == source


def test_two_who_read_the_same_do_not_both_spend_it(books: Books, source: Account) -> None:
    with books.write() as page:
        page.accounts.open(source)
    with books.read() as page:
        seen = page.accounts.get(source.id)
    codes: list[str] = []

    def spend_what_was_seen() -> None:
        try:
            with books.write() as page:
                page.accounts.move([seen], [spent(seen, HALF)])
        except Conflict as refusal:
            codes.append(refusal.code)

    threads = [threading.Thread(target=spend_what_was_seen) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert codes == ["books.moved_on"] * 5
    with books.read() as page:
        assert page.accounts.get(source.id) == spent(source, HALF)


def test_only_cap_and_spending_move(books: Books, source: Account, agreement: Account) -> None:
    pairs = [
        ([source], [agreement]),
        ([source], [replace(source, accounting=Accounting.PURE)]),
        ([agreement], [replace(agreement, parent=None)]),
        ([source], []),
        ([source, source], [spent(source, HALF)] * 2),
        ([source, agreement], [agreement, source]),
    ]
    with books.write() as page:
        page.accounts.open(source)
        page.accounts.open(agreement)
        for before, after in pairs:
            with pytest.raises(ValueError, match="in pairs"):
                page.accounts.move(before, after)
        page.accounts.move([], [])
        assert way_up(page, agreement.id).accounts == (agreement, source)


def test_accounts_below_come_by_name(books: Books, source: Account, agreement: Account) -> None:
    names = ["part/p1/北京", "part/p1/a", "part/p1/B", "period/health/hie/2026-Q4", "person/x"]
    below = [replace(agreement, id=AccountId(name)) for name in names]
    with books.write() as page:
        page.accounts.open(source)
        page.accounts.open(replace(source, id=AccountId("source/other")))
        for account in below:
            page.accounts.open(account)
        page.accounts.open(replace(agreement, id=AccountId("deeper"), parent=below[0].id))
    with books.read() as page:
        assert page.accounts.below(source.id) == tuple(sorted(below, key=lambda one: one.id))
        assert [one.id for one in page.accounts.below(below[0].id)] == ["deeper"]
        assert page.accounts.below(AccountId("source/other")) == ()
        assert page.accounts.below(AccountId("source/none")) == ()
        assert page.accounts.below(AccountId("nul\0 and half of a pair \ud800")) == ()


amounts = st.fractions(min_value=0, max_value=10) | st.decimals(
    min_value=0, max_value=10, places=12
).map(Fraction)


@given(first=amounts, second=amounts, room=amounts)
def test_any_amounts_are_found_again_to_be_moved(
    tmp_path_factory: pytest.TempPathFactory, first: Fraction, second: Fraction, room: Fraction
) -> None:
    """A file compares text, so that each amount must be written in one way only."""
    name = AccountId(f"source/{next(NUMBERS)}")
    before = Account(name, None, Accounting.ZCDP, first + room, first)
    after = replace(before, cap=second + room, spent=second)
    path = tmp_path_factory.getbasetemp() / "amounts.db"
    with closing(SqliteBooks(path)) as books, books.write() as page:
        page.accounts.open(before)
        page.accounts.move([page.accounts.get(name)], [after])
        page.accounts.move([page.accounts.get(name)], [before])
        assert page.accounts.get(name) == before


def test_an_account_opens_once_and_below_one_that_stands(
    books: Books, source: Account, agreement: Account
) -> None:
    with books.write() as page:
        with pytest.raises(NotFound) as refusal:
            page.accounts.open(agreement)
        assert refusal.value.code == "books.unknown"
        page.accounts.open(source)
        with pytest.raises(Conflict) as conflict:
            page.accounts.open(replace(source, cap=Fraction(9)))
        assert conflict.value.code == "books.exists"
        assert page.accounts.get(source.id) == source
