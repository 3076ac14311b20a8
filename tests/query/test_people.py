"""Rows into people: one plan from SQL and builder, shapes from the schema alone, clear refusals."""

# ruff: noqa: S608  (questions of the subset, which no database ever sees)

from collections.abc import Callable
from fractions import Fraction

import pytest

from sandbox.errors import BadInput
from sandbox.model.cost import Accounting
from sandbox.model.plan import PersonKind, Plan
from sandbox.model.schema import Lattice, Schema
from sandbox.privacy.price import offer
from sandbox.privacy.sensitivity import sensitivity_of
from sandbox.query.accuracy import price_plan
from sandbox.query.compile import columns_used, compile_question
from sandbox.query.digest import digest
from sandbox.query.parts import parts_of
from sandbox.query.show import as_sql, as_tree
from sandbox.wire import MeasureMessage, PeopleForm, Question

SQL = """
WITH patients AS (
  SELECT person, SUM(meddol) AS total, COUNT(*) AS visits, MAX(age) AS oldest,
         COUNT(DISTINCT site) AS sites, ANY_VALUE(site) AS home, COUNT(age) AS aged
  FROM hie WHERE age >= 20 GROUP BY person
)
SELECT home, COUNT(*) AS people, AVG(total) AS mean FROM patients
WHERE visits > 1 AND total < 5000.5 GROUP BY home
"""
COLUMNS = (
    MeasureMessage("sum", "meddol", "total"),
    MeasureMessage("count", None, "visits"),
    MeasureMessage("max", "age", "oldest"),
    MeasureMessage("distinct", "site", "sites"),
    MeasureMessage("only", "site", "home"),
    MeasureMessage("count", "age", "aged"),
)
BUILT = {
    "people": PeopleForm(COLUMNS, ("age >= 20",)),
    "where": ("visits > 1", "total < 5000.5"),
    "group_by": ("home",),
    "measures": (MeasureMessage("count", None, "people"), MeasureMessage("mean", "total", "mean")),
}


def test_sql_and_builder_make_one_plan(
    compiled: Callable[[str], Plan], built: Callable[..., Plan]
) -> None:
    assert compiled(SQL) == built(**BUILT)
    assert digest(compiled(SQL)) == digest(built(**BUILT))


def test_what_is_shown_compiles_back(compiled: Callable[[str], Plan], schema: Schema) -> None:
    plan = compiled(SQL)
    assert compiled(as_sql(plan, schema)) == plan
    tree = as_tree(plan, schema)
    assert 'total = SUM("meddol")' in tree
    assert "from rows where" in tree


def test_shapes_follow_from_the_schema_alone(
    compiled: Callable[[str], Plan], schema: Schema
) -> None:
    table = compiled(SQL).table(schema)
    shapes = {column.name: column.lattice or column.keys for column in table.columns}
    one = Fraction(1)
    assert shapes == {
        "total": Lattice(0, 10_000_000, Fraction(1, 100)),
        "visits": Lattice(1, 5, one),
        "oldest": Lattice(0, 65, one),
        "sites": Lattice(0, 5, one),
        "home": ("1", "2", "3", "4", "5", "6"),
        "aged": Lattice(0, 5, one),
    }
    assert table.max_rows == 1


def test_a_person_counts_once(compiled: Callable[[str], Plan], schema: Schema) -> None:
    plan = compiled(SQL)
    table = plan.table(schema)
    bounds = [sensitivity_of(part, plan, table) for part in parts_of(plan, table)]
    assert [bound.l1 for bound in bounds] == [1, 5_000_000, 1]


def test_a_mean_of_people_has_less_noise_than_one_of_rows(
    compiled: Callable[[str], Plan], schema: Schema
) -> None:
    def scale(sql: str) -> float:
        paid = offer(Accounting.PURE, Fraction(0), epsilon="1", rho=None)
        return price_plan(compiled(sql), schema, paid).noises[0].scale

    rows = scale("SELECT AVG(meddol) FROM hie")
    largest = "WITH p AS (SELECT person, MAX(meddol) AS most FROM hie GROUP BY person) "
    assert scale(largest + "SELECT AVG(most) FROM p") * 5 == pytest.approx(rows)


def test_every_column_is_listed_with_its_use(schema: Schema) -> None:
    used = columns_used(Question("health/hie", sql=SQL), schema)
    assert set(used) == {
        ("age", "filter"),
        ("age", "measure"),
        ("meddol", "measure"),
        ("site", "measure"),
        ("site", "group"),
    }
    assert set(columns_used(Question("health/hie", **BUILT), schema)) == set(used)  # type: ignore[arg-type]


def test_a_table_of_people_derives_and_counts_people(compiled: Callable[[str], Plan]) -> None:
    plan = compiled(
        "WITH p AS (SELECT person, SUM(meddol) AS total, COUNT(*) AS n FROM hie GROUP BY person) "
        "SELECT COUNT(DISTINCT person), AVG(LEAST(total / n, 500)) FROM p WHERE total > n * 10"
    )
    assert plan.people is not None
    assert [one.kind for one in plan.people.columns] == [PersonKind.SUM, PersonKind.ROWS]
    assert plan.derived


START = "WITH p AS (SELECT person, "


@pytest.mark.parametrize(
    ("sql", "code"),
    [
        (
            "WITH p AS (SELECT site, COUNT(*) AS n FROM hie GROUP BY site) SELECT COUNT(*) FROM p",
            "people.by",
        ),
        (
            START + "site, COUNT(*) AS n FROM hie GROUP BY person) SELECT COUNT(*) FROM p",
            "people.by",
        ),
        (
            START + "COUNT(*) AS n FROM hie GROUP BY person, site) SELECT COUNT(*) FROM p",
            "sql.with",
        ),
        (START + "COUNT(*) AS n FROM hie) SELECT COUNT(*) FROM p", "sql.with"),
        (START + "COUNT(*) FROM hie GROUP BY person) SELECT COUNT(*) FROM p", "people.unnamed"),
        (START + "AVG(age) AS a FROM hie GROUP BY person) SELECT COUNT(*) FROM p", "sql.with"),
        (START + "COUNT(*) AS n FROM hie GROUP BY person) SELECT COUNT(*) FROM hie", "sql.with"),
        (
            START + "COUNT(*) AS n FROM other GROUP BY person) SELECT COUNT(*) FROM p",
            "sql.other_dataset",
        ),
        (
            START + "COUNT(*) AS n FROM hie GROUP BY person) SELECT AVG(age) FROM p",
            "column.unknown",
        ),
        (
            START + "COUNT(*) AS n, SUM(age) AS N FROM hie GROUP BY person) SELECT COUNT(*) FROM p",
            "plan.duplicate_name",
        ),
        (
            START + "COUNT(*) AS person FROM hie GROUP BY person) SELECT COUNT(*) FROM p",
            "plan.duplicate_name",
        ),
        (
            START + 'COUNT(*) AS "@n" FROM hie GROUP BY person) SELECT COUNT(*) FROM p',
            "plan.bad_name",
        ),
        (
            START + "SUM(site) AS n FROM hie GROUP BY person) SELECT COUNT(*) FROM p",
            "measure.not_numeric",
        ),
        (
            START + "ANY_VALUE(name) AS n FROM hie GROUP BY person) SELECT COUNT(*) FROM p",
            "column.closed",
        ),
        (
            "WITH p AS (SELECT person FROM hie GROUP BY person) SELECT COUNT(*) FROM p",
            "people.columns",
        ),
        (
            (
                "WITH p AS (SELECT person, COUNT(*) AS n FROM hie GROUP BY person), "
                "q AS (SELECT 1) SELECT COUNT(*) FROM p"
            ),
            "sql.not_select",
        ),
        (
            START + "COUNT(*) AS n FROM (SELECT 1) GROUP BY person) SELECT COUNT(*) FROM p",
            "sql.subquery",
        ),
        (
            START + "COUNT(*) AS n FROM hie GROUP BY person) SELECT COUNT(*) FROM p JOIN hie",
            "sql.join",
        ),
        (START + "COUNT(*) AS n FROM hie GROUP BY person", "sql.with"),
        (START + "COUNT(*) AS n FROM hie GROUP BY person)", "sql.with"),
        ("SELECT MIN(age) FROM hie", "sql.function"),
        ("SELECT ANY_VALUE(site) FROM hie", "sql.function"),
    ],
)
def test_what_makes_no_people_is_refused_with_its_place(
    sql: str, code: str, schema: Schema
) -> None:
    with pytest.raises(BadInput) as refused:
        compile_question(Question("health/hie", sql=sql), schema)
    assert refused.value.code == code
    assert refused.value.place is not None


@pytest.mark.parametrize(
    ("column", "code"),
    [
        (MeasureMessage("mean", "age", "x"), "measure.unknown"),
        (MeasureMessage("sum", None, "x"), "measure.no_column"),
        (MeasureMessage("sum", "age", None), "plan.bad_name"),
        (MeasureMessage("min", "site", "x"), "measure.not_numeric"),
        (MeasureMessage("only", "nothing", "x"), "column.unknown"),
    ],
)
def test_the_builder_refuses_likewise(column: MeasureMessage, code: str, schema: Schema) -> None:
    count = (MeasureMessage("count"),)
    asked = Question("health/hie", measures=count, people=PeopleForm((column,)))
    with pytest.raises(BadInput) as refused:
        compile_question(asked, schema)
    assert refused.value.code == code
