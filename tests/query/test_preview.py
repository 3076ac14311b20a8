"""A preview foretells what the engine that enforces would price."""

from dataclasses import replace
from fractions import Fraction

import pytest

from policies.load import load_policy
from policies.schema import Policy
from sandbox.model.cost import Accounting
from sandbox.privacy.price import cap_of, offer
from sandbox.query.accuracy import price_plan
from sandbox.query.compile import compile_question
from sandbox.query.estimate import forecast
from sandbox.query.preview import preview
from sandbox.query.schema import schema_of
from sandbox.wire import Question
from tests.support.town import POLICY

TEN = Fraction(10)
"""Answers a week."""


def policy(accounting: str, **changes: str) -> Policy:
    text = POLICY.replace("ACCOUNTING", accounting)
    for old, new in changes.items():
        text = text.replace(old, new)
    return load_policy(text.encode(), "policy.yaml")


@pytest.mark.parametrize("accounting", ["pure", "zcdp"])
def test_a_previewed_question_costs_and_errs_as_when_it_is_asked(accounting: str) -> None:
    known = policy(accounting)
    seen = preview(known, Fraction(1, 2), TEN)
    schema = schema_of(known)
    delta = known.privacy.budget.delta
    paid = offer(Accounting(accounting), delta, epsilon="0.5", rho=None)
    assert len(seen.questions) == 8
    for one in seen.questions:
        plan = compile_question(Question("town/clinic", sql=one.sql), schema)
        (output,) = forecast(price_plan(plan, schema, paid), None)
        assert output.half_width == one.half_width
    spent = paid.cost.spent_under(Accounting(accounting))
    cap = cap_of(Accounting(accounting), known.privacy.budget.epsilon, delta)
    assert seen.answers * spent <= cap < (seen.answers + 1) * spent
    assert seen.weeks == Fraction(seen.answers, 10)


def test_the_worst_case_is_that_of_the_whole_budget() -> None:
    assert preview(policy("pure"), None, TEN).guess == pytest.approx(0.8808, abs=1e-4)


def test_few_questions_are_better_off_with_pure_epsilon_and_many_with_rho() -> None:
    roomy = policy("pure")
    roomy = roomy.model_copy(
        update={
            "privacy": roomy.privacy.model_copy(
                update={"budget": roomy.privacy.budget.model_copy(update={"epsilon": Fraction(20)})}
            )
        }
    )
    few, many = (preview(roomy, None, rate) for rate in (Fraction(1, 20), Fraction(40)))
    assert (few.better, many.better) == ("pure", "zcdp")


def test_a_price_beside_the_policy_is_what_is_previewed() -> None:
    dear, cheap = (preview(policy("pure"), Fraction(one, 10), TEN) for one in (10, 1))
    assert dear.questions[0].half_width < cheap.questions[0].half_width
    assert cheap.answers == 10 * dear.answers
    assert replace(dear, epsilon=Fraction(1)) == dear
