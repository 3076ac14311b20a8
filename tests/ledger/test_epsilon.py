"""The auditor's epsilon is the library's, found without the library."""

from fractions import Fraction
from math import isclose, log, sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.ledger.epsilon import epsilon_of
from sandbox.privacy import conversion

rhos = st.fractions(Fraction(1, 10**6), Fraction(50), max_denominator=10**6)
deltas = st.sampled_from([Fraction(1, 10**digits) for digits in (4, 6, 9, 12)])


@given(rhos, deltas)
def test_it_agrees_with_opendp(rho: Fraction, delta: Fraction) -> None:
    theirs = float(conversion.epsilon_of(rho, delta))
    assert isclose(epsilon_of(rho, delta), theirs, rel_tol=2e-8)


@given(rhos, deltas)
def test_it_is_no_worse_than_the_textbook_bound(rho: Fraction, delta: Fraction) -> None:
    """Bun, Steinke 2016, proposition 1.3."""
    textbook = float(rho) + 2 * sqrt(float(rho) * -log(float(delta)))
    assert 0 < epsilon_of(rho, delta) <= textbook * (1 + 1e-9)


@given(rhos, rhos, deltas)
def test_more_rho_is_more_epsilon(less: Fraction, more: Fraction, delta: Fraction) -> None:
    low, high = sorted((less, more))
    assert epsilon_of(low, delta) <= epsilon_of(high, delta) * (1 + 1e-9)


def test_nothing_spent_is_nothing_lost() -> None:
    assert epsilon_of(Fraction(0), Fraction(1, 10**9)) == 0


@pytest.mark.parametrize("rho", [Fraction(10**400), Fraction(10**300), Fraction(1, 10**400)])
def test_absurd_amounts_do_not_end_an_audit(rho: Fraction) -> None:
    assert epsilon_of(rho, Fraction(1, 10**9)) > 0


@pytest.mark.parametrize(("rho", "delta"), [("-1", "0.1"), ("1", "0"), ("1", "1")])
def test_what_makes_no_sense_is_refused(rho: str, delta: str) -> None:
    with pytest.raises(ValueError, match="rho >= 0"):
        epsilon_of(Fraction(rho), Fraction(delta))
