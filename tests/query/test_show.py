"""A shown plan is the plan: its SQL compiles back to the same digest."""

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sandbox.model.plan import Plan
from sandbox.model.schema import Schema
from sandbox.query.compile import compile_question
from sandbox.query.digest import digest
from sandbox.query.show import as_sql, as_tree
from sandbox.wire import MeasureMessage, Question

ATOMS = st.sampled_from(
    [
        "site = 1",
        "site NOT IN ('1', '2')",
        "site != 3",
        "site = 1 AND site = 2",
        "lone = 'only'",
        "lone != 'only'",
        "\"单位 类型\" IN ('it''s', '\"quoted\"')",
        "年份 > 1980",
        "age BETWEEN 3 AND 9",
        "age NOT BETWEEN 3 AND 9",
        "age = 40.5",
        "meddol < 12.345",
        "meddol IS NULL",
        "meddol IS NOT NULL",
        "change = 1",
        "change > 0.4",
        "change BETWEEN -2.9 AND -0.4",
        "NOT change BETWEEN 0.5 AND 0.7",
        "limit >= 5",
        "Rate = 1",
    ]
)
CONDITIONS = st.recursive(
    ATOMS,
    lambda inner: st.one_of(
        st.builds("NOT ({})".format, inner),
        st.builds("({}) AND ({})".format, inner, inner),
        st.builds("({}) OR ({})".format, inner, inner),
    ),
    max_leaves=8,
)
MEASURES = st.lists(
    st.sampled_from(
        [
            MeasureMessage("count"),
            MeasureMessage("people", name='of "all"'),
            MeasureMessage("count", "site", "rows of 1"),
            MeasureMessage("sum", "change"),
            MeasureMessage("mean", "meddol", "均值"),
        ]
    ),
    min_size=1,
    max_size=4,
    unique=True,
).map(tuple)
GROUPS = st.lists(
    st.sampled_from(["site", "单位 类型", "age", "limit"]), max_size=3, unique=True
).map(tuple)


@settings(max_examples=300, deadline=None)
@given(where=st.lists(CONDITIONS, max_size=2).map(tuple), groups=GROUPS, measures=MEASURES)
def test_sql_of_a_plan_compiles_back_to_the_plan(
    where: tuple[str, ...],
    groups: tuple[str, ...],
    measures: tuple[MeasureMessage, ...],
    schema: Schema,
) -> None:
    question = Question("health/hie", where=where, group_by=groups, measures=measures)
    plan = compile_question(question, schema)
    again = compile_question(Question("health/hie", sql=as_sql(plan, schema)), schema)
    assert again == plan
    assert digest(again) == digest(plan)


@pytest.mark.parametrize(
    ("where", "shown"),
    [
        ("age > 40", '"age" >= 41'),
        ("age < 40", '"age" <= 39'),
        ("age = 3", '"age" = 3'),
        ("age > 3 AND age < 9", '"age" BETWEEN 4 AND 8'),
        ("age >= 0", '"age" IS NOT NULL'),
        ("meddol > 12.345", '"meddol" >= 12.35'),
        ("site IN (1, 2)", "\"site\" IN ('1', '2')"),
        ("site NOT IN (1, 2)", "\"site\" NOT IN ('1', '2')"),
        ("NOT site = 1", "\"site\" != '1'"),
        ("site = 1 OR age IS NULL", '"site" = \'1\' OR "age" IS NULL'),
        ("site = 1 AND (age = 1 OR site = 2)", 'AND ("site" = \'2\' OR "age" = 1)'),
    ],
)
def test_conditions_are_shown_in_the_columns_own_unit(
    where: str, shown: str, compiled: Callable[[str], Plan], schema: Schema
) -> None:
    plan = compiled(f"SELECT COUNT(*) FROM hie WHERE {where}")  # noqa: S608  (never run)
    assert shown in as_sql(plan, schema)


def test_the_tree_reads_from_dataset_to_measure(
    compiled: Callable[[str], Plan], schema: Schema
) -> None:
    sql = (
        "SELECT site, AVG(meddol), COUNT(DISTINCT person) FROM hie "
        "WHERE age >= 40 AND (site = 1 OR change < 0) GROUP BY site, 年份"
    )
    assert as_tree(compiled(sql), schema).splitlines() == [
        "health/hie: 54 cells",
        "  for each site (6 keys)",
        "  for each 年份 (9 keys)",
        "  where",
        "    all of",
        '      "age" >= 40',
        "      any of",
        "        \"site\" = '1'",
        '        "change" <= -0.3',
        "  measure",
        '    mean_meddol = AVG("meddol")',
        '    people = COUNT(DISTINCT "person")',
    ]
