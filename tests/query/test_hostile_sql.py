"""No text overflows the stack, takes long, or raises anything but `BadInput`."""

import time
from collections.abc import Callable
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sandbox.errors import BadInput
from sandbox.model.plan import Plan
from sandbox.model.schema import Schema
from sandbox.query.compile import columns_used, compile_question
from sandbox.wire import MeasureMessage, Question

GOOD = (
    "SELECT site, COUNT(*) AS n, AVG(meddol), COUNT(DISTINCT person) FROM hie "
    "WHERE age BETWEEN 18 AND 64 AND NOT site IN ('1', 2) OR meddol IS NULL GROUP BY site"
)

WHERE = "SELECT COUNT(*) FROM hie WHERE "


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT COUNT(*) FROM hie WHERE " + "(" * 8000,
        "SELECT COUNT(*) FROM hie WHERE " + "(" * 500 + "age = 1" + ")" * 500,
        "SELECT COUNT(*) FROM hie WHERE " + "NOT " * 4000 + "age = 1",
        "SELECT COUNT(*) FROM hie WHERE age = " + "- " * 4000 + "1",
        "SELECT COUNT(*) FROM hie WHERE " + "NOT age = " * 1000 + "1",
        "SELECT COUNT(*) FROM hie WHERE " + "CASE WHEN " * 1500 + "age",
        "SELECT COUNT(*) FROM hie WHERE " + "EXISTS " * 2000 + "age",
        "SELECT COUNT(*) FROM hie WHERE " + "INTERVAL " * 1500 + "age",
        "SELECT COUNT(*) FROM hie WHERE age = " + "age BETWEEN " * 1000 + "1",
        "SELECT " + "f(" * 18 + ")" * 18 + " FROM hie",
        "SELECT " + "STRUCT(" * 20 + ")" * 20 + " FROM hie",
        "SELECT " + "COUNT(" * 20 + ")" * 20 + " FROM hie",
        "SELECT " + "DATE " * 3000,
        "SELECT COUNT(*) FROM " + "t, " * 5000,
        f"{WHERE}age{' * 9e300' * 1500} > 1",
        f"{WHERE}age{' * limit' * 490} > 1",
        f"{WHERE}{'NULLIF(' * 19}age{', limit)' * 19} > 1",
        f"{WHERE}{'COALESCE(NULLIF(' * 9}age{', 1), limit)' * 9} > 1",
        f"{WHERE}LEAST({', '.join(f'age + {one}' for one in range(480))}) > 1",
        f"{WHERE}{'YEAR(' * 20}age{')' * 20} > 1",
        f"{WHERE}age{' = age' * 490}",
        f"{WHERE}{'IF(' * 20}age{', 1, 2)' * 20}",
    ],
    ids=lambda sql: f"{sql[:48]} {len(sql)}",
)
def test_nesting_is_refused_quickly_and_never_overflows_the_stack(
    sql: str, compiled: Callable[[str], Plan]
) -> None:
    started = time.process_time()
    with pytest.raises(BadInput):
        compiled(sql)
    assert time.process_time() - started < 2  # one nesting of calls took the parser 14 s


def test_a_megabyte_of_sql_is_refused_before_it_is_parsed(compiled: Callable[[str], Plan]) -> None:
    with pytest.raises(BadInput) as caught:
        compiled("SELECT COUNT(*) FROM hie WHERE " + "age = 1 OR " * 100_000 + "age = 2")
    assert caught.value.code == "sql.too_long"


def test_conditions_together_have_the_limit_of_one_sql_text(built: Callable[..., Plan]) -> None:
    with pytest.raises(BadInput) as caught:
        built(where=("age = 1 OR age = 2",) * 1000, measures=(MeasureMessage("count"),))
    assert caught.value.code == "sql.too_long"


def test_a_chain_as_long_as_the_limit_compiles(compiled: Callable[[str], Plan]) -> None:
    plan = compiled("SELECT COUNT(*) FROM hie WHERE " + "age = 1 OR " * 499 + "age = 3")
    assert plan == compiled("SELECT COUNT(*) FROM hie WHERE age IN (3, 1)")


def test_a_longer_chain_is_refused(compiled: Callable[[str], Plan]) -> None:
    with pytest.raises(BadInput) as caught:
        compiled("SELECT COUNT(*) FROM hie WHERE " + "age = 1 OR " * 500 + "age = 3")
    assert caught.value.code == "filter.too_long"


@pytest.mark.parametrize(
    "condition",
    [
        f"age{' + age' * 490} > 1",
        f"age{' + 1' * 3500} > 1",
        f"age{' - limit' * 490} > 1",
        f"age{' / limit' * 300} > 1",
        f"{'CASE WHEN age > 1 THEN ' * 19}age{' ELSE limit END' * 19} > 1",
        f"{'CASE WHEN ' * 19}age > 1{' THEN limit END > 1' * 19}",
        f"{'ABS(' * 19}age{' - 1)' * 19} > 1",
        f"{'FLOOR(' * 19}age{' / 3)' * 19} > 1",
        f"{'WIDTH_BUCKET(' * 19}age{', 0, 1, 3)' * 19} > 1",
        f"CASE age {' '.join(f'WHEN {one} THEN {one}' for one in range(400))} END > 1",
        f"age * limit IN ({', '.join(f'age * {one}' for one in range(300))})",
        f"site LIKE '{'%1' * 3000}'",
    ],
    ids=lambda text: f"{text[:40]} {len(text)}",
)
def test_long_expressions_compile_quickly(condition: str, compiled: Callable[[str], Plan]) -> None:
    started = time.process_time()
    compiled(WHERE + condition)
    assert time.process_time() - started < 2


def _only_bad_input(question: Question, schema: Schema) -> None:
    for run in (compile_question, columns_used):
        with suppress(BadInput):
            run(question, schema)


@settings(deadline=None)
@given(text=st.text(max_size=60))
def test_arbitrary_text_raises_nothing_but_bad_input(text: str, schema: Schema) -> None:
    _only_bad_input(Question("health/hie", sql=text), schema)
    measure = MeasureMessage("sum", column=text, name=text)
    _only_bad_input(Question("health/hie", where=(text,), measures=(measure,)), schema)
    _only_bad_input(Question("health/hie", group_by=(text,), measures=(measure,)), schema)


_WORDS = """
    ( ) , . ; * - + ' " [ ] { } ? : :: @ $ % -> => || /* */ -- ` #
    AS IS NULL EXISTS CASE WHEN THEN END OVER LIMIT JOIN ON UNION WITH VALUES
    INTERVAL DATE CAST ROWS FILTER LATERAL PIVOT ALL ANY LIKE ESCAPE TRUE
    / LEAST( ABS( ROUND( COALESCE( NULLIF( YEAR( WIDTH_BUCKET( ISODOW '2016-05-01' THEN 1 END
    TRIM( EXTRACT( SUBSTRING( JSON_OBJECT( CONVERT( XMLTABLE( 1e9 0x1F N'x' 年
"""
_FRAGMENTS = st.sampled_from(GOOD.split() + _WORDS.split())


@settings(max_examples=300, deadline=None)
@given(fragments=st.lists(_FRAGMENTS, max_size=25))
def test_shuffled_sql_raises_nothing_but_bad_input(fragments: list[str], schema: Schema) -> None:
    _only_bad_input(Question("health/hie", sql="SELECT " + " ".join(fragments)), schema)
    condition = " ".join(fragments)
    measures = (MeasureMessage("count"),)
    _only_bad_input(Question("health/hie", where=(condition,), measures=measures), schema)


@settings(max_examples=300, deadline=None)
@given(data=st.data())
def test_mutated_sql_raises_nothing_but_bad_input(data: st.DataObject, schema: Schema) -> None:
    start = data.draw(st.integers(0, len(GOOD)))
    end = data.draw(st.integers(start, min(start + 12, len(GOOD))))
    sql = GOOD[:start] + data.draw(_FRAGMENTS | st.text(max_size=3)) + GOOD[end:]
    _only_bad_input(Question("health/hie", sql=sql), schema)
