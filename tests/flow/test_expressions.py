"""Expressions and dates on their whole way: from a policy and a file to an answer."""

import json
from typing import Any

import pytest

from sandbox.errors import BadInput
from sandbox.flow.ask import ask
from sandbox.flow.explain import explain
from sandbox.model.principal import Role
from sandbox.wire import MeasureMessage
from tests.support.town import POLICY, Town, question

DATED = POLICY.replace(
    "  name: {use: []}",
    "  name: {use: []}\n"
    "  seen: {use: [group, filter], type: date, bounds: [2015-12-30, 2016-01-02]}",
)
CSV = "person,site,age,cost,name,seen\n" + "".join(
    f"p{row // 2},{'north' if row % 2 else 'south'},{row % 90},{row % 70}.5,x,"
    f"{'2015-12-31' if row < 300 else '2016-01-01'}\n"
    for row in range(400)
)


@pytest.fixture
def dated(town: Town) -> Town:
    town.describe("pure", CSV, DATED)
    town.agree()
    return town


def answered(town: Town, **asked: object) -> dict[str, Any]:
    """Ask, and give the answer's columns."""
    asked = {"where": (), "group_by": (), "measures": (), "epsilon": "0.5"} | asked
    released = json.loads(ask(town.site, town.people[Role.RESEARCHER], question(**asked)))
    return {column["name"]: column["values"] for column in released["answer"]["columns"]}


def test_an_answer_is_grouped_by_what_is_made_of_dates(dated: Town) -> None:
    sql = "SELECT YEAR(seen) AS year, COUNT(*) FROM clinic GROUP BY year"
    columns = answered(dated, sql=sql)
    assert columns["year"] == [2015, 2016]
    for noisy, exact in zip(columns["count"], (300, 100), strict=True):
        assert abs(noisy - exact) < 60  # 15 scales of the noise.


def test_dates_are_shown_as_dates(dated: Town) -> None:
    sql = "SELECT seen, COUNT(*) FROM clinic WHERE seen > '2015-12-30' GROUP BY seen"
    days = ["2015-12-30", "2015-12-31", "2016-01-01", "2016-01-02"]
    assert answered(dated, sql=sql)["seen"] == days
    told = explain(dated.site, dated.people[Role.RESEARCHER], question(
        sql=sql, where=(), group_by=(), measures=(), epsilon="0.5"))  # fmt: skip
    assert "DATE '2015-12-31'" in told.sql


def test_every_column_of_an_expression_is_judged(dated: Town) -> None:
    measures = (MeasureMessage("sum", "cost * age"),)
    with pytest.raises(BadInput) as caught:
        answered(dated, measures=(MeasureMessage("sum", "cost * seen"),))
    assert caught.value.code == "expression.date"
    told = explain(dated.site, dated.people[Role.RESEARCHER], question(
        measures=measures, where=(), group_by=(), epsilon="0.5"))  # fmt: skip
    assert [(one.code, one.column) for one in told.reasons] == [("column.use", "age")]


def test_noise_follows_the_bounds_of_an_expression(dated: Town) -> None:
    def width(value: str) -> float:
        asked = question(measures=(MeasureMessage("sum", value),), where=(), group_by=(),
                         epsilon="0.5")  # fmt: skip
        told = explain(dated.site, dated.people[Role.RESEARCHER], asked)
        return told.outputs[0].half_width

    whole = width("cost")
    assert width("cost * 10") == pytest.approx(10 * whole, rel=0.01)
    assert width("cost - 50") == pytest.approx(whole / 2, rel=0.01)
    assert width("LEAST(cost, 10)") == pytest.approx(whole / 10, rel=0.01)
