"""Conversions follow OpenDP's exact curve and round against the asker."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sandbox.privacy.conversion import DIGITS, epsilon_of, rho_of
from sandbox.privacy.mechanisms import epsilon_at

DELTA = Fraction(1, 10**9)
epsilons = st.fractions(min_value=Fraction(1, 1000), max_value=100, max_denominator=1000)
deltas = st.sampled_from([Fraction(1, 10**n) for n in (5, 6, 9, 12)])


@settings(max_examples=25, deadline=None)
@given(epsilons, deltas)
def test_the_rho_of_an_epsilon_implies_that_epsilon(epsilon: Fraction, delta: Fraction) -> None:
    assert epsilon_at(rho_of(epsilon, delta), delta) <= epsilon


@settings(max_examples=25, deadline=None)
@given(epsilons, deltas)
def test_no_privacy_is_given_away_by_rounding(epsilon: Fraction, delta: Fraction) -> None:
    slightly_more = rho_of(epsilon, delta) * (1 + Fraction(2, 10 ** (DIGITS - 1)))
    assert epsilon_at(slightly_more, delta) > epsilon


@settings(max_examples=25, deadline=None)
@given(epsilons, deltas)
def test_there_and_back_never_flatters(epsilon: Fraction, delta: Fraction) -> None:
    back = epsilon_of(rho_of(epsilon, delta), delta)
    assert 0.999_999 * float(epsilon) <= float(back) <= float(epsilon) * (1 + 1e-8)


@pytest.mark.parametrize(
    ("epsilon", "delta", "rho"),
    [(1, 9, 0.01497), (2, 9, 0.05613), (4, 9, 0.2063), (1, 6, 0.02436)],
)
def test_known_points_of_the_exact_curve(epsilon: int, delta: int, rho: float) -> None:
    assert float(rho_of(Fraction(epsilon), Fraction(1, 10**delta))) == pytest.approx(rho, rel=3e-4)


def test_the_exact_curve_beats_the_textbook_formula() -> None:
    textbook = 0.01178  # rho + 2 sqrt(rho ln(1/delta)) = 1 at delta = 1e-9
    assert rho_of(Fraction(1), DELTA) > Fraction(textbook) * Fraction(6, 5)
