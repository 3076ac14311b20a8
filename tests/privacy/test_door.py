"""The door opens only for the sum that was priced, at the price that was paid."""

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sandbox.errors import BadInput
from sandbox.model.bounded_sum import BoundedSum, Sensitivity
from sandbox.model.cost import Accounting, PrivacyCost
from sandbox.model.names import AgreementId, ColumnName, DatasetName, SnapshotId, SubmissionId
from sandbox.model.plan import Measure, MeasureKind, Part, PartKind, Plan
from sandbox.model.schema import Column, Lattice, Schema
from sandbox.model.submission import Noise, NoiseKind, PricedPlan, Reservation
from sandbox.privacy.door import DoorClosed, measure
from sandbox.privacy.mechanisms import loss, noise_within
from sandbox.privacy.price import offer, price

DELTA = Fraction(1, 10**9)
SCHEMA = Schema(
    unit=ColumnName("person"),
    max_rows=5,
    columns=(
        Column(ColumnName("pay"), frozenset({"measure"}), lattice=Lattice(-3, 7, Fraction(1))),
    ),
)
PLAN = Plan(DatasetName("a/b"), None, (), (Measure("count", MeasureKind.COUNT),))
PARTS = (
    Part(PartKind.ROWS),
    Part(PartKind.PEOPLE),
    Part(PartKind.SUM, ColumnName("pay"), centre=2),
)
VALUES = ((10,), (5,), (-4,))


def priced(accounting: Accounting, epsilon: str = "1") -> PricedPlan:
    return price(PLAN, SCHEMA, PARTS, offer(accounting, DELTA, epsilon=epsilon, rho=None))


def paid(plan: PricedPlan, cost: PrivacyCost | None = None) -> Reservation:
    return Reservation(
        SubmissionId("s"), AgreementId("a"), SnapshotId("n"), cost or plan.cost, debit=7
    )


def total(plan: PricedPlan) -> BoundedSum:
    return BoundedSum(plan.parts, plan.sensitivities, VALUES)


@pytest.mark.parametrize("accounting", Accounting)
def test_what_leaves_has_the_shape_that_went_in(accounting: Accounting) -> None:
    plan = priced(accounting)
    left = measure(total(plan), plan, paid(plan))
    assert [len(vector) for vector in left.values] == [1, 1, 1]
    assert all(isinstance(value, int) for vector in left.values for value in vector)


def test_another_debit_does_not_open_the_door() -> None:
    plan = priced(Accounting.PURE)
    with pytest.raises(DoorClosed) as closed:
        measure(total(plan), plan, paid(plan, PrivacyCost.pure(Fraction(1, 2))))
    assert closed.value.code == "door.mismatch"


def test_noise_that_was_thinned_on_the_way_does_not_pass() -> None:
    plan = priced(Accounting.ZCDP)
    thinner = tuple(replace(noise, scale=noise.scale * 0.999) for noise in plan.noises)
    forged = replace(plan, noises=thinner)
    with pytest.raises(DoorClosed) as closed:
        measure(total(plan), forged, paid(forged))
    assert closed.value.code == "door.underpaid"


def test_a_sum_that_is_less_bounded_than_priced_does_not_pass() -> None:
    plan = priced(Accounting.ZCDP)
    wider = (Sensitivity(6, 36), *plan.sensitivities[1:])
    with pytest.raises(DoorClosed):
        measure(replace(total(plan), sensitivities=wider), plan, paid(plan))


@settings(max_examples=200, deadline=None)
@given(
    st.sampled_from(NoiseKind),
    st.integers(1, 2**41),
    st.fractions(min_value=Fraction(1, 10**6), max_value=100, max_denominator=10**9),
)
def test_the_least_noise_stays_within_its_budget_and_wastes_none(
    kind: NoiseKind, reach: int, budget: Fraction
) -> None:
    bound = Sensitivity(reach, reach**2, linf=reach)
    noise = noise_within(kind, bound, budget)
    assert loss(noise, bound) <= budget
    assert loss(Noise(kind, noise.scale * (1 - 1e-9)), bound) > budget


@pytest.mark.parametrize(
    ("epsilon", "code"),
    [
        ("0", "cost.out_of_range"),
        ("-1", "cost.out_of_range"),
        ("1e300", "cost.out_of_range"),
        ("1e-20", "cost.out_of_range"),
        ("1e-300", "cost.not_decimal"),
        ("1/3", "cost.not_decimal"),
        ("NaN", "number.malformed"),
        ("", "number.malformed"),
    ],
)
def test_absurd_prices_are_refused_with_a_code(epsilon: str, code: str) -> None:
    with pytest.raises(BadInput) as refused:
        offer(Accounting.ZCDP, DELTA, epsilon=epsilon, rho=None)
    assert refused.value.code == code


def test_a_price_is_named_once() -> None:
    for both in ({"epsilon": "1", "rho": "1"}, {"epsilon": None, "rho": None}):
        with pytest.raises(BadInput):
            offer(Accounting.ZCDP, DELTA, **both)


def test_a_pure_source_takes_no_rho() -> None:
    with pytest.raises(BadInput) as refused:
        offer(Accounting.PURE, DELTA, epsilon=None, rho="0.1")
    assert refused.value.code == "cost.rho"
