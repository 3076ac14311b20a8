"""What is made of an algorithm's measurement: one row a value, in its unit, always finite."""

import json
from fractions import Fraction
from sys import float_info
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.model.cost import Accounting
from sandbox.model.output import PLACES, STEPS, Output, Statistic
from sandbox.model.submission import Measurement, PricedAlgorithm
from sandbox.privacy.price import offer, price_algorithm
from sandbox.query.algorithm import estimate_algorithm, forecast_algorithm
from tests.support.algorithms import algorithm, mean, median
from tests.support.schema import SCHEMA

BLOCKS = 10
Values = tuple[tuple[int, ...], ...]


def priced(
    *outputs: Output,
    blocks: int = BLOCKS,
    accounting: Accounting = Accounting.PURE,
    epsilon: str = "1",
) -> PricedAlgorithm:
    paid = offer(accounting, Fraction(1, 10**9), epsilon=epsilon, rho=None)
    return price_algorithm(algorithm(*outputs, blocks=blocks), SCHEMA, paid)


def answer(price: PricedAlgorithm, values: Values) -> dict[str, tuple[Any, ...]]:
    columns = estimate_algorithm(price, Measurement(price.parts, price.noises, values))
    assert [column.role for column in columns] == ["key", "key", "estimate", "half_width"]
    return {column.name: column.values for column in columns}


def test_each_value_has_a_row_in_the_order_in_which_it_was_declared() -> None:
    price = priced(median("a"), mean("b", 2, 2), median("c", 2), mean("d"))
    sums = tuple(BLOCKS * STEPS * quarter // 4 for quarter in (0, 1, 2, 3, 4))
    found = answer(price, (sums, (0,), (PLACES - 1,), (PLACES // 2,)))
    assert found["output"] == ("a", "b", "b", "b", "b", "c", "c", "d")
    assert found["place"] == ("", "0,0", "0,1", "1,0", "1,1", "0", "1", "")
    assert found["estimate"] == (0, -500, -250, 0, 250, 1, 0.5, 500)
    assert [width is None for width in found["half_width"]] == [
        True,
        *[False] * 4,
        True,
        True,
        False,
    ]


@pytest.mark.parametrize("accounting", Accounting)
def test_what_is_foretold_is_what_the_answer_says(accounting: Accounting) -> None:
    price = priced(mean("b", 2), median("c"), accounting=accounting)
    of_mean, of_median = forecast_algorithm(price)
    found = answer(price, ((0, 0), (3,)))
    assert found["half_width"] == (of_mean.half_width, of_mean.half_width, None)
    assert (of_mean.name, of_mean.statistic, of_mean.rank_error) == ("b", "mean", None)
    assert of_mean.half_width == pytest.approx(1000 * (of_mean.relative or 0))
    assert (of_median.name, of_median.statistic) == ("c", "median")
    assert (of_median.half_width, of_median.relative) == (None, None)


def test_the_error_of_a_mean_is_the_noise_of_one_range_over_the_blocks() -> None:
    """Laplace noise of scale range / (epsilon * blocks) lies within 3 scales in 95 of 100 cases."""
    (foretold,) = forecast_algorithm(priced(mean(), epsilon="2"))
    assert foretold.half_width == pytest.approx(1000 / (2 * BLOCKS) * 2.9957, rel=1e-3)


def test_more_blocks_and_a_higher_price_make_a_median_surer() -> None:
    def rank_error(blocks: int, epsilon: str) -> float:
        (foretold,) = forecast_algorithm(priced(median(), blocks=blocks, epsilon=epsilon))
        return foretold.rank_error or 0

    errors = [rank_error(20, "1"), rank_error(100, "1"), rank_error(400, "1"), rank_error(400, "9")]
    assert errors == sorted(errors, reverse=True)
    assert errors[0] == 0.5, "all blocks may lie on one side: nothing is known"
    assert 0 < errors[3] < 0.01 < errors[2] < 0.06


def test_a_mean_beyond_its_range_is_left_there() -> None:
    found = answer(priced(mean()), ((-STEPS * BLOCKS,),))
    assert found["estimate"] == (-1500,)


@given(
    low=st.floats(-float_info.max / 2, float_info.max / 2),
    width=st.floats(0, float_info.max / 2),
    noisy=st.integers(-(10**30), 10**30),
    place=st.integers(0, PLACES - 1),
)
def test_whatever_the_range_estimates_are_finite_and_medians_lie_in_it(
    low: float, width: float, noisy: int, place: int
) -> None:
    high = low + width
    if not low < high:
        return
    outputs = Output("a", low, high), Output("b", low, high, statistic=Statistic.MEDIAN)
    price = priced(*outputs, epsilon="0.001")
    found = answer(price, ((noisy,), (place,)))
    json.dumps([*found.values()], allow_nan=False)
    assert low <= found["estimate"][1] <= high
