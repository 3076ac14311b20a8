"""Released noise has the claimed distribution, and the test would notice a wrong scale."""

from collections import Counter
from fractions import Fraction
from itertools import pairwise
from math import exp

import pytest
from scipy import stats

from sandbox.model.bounded_sum import BoundedSum
from sandbox.model.cost import Accounting
from sandbox.model.names import AgreementId, ColumnName, DatasetName, SnapshotId, SubmissionId
from sandbox.model.plan import Measure, MeasureKind, Part, PartKind, Plan
from sandbox.model.schema import Schema
from sandbox.model.submission import Noise, NoiseKind, Reservation
from sandbox.privacy.door import measure
from sandbox.privacy.noise import half_width
from sandbox.privacy.price import offer, price

RELEASES = 20_000
BINS = 24
PASSES = 1e-6
"""p-value below which the claimed scale would be rejected: one false alarm in a million runs."""

PARTS = {
    "count": Part(PartKind.ROWS),
    "present": Part(PartKind.PRESENT, ColumnName("pay")),
    "people": Part(PartKind.PEOPLE),
    "sum": Part(PartKind.SUM, ColumnName("pay")),
    "centred sum of a mean": Part(PartKind.SUM, ColumnName("pay"), centre=15),
}


def released_noise(
    part: Part, schema: Schema, accounting: Accounting, groups: tuple[str, ...]
) -> tuple[Noise, list[int]]:
    """Push known totals through the real door and subtract them again."""
    plan = Plan(
        DatasetName("a/b"),
        None,
        tuple(ColumnName(name) for name in groups),
        (Measure("x", MeasureKind.COUNT),),
    )
    paid = offer(accounting, Fraction(1, 10**9), epsilon="1", rho=None)
    priced = price(plan, schema, (part,), paid)
    exact = [(-1) ** i * i for i in range(RELEASES)]
    total = BoundedSum(priced.parts, priced.sensitivities, (exact,))
    debit = Reservation(SubmissionId("s"), AgreementId("a"), SnapshotId("n"), priced.cost, debit=0)
    noisy = measure(total, priced, debit).values[0]
    return priced.noises[0], [after - before for after, before in zip(noisy, exact, strict=True)]


def p_value(noise: Noise, drawn: list[int], factor: float) -> float:
    """Chi-squared test against the exact probability mass of the claimed noise, scale * factor."""
    claimed = Noise(noise.kind, noise.scale * factor)
    cumulative = cumulative_mass(claimed)
    cuts = sorted({quantile(cumulative, i / BINS) for i in range(1, BINS)})
    counted = Counter(sum(value > cut for cut in cuts) for value in drawn)
    edges = [0.0, *(cumulative[cut] for cut in cuts), 1.0]
    expected = [(b - a) * len(drawn) for a, b in pairwise(edges)]
    return float(stats.chisquare([counted[i] for i in range(len(expected))], expected).pvalue)


def cumulative_mass(noise: Noise) -> dict[int, float]:
    reach = int(12 * noise.scale) + 3
    if noise.kind is NoiseKind.GAUSSIAN:
        mass = {x: exp(-(x**2) / (2 * noise.scale**2)) for x in range(-reach, reach + 1)}
    else:
        mass = {x: exp(-abs(x) / noise.scale) for x in range(-3 * reach, 3 * reach + 1)}
    total, running, cumulative = sum(mass.values()), 0.0, {}
    for x, weight in mass.items():
        running += weight
        cumulative[x] = min(1.0, running / total)
    return cumulative


def quantile(cumulative: dict[int, float], level: float) -> int:
    return next(x for x, mass in cumulative.items() if mass >= level)


@pytest.mark.slow
@pytest.mark.parametrize("groups", [(), ("site", "sex")], ids=["whole", "grouped"])
@pytest.mark.parametrize("accounting", Accounting)
@pytest.mark.parametrize("name", PARTS)
def test_20000_releases_fit_the_claimed_scale_and_no_other(
    name: str, accounting: Accounting, groups: tuple[str, ...], schema: Schema
) -> None:
    noise, drawn = released_noise(PARTS[name], schema, accounting, groups)
    assert p_value(noise, drawn, 1.0) > PASSES
    assert p_value(noise, drawn, 1.3) < PASSES
    assert p_value(noise, drawn, 0.77) < PASSES


@pytest.mark.slow
@pytest.mark.parametrize("accounting", Accounting)
def test_95_percent_half_widths_hold_95_percent_of_the_noise(
    accounting: Accounting, schema: Schema
) -> None:
    noise, drawn = released_noise(PARTS["sum"], schema, accounting, ())
    within = sum(abs(value) <= half_width(noise) for value in drawn) / len(drawn)
    assert 0.94 < within < 0.96


@pytest.mark.parametrize("scale", [0.3, 1.0, 2.5, 17.0, 49.9, 50.1, 400.0])
@pytest.mark.parametrize("kind", [NoiseKind.GAUSSIAN, NoiseKind.LAPLACE])
def test_a_half_width_is_the_least_that_holds_95_percent(kind: NoiseKind, scale: float) -> None:
    noise = Noise(kind, scale)
    cumulative = cumulative_mass(noise)
    steps = int(half_width(noise))
    slack = 2e-3 if scale > 50 else 1e-12  # the normal quantile stands in for wide Gaussians

    def held(t: int) -> float:
        return cumulative[t] - cumulative[-t - 1]

    assert held(steps + (scale > 50)) >= 0.95 - slack
    assert steps == 0 or held(steps - 1) < 0.95 + slack
