"""Expressions are what SQL says they are, whatever their spelling, and stay in their bounds."""

import sqlite3
from collections.abc import Callable
from fractions import Fraction
from math import floor

import polars as pl
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from sandbox.engines.predicates import expression
from sandbox.engines.values import derived
from sandbox.errors import BadInput
from sandbox.model.names import ColumnName
from sandbox.model.plan import Plan
from sandbox.model.schema import Column, Lattice, Schema
from sandbox.query.compile import columns_used, compile_question
from sandbox.query.digest import digest
from sandbox.query.show import as_sql
from sandbox.wire import MeasureMessage, Question

Row = tuple[int | None, int | None, int | None]


def _number(name: str, low: int, high: int, *, days: bool = False) -> Column:
    lattice = Lattice(low, high, Fraction(1), days)
    return Column(ColumnName(name), frozenset({"group", "filter", "measure"}), lattice=lattice)


def _category(name: str, *keys: str) -> Column:
    return Column(ColumnName(name), frozenset({"group", "filter"}), keys=keys)


SCHEMA = Schema(
    ColumnName("person"),
    5,
    (
        _number("a", -9, 9),
        _number("b", -3, 12),
        _category("k", "x", "y", "xy"),
        _category("l", "y", "z", "x"),
        _number("seen", 16000, 17500, days=True),
        _number("gone", 16000, 17600, days=True),
    ),
)
ROWS = st.lists(
    st.tuples(
        st.none() | st.integers(-9, 9),
        st.none() | st.integers(-3, 12),
        st.none() | st.integers(0, 2),
    ),
    min_size=1,
    max_size=8,
)


def _made(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    tests = st.builds("{} {} {}".format, inner, st.sampled_from(["=", "<", ">=", "!="]), inner)
    tests |= st.sampled_from(["k = 'x'", "k LIKE 'x%'", "k IS NULL", "NOT k IN ('y', 'xy')"])
    tests |= st.builds("({}) IS NULL".format, inner)
    return st.one_of(
        st.builds("({} {} {})".format, inner, st.sampled_from(["+", "-", "*"]), inner),
        st.builds("-({})".format, inner),
        st.builds("({} / {})".format, inner, st.sampled_from(["2.0", "-4.0", "0.5"])),
        st.builds("{}({}, {})".format, st.sampled_from(["LEAST", "GREATEST"]), inner, inner),
        st.builds("ABS({})".format, inner),
        st.builds("COALESCE({}, {})".format, inner, inner),
        st.builds("NULLIF({}, {})".format, inner, inner),
        st.builds("CASE WHEN {} THEN {} ELSE {} END".format, tests, inner, inner),
        st.builds("CASE WHEN {} THEN {} END".format, tests, inner),
        st.builds("CASE {} WHEN {} THEN {} ELSE 0 END".format, inner, inner, inner),
    )


NUMBERS = st.recursive(st.sampled_from(["a", "b", "a", "B", "3", "-2", "0.5"]), _made, max_leaves=6)


def compiled(sql: str) -> Plan:
    return compile_question(Question("town/clinic", sql=sql), SCHEMA)


def compiled_or_none(sql: str) -> Plan | None:
    """Compile what has a column in it; the rest is refused as being about no row."""
    try:
        return compiled(sql)
    except BadInput as refused:
        if refused.code not in {"sql.unsupported", "sql.null"}:
            raise
        return None


def frame(rows: list[Row]) -> pl.LazyFrame:
    schema = {"a": pl.Int64, "b": pl.Int64, "k": pl.UInt32}
    return pl.LazyFrame(rows, schema=schema, orient="row")


def in_sqlite(text: str, rows: list[Row]) -> list[float | None]:
    """Compute an expression of each row; SQLite's LEAST and GREATEST are MIN and MAX."""
    keys = ("x", "y", "xy")
    named = [(a, b, None if k is None else keys[k]) for a, b, k in rows]
    sql = text.replace("LEAST(", "MIN(").replace("GREATEST(", "MAX(")
    with sqlite3.connect(":memory:") as connection:
        connection.execute("PRAGMA case_sensitive_like = ON")
        connection.execute("CREATE TABLE clinic (a INTEGER, b INTEGER, k TEXT)")
        connection.executemany("INSERT INTO clinic VALUES (?, ?, ?)", named)
        found = [one for (one,) in connection.execute(f"SELECT {sql} FROM clinic")]  # noqa: S608  (our own text, in memory)
    connection.close()
    return found


def computed(plan: Plan, rows: list[Row]) -> list[Fraction | None]:
    """Compute what a plan's only measure is of, in the engine."""
    column = plan.table(SCHEMA).find(plan.measures[0].column or "")
    assert column is not None
    assert column.lattice is not None
    steps = derived(frame(rows), plan.derived).collect()[column.name]
    resolution = column.lattice.resolution
    return [None if step is None else step * resolution for step in steps]


@settings(max_examples=400, deadline=None)
@given(text=NUMBERS, rows=ROWS)
def test_an_expression_is_what_sqlite_computes(text: str, rows: list[Row]) -> None:
    plan = compiled_or_none(f"SELECT SUM({text}) FROM clinic")  # noqa: S608  (never run)
    assume(plan is not None)
    assert plan is not None
    assert computed(plan, rows) == [
        None if one is None else Fraction(one) for one in in_sqlite(text, rows)
    ]


@settings(max_examples=200, deadline=None)
@given(left=NUMBERS, order=st.sampled_from(["=", "!=", "<", "<=", ">", ">="]), right=NUMBERS,
       negation=st.sampled_from(["", "NOT "]), rows=ROWS)  # fmt: skip
def test_a_comparison_of_expressions_keeps_what_sqlite_keeps(
    left: str, order: str, right: str, negation: str, rows: list[Row]
) -> None:
    text = f"{negation}({left} {order} {right})"
    plan = compiled_or_none(f"SELECT COUNT(*) FROM clinic WHERE {text}")  # noqa: S608  (never run)
    assume(plan is not None)
    assert plan is not None
    assert plan.where is not None
    kept = derived(frame(rows), plan.derived).select(expression(plan.where)).collect().to_series()
    assert [one is True for one in kept] == [bool(one) for one in in_sqlite(text, rows)]


@settings(max_examples=200, deadline=None)
@given(one=NUMBERS, other=NUMBERS)
def test_shown_sql_compiles_back_to_the_same_plan(one: str, other: str) -> None:
    select = f"SELECT SUM({one}) AS n FROM clinic"  # noqa: S608  (never run)
    plan = compiled_or_none(f"{select} WHERE {one} < {other}")
    assume(plan is not None)
    assert plan is not None
    assert digest(compiled(as_sql(plan, SCHEMA))) == digest(plan)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("2 * a + b", "b + a + a"),
        ("2 * a + b", "-(-b - a) - -a"),
        ("a / 4 + b", '0.25 * A + "b"'),
        ("(a + 1) * b", "b * (1 + a)"),
        ("a * b * a", "a * (a * b)"),
        ("6 * a * b", "(2 * a) * (b + b + b)"),
        ("a / b", "(2 * a) / (b + b)"),
        ("-ABS(b - a)", "-1 * ABS(a - b)"),
        ("LEAST(a, b, 3, 5)", "LEAST(4 - 1, b, a)"),
        ("CEIL(a / 2)", "-FLOOR(-0.5 * a)"),
        ("FLOOR(a / 2 + 3)", "FLOOR(a / 2) + 3"),
        ("COALESCE(a, b)", "CASE WHEN a IS NOT NULL THEN a ELSE b END"),
        ("NULLIF(a, b)", "CASE WHEN b = a THEN NULL ELSE a END"),
        ("CASE k WHEN 'x' THEN 1 ELSE 0 END", "CASE WHEN k IN ('x') THEN 1 ELSE 0 END"),
        ("CASE WHEN NOT a <= 1 AND a IS NOT NULL THEN b END", "CASE WHEN a >= 2 THEN b END"),
        ("CASE WHEN a > 99 THEN 7 WHEN b > 1 THEN a END", "CASE WHEN b > 1 THEN a END"),
        ("YEAR(seen)", "EXTRACT(year FROM seen)"),
        ("ISODOW(seen)", "DAYOFWEEK_ISO(seen)"),
        ("seen - DATE '2015-01-01'", "-(DATE '2015-01-02' - seen) + 1"),
        ("a", "a\u3000+\u30000"),
    ],
)
def test_rephrased_expressions_are_the_same_question(one: str, other: str) -> None:
    first = compiled(f"SELECT SUM({one}) AS n FROM clinic WHERE {one} > 1")  # noqa: S608  (never run)
    second = compiled(f"SELECT SUM({other}) AS n FROM clinic WHERE {other} > 1")  # noqa: S608  (never run)
    assert digest(first) == digest(second)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("2 * a > 6 - 2 * b", "a + b > 3"),
        ("-a - b < -3", "b + a >= 3.5"),
        ("2 * a - 6 > 0", "a > 3"),
        ("5 > a / 2", "a < 10"),
        ("a BETWEEN b AND b + 2", "a - b >= 0 AND a - b <= 2"),
        ("k LIKE 'x%'", "STARTS_WITH(k, 'x')"),
        ("k LIKE 'x%'", "k IN ('x', 'xy')"),
        ("k = l", "(k = 'x' AND l = 'x') OR (l = 'y' AND k = 'y')"),
        ("seen > '2015-01-01'", "DATE '2015-01-02' <= seen"),
        ("seen + 30 > gone", "gone - seen < 30"),
    ],
)
def test_rephrased_comparisons_are_the_same_question(one: str, other: str) -> None:
    select = "SELECT COUNT(*) FROM clinic WHERE "
    assert digest(compiled(select + one)) == digest(compiled(select + other))


def test_no_order_of_conditions_makes_another_question() -> None:
    select = "SELECT COUNT(*) FROM clinic WHERE "
    one = compiled(f"{select}a * b > 1 AND a / b > 2 AND (a - a * b) * b < 9")
    assert digest(one) == digest(
        compiled(f"{select}(a - a * b) * b < 9 AND a / b > 2 AND a * b > 1")
    )


@given(
    over=st.none() | st.integers(-9, 9),
    under=st.none() | st.integers(-3, 12),
)
def test_a_quotient_is_null_for_zero_and_at_most_a_millionth_too_low(
    over: int | None, under: int | None
) -> None:
    plan = compiled("SELECT SUM(a / b) FROM clinic")
    (found,) = computed(plan, [(over, under, None)])
    if over is None or not under:
        assert found is None
    else:
        assert found is not None
        assert 0 <= Fraction(over, under) - found < Fraction(1, 10**6)


@given(steps=st.integers(-9, 9), digits=st.integers(-1, 2), divisor=st.sampled_from([2, 3, 8, 40]))
def test_rounding_is_away_from_zero_at_halves(steps: int, digits: int, divisor: int) -> None:
    text = f"a / {divisor}"
    exact = Fraction(steps, divisor)
    rounded = compiled(f"SELECT SUM(ROUND({text}, {digits})) FROM clinic")  # noqa: S608  (never run)
    floored = compiled(f"SELECT SUM(FLOOR({text})) FROM clinic")  # noqa: S608  (never run)
    unit = Fraction(10) ** -digits
    away = floor(abs(exact) / unit + Fraction(1, 2)) * unit * (1 if exact >= 0 else -1)
    assert computed(rounded, [(steps, None, None)]) == [away]
    assert computed(floored, [(steps, None, None)]) == [floor(exact)]


@given(day=st.integers(16000, 17500))
def test_parts_of_dates_are_the_calendars(day: int) -> None:
    parts = ("YEAR", "QUARTER", "MONTH", "DAY", "ISODOW")
    rows = pl.LazyFrame({"seen": [day]})
    date = pl.Series([day], dtype=pl.Int32).cast(pl.Date).dt
    expected = (date.year(), date.quarter(), date.month(), date.day(), date.weekday())
    for part, known in zip(parts, expected, strict=True):
        plan = compiled(f"SELECT SUM({part}(seen)) FROM clinic")  # noqa: S608  (never run)
        found = derived(rows, plan.derived).collect()[plan.measures[0].column or ""]
        assert found[0] == known[0]


@given(value=st.integers(-9, 9))
def test_width_bucket_counts_cuts(value: int) -> None:
    plan = compiled("SELECT SUM(WIDTH_BUCKET(a, -4, 5, 4)) FROM clinic")
    expected = min(max(floor(Fraction(value + 4, 9) * 4) + 1, 0), 5)
    assert computed(plan, [(value, None, None)]) == [expected]


def test_a_large_product_has_coarser_steps_and_no_more_than_a_lattice_holds() -> None:
    wide = Column(
        ColumnName("w"), frozenset({"measure"}), lattice=Lattice(-7, 2**31 - 1, Fraction(1))
    )
    schema = Schema(ColumnName("person"), 1, (wide,))
    question = Question("town/clinic", sql="SELECT SUM(w * w) FROM clinic")
    lattice = compile_question(question, schema).derived[0].column.lattice
    assert lattice is not None
    exact = (2**31 - 1) ** 2
    assert abs(lattice.high * lattice.resolution - exact) <= exact / 2**31
    assert (lattice.low, lattice.high <= 2**31 - 1) == (0, True)


def test_groups_by_expressions_have_the_cells_that_can_be() -> None:
    plan = compiled(
        "SELECT YEAR(seen) AS y, CASE WHEN a < 0 THEN '-' WHEN a < 99 THEN '+' ELSE '?' END, "
        "COUNT(*) FROM clinic GROUP BY y, 2"
    )
    table = plan.table(SCHEMA)
    years, signs = (table.find(name) for name in plan.group_by)
    assert years is not None
    assert signs is not None
    assert plan.headings[0] == "y"
    assert (years.cells, signs.keys) == (5, ("-", "+", "?"))


def test_each_column_is_judged_by_what_an_expression_does_with_it() -> None:
    averages = "AVG(CASE WHEN a > 1 THEN b END), SUM(NULLIF(a, b))"
    sql = f"SELECT YEAR(seen), {averages} FROM clinic GROUP BY 1"  # noqa: S608  (never run)
    used = columns_used(Question("town/clinic", sql=sql), SCHEMA)
    assert set(used) == {
        ("seen", "group"),
        ("a", "filter"),
        ("b", "measure"),
        ("a", "measure"),
        ("b", "filter"),
    }
    plan = compiled("SELECT COUNT(*) FROM clinic WHERE a * b > 3 AND ABS(a) > 1")
    assert plan.filtered == ("a", "b")


def test_the_builder_writes_expressions_too() -> None:
    built = compile_question(
        Question(
            "town/clinic",
            where=("a + 5 > 3",),
            group_by=("year(seen)",),
            measures=(MeasureMessage("sum", "a * b", "n"),),
        ),
        SCHEMA,
    )
    sql = "SELECT YEAR(seen), SUM(b * a) AS n FROM clinic WHERE a > -2 GROUP BY 1"
    assert digest(built) == digest(compiled(sql))


def test_a_group_of_the_builder_is_named_by_as() -> None:
    asked = Question(
        "town/clinic", group_by=("year(seen) AS 年",), measures=(MeasureMessage("count"),)
    )
    sql = "SELECT YEAR(seen) AS 年, COUNT(*) FROM clinic GROUP BY 1"
    assert digest(compile_question(asked, SCHEMA)) == digest(compiled(sql))


def test_a_column_with_a_name_like_an_expression_is_that_column() -> None:
    column = _number("a-b", 0, 9)
    schema = Schema(ColumnName("person"), 5, (*SCHEMA.columns, column))
    question = Question("town/clinic", measures=(MeasureMessage("sum", "a-b"),))
    assert compile_question(question, schema).measures[0].column == "a-b"


@pytest.mark.parametrize("text", ["a +", "a + )", "a; b", "f(a)", "a + 'x'", "nobody + 1"])
def test_a_bad_expression_of_the_builder_names_its_field(
    text: str, built: Callable[..., Plan]
) -> None:
    with pytest.raises(BadInput) as caught:
        built(group_by=(text,), measures=(MeasureMessage("count"),))
    assert caught.value.place is not None
    assert caught.value.place.clause == "group_by.0"
