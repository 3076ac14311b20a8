"""The running sum of an account is the sum of fractions, whatever is added and given back."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from sandbox.ledger.balance import TOO_LONG, Account
from sandbox.ledger.records import Stated

AMOUNTS = st.lists(st.fractions(max_denominator=10**6))


def stated(amount: Fraction) -> Stated:
    return Stated(*amount.as_integer_ratio())


@given(AMOUNTS, st.fractions())
def test_a_running_sum_is_the_sum_of_fractions(amounts: list[Fraction], cap: Fraction) -> None:
    account = Account("source/people", cap)
    for amount in amounts:
        account.move(amount)
    total = sum(amounts, Fraction(0))
    assert account.spent == total
    assert account.left == cap - total
    assert (account.rest < 0) == (total > cap)
    assert account.has_spent(stated(total))
    assert not account.has_spent(stated(total + Fraction(1, 10**12)))
    assert not account.has_spent(None)


@given(AMOUNTS, st.fractions(max_denominator=10**6))
def test_what_is_given_back_leaves_nothing_behind(amounts: list[Fraction], extra: Fraction) -> None:
    account = Account("source/people", Fraction(1))
    for amount in amounts:
        account.move(amount)
    before = account.spent
    account.move(extra)
    account.move(-extra)
    assert account.spent == before


def test_a_sum_too_long_to_be_stated_is_not_held_against_what_comes_after() -> None:
    account = Account("source/people", Fraction(1))
    for number in range(50):
        long = Fraction(1, TOO_LONG + 2 * number + 1)
        account.move(long)
        assert not account.can_be_stated()
        account.move(-long)
        assert account.can_be_stated()
        assert account.below == 1
    account.move(Fraction(1, 3))
    assert account.has_spent(Stated(2, 6))


def test_a_long_sum_that_reduces_to_a_short_one_can_be_stated() -> None:
    account = Account("source/people", Fraction(1))
    for number in range(5):
        long = Fraction(1, 10**600 + 2 * number + 1)
        account.move(long)
        account.move(-long)
    account.move(Fraction(1, 4))
    assert account.can_be_stated()
    assert account.spent == Fraction(1, 4)


@given(*[st.fractions()] * 4)
def test_what_is_left_is_compared_exactly(
    cap: Fraction, spent: Fraction, other_cap: Fraction, other_spent: Fraction
) -> None:
    one, other = Account("source/people", cap), Account("emergency/people", other_cap)
    one.move(spent)
    other.move(other_spent)
    assert one.has_less_left_than(other) == (cap - spent < other_cap - other_spent)
    assert not one.has_less_left_than(one)
