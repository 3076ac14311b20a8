"""The clause on emergencies: questions with names, free columns and an epsilon each."""

from collections.abc import Callable
from fractions import Fraction

import pytest

from policies.load import PolicyError, load_policy

Complain = Callable[[str | bytes], tuple[PolicyError, ...]]

TRANCHE = "  emergency: {epsilon: 0.5}\n"
QUESTIONS = """\
  emergency:
    epsilon: 0.5
    questions:
      - name: stays-by-site
        sql: SELECT site, COUNT(*) FROM stays WHERE age >= 40 GROUP BY site
        parameters: [age]
        epsilon: 0.1
      - name: 费用
        sql: |
          SELECT SUM(cost)
          FROM stays
        epsilon: 0.5
"""


@pytest.fixture
def approving(full: str) -> str:
    """A policy that approves two questions."""
    assert full.count(TRANCHE) == 1
    return full.replace(TRANCHE, QUESTIONS)


def test_questions_are_read_in_their_order(approving: str) -> None:
    emergency = load_policy(approving).privacy.emergency
    assert emergency is not None
    first, second = emergency.questions
    assert (first.name, first.parameters, first.epsilon) == (
        "stays-by-site",
        ("age",),
        Fraction(1, 10),
    )
    assert (second.name, second.parameters, second.epsilon) == ("费用", (), Fraction(1, 2))
    assert second.sql == "SELECT SUM(cost)\nFROM stays\n"


def test_a_tranche_may_have_no_question(full: str) -> None:
    emergency = load_policy(full).privacy.emergency
    assert emergency is not None
    assert emergency.questions == ()


FAULTS = [
    # what stands there, what is written instead, code, clause below the questions
    ("name: 费用", "name: stays-by-site", "repeated", "1.name"),
    ("name: 费用", 'name: ""', "length", "1.name"),
    ("name: 费用", "name: [a]", "type", "1.name"),
    ("name: 费用", f"name: {'n' * 129}", "length", "1.name"),
    ("parameters: [age]", "parameters: [ghost]", "parameter", "0.parameters.0"),
    ("parameters: [age]", "parameters: [age, person]", "parameter", "0.parameters.1"),
    ("parameters: [age]", "parameters: [cost]", "parameter", "0.parameters.0"),
    ("parameters: [age]", "parameters: age", "type", "0.parameters"),
    ("parameters: [age]", f"parameters: [{'age, ' * 20}age]", "length", "0.parameters"),
    ("epsilon: 0.1", "epsilon: 0.51", "cap", "0.epsilon"),
    ("epsilon: 0.1", "epsilon: 0", "range", "0.epsilon"),
    ("epsilon: 0.1", "epsilom: 0.1", "unknown_clause", "0.epsilom"),
    ("sql: SELECT site", f"sql: {'x' * 4000} SELECT site", "length", "0.sql"),
    ("sql: SELECT site", 'sql: "" #', "length", "0.sql"),
]


@pytest.mark.parametrize(("old", "new", "code", "clause"), FAULTS)
def test_one_slip_is_reported_under_its_clause(
    approving: str, complain: Complain, old: str, new: str, code: str, clause: str
) -> None:
    assert approving.count(old) == 1
    errors = complain(approving.replace(old, new))
    assert (f"policy.{code}", f"privacy.emergency.questions.{clause}") in [
        (error.code, error.clause) for error in errors
    ]
    lines = approving.replace(old, new).splitlines()
    assert all(
        lines[error.line - 1].lstrip("- ").startswith(clause.split(".")[1])
        for error in errors
        if error.code != "policy.missing_clause"
    )


def test_a_question_may_not_cost_more_than_one_submission(
    approving: str, complain: Complain
) -> None:
    policy = approving.replace("per_submission: {epsilon: 1}", "per_submission: {epsilon: 0.4}")
    (error,) = complain(policy)
    assert (error.code, error.clause) == (
        "policy.cap",
        "privacy.emergency.questions.1.epsilon",
    )


def test_no_more_than_fifty_questions(approving: str, complain: Complain) -> None:
    another = "      - {name: NAME, sql: SELECT COUNT(*) FROM stays, epsilon: 0.1}\n"
    more = "".join(another.replace("NAME", f"n{number}") for number in range(49))
    (error,) = complain(approving.replace(QUESTIONS, QUESTIONS + more))
    assert (error.code, error.clause) == ("policy.length", "privacy.emergency.questions")
