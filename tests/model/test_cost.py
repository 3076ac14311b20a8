"""Costs are exact, read strictly and written exactly."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.errors import BadInput
from sandbox.model.account import Account, agreement_account
from sandbox.model.cost import Accounting, PrivacyCost, fraction, text
from sandbox.model.names import AgreementId

parts = st.fractions(min_value=0, max_value=100, max_denominator=10**9)


@given(st.fractions(max_denominator=10**12))
def test_writing_and_reading_a_number_changes_nothing(value: Fraction) -> None:
    assert fraction(text(value), "rho") == value


@given(parts, parts, parts)
def test_pure_costs_add_up_like_their_epsilons(a: Fraction, b: Fraction, c: Fraction) -> None:
    total = PrivacyCost.pure(a) + PrivacyCost.pure(b) + PrivacyCost.pure(c)
    assert total.epsilon == a + b + c
    assert total.rho == (a**2 + b**2 + c**2) / 2


def test_a_sum_with_a_gaussian_cost_is_no_longer_pure() -> None:
    mixed = PrivacyCost.pure(Fraction(1)) + PrivacyCost(Fraction(1, 10))
    assert mixed.epsilon is None
    with pytest.raises(ValueError, match="pure"):
        mixed.spent_under(Accounting.PURE)


@pytest.mark.parametrize(
    "written",
    [
        *("", "nan", "NaN", "inf", "-inf", "1e", "1e999", "1e999999999", "0x10", "1_000", "1/0"),
        *("\u0661", "½", "1 ", "1\n", "9" * 81, "1/00", "1/2/3", "--1"),
    ],
)
def test_what_is_not_a_plain_finite_number_is_refused_with_its_place(written: str) -> None:
    with pytest.raises(BadInput) as refused:
        fraction(written, "epsilon")
    assert refused.value.code == "number.malformed"
    assert refused.value.place is not None
    assert refused.value.place.clause == "epsilon"


def test_a_number_with_absurdly_many_decimals_is_written_all_the_same() -> None:
    tiny = Fraction(1, 2**6200)
    assert Fraction(text(tiny)) == tiny


def test_no_cost_is_negative() -> None:
    with pytest.raises(ValueError, match="never negative"):
        PrivacyCost(Fraction(-1, 10**12))


def test_no_account_exists_overdrawn() -> None:
    name = agreement_account(AgreementId("a"))
    with pytest.raises(ValueError, match="spent <= cap"):
        Account(
            name, None, Accounting.PURE, cap=Fraction(1), spent=Fraction(1) + Fraction(1, 10**30)
        )


def test_an_account_fits_a_cost_to_the_last_digit() -> None:
    account = Account(
        agreement_account(AgreementId("a")), None, Accounting.PURE, Fraction(1), Fraction(2, 3)
    )
    assert account.fits(PrivacyCost.pure(Fraction(1, 3)))
    assert not account.fits(PrivacyCost.pure(Fraction(1, 3) + Fraction(1, 10**30)))
