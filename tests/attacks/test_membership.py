"""A3, A7, A8: differencing, an audit of epsilon, membership: is this one person in the data?

The attacker knows everything else, picks the person out with a filter, and sees the released
number. Neyman and Pearson's best test on it must not beat what the claimed epsilon allows.
"""

from fractions import Fraction
from math import exp, log, sqrt

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats

from sandbox.model.bounded_sum import BoundedSum, Sensitivity
from sandbox.model.cost import Accounting
from sandbox.model.names import AgreementId, ColumnName, DatasetName, SnapshotId, SubmissionId
from sandbox.model.plan import Measure, MeasureKind, Part, PartKind, Plan
from sandbox.model.schema import Schema
from sandbox.model.submission import Noise, PricedPlan, Reservation
from sandbox.privacy.door import measure
from sandbox.privacy.mechanisms import add_noise
from sandbox.privacy.price import offer, price

RUNS = 20_000
Sample = NDArray[np.int64]
TAIL = 1e-7
"""Chance that a bound is wrong on one side: pure noise reaches its epsilon, so bounds are near."""
PARTS = (
    Part(PartKind.ROWS),
    Part(PartKind.PEOPLE),
    Part(PartKind.SUM, ColumnName("pay")),
)


def priced(part: Part, schema: Schema, accounting: Accounting, epsilon: str) -> PricedPlan:
    plan = Plan(DatasetName("a/b"), None, (), (Measure("x", MeasureKind.COUNT),))
    return price(
        plan, schema, (part,), offer(accounting, Fraction(1, 10**5), epsilon=epsilon, rho=None)
    )


def released(plan: PricedPlan, exact: int) -> Sample:
    total = BoundedSum(plan.parts, plan.sensitivities, ([exact] * RUNS,))
    debit = Reservation(SubmissionId("s"), AgreementId("a"), SnapshotId("n"), plan.cost, debit=0)
    return np.array(measure(total, plan, debit).values[0])


def rates(out: Sample, there: Sample, threshold: int) -> tuple[float, float]:
    return float(np.mean(there > threshold)), float(np.mean(out > threshold))


def audited_epsilon(out: Sample, there: Sample, threshold: int, delta: float) -> float:
    """Give the Clopper-Pearson lower bound of the epsilon that the outputs betray."""
    hits, alarms = int(np.sum(there > threshold)), int(np.sum(out > threshold))
    true_rate = stats.beta.ppf(TAIL, hits, RUNS - hits + 1) if hits else 0.0
    false_rate = stats.beta.ppf(1 - TAIL, alarms + 1, RUNS - alarms)
    return log(max(true_rate - delta, 1e-12) / false_rate)


@pytest.mark.slow
@pytest.mark.parametrize("epsilon", ["0.1", "0.5", "1", "2"])
@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.kind.value)
@pytest.mark.parametrize("accounting", Accounting)
def test_nobody_tells_one_person_better_than_epsilon_allows(
    accounting: Accounting, part: Part, epsilon: str, schema: Schema
) -> None:
    plan = priced(part, schema, accounting, epsilon)
    reach = plan.sensitivities[0].l1
    out, there = released(plan, 1000), released(plan, 1000 + reach)
    claim = float(epsilon)
    allowed = (exp(claim) - 1) / (exp(claim) + 1)
    true_rate, false_rate = rates(out, there, 1000 + reach // 2)
    assert true_rate - false_rate <= allowed + 3 * sqrt(0.5 / RUNS)
    for threshold in (1000, 1000 + reach // 2, 1000 + reach):
        assert audited_epsilon(out, there, threshold, 1e-5) <= claim


def test_the_audit_notices_noise_of_half_the_scale(schema: Schema) -> None:
    plan = priced(Part(PartKind.SUM, ColumnName("pay")), schema, Accounting.PURE, "1")
    bound: Sensitivity = plan.sensitivities[0]
    thin = Noise(plan.noises[0].kind, plan.noises[0].scale / 2)
    out = np.array(add_noise(thin, [0] * RUNS))
    there = np.array(add_noise(thin, [bound.l1] * RUNS))
    assert audited_epsilon(out, there, bound.l1, 0) > 1
