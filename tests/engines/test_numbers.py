"""Numbers become lattice steps: the nearest one, whatever the row holds."""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from math import isfinite

import polars as pl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sandbox.engines.numbers import steps
from sandbox.errors import BadInput, Place
from sandbox.model.dataset import Change
from sandbox.model.names import ColumnName
from sandbox.model.schema import MAX_STEPS, Lattice

COST = ColumnName("cost")
CENTS = Lattice(-100, 2000, Fraction(1, 100))
CANARY = "canary-7f3a"


def placed(values: pl.Series, lattice: Lattice = CENTS) -> tuple[list[int | None], dict[str, int]]:
    found, report = steps(values, COST, lattice)
    assert found.dtype == pl.Int64
    return found.to_list(), {change.code: change.count for change in report}


def test_values_on_the_lattice_pass_without_a_word() -> None:
    values = pl.Series([0.29, -1.0, 20.0, 1.1, None])
    assert placed(values) == ([29, -100, 2000, 110, None], {})


def test_values_between_steps_go_to_the_nearest_and_ties_to_the_even() -> None:
    half = Lattice(-10, 10, Fraction(2))
    assert placed(pl.Series([1.0, 3.0, 5.0, -1.0, 2.9]), half) == ([0, 2, 2, 0, 1], {"rounded": 5})


def test_values_beyond_the_bounds_are_clamped_and_counted() -> None:
    assert placed(pl.Series([20.01, -1e300, 1e300])) == ([2000, -100, 2000], {"clamped": 3})


def test_what_is_not_finite_is_null_and_counted() -> None:
    values = pl.Series([float("nan"), float("inf"), float("-inf"), None, 1.0])
    assert placed(values) == ([None] * 4 + [100], {"not_finite": 3})


@pytest.mark.parametrize(
    "values",
    [
        pl.Series(["1", " 1.00 ", "1e0", "+1", ""]),
        pl.Series([1, 1, 1, 1, None], dtype=pl.UInt8),
        pl.Series([Decimal(1)] * 4 + [None]),
        pl.Series([True] * 4 + [None]),
        pl.Series(["1", "1", "1", "1", None], dtype=pl.Categorical),
    ],
    ids=["text", "integer", "decimal", "truth", "category"],
)
def test_every_spelling_of_a_number_is_that_number(values: pl.Series) -> None:
    assert placed(values) == ([100] * 4 + [None], {})


@pytest.mark.parametrize("wrong", [CANARY, "1,5", "0x10", "1_000", "-", "\uff11"])
def test_text_that_is_no_number_is_refused_by_row_and_not_quoted(wrong: str) -> None:
    values = pl.Series([""] + ["1.5"] * 99_998 + [wrong, "also wrong"])
    with pytest.raises(BadInput) as refused:
        steps(values, COST, CENTS)
    assert refused.value.code == "ingest.wrong_type"
    assert refused.value.place == Place(row=100_000, clause="columns.cost")
    assert wrong == "-" or wrong not in refused.value.message


def test_a_date_is_no_number() -> None:
    with pytest.raises(BadInput) as refused:
        steps(pl.Series([None, date(2026, 11, 22)]), COST, CENTS)
    assert refused.value.place == Place(row=2, clause="columns.cost")


def test_a_resolution_beyond_floating_point_is_refused() -> None:
    with pytest.raises(BadInput) as refused:
        steps(pl.Series([1.0]), COST, Lattice(0, 1, Fraction(1, 10**400)))
    assert refused.value.code == "ingest.resolution"


def test_the_report_has_counts_in_both_languages() -> None:
    _, report = steps(pl.Series([99.0]), COST, CENTS)
    assert report == (
        Change(
            "clamped",
            1,
            "1 values of cost lay outside the bounds and were moved to the nearer one",
            "字段 cost 有 1 个值超出上下界，已移至较近的界",
            "cost",
        ),
    )


@given(
    value=st.floats() | st.integers(-(2**63), 2**63 - 1).map(float),
    low=st.integers(-MAX_STEPS, MAX_STEPS),
    span=st.integers(0, 10_000),
    resolution=st.fractions(Fraction(1, 10**6), 10**6, max_denominator=10**6),
)
@example(value=1.7e308, low=0, span=0, resolution=Fraction(1, 10**6))
@example(value=5e-324, low=0, span=0, resolution=Fraction(10**6))
def test_no_value_leaves_the_bounds_and_none_is_a_step_off(
    value: float, low: int, span: int, resolution: Fraction
) -> None:
    lattice = Lattice(low, min(low + span, MAX_STEPS), resolution)
    (step,), _ = placed(pl.Series([value]), lattice)
    if not isfinite(value):
        assert step is None
        return
    assert step is not None
    exact = Fraction(value) / resolution
    nearest = max(Fraction(lattice.low), min(Fraction(lattice.high), exact))
    assert abs(step - nearest) <= Fraction(1, 2) + abs(nearest) * Fraction(1, 2**50)
