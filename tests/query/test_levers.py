"""What drives an error is found by asking otherwise: each promise is kept when it is done."""

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

import pytest

from sandbox.model.cost import Accounting
from sandbox.model.plan import Plan
from sandbox.model.schema import Schema
from sandbox.model.submission import PricedPlan
from sandbox.privacy.price import offer
from sandbox.query.accuracy import price_plan
from sandbox.query.estimate import forecast
from sandbox.query.levers import levers
from sandbox.wire import Lever

DELTA = Fraction(1, 10**9)
ROWS = 20_000
BOTH = pytest.mark.parametrize("accounting", Accounting)


def priced(plan: Plan, schema: Schema, accounting: Accounting) -> PricedPlan:
    return price_plan(plan, schema, offer(accounting, DELTA, epsilon="1", rho=None))


def width(plan: Plan, schema: Schema, accounting: Accounting, name: str) -> float:
    outputs = forecast(priced(plan, schema, accounting), ROWS)
    return next(one.half_width for one in outputs if one.name == name)


def of(found: tuple[Lever, ...], cause: str) -> dict[str, float]:
    return {one.name: one.half_width for one in found if one.cause == cause}


@BOTH
def test_a_measure_asked_alone_errs_as_was_said(
    accounting: Accounting, schema: Schema, compiled: Callable[[str], Plan]
) -> None:
    plan = compiled("SELECT COUNT(*) AS n, AVG(age) AS mean_age FROM hie")
    alone = of(levers(priced(plan, schema, accounting), ROWS), "measures")
    for measure in plan.measures:
        one = replace(plan, measures=(measure,))
        assert alone[measure.name] == width(one, schema, accounting, measure.name)


@BOTH
def test_people_made_first_err_as_was_said(
    accounting: Accounting, schema: Schema, compiled: Callable[[str], Plan]
) -> None:
    plan = compiled("SELECT COUNT(*) AS n FROM hie")
    people = compiled(
        "WITH p AS (SELECT person, COUNT(*) AS v FROM hie GROUP BY person) "
        "SELECT COUNT(*) AS n FROM p"
    )
    (lever,) = levers(priced(plan, schema, accounting), ROWS)
    assert (lever.cause, lever.half_width) == ("rows", width(people, schema, accounting, "n"))
    assert levers(priced(people, schema, accounting), ROWS) == ()


def test_groups_matter_where_a_cell_is_divided_by_and_not_to_counts(
    schema: Schema, compiled: Callable[[str], Plan]
) -> None:
    grouped = compiled("SELECT site, COUNT(*) AS n, AVG(age) AS m FROM hie GROUP BY site")
    plain = compiled("SELECT COUNT(*) AS n, AVG(age) AS m FROM hie")
    found = of(levers(priced(grouped, schema, Accounting.ZCDP), ROWS), "groups")
    assert found == {"m": width(plain, schema, Accounting.ZCDP, "m")}


def test_half_the_bounds_are_half_the_noise_of_a_sum(
    schema: Schema, compiled: Callable[[str], Plan]
) -> None:
    plan = compiled("SELECT SUM(meddol) AS s FROM hie")
    halved = of(levers(priced(plan, schema, Accounting.ZCDP), ROWS), "bounds")["s"]
    assert halved == pytest.approx(width(plan, schema, Accounting.ZCDP, "s") / 2, rel=1e-6)


def test_the_strongest_cause_stands_first(schema: Schema, compiled: Callable[[str], Plan]) -> None:
    plan = compiled("SELECT site, AVG(age) AS m, SUM(change) AS s FROM hie GROUP BY site")
    found = levers(priced(plan, schema, Accounting.PURE), ROWS)
    left = [one.half_width / width(plan, schema, Accounting.PURE, one.name) for one in found]
    assert left == sorted(left)
    assert max(left) <= 0.99
    assert {one.cause for one in found} == {"measures", "groups", "rows", "bounds"}
