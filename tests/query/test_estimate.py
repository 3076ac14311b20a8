"""Answers are noisy integers in the column's unit, with intervals that hold as they say."""

import json
from collections.abc import Callable, Sequence
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sandbox.model.bounded_sum import Sensitivity
from sandbox.model.cost import Accounting, PrivacyCost
from sandbox.model.plan import Plan
from sandbox.model.schema import Lattice, Schema
from sandbox.model.submission import Measurement, Noise, NoiseKind, PricedPlan
from sandbox.privacy.noise import half_width
from sandbox.query.compile import compile_question
from sandbox.query.estimate import estimate, forecast
from sandbox.query.mean import NoisyMean
from sandbox.query.parts import parts_of
from sandbox.wire import Question

GAUSSIAN, LAPLACE = NoiseKind.GAUSSIAN, NoiseKind.LAPLACE
LATTICE = Lattice(0, 2000, Fraction(1, 100))


def priced(plan: Plan, schema: Schema, kind: NoiseKind, scale: float) -> PricedPlan:
    parts = parts_of(plan, schema)
    return PricedPlan(
        plan=plan,
        schema=schema,
        accounting=Accounting.ZCDP if kind is GAUSSIAN else Accounting.PURE,
        parts=parts,
        sensitivities=(Sensitivity(1, 1),) * len(parts),
        noises=(Noise(kind, scale),) * len(parts),
        cost=PrivacyCost(Fraction(1)),
        epsilon=Fraction(1),
        delta=Fraction(0),
    )


def answer(one: PricedPlan, *vectors: Sequence[int]) -> dict[str, tuple[object, ...]]:
    values = tuple(tuple(vector) for vector in vectors)
    columns = estimate(one, Measurement(one.parts, one.noises, values))
    return {column.name: column.values for column in columns}


def test_an_answer_has_keys_then_estimates_each_with_its_half_width(
    compiled: Callable[[str], Plan], schema: Schema
) -> None:
    plan = compiled("SELECT lone, limit, COUNT(*) AS n, SUM(meddol) FROM hie GROUP BY lone, limit")
    one = priced(plan, schema, GAUSSIAN, 10)
    columns = estimate(one, Measurement(one.parts, one.noises, ((7,) * 11, (-150,) * 11)))
    assert [(column.name, column.role) for column in columns] == [
        ("lone", "key"),
        ("limit", "key"),
        ("n", "estimate"),
        ("n_half_width", "half_width"),
        ("sum_meddol", "estimate"),
        ("sum_meddol_half_width", "half_width"),
    ]
    assert columns[1].values == tuple(range(0, 55, 5))
    assert {len(column.values) for column in columns} == {11}


def test_counts_and_sums_are_left_as_measured_in_the_columns_unit(
    compiled: Callable[[str], Plan], schema: Schema
) -> None:
    plan = compiled("SELECT COUNT(*), COUNT(DISTINCT person), SUM(meddol), COUNT(age) FROM hie")
    one = priced(plan, schema, GAUSSIAN, 10)
    width = half_width(one.noises[0])
    assert answer(one, [-3], [4], [-150], [6]) == {
        "count": (-3,),
        "count_half_width": (width,),
        "people": (4,),
        "people_half_width": (width,),
        "sum_meddol": (-1.5,),
        "sum_meddol_half_width": (width / 100,),
        "count_age": (6,),
        "count_age_half_width": (width,),
    }


def test_measures_read_the_parts_that_they_share(
    compiled: Callable[[str], Plan], schema: Schema
) -> None:
    plan = compiled("SELECT AVG(age), COUNT(age), AVG(age) AS again FROM hie")
    result = answer(priced(plan, schema, GAUSSIAN, 0.01), [100], [50])
    assert result["mean_age"] == result["again"] == (34.0,)
    assert result["count_age"] == (50,)


@pytest.mark.parametrize("kind", [GAUSSIAN, LAPLACE])
def test_without_noise_to_speak_of_a_mean_is_exact(kind: NoiseKind) -> None:
    noise = Noise(kind, 0.001)
    mean, width = NoisyMean.of(LATTICE, noise, noise).estimate(-500, 100)
    assert mean == pytest.approx((1000 - 5) / 100)
    assert width == pytest.approx(0, abs=0.001)


@pytest.mark.parametrize("kind", [GAUSSIAN, LAPLACE])
@pytest.mark.parametrize("count", [-5, 0, 3, 19])
def test_a_mean_over_perhaps_nobody_may_be_anything_within_bounds(
    kind: NoiseKind, count: int
) -> None:
    noise = Noise(kind, 10)
    mean, width = NoisyMean.of(LATTICE, noise, noise).estimate(count * 900, count)
    assert mean == (19 if count > 0 else 10)
    assert width == (19 if count > 0 else 10)


@settings(deadline=None)
@given(
    total=st.integers(-(10**18), 10**18),
    present=st.integers(-(10**9), 10**9),
    scale=st.floats(0.01, 1e9),
    kind=st.sampled_from([GAUSSIAN, LAPLACE]),
)
def test_means_and_their_intervals_stay_in_bounds_and_are_finite(
    total: int, present: int, scale: float, kind: NoiseKind
) -> None:
    noisy = NoisyMean.of(LATTICE, Noise(kind, scale * 1000), Noise(kind, scale))
    mean, width = noisy.estimate(total, present)
    assert 0 <= mean <= 20
    assert 0 <= width <= 20
    json.dumps([mean, width], allow_nan=False)


def draw(kind: NoiseKind, scale: float, size: int, generator: np.random.Generator) -> list[int]:
    """Draw integers of about this noise; good enough to test intervals, never to protect people."""
    if kind is GAUSSIAN:
        return [int(x) for x in np.rint(generator.normal(0, scale, size))]
    positive, negative = generator.geometric(1 - np.exp(-1 / scale), (2, size))
    return [int(x) for x in positive - negative]


@pytest.mark.parametrize(
    ("kind", "rows", "mean", "at_most"),
    [
        (GAUSSIAN, 300, 1700, 0.97),
        (GAUSSIAN, 300, 1000, 0.97),
        (GAUSSIAN, 60, 1000, 1.0),
        (GAUSSIAN, 60, 300, 1.0),
        (GAUSSIAN, 30, 100, 1.0),
        (LAPLACE, 300, 1700, 1.0),
        (LAPLACE, 60, 300, 1.0),
    ],
)
def test_the_interval_of_a_mean_holds_the_exact_mean_in_95_of_100_answers(
    kind: NoiseKind, rows: int, mean: int, at_most: float
) -> None:
    runs, generator = 2500, np.random.default_rng(7)
    total, present = Noise(kind, 8000), Noise(kind, 8)
    totals = draw(kind, total.scale, runs, generator)
    presents = draw(kind, present.scale, runs, generator)
    noisy, held = NoisyMean.of(LATTICE, total, present), 0
    for sum_noise, count_noise in zip(totals, presents, strict=True):
        exact = rows * (mean - LATTICE.middle)
        value, width = noisy.estimate(exact + sum_noise, rows + count_noise)
        held += abs(value - mean / 100) <= width + 1e-9
    assert 0.935 <= held / runs <= at_most


@pytest.mark.parametrize(("kind", "at_most"), [(GAUSSIAN, 0.965), (LAPLACE, 1.0)])
def test_a_sum_beside_a_mean_is_right_and_its_interval_holds(
    kind: NoiseKind, at_most: float, compiled: Callable[[str], Plan], schema: Schema
) -> None:
    runs, generator, rows, exact = 4000, np.random.default_rng(3), 400, 400 * 123_456
    plan = compiled("SELECT AVG(meddol), SUM(meddol) FROM hie")
    one = priced(plan, schema, kind, 25)
    middle = one.parts[0].centre
    width = answer(one, [0], [0])["sum_meddol_half_width"][0]
    held = 0
    noises = (draw(kind, 25, runs, generator) for _ in range(2))
    for sum_noise, count_noise in zip(*noises, strict=True):
        said = answer(one, [exact - middle * rows + sum_noise], [rows + count_noise])
        held += abs(float(str(said["sum_meddol"][0])) - exact / 100) <= float(str(width)) + 1e-6
    assert 0.935 <= held / runs <= at_most


@pytest.mark.parametrize("kind", [GAUSSIAN, LAPLACE])
def test_counts_and_sums_turn_out_as_wide_as_foretold(
    kind: NoiseKind, compiled: Callable[[str], Plan], schema: Schema
) -> None:
    plan = compiled("SELECT COUNT(*), COUNT(DISTINCT person), SUM(meddol), COUNT(age) FROM hie")
    one = priced(plan, schema, kind, 25)
    said = answer(one, [9], [9], [9], [9])
    for output in forecast(one, declared_rows=None):
        assert said[f"{output.name}_half_width"] == (output.half_width,)


@pytest.mark.parametrize("kind", [GAUSSIAN, LAPLACE])
@pytest.mark.parametrize("rows", [20, 100, 1000])
def test_a_mean_is_forecast_at_its_widest(kind: NoiseKind, rows: int) -> None:
    mean = NoisyMean.of(LATTICE, Noise(kind, 800 * 25), Noise(kind, 25))
    foretold = mean.greatest_half_width(rows)
    widths = [mean.estimate(rows * (step - 1000), rows)[1] for step in range(2001)]
    assert foretold <= max(widths) <= 1.05 * foretold


def test_a_forecast_of_a_mean_says_which_cell_it_assumes(
    compiled: Callable[[str], Plan], schema: Schema
) -> None:
    plan = compiled("SELECT site, COUNT(*), AVG(age) FROM hie GROUP BY site, lone")
    one = priced(plan, schema, GAUSSIAN, 25)
    count, mean = forecast(one, declared_rows=2950)
    assert count.assumes is None
    assert mean.assumes == (
        "about 490 rows a cell (the owner's estimate of 2950 rows over 6 cells, before filters)"
    )
    assert forecast(one, None)[1].assumes == "about 1000 rows a cell (the owner declares no size)"
    assert forecast(one, 3)[1].assumes == (
        "about 1 row a cell (the owner's estimate of 3 rows over 6 cells, before filters)"
    )


def test_every_number_of_an_answer_can_be_written_as_json(schema: Schema) -> None:
    sql = "SELECT change, AVG(meddol), SUM(change) FROM hie GROUP BY change"
    one = priced(compile_question(Question("health/hie", sql=sql), schema), schema, LAPLACE, 1e12)
    result = answer(one, *[[(-1) ** index * 10**15] * 22 for index in range(len(one.parts))])
    json.dumps(result, allow_nan=False)
