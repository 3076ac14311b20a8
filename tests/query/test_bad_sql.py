"""What is not in the subset is refused with a code, a line and a column; nothing else ever is."""

import logging
from collections.abc import Callable

import pytest

from sandbox.errors import BadInput
from sandbox.model.names import ColumnName
from sandbox.model.plan import Plan
from sandbox.model.schema import Column, Schema
from sandbox.query.compile import compile_question
from sandbox.wire import Question

BAD = [
    ("", "sql.syntax", 1, 1),
    ("  -- nothing", "sql.syntax", 1, 1),
    (";", "sql.syntax", 1, 1),
    ("DROP TABLE hie", "sql.not_select", 1, 1),
    ("EXPLAIN SELECT COUNT(*) FROM hie", "sql.not_select", 1, 1),
    ("  (SELECT COUNT(*) FROM hie)", "sql.not_select", 1, 3),
    ("FROM hie", "sql.not_select", 1, 1),
    ("WITH x AS (SELECT 1) SELECT COUNT(*) FROM x", "sql.with", 1, 6),
    ("SELECT * FROM hie", "sql.star", 1, 8),
    ("SELECT hie.* FROM hie", "sql.star", 1, 12),
    ("SELECT SUM(*) FROM hie", "sql.star", 1, 12),
    ("SELECT COUNT(*)\nFROM hie\n  JOIN x ON 1 = 1", "sql.join", 3, 3),
    ("SELECT COUNT(*) FROM hie NATURAL JOIN x", "sql.join", 1, 34),
    ("SELECT COUNT(*) FROM hie, x", "sql.join", 1, 27),
    ("SELECT COUNT(*) FROM (SELECT 1)", "sql.subquery", 1, 23),
    ("SELECT COUNT(*) FROM hie WHERE age IN (SELECT 1)", "sql.subquery", 1, 40),
    ("SELECT COUNT(*) FROM (VALUES (1))", "sql.subquery", 1, 23),
    ("SELECT COUNT(*) FROM (hie)", "sql.subquery", 1, 23),
    ("SELECT COUNT(*) FROM hie UNION SELECT COUNT(*) FROM hie", "sql.union", 1, 26),
    ("SELECT COUNT(*) FROM hie EXCEPT SELECT COUNT(*) FROM hie", "sql.union", 1, 26),
    ("SELECT site, COUNT(*) FROM hie GROUP BY site HAVING COUNT(*) > 9", "sql.having", 1, 46),
    ("SELECT COUNT(*) FROM hie ORDER BY 1", "sql.order_by", 1, 26),
    ("SELECT SUM(age ORDER BY age) FROM hie", "sql.order_by", 1, 16),
    ("SELECT COUNT(*) FROM hie\n LIMIT 5", "sql.limit", 2, 2),
    ("SELECT COUNT(*) FROM hie OFFSET 5", "sql.limit", 1, 26),
    ("SELECT COUNT(*) FROM hie FETCH FIRST 5 ROWS ONLY", "sql.limit", 1, 26),
    ("SELECT SUM(age) OVER (PARTITION BY site) FROM hie", "sql.window", 1, 17),
    ("SELECT COUNT(*) OVER () FROM hie", "sql.window", 1, 17),
    ("SELECT SUM(age) OVER w FROM hie", "sql.window", 1, 8),
    ("SELECT COUNT(*) FILTER (WHERE age > 1) FROM hie", "sql.function", 1, 17),
    ("SELECT CAST(age AS INT) FROM hie", "sql.cast", 1, 8),
    ("SELECT COUNT(*) FROM hie WHERE age::int = 4", "sql.cast", 1, 35),
    ("SELECT COUNT(*) FROM hie WHERE age = ?", "sql.parameter", 1, 38),
    ("SELECT COUNT(*) FROM hie WHERE age = :age", "sql.parameter", 1, 38),
    ("SELECT COUNT(*) FROM hie WHERE age = @age", "sql.parameter", 1, 38),
    ("SELECT COUNT(*) + 1 FROM hie", "sql.arithmetic", 1, 8),
    ("SELECT AVG(age % 2) FROM hie", "sql.arithmetic", 1, 16),
    ("SELECT COUNT(*) FROM hie WHERE age || 'x' = 1", "sql.arithmetic", 1, 36),
    ("SELECT COUNT(*) FROM hie WHERE age / 0 = 1", "expression.zero", 1, 32),
    ("SELECT COUNT(*) FROM hie WHERE age / (2 - 2) = 1", "expression.zero", 1, 32),
    ("SELECT COUNT(*) FROM hie WHERE site ILIKE '1%'", "sql.unsupported", 1, 37),
    ("SELECT COUNT(*) FROM hie WHERE site LIKE '1' ESCAPE 'x'", "sql.unsupported", 1, 32),
    ("SELECT COUNT(*) FROM hie WHERE site LIKE site", "expression.argument", 1, 42),
    ("SELECT COUNT(*) FROM hie WHERE age LIKE '1%'", "expression.unlike", 1, 32),
    ("SELECT COUNT(*) FROM hie WHERE age * 1e30 + limit > 0", "expression.too_large", 1, 32),
    ("SELECT COUNT(*) FROM hie WHERE ABS(age - limit + 1e-30) > 1", "expression.too_large", 1, 32),
    ("SELECT COUNT(*) FROM hie WHERE YEAR(age) = 1", "expression.date", 1, 37),
    ("SELECT COUNT(*) FROM hie WHERE DATE '2016-05-01' > age", "expression.date", 1, 37),
    ("SELECT COUNT(*) FROM hie WHERE DATE '2016-02-30' > age", "expression.date", 1, 37),
    ("SELECT COUNT(*) FROM hie WHERE EXTRACT(HOUR FROM age) = 1", "expression.argument", 1, 50),
    ("SELECT COUNT(*) FROM hie WHERE ROUND(age, 0.5) = 1", "expression.argument", 1, 43),
    ("SELECT COUNT(*) FROM hie WHERE ROUND(age, limit) = 1", "expression.argument", 1, 43),
    ("SELECT COUNT(*) FROM hie WHERE WIDTH_BUCKET(age, 9, 1, 3) = 1", "expression.argument", 1, 32),
    ("SELECT COUNT(*) FROM hie WHERE site = age", "expression.unlike", 1, 32),
    ("SELECT COUNT(*) FROM hie WHERE site + 1 = 2", "measure.not_numeric", 1, 32),
    ("SELECT SUM(CASE WHEN age > 1 THEN 'a' ELSE 1 END) FROM hie", "expression.unlike", 1, 22),
    ("SELECT SUM(CASE WHEN age > 1 THEN 'a' ELSE 'b' END) FROM hie", "measure.not_numeric", 1, 22),
    ("SELECT SUM(CASE WHEN age > 1 THEN NULL END) FROM hie", "sql.null", 1, 22),
    ("SELECT SUM(NULL) FROM hie", "sql.null", 1, 8),
    ("SELECT SUM('1') FROM hie", "expression.unlike", 1, 12),
    ("SELECT SUM(AVG(age)) FROM hie", "sql.function", 1, 12),
    ("SELECT COUNT(*) FROM hie WHERE [age] = 1", "sql.unsupported", 1, 32),
    ("SELECT MEDIAN(age) FROM hie", "sql.function", 1, 8),
    ("SELECT AVERAGE(age) FROM hie", "sql.function", 1, 8),
    ("SELECT COUNT() FROM hie", "sql.function", 1, 8),
    ("SELECT COUNT(age, site) FROM hie", "sql.unsupported", 1, 19),
    ("SELECT COUNT(*) FROM hie WHERE SQRT(age) = 1", "sql.function", 1, 32),
    ("SELECT COUNT(*) FROM hie WHERE AVG(age) > 1", "sql.function", 1, 32),
    ("SELECT CASE WHEN age > 1 THEN 1 END, COUNT(*) FROM hie", "sql.not_grouped", 1, 18),
    ("SELECT age + 1 FROM hie GROUP BY age", "sql.not_grouped", 1, 8),
    ("SELECT DISTINCT site FROM hie", "sql.distinct", 1, 8),
    ("SELECT SUM(DISTINCT age) FROM hie", "sql.distinct", 1, 12),
    ("SELECT COUNT(DISTINCT person, age) FROM hie", "sql.distinct", 1, 14),
    ("SELECT COUNT(DISTINCT person), SUM(DISTINCT age) FROM hie", "sql.distinct", 1, 36),
    ("SELECT COUNT(DISTINCT age) FROM hie", "measure.not_unit", 1, 23),
    ("SELECT COUNT(*) FROM hie; SELECT 2", "sql.statements", 1, 27),
    ("SELECT COUNT(*), FROM hie WHERE", "sql.syntax", 1, 27),
    ("SELECT COUNT(*) FROM hie WHERE age = 'x", "sql.syntax", 1, 38),
    ("SELECT COUNT(*) FROM hie /* no end", "sql.syntax", 1, 26),
    ('SELECT COUNT(*) FROM "hie', "sql.syntax", 1, 22),
    ("SELECT COUNT(*) FROM hie WHERE age = 1 site", "sql.syntax", 1, 40),
    ("SELECT COUNT(*) FROM hie WHERE a\x00 = 1", "sql.syntax", 1, 33),
    ("SELECT COUNT(*) FROM hie WHERE age = '\ud800'", "sql.syntax", 1, 39),
    ("SELECT COUNT(*) FROM hie WHERE age IN ()", "sql.syntax", 1, 32),
    ("SELECT COUNT(*)", "sql.no_dataset", 1, 8),
    ("SELECT COUNT(*) FROM other", "sql.other_dataset", 1, 22),
    ("SELECT COUNT(*) FROM health.hie", "sql.unsupported", 1, 22),
    ("SELECT COUNT(*) FROM hie h", "sql.unsupported", 1, 26),
    ("SELECT COUNT(*) FROM hie TABLESAMPLE (5 PERCENT)", "sql.function", 1, 26),
    ("SELECT COUNT(*) FROM f(1)", "sql.function", 1, 22),
    ("SELECT COUNT(*) FROM hie FOR UPDATE", "sql.unsupported", 1, 8),
    ("SELECT COUNT(*) INTO x FROM hie", "sql.unsupported", 1, 22),
    ("SELECT site, COUNT(*) FROM hie", "sql.not_grouped", 1, 8),
    ("SELECT site AS age, COUNT(*) FROM hie GROUP BY age", "column.ambiguous", 1, 48),
    ("SELECT site AS s, age AS s, COUNT(*) FROM hie GROUP BY s", "column.ambiguous", 1, 56),
    ("SELECT site AS s, age AS s, COUNT(*) FROM hie GROUP BY 1, 2", "plan.duplicate_name", 1, 8),
    ('SELECT site AS "a\u200b", COUNT(*) FROM hie GROUP BY 1', "plan.bad_name", 1, 8),
    ("SELECT 1 FROM hie", "sql.not_grouped", 1, 8),
    ("SELECT COUNT(*) FROM hie GROUP BY 1", "sql.not_grouped", 1, 35),
    ("SELECT site, COUNT(*) FROM hie GROUP BY 3", "sql.not_grouped", 1, 41),
    ("SELECT COUNT(*) FROM hie GROUP BY ALL", "sql.unsupported", 1, 8),
    ("SELECT COUNT(*) FROM hie GROUP BY ROLLUP (site)", "sql.function", 1, 35),
    ("SELECT COUNT(*) FROM hie GROUP BY site, SITE", "plan.duplicate_name", 1, 41),
    ("SELECT COUNT(*) AS site FROM hie GROUP BY site", "plan.duplicate_name", 1, 8),
    ("SELECT SUM(age) a, COUNT(*) a_half_width FROM hie", "plan.duplicate_name", 1, 20),
    ('SELECT COUNT(*) AS "a\u200b" FROM hie', "plan.bad_name", 1, 8),
    ("SELECT site FROM hie GROUP BY site", "plan.no_measure", None, None),
    ("SELECT COUNT(*) FROM hie GROUP BY meddol", "plan.too_many_cells", 1, 35),
    ("SELECT SUM(site) FROM hie", "measure.not_numeric", 1, 12),
    ("SELECT SUM(\n  agee) FROM hie", "column.unknown", 2, 3),
    ("SELECT COUNT(*) FROM hie WHERE 😀 = 1", "column.unknown", 1, 32),
    ("SELECT COUNT(*) FROM hie WHERE hie.age = 1", "sql.qualified", 1, 32),
    ("SELECT COUNT(*) FROM hie WHERE RATE = 1", "column.ambiguous", 1, 32),
    ("SELECT SUM(name) FROM hie", "column.closed", 1, 12),
    ("SELECT COUNT(person) FROM hie", "column.closed", 1, 14),
    ("SELECT COUNT(*) FROM hie WHERE person = 7", "column.closed", 1, 32),
    ("SELECT COUNT(*) FROM hie WHERE age", "sql.unsupported", 1, 32),
    ("SELECT COUNT(*) FROM hie WHERE 1 = 1", "sql.unsupported", 1, 32),
    ("SELECT COUNT(*) FROM hie WHERE age = NULL", "sql.null", 1, 32),
    ("SELECT COUNT(*) FROM hie WHERE age IS TRUE", "sql.unsupported", 1, 32),
    ("SELECT COUNT(*) FROM hie WHERE age BETWEEN SYMMETRIC 1 AND 2", "sql.unsupported", 1, 32),
    ("SELECT COUNT(*) FROM hie WHERE age = '40'", "filter.not_a_number", 1, 38),
    ("SELECT COUNT(*) FROM hie WHERE age = 1e999", "filter.not_a_number", 1, 38),
    ("SELECT COUNT(*) FROM hie WHERE age = " + "9" * 99, "filter.not_a_number", 1, 38),
    ("SELECT COUNT(*) FROM hie WHERE site = 9", "filter.unknown_key", 1, 39),
    ("SELECT COUNT(*) FROM hie WHERE site > '1'", "filter.not_ordered", 1, 39),
    ("SELECT COUNT(*) FROM hie WHERE site BETWEEN 1 AND 2", "filter.not_ordered", 1, 45),
]


@pytest.mark.parametrize(("sql", "code", "line", "column"), BAD, ids=[sql for sql, *_ in BAD])
def test_bad_sql_gets_a_code_and_the_place_of_the_offending_token(
    sql: str, code: str, line: int | None, column: int | None, compiled: Callable[[str], Plan]
) -> None:
    with pytest.raises(BadInput) as caught:
        compiled(sql)
    place = caught.value.place
    assert place is not None
    assert (caught.value.code, place.line, place.column) == (code, line, column)


def test_an_unknown_column_is_answered_with_the_open_ones_that_look_like_it(
    compiled: Callable[[str], Plan],
) -> None:
    with pytest.raises(BadInput, match="did you mean 'meddol'"):
        compiled("SELECT AVG(meddolar) FROM hie")


def test_a_hint_never_names_a_closed_column(compiled: Callable[[str], Plan]) -> None:
    with pytest.raises(BadInput) as caught:
        compiled("SELECT AVG(nam) FROM hie")
    assert "name" not in caught.value.message


def test_an_undeclared_key_lists_ten_declared_ones_at_most() -> None:
    keys = tuple(f"key{number:02}" for number in range(12))
    column = Column(ColumnName("site"), frozenset({"filter"}), keys=keys)
    schema = Schema(ColumnName("person"), 1, (column,))
    question = Question("health/hie", sql="SELECT COUNT(*) FROM hie WHERE site = 'x'")
    with pytest.raises(BadInput, match=r"'key09' and 2 more") as caught:
        compile_question(question, schema)
    assert "key10" not in caught.value.message


def test_the_parser_writes_nothing_to_logs_or_terminal(
    compiled: Callable[[str], Plan],
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.DEBUG):
        for sql, *_ in BAD:
            with pytest.raises(BadInput):
                compiled(sql)
    assert (caplog.text, *capfd.readouterr()) == ("", "", "")


def test_no_message_shows_the_parser_or_long_text(compiled: Callable[[str], Plan]) -> None:
    for sql, *_ in BAD:
        with pytest.raises(BadInput) as caught:
            compiled(sql)
        assert "sqlglot" not in caught.value.message
        assert "Token" not in caught.value.message
        assert len(caught.value.message) < 400
        caught.value.message.encode()
