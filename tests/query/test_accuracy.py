"""Accuracy first: the price that is found meets the aim, and a thousandth less would not."""

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from sandbox.errors import BadInput
from sandbox.model.cost import Accounting, PrivacyCost
from sandbox.model.schema import Schema
from sandbox.privacy.price import Offer, offer
from sandbox.query.accuracy import Aim, aim_of, cheapest, hopeless, price_plan
from sandbox.query.compile import compile_question
from sandbox.query.estimate import forecast
from sandbox.wire import MeasureMessage, Question

DELTA = Fraction(1, 10**9)
COUNT = Question("health/hie", group_by=("site",), measures=(MeasureMessage("count"),))
MEAN = Question("health/hie", measures=(MeasureMessage("mean", "age"), MeasureMessage("people")))
MEASURES = st.lists(
    st.sampled_from(
        [
            MeasureMessage("count"),
            MeasureMessage("people"),
            MeasureMessage("sum", "age"),
            MeasureMessage("mean", "age"),
        ]
    ),
    min_size=1,
    max_size=3,
    unique=True,
)


def widths(question: Question, schema: Schema, paid: Offer) -> list[float]:
    priced = price_plan(compile_question(question, schema), schema, paid)
    return [one.half_width for one in forecast(priced, 20_000)]


@settings(max_examples=30)
@given(
    measures=MEASURES,
    accounting=st.sampled_from(Accounting),
    aim=st.builds(Fraction, st.integers(1, 400), st.sampled_from([1, 10])),
)
def test_the_cheapest_price_meets_the_aim_and_little_less_does_not(
    measures: list[MeasureMessage], accounting: Accounting, aim: Fraction, schema: Schema
) -> None:
    question = Question("health/hie", measures=tuple(measures))
    plan = compile_question(question, schema)
    best = offer(accounting, DELTA, epsilon="99", rho=None)
    assume(max(widths(question, schema, best)) <= aim)
    paid = cheapest(plan, schema, (accounting, DELTA), Aim(aim, relative=False), 20_000)
    assert max(widths(question, schema, paid)) <= aim
    less = replace(paid, cost=_less(paid))
    least = offer(accounting, DELTA, epsilon="0.001", rho=None)
    floor = least.cost.rho * Fraction(101, 100)
    assert max(widths(question, schema, less)) > aim or paid.cost.rho <= floor


def _less(paid: Offer) -> PrivacyCost:
    spent = paid.cost.spent_under(paid.accounting) * Fraction(99, 100)
    if paid.accounting is Accounting.PURE:
        return PrivacyCost.pure(spent)
    return PrivacyCost(spent)


def test_what_no_price_buys_is_refused(schema: Schema) -> None:
    plan = compile_question(COUNT, schema)
    aim = Aim(Fraction(1, 10**6), relative=False)
    with pytest.raises(BadInput) as refused:
        cheapest(plan, schema, (Accounting.ZCDP, DELTA), aim, None)
    assert refused.value.code == "accuracy.out_of_reach"


def test_a_relative_aim_is_a_share_of_the_cell(schema: Schema) -> None:
    plan = compile_question(COUNT, schema)
    terms = Accounting.PURE, DELTA
    half = cheapest(plan, schema, terms, Aim(Fraction(33), relative=False), 19_800)
    share = cheapest(plan, schema, terms, Aim(Fraction(1, 100), relative=True), 19_800)
    assert half == share  # 19,800 rows over six sites are 3,300 a site


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"accuracy": "0"}, "accuracy.out_of_range"),
        ({"accuracy": "-3"}, "accuracy.out_of_range"),
        ({"relative": True}, "accuracy.out_of_range"),
        ({"accuracy": "3", "epsilon": "1"}, "accuracy.and_price"),
        ({"accuracy": "3", "rho": "1"}, "accuracy.and_price"),
        ({"accuracy": "nan"}, "number.malformed"),
    ],
)
def test_what_is_no_accuracy_is_refused(changes: dict[str, object], code: str) -> None:
    with pytest.raises(BadInput) as refused:
        aim_of(replace(COUNT, **changes))  # type: ignore[arg-type]  # a test's own choice
    assert refused.value.code == code


def test_hopeless_numbers_are_named_and_no_others(schema: Schema) -> None:
    def named(question: Question, epsilon: str, rows: int | None) -> tuple[str, ...]:
        paid = offer(Accounting.PURE, DELTA, epsilon=epsilon, rho=None)
        return hopeless(price_plan(compile_question(question, schema), schema, paid), rows)

    assert named(MEAN, "1", 20_000) == ()
    assert named(MEAN, "0.001", 5_000) == ("mean_age", "people")
    assert named(MEAN, "0.001", None) == ("mean_age",)
    assert named(COUNT, "0.001", None) == ()
