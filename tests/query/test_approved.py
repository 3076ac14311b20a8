"""What is approved is one question, with other declared values at its parameters."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.model.plan import Plan
from sandbox.model.schema import Schema
from sandbox.query.approved import is_approved, without_value

Compiled = Callable[[str], Plan]
Fits = Callable[[str, str], bool]
SQL = "SELECT site, COUNT(*) FROM hie WHERE {} GROUP BY site"
WHOLE = "SELECT site, COUNT(*) FROM hie GROUP BY site"
PARAMETERS = ("age", "site", "单位 类型")


@pytest.fixture(scope="module")
def fits(compiled: Compiled, schema: Schema) -> Fits:
    """Tell whether a condition is approved as another one was, with all parameters free."""
    return lambda asked, approved: is_approved(
        compiled(SQL.format(asked)), compiled(SQL.format(approved)), PARAMETERS, schema
    )


@pytest.mark.parametrize(
    ("approved", "asked"),
    [
        ("age >= 40", "age >= 60"),
        ("age >= 40", "age >= 0"),
        ("age >= 40", "age = 65"),
        ("age >= 40", "NOT (age < 20)"),
        ("age < 40", "age <= 65"),
        ("age BETWEEN 20 AND 40", "age >= 50 AND age < 60"),
        ("age BETWEEN 20 AND 40", "age BETWEEN 0 AND 65"),
        ("age BETWEEN 20 AND 40", "age = 7"),
        ("age = 40", "age = 0"),
        ("age <> 40", "age <> 41"),
        ("age < 20 OR age > 40", "age < 30 OR age > 50"),
        ("age IN (1, 5)", "age IN (20, 40)"),
        ("site = '1'", "site = '6'"),
        ("site <> '1'", "site <> '2'"),
        ("site IN ('1', '2')", "site IN ('6', '4')"),
        ("age >= 40 AND meddol > 5", "meddol > 5 AND age >= 41"),
        ("age >= 40 AND site = '1'", "site = '3' AND age >= 2"),
    ],
)
def test_values_of_parameters_are_free(fits: Fits, approved: str, asked: str) -> None:
    assert fits(asked, approved)


@pytest.mark.parametrize(
    ("approved", "asked"),
    [
        ("age >= 40", "age <= 40"),
        ("age >= 40", "age BETWEEN 40 AND 50"),
        ("age >= 40", "age IS NULL"),
        ("age >= 40", "age >= 66"),
        ("age >= 40", "age >= 40 AND site = '1'"),
        ("age >= 40", "age >= 40 OR site = '1'"),
        ("age >= 40", "age >= 40 AND meddol >= 1"),
        ("age >= 40 AND site = '1'", "age >= 40"),
        ("age = 40", "age BETWEEN 40 AND 41"),
        ("age <> 40", "age < 30 OR age > 60"),
        ("age <> 40", "age = 40"),
        ("age IN (1, 5)", "age IN (1, 5, 9)"),
        ("age IN (1, 5)", "age < 2 OR age > 60"),
        ("site = '1'", "site <> '1'"),
        ("site = '1'", "site IN ('1', '2')"),
        ("site IN ('1', '2')", "site = '1'"),
        ("meddol > 5", "meddol > 6"),
        ("age >= 40 AND meddol > 5", "age >= 40 AND meddol > 6"),
        ("age >= 40 OR meddol > 5", "age >= 41 OR meddol > 5"),
    ],
)
def test_all_else_stays_as_it_was_approved(fits: Fits, approved: str, asked: str) -> None:
    assert fits(approved, approved)
    assert not fits(asked, approved)


@pytest.mark.parametrize(
    "asked",
    [
        "SELECT COUNT(*) FROM hie",
        "SELECT site, age, COUNT(*) FROM hie GROUP BY site, age",
        "SELECT site, COUNT(*), COUNT(age) FROM hie GROUP BY site",
        "SELECT site, COUNT(age) FROM hie GROUP BY site",
        "SELECT site, SUM(age) FROM hie GROUP BY site",
        SQL.format("age >= 0"),
    ],
)
def test_groups_measures_and_an_absent_filter_stay_as_well(
    compiled: Compiled, schema: Schema, asked: str
) -> None:
    approved = compiled(WHOLE)
    assert is_approved(compiled(WHOLE.lower()), approved, PARAMETERS, schema)
    assert not is_approved(compiled(asked), approved, PARAMETERS, schema)


def test_without_parameters_no_value_is_free(compiled: Compiled, schema: Schema) -> None:
    forty, fifty = (compiled(SQL.format(f"age >= {age}")) for age in (40, 50))
    assert is_approved(forty, forty, (), schema)
    assert not is_approved(fifty, forty, (), schema)


AGES = st.integers(0, 65)
INNER = st.lists(st.integers(1, 64), min_size=2, max_size=2, unique=True).map(sorted)
"""Two values away from the bounds, where another comparison could say the same."""


@given(was=INNER, now=st.tuples(AGES, AGES), site=st.integers(1, 6))
def test_every_declared_value_fits_where_a_value_stood(
    fits: Fits, was: list[int], now: tuple[int, int], site: int
) -> None:
    form = "age BETWEEN {} AND {} AND site = '{}'"
    assert fits(form.format(min(now), max(now), site), form.format(*was, 1))


def test_a_parameter_that_meets_no_value_of_its_own_is_named(
    compiled: Compiled, schema: Schema
) -> None:
    for condition in (
        "site = '1'",
        "age >= 0",
        "age >= 99",
        "age IS NULL",
        "age = 4 OR site = '1'",
    ):
        idle = without_value(compiled(SQL.format(condition)), ("age",), schema)
        assert idle == ("age",), condition
    both = compiled(SQL.format("age >= 1 AND site IN ('1', '2')"))
    assert without_value(both, ("age", "site"), schema) == ()
