"""Wherever OpenDP's Polars planner answers the same question, our noise is no wider than its."""

from fractions import Fraction
from importlib import import_module
from typing import Any

import polars as pl
import pytest

from sandbox.model.cost import Accounting
from sandbox.model.names import ColumnName, DatasetName
from sandbox.model.plan import Measure, MeasureKind, Part, PartKind, Plan
from sandbox.model.schema import Schema
from sandbox.privacy.price import offer, price

dp: Any = import_module("opendp.prelude")  # untyped

ROUNDING = 1 + 1e-9
"""The planner and we search the scale to different last digits."""
ROWS = pl.DataFrame({"person": [0, 0, 1], "site": ["a", "b", "a"], "pay": [1, 2, 3]})


def planners_scales(query: Any, accounting: Accounting, rows_a_person: int) -> list[float]:  # noqa: ANN401  (OpenDP is untyped)
    """Give the noise scale of each aggregate in the planner's own summary."""
    loss = dp.loss_of(rho=0.1) if accounting is Accounting.ZCDP else dp.loss_of(epsilon=1.0)
    context = dp.Context.compositor(
        data=ROWS.lazy(),
        privacy_unit=dp.unit_of(contributions=rows_a_person),
        privacy_loss=loss,
        split_evenly_over=1,
        margins=[
            dp.polars.Margin(by=["site"], invariant="keys", max_length=10**6, max_groups=3),
            dp.polars.Margin(max_length=10**6),
        ],
    )
    return [float(scale) for scale in query(context.query()).summarize()["scale"]]


def our_scales(
    parts: tuple[Part, ...], schema: Schema, accounting: Accounting, *, grouped: bool
) -> list[float]:
    groups = (ColumnName("site"),) if grouped else ()
    plan = Plan(DatasetName("a/b"), None, groups, (Measure("x", MeasureKind.COUNT),))
    zcdp = accounting is Accounting.ZCDP
    paid = offer(
        accounting,
        Fraction(1, 10**9),
        epsilon=None if zcdp else "1",
        rho="0.1" if zcdp else None,
    )
    return [noise.scale for noise in price(plan, schema, parts, paid).noises]


PAY = ColumnName("pay")
COUNT = Part(PartKind.ROWS)
SUM = Part(PartKind.SUM, PAY)
MEAN = (Part(PartKind.SUM, PAY, centre=15), Part(PartKind.PRESENT, PAY))
LENGTH = dp.len(signed=True)
WORTH: Any = pl.col("pay").cast(pl.Int64).fill_null(0)  # OpenDP adds `.dp` at run time
PERSON: Any = pl.col("person")
TOTAL = WORTH.dp.sum((-20, 50))
CASES: dict[str, tuple[tuple[Part, ...], Any]] = {
    "count": ((COUNT,), LENGTH),
    "people": ((Part(PartKind.PEOPLE),), PERSON.dp.n_unique(signed=True)),
    "sum": ((SUM,), TOTAL),
    "mean": (MEAN, [TOTAL, LENGTH]),
}


@pytest.mark.slow
@pytest.mark.parametrize("grouped", [False, True], ids=["whole", "grouped"])
@pytest.mark.parametrize("accounting", Accounting)
@pytest.mark.parametrize("name", CASES)
def test_our_noise_is_at_most_the_planners(
    name: str, accounting: Accounting, schema: Schema, *, grouped: bool
) -> None:
    parts, aggregates = CASES[name]

    def query(context: Any) -> Any:  # noqa: ANN401  (OpenDP is untyped)
        return context.group_by("site").agg(aggregates) if grouped else context.select(aggregates)

    ours = our_scales(parts, schema, accounting, grouped=grouped)
    theirs = planners_scales(query, accounting, schema.max_rows)
    assert len(ours) == len(theirs)
    for mine, planned in zip(ours, theirs, strict=True):
        assert mine <= planned * ROUNDING
