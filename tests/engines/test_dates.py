"""Dates of an owner's file become days within the bounds, or the row is named."""

from datetime import date, datetime
from fractions import Fraction

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.engines.dates import days
from sandbox.errors import BadInput
from sandbox.model.day import day_of, written_date
from sandbox.model.names import ColumnName
from sandbox.model.schema import FIRST_DAY, LAST_DAY, Lattice

SEEN = ColumnName("seen")
YEARS = Lattice(day_of("2015-01-01"), day_of("2020-12-31"), Fraction(1), days=True)


@given(day=st.integers(FIRST_DAY, LAST_DAY))
def test_a_day_is_written_and_read_back(day: int) -> None:
    assert day_of(written_date(day)) == day


@pytest.mark.parametrize(
    "values",
    [
        ["2016-05-01", " 2016-05-01 ", "", None],
        [date(2016, 5, 1), date(2016, 5, 1), None, None],
        [datetime(2016, 5, 1, 23, 59), datetime(2016, 5, 1), None, None],  # noqa: DTZ001  (as files have them)
    ],
)
def test_dates_of_text_and_of_typed_files_are_the_same_days(values: list[object]) -> None:
    placed, changes = days(pl.Series(values), SEEN, YEARS)
    assert placed.to_list() == [16922, 16922, None, None]
    assert changes == ()


def test_dates_outside_of_the_bounds_are_moved_and_counted() -> None:
    placed, (change,) = days(pl.Series(["1900-01-01", "2999-01-01"]), SEEN, YEARS)
    assert [written_date(day) for day in placed] == ["2015-01-01", "2020-12-31"]
    assert (change.code, change.count) == ("clamped", 2)


@pytest.mark.parametrize("wrong", ["2016-02-30", "01.05.2016", "2016", "16922", "2016-5-1"])
def test_what_is_no_date_is_refused_with_its_row(wrong: str) -> None:
    with pytest.raises(BadInput) as caught:
        days(pl.Series(["2016-05-01", wrong]), SEEN, YEARS)
    assert (caught.value.code, str(caught.value.place)) == (
        "ingest.wrong_type",
        "row 2, columns.seen",
    )
    assert wrong not in caught.value.message


def test_a_number_is_no_date() -> None:
    with pytest.raises(BadInput):
        days(pl.Series([16922]), SEEN, YEARS)
