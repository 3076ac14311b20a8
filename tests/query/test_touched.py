"""The parts that a question is about: no row that it keeps lies outside them."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sandbox.model.names import ColumnName, DatasetName
from sandbox.model.plan import Measure, MeasureKind, Plan
from sandbox.model.predicate import And, Between, IsIn, IsNull, Not, Or, Predicate
from sandbox.model.schema import Partition, Schema
from sandbox.query.normal import normalised
from sandbox.query.touched import parts_touched
from tests.query.kleene import Row, truth

SITE, AGE = ColumnName("site"), ColumnName("age")

comparisons: st.SearchStrategy[Predicate] = st.one_of(
    st.builds(IsIn, st.just(SITE), st.lists(st.integers(0, 5), max_size=5, unique=True).map(tuple)),
    st.builds(IsNull, st.sampled_from([SITE, AGE])),
    st.builds(
        Between, st.just(AGE), st.none() | st.integers(-1, 4), st.none() | st.integers(-1, 4)
    ),
)
predicates: st.SearchStrategy[Predicate] = st.recursive(
    comparisons,
    lambda inner: st.one_of(
        st.builds(Not, inner),
        st.builds(And, st.lists(inner, min_size=1, max_size=3).map(tuple)),
        st.builds(Or, st.lists(inner, min_size=1, max_size=3).map(tuple)),
    ),
    max_leaves=8,
)
ROWS: list[Row] = [
    {"site": site, "age": age} for site in (None, *range(6)) for age in (None, *range(5))
]


@pytest.fixture(scope="session")
def parted(schema: Schema) -> Schema:
    return replace(schema, partition=Partition(SITE, most=1))


def plan(where: Predicate | None, *group_by: ColumnName) -> Plan:
    return Plan(DatasetName("health/hie"), where, group_by, (Measure("n", MeasureKind.COUNT),))


@settings(max_examples=1000, deadline=None)
@given(where=predicates)
def test_every_row_that_is_kept_lies_in_a_touched_part(where: Predicate, parted: Schema) -> None:
    for form in (where, normalised(where, parted)):
        touched = parts_touched(plan(form), parted)
        kept = [row["site"] for row in ROWS if truth(form, row)]
        keys = parted.columns[0].keys
        if touched is not None:
            assert set(touched) < set(keys)
            assert touched == tuple(key for key in keys if key in touched)
            assert {None if code is None else keys[code] for code in kept} <= set(touched)
            assert touched


@pytest.mark.parametrize(
    ("where", "touched"),
    [
        ("site = 2", ("2",)),
        ("site IN (5, 2)", ("2", "5")),
        ("site != 2", ("1", "3", "4", "5", "6")),
        ("site = 2 AND age > 40", ("2",)),
        ("age > 40 AND (age < 60 AND NOT site IN (1, 3, 4))", ("2", "5", "6")),
        ("site IN (1, 2) AND (site = 2 OR age > 40)", ("1", "2")),
        ("(site = 1 AND age > 40) OR (site = 4 AND age < 10)", ("1", "4")),
        ("site = 2 OR age > 40", None),
        ("site = 2 OR site IS NULL", None),
        ("site IS NULL", None),
        ("site IS NOT NULL", None),
        ("site IN (1, 2, 3, 4, 5, 6)", None),
        ("(site IN (1, 2, 3) AND age > 4) OR (site IN (4, 5, 6) AND age < 9)", None),
        ("age > 40", None),
        ("lone = 'only'", None),
    ],
)
def test_a_question_says_which_parts_it_is_about(
    where: str,
    touched: tuple[str, ...] | None,
    parted: Schema,
    compiled: Callable[[str], Plan],
) -> None:
    asked = compiled(f"SELECT COUNT(*) FROM hie WHERE {where}")  # noqa: S608  (never run)
    assert parts_touched(asked, parted) == touched


@pytest.mark.parametrize("where", ["site = 1 AND site = 2", "age = 40.5", "site = 1 AND age > 65"])
def test_a_question_about_nobody_is_charged_to_everybody(
    where: str, parted: Schema, compiled: Callable[[str], Plan]
) -> None:
    asked = compiled(f"SELECT COUNT(*) FROM hie WHERE {where}")  # noqa: S608  (never run)
    assert parts_touched(asked, parted) is None


def test_grouping_by_the_parts_without_choosing_some_is_about_everybody(parted: Schema) -> None:
    assert parts_touched(plan(None, SITE), parted) is None
    assert parts_touched(plan(IsIn(SITE, (1,)), SITE), parted) == ("2",)


def test_without_a_declared_partition_every_question_is_about_everybody(schema: Schema) -> None:
    assert parts_touched(plan(IsIn(SITE, (1,))), schema) is None
