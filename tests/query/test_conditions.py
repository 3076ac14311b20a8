"""Conditions keep the rows that SQL says they keep: SQLite runs the same WHERE on the same rows."""

import sqlite3
from collections.abc import Callable
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sandbox.model import cost
from sandbox.model.plan import Plan
from sandbox.model.predicate import Between
from sandbox.model.schema import Column, Schema
from sandbox.query.compile import compile_question
from sandbox.query.expressions import compile_condition
from sandbox.query.normal import normalised
from sandbox.query.syntax import condition
from sandbox.query.workbench import Workbench
from sandbox.wire import Question
from tests.query.kleene import Row, truth

COLUMNS = ("site", "age", "meddol")
NUMBERS = st.sampled_from(
    ["0", "1", "2", "2.5", "3", "-1", "65", "66", "40.5", "1e300", "-1e9", ".03", "0.01", "0.015"]
)
KEYS = st.sampled_from(["'1'", "2", "'3'", "6"])


def comparisons() -> st.SearchStrategy[str]:
    """Write one comparison, in every spelling that the subset has."""
    number = st.sampled_from(["age", "meddol", "AGE", '"meddol"'])
    order = st.sampled_from(["=", "!=", "<>", "<", "<=", ">", ">="])
    negation = st.sampled_from(["", "NOT "])
    null = st.sampled_from(["IS NULL", "IS NOT NULL"])
    return st.one_of(
        st.builds("{} {} {}".format, number, order, NUMBERS),
        st.builds("{} {} {}".format, NUMBERS, order, number),
        st.builds("{} {}BETWEEN {} AND {}".format, number, negation, NUMBERS, NUMBERS),
        st.builds("{} {}IN ({}, {})".format, number, negation, NUMBERS, NUMBERS),
        st.builds("site {} {}".format, st.sampled_from(["=", "!="]), KEYS),
        st.builds("site {}IN ({}, {})".format, negation, KEYS, KEYS),
        st.builds("{} {}".format, st.sampled_from(COLUMNS), null),
    )


CONDITIONS = st.recursive(
    comparisons(),
    lambda inner: st.one_of(
        st.builds("NOT {}".format, inner.map(lambda text: f"({text})")),
        st.builds("({}) AND ({})".format, inner, inner),
        st.builds("({}) OR ({})".format, inner, inner),
        st.builds("{} AND {}".format, comparisons(), inner.map(lambda text: f"({text})")),
    ),
    max_leaves=8,
)
ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "site": st.none() | st.integers(0, 5),
            "age": st.none() | st.sampled_from([0, 1, 2, 3, 40, 41, 64, 65]),
            "meddol": st.none() | st.sampled_from([0, 1, 2, 3, 100, 250, 300, 2_000_000]),
        }
    ),
    min_size=1,
    max_size=12,
)


def in_unit(column: Column, held: int | None) -> str | float | None:
    """Turn a code or step back into what an owner's file has."""
    if held is None:
        return None
    return column.keys[held] if column.lattice is None else column.lattice.value(held)


def rows_of_sqlite(where: str, rows: list[Row], schema: Schema) -> list[int]:
    """Ask SQLite which rows it keeps."""
    columns = [column for column in schema.columns if column.name in COLUMNS]
    with sqlite3.connect(":memory:") as connection:
        connection.execute("CREATE TABLE hie (row INTEGER, site TEXT, age REAL, meddol REAL)")
        connection.executemany(
            "INSERT INTO hie VALUES (?, ?, ?, ?)",
            [
                (index, *(in_unit(column, row[column.name]) for column in columns))
                for index, row in enumerate(rows)
            ],
        )
        kept = connection.execute(f"SELECT row FROM hie WHERE {where} ORDER BY row")  # noqa: S608  (our own text, in memory)
        result = [index for (index,) in kept]
    connection.close()
    return result


@settings(max_examples=400, deadline=None)
@given(where=CONDITIONS, rows=ROWS)
def test_a_condition_keeps_the_rows_that_sqlite_keeps(
    where: str, rows: list[Row], schema: Schema
) -> None:
    plain = compile_condition(condition(where, "where.0"), Workbench(schema))
    normal = normalised(plain, schema)
    expected = rows_of_sqlite(where, rows, schema)
    assert [index for index, row in enumerate(rows) if truth(plain, row)] == expected
    assert [index for index, row in enumerate(rows) if truth(normal, row)] == expected


@settings(max_examples=200, deadline=None)
@given(where=CONDITIONS)
def test_the_normal_form_is_its_own_normal_form(where: str, schema: Schema) -> None:
    normal = normalised(compile_condition(condition(where, "where.0"), Workbench(schema)), schema)
    assert normalised(normal, schema) == normal


@settings(max_examples=200, deadline=None)
@given(where=CONDITIONS)
def test_double_negation_and_order_do_not_make_another_question(where: str, schema: Schema) -> None:
    def plan(*conditions: str) -> Plan:
        sql = f"SELECT COUNT(*) FROM hie WHERE {' AND '.join(conditions)}"  # noqa: S608  (never run)
        return compile_question(Question("health/hie", sql=sql), schema)

    assert plan(f"NOT (NOT ({where}))") == plan(f"({where})")
    assert plan(f"({where})", "age > 1") == plan("age >= 2", f"({where})", f"({where})")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("age > 40", "age >= 41"),
        ("age > 40", "NOT age <= 40 AND age IS NOT NULL"),
        ("age >= 40.5", "41 <= age"),
        ("age BETWEEN 18 AND 65", "age >= 18 AND age <= 65"),
        ("age BETWEEN 18 AND 64", "age <= 64 AND 17 < age"),
        ("age IN (1, 2, 3)", "age BETWEEN 1 AND 3"),
        ("age <= 3 OR age >= 3", "age IS NOT NULL"),
        ("age >= -5", "age IS NOT NULL"),
        ("age != 40.5", "age IS NOT NULL"),
        ("age > 65", "age < 0"),
        ("age = 40.5", "age > 1e300"),
        ("site IN ('2', 1, '2')", "site = '1' OR site = '2'"),
        ("site NOT IN (1, 2, 3)", "site IN (6, 5, 4)"),
        ("NOT (site = 1 OR age > 3)", "site != 1 AND age <= 3"),
        ("age > 1 AND (age > 2 AND (age > 3 AND site = 1))", "site = '1' AND age >= 4"),
        ("age > 1 OR (site = 1 OR age > 3)", "site = 1 OR age > 1"),
        ("age > 3 AND (site = 1 OR age = 40.5)", "age > 3 AND site = 1"),
        ("age = 1 AND age = 2 AND site = 1", "age = 40.5"),
        ("meddol >= 0.015", "meddol > 0.01"),
        ("meddol = 1e1", "meddol = 10.00"),
        ("change > 0.4", "change >= 0.6"),
    ],
)
def test_rephrased_conditions_are_the_same_question(
    one: str, other: str, compiled: Callable[[str], Plan]
) -> None:
    select = "SELECT COUNT(*) FROM hie WHERE "
    assert compiled(select + one) == compiled(select + other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("age > 40", "age > 41"),
        ("age > 40", "age > 40 OR age IS NULL"),
        ("age > 40", "meddol > 40"),
        ("age > 40 AND site = 1", "age > 40 OR site = 1"),
        ("NOT age > 40", "age > 40"),
        ("Rate > 4", "rate > 4"),
    ],
)
def test_other_conditions_are_other_questions(
    one: str, other: str, compiled: Callable[[str], Plan]
) -> None:
    select = "SELECT COUNT(*) FROM hie WHERE "
    assert compiled(select + one) != compiled(select + other)


@settings(deadline=None)
@given(units=st.integers(-10_000, 10_000), places=st.integers(0, 30))
def test_numbers_meet_the_lattice_exactly(units: int, places: int, schema: Schema) -> None:
    value = Fraction(units, 10**places)
    predicate = compile_condition(
        condition(f"change >= {cost.text(value)}", "where.0"), Workbench(schema)
    )
    assert isinstance(predicate, Between)
    assert predicate.low is not None
    assert (predicate.low - 1) * Fraction(1, 3) < value <= predicate.low * Fraction(1, 3)
