"""A policy below the legal floor of its grade does not load."""

from collections.abc import Callable
from fractions import Fraction
from itertools import pairwise

import pytest

from policies.classes import Grade
from policies.floor import FLOORS
from policies.load import PolicyError, load_policy

Complain = Callable[[str | bytes], tuple[PolicyError, ...]]


def drafted(valid: str, grade: Grade, epsilon: Fraction, delta: Fraction, people: int) -> str:
    """Write a policy of a grade with a budget and a contributor threshold."""
    return (
        valid.replace("grade: L3", f"grade: {grade}")
        .replace(
            "budget: {epsilon: 4, delta: 1e-9}", f"budget: {{epsilon: {epsilon}, delta: {delta}}}"
        )
        .replace("per_agreement: {epsilon: 2}", "per_agreement: {epsilon: 1}")
        .replace("min_contributors: 10", f"min_contributors: {people}")
    )


@pytest.mark.parametrize("grade", Grade)
def test_a_policy_exactly_at_the_floor_loads(valid: str, grade: Grade) -> None:
    floor = FLOORS[grade]
    text = drafted(valid, grade, floor.epsilon, floor.delta, floor.contributors)
    assert load_policy(text).grade is grade


@pytest.mark.parametrize("grade", Grade)
def test_each_figure_just_below_the_floor_is_refused_under_its_clause(
    valid: str, complain: Complain, grade: Grade
) -> None:
    floor = FLOORS[grade]
    more = floor.epsilon + Fraction(1, 1000)
    worse = min(floor.delta * 2, Fraction(1, 10**5))
    errors = complain(drafted(valid, grade, more, worse, floor.contributors - 1))
    clauses = {"privacy.budget.epsilon", "lanes.reviewed.min_contributors"}
    if worse > floor.delta:
        clauses.add("privacy.budget.delta")
    assert {error.clause for error in errors} == clauses
    assert {error.code for error in errors} == {"policy.floor"}
    assert all(grade in error.message for error in errors)


def test_a_higher_grade_never_has_a_lower_floor() -> None:
    floors = [FLOORS[grade] for grade in sorted(Grade)]
    for lower, higher in pairwise(floors):
        assert higher.epsilon <= lower.epsilon
        assert higher.delta <= lower.delta
        assert higher.contributors >= lower.contributors
