"""Names of one's own and bins become SQL that a site compiles; nothing else changes."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.client.connection import Connection
from sandbox.client.deriving import bins, written_out
from sandbox.client.measures import count, mean, ratio
from sandbox.client.query import Query
from sandbox.client.session import Session
from sandbox.model.names import ColumnName
from sandbox.model.schema import Column, Lattice, Schema
from sandbox.query.cells import key_rows
from sandbox.query.compile import compile_question
from sandbox.wire import Question

USES = frozenset({"group", "filter", "measure"})
SCHEMA = Schema(
    ColumnName("person"),
    5,
    (
        Column(ColumnName("age"), USES, lattice=Lattice(0, 99, Fraction(1))),
        Column(ColumnName("weight"), USES, lattice=Lattice(0, 2000, Fraction(1, 10))),
        Column(ColumnName("seen"), USES, lattice=Lattice(16000, 17500, Fraction(1), days=True)),
    ),
)


@pytest.fixture
def query() -> Query:
    session = Session(Connection("http://127.0.0.1:9", "none"), "")
    return Query(session, Question("town/clinic"))


def keys(query: Query) -> list[object]:
    plan = compile_question(query.question, SCHEMA)
    return [row[0] for row in key_rows(plan, plan.table(SCHEMA))]


def test_bins_are_the_groups_that_the_bounds_leave(query: Query) -> None:
    asked = query.histogram("age", bins=[0, 18, 65])
    assert keys(asked) == ["[0, 18)", "[18, 65)", ">= 65"]
    plan = compile_question(asked.question, SCHEMA)
    assert (plan.headings, [one.name for one in plan.measures]) == (("age",), ["count"])


@pytest.mark.parametrize("edges", [["2015-01-01"], [date(2015, 1, 1)]])
def test_days_have_bins(edges: list[str | date], query: Query) -> None:
    assert keys(query.histogram("seen", bins=edges)) == ["< 2015-01-01", ">= 2015-01-01"]


def test_bins_need_an_edge() -> None:
    with pytest.raises(ValueError, match="edge"):
        bins("age", [])


def test_a_derived_name_means_its_expression_everywhere(query: Query) -> None:
    named = query.derive(heavy="weight * 2", decade="FLOOR(age / 10)", x="heavy + 1")
    asked = named.where("x > 5 OR decade = 3").group_by("decade").measure(mean("heavy"), count())
    written = (
        query.where("weight * 2 + 1 > 5 OR FLOOR(age / 10) = 3")
        .group_by("FLOOR(age / 10) AS decade")
        .measure(mean("2 * weight", "mean_heavy"), count())
    )
    assert compile_question(asked.question, SCHEMA) == compile_question(written.question, SCHEMA)


def test_every_column_of_a_measure_may_be_a_derived_name(query: Query) -> None:
    asked = query.derive(x="age - 40", y="weight * 2").measure(ratio("x", "y", "n"))
    written = query.measure(ratio("age - 40", "weight * 2", "n"))
    assert compile_question(asked.question, SCHEMA) == compile_question(written.question, SCHEMA)


def test_a_crosstab_counts_combinations(query: Query) -> None:
    plan = compile_question(query.crosstab("age", "year(seen)").question, SCHEMA)
    assert plan.headings == ("age", "YEAR(seen)")


@given(text=st.text("abx '\"-/*\n(", max_size=20))
def test_names_inside_of_text_stay(text: str) -> None:
    literal = "'" + text.replace("'", "''") + "'"
    assert written_out(f"x = {literal}", {"x": "1", "a": "2"}) == f"(1) = {literal}"
