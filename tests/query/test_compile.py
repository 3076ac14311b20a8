"""SQL and builder are two spellings of one question."""

from collections.abc import Callable

import pytest

from sandbox.errors import BadInput
from sandbox.model.names import ColumnName
from sandbox.model.plan import Measure, MeasureKind, Plan
from sandbox.model.predicate import Between
from sandbox.model.schema import Schema
from sandbox.query.compile import columns_used, compile_question
from sandbox.query.digest import digest, plan_json
from sandbox.query.show import as_sql
from sandbox.wire import MeasureMessage, Question

SQL = (
    "SELECT site, COUNT(*), COUNT(DISTINCT person), SUM(meddol), AVG(meddol) AS mean, COUNT(age) "
    "FROM hie WHERE age >= 40 AND site != '6' GROUP BY site"
)
BUILDER = {
    "where": ("age >= 40", "site <> '6'"),
    "group_by": ("site",),
    "measures": (
        MeasureMessage("count"),
        MeasureMessage("people"),
        MeasureMessage("sum", "meddol"),
        MeasureMessage("mean", "meddol", "mean"),
        MeasureMessage("count", "age"),
    ),
}


def test_sql_and_builder_give_one_plan_and_one_digest(
    compiled: Callable[[str], Plan], built: Callable[..., Plan]
) -> None:
    assert compiled(SQL) == built(**BUILDER)
    assert digest(compiled(SQL)) == digest(built(**BUILDER))


def test_measures_are_named_after_what_they_are(compiled: Callable[[str], Plan]) -> None:
    assert compiled(SQL).measures == (
        Measure("count", MeasureKind.COUNT),
        Measure("people", MeasureKind.PEOPLE),
        Measure("sum_meddol", MeasureKind.SUM, ColumnName("meddol")),
        Measure("mean", MeasureKind.MEAN, ColumnName("meddol")),
        Measure("count_age", MeasureKind.COUNT, ColumnName("age")),
    )


@pytest.mark.parametrize(
    "sql",
    [
        "select count(*) from HIE where AGE > 3;",
        'SELECT COUNT ( * )\n\tFROM "health/hie" -- all of them\nWHERE "age" > 3 ; ;',
        "SELECT /* here */ Count(*) count FROM hie WHERE 3 < age",
        "SELECT\u3000COUNT(*)\u3000FROM\u3000hie\u3000WHERE\u3000age\u3000>\u30003",
        "SELECT\u00a0COUNT(*) FROM hie WHERE (age) > (3.0e0)",
    ],
)
def test_case_spaces_and_comments_do_not_matter(sql: str, compiled: Callable[[str], Plan]) -> None:
    assert compiled(sql) == compiled("SELECT COUNT(*) FROM hie WHERE age > 3")


def test_chinese_names_and_keys_work_unquoted_and_quoted(compiled: Callable[[str], Plan]) -> None:
    plan = compiled(
        "SELECT 年份, COUNT(*) AS 人次 FROM hie WHERE \"单位 类型\" = '三级' GROUP BY 年份"
    )
    assert plan.group_by == ("年份",)
    assert plan.measures[0].name == "人次"
    assert plan.filtered == ("单位 类型",)


def test_an_exact_name_wins_over_one_of_another_case(compiled: Callable[[str], Plan]) -> None:
    assert compiled("SELECT SUM(rate) FROM hie").measures[0].column == "rate"
    assert compiled("SELECT SUM(Rate) FROM hie").measures[0].column == "Rate"


def test_a_keyword_can_be_a_column_name(compiled: Callable[[str], Plan]) -> None:
    plan = compiled("SELECT AVG(limit) FROM hie WHERE limit > 5")
    assert plan.where == Between(ColumnName("limit"), 2, None)


def test_the_order_of_groups_and_measures_is_kept(built: Callable[..., Plan]) -> None:
    measures = (MeasureMessage("people"), MeasureMessage("count"))
    plan = built(group_by=("年份", "site"), measures=measures)
    assert plan.group_by == ("年份", "site")
    assert [measure.name for measure in plan.measures] == ["people", "count"]
    assert digest(plan) != digest(built(group_by=("site", "年份"), measures=measures))
    assert digest(plan) != digest(built(group_by=("年份", "site"), measures=measures[::-1]))


def test_people_may_be_counted_by_naming_the_unit(built: Callable[..., Plan]) -> None:
    named = built(measures=(MeasureMessage("people", "person"),))
    assert named == built(measures=(MeasureMessage("people"),))


def test_a_plan_remembers_the_columns_that_its_filter_reads(
    compiled: Callable[[str], Plan],
) -> None:
    plan = compiled("SELECT COUNT(*) FROM hie WHERE site = 1 AND NOT (meddol > 1 OR age IS NULL)")
    assert plan.filtered == ("age", "meddol", "site")


def test_use_is_left_to_the_policy(compiled: Callable[[str], Plan]) -> None:
    assert compiled("SELECT COUNT(site) FROM hie").measures[0].column == "site"


def test_every_named_column_is_listed_with_its_use_before_anything_is_compiled(
    schema: Schema,
) -> None:
    sql = (
        "SELECT SITE, COUNT(DISTINCT person), AVG(NAME), SUM(nowhere) FROM hie "
        "WHERE name = 'x' AND person = 3 AND age > 'x' GROUP BY site"
    )
    used = columns_used(Question("health/hie", sql=sql), schema)
    assert sorted(used) == [
        ("age", "filter"),
        ("name", "filter"),
        ("name", "measure"),
        ("nowhere", "measure"),
        ("person", "filter"),
        ("site", "group"),
    ]


def test_a_builder_question_lists_its_columns_too(schema: Schema) -> None:
    question = Question("health/hie", **BUILDER)  # type: ignore[arg-type]
    assert columns_used(question, schema) == columns_used(Question("health/hie", sql=SQL), schema)


def test_a_dataset_is_named_in_full_in_the_question(schema: Schema) -> None:
    with pytest.raises(BadInput) as caught:
        compile_question(Question("HIE", sql="SELECT COUNT(*) FROM hie"), schema)
    assert caught.value.code == "name.dataset"


def test_the_digest_stands_for_good(compiled: Callable[[str], Plan]) -> None:
    """Submissions are named after it: another form would sell old questions anew."""
    plan = compiled("SELECT site, AVG(meddol) FROM hie WHERE age >= 40 GROUP BY site")
    assert plan_json(plan) == {
        "dataset": "health/hie",
        "where": {"is": "between", "column": "age", "low": 40, "high": None},
        "group_by": ["site"],
        "measures": [{"name": "mean_meddol", "kind": "mean", "column": "meddol"}],
    }
    assert digest(plan) == "260ed6dffb8eca7d45d91f4bc326de5b073d492363350ff3e2ce93f9f355f53c"


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT site AS 单位, COUNT(*) FROM hie GROUP BY site",
        "SELECT site AS 单位, COUNT(*) FROM hie GROUP BY 单位",
        "SELECT site AS 单位, COUNT(*) FROM hie GROUP BY 1",
    ],
)
def test_a_group_is_named_by_its_column_its_alias_or_its_place(
    sql: str, compiled: Callable[[str], Plan], schema: Schema
) -> None:
    plan = compiled(sql)
    assert (plan.group_by, plan.headings) == (("site",), ("单位",))
    assert columns_used(Question("health/hie", sql=sql), schema) == (("site", "group"),)
    assert compiled(as_sql(plan, schema)) == plan
