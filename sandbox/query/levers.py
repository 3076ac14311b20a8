"""What drives an answer's error: each cause is taken away, and the question is forecast again.

All is computed from the plan, the public schema and the owner's published number of rows, at the
price that was offered; no row is read.
"""

from collections.abc import Iterator
from dataclasses import replace

from sandbox.model.plan import Measure, Plan
from sandbox.model.schema import Column, Lattice, Schema
from sandbox.model.submission import PricedPlan
from sandbox.privacy.price import Offer, price
from sandbox.query.estimate import forecast
from sandbox.query.parts import parts_of
from sandbox.query.written import readable
from sandbox.wire import Lever

WORTHWHILE = 0.99
"""Share of the error that is left at most, or a change is not told of."""

Change = tuple[str, str, str, Plan, Schema]
"""Cause, what to do in English and in Chinese, and the question that comes of it."""


def levers(priced: PricedPlan, declared_rows: int | None) -> tuple[Lever, ...]:
    """Give each number's ways to less error at the same price, the strongest first."""
    now = _widths(priced, declared_rows)
    found: list[tuple[float, Lever]] = []
    for cause, do, do_zh, plan, schema in _changes(priced):
        then = _widths(_again(priced, plan, schema), declared_rows)
        for name in now.keys() & then.keys():
            if then[name] < now[name] and then[name] <= WORTHWHILE * now[name]:
                left = then[name] / now[name]
                found.append((left, Lever(name, cause, then[name], do, do_zh)))
    found.sort(key=lambda one: (one[0], one[1].name, one[1].cause, one[1].text))
    return tuple(lever for _, lever in found)


def _widths(priced: PricedPlan, declared_rows: int | None) -> dict[str, float]:
    return {one.name: one.half_width for one in forecast(priced, declared_rows)}


def _again(priced: PricedPlan, plan: Plan, schema: Schema) -> PricedPlan:
    """Price another plan as this one was."""
    paid = Offer(priced.accounting, priced.cost, priced.epsilon, priced.delta)
    return price(plan, schema, parts_of(plan, plan.table(schema)), paid)


def _changes(priced: PricedPlan) -> Iterator[Change]:
    plan, schema = priced.plan, priced.schema
    if len(priced.parts) > 1:
        yield from _alone(plan, schema)
    yield from _coarser(plan, schema)
    rows = priced.table.max_rows
    if rows > 1:
        yield (
            "rows",
            (
                f"make rows into people first (`per_person`), one row each instead of up to {rows}"
                "; a person's total has wider bounds than a single row"
            ),
            f"先按人汇总（per_person），每人至多 {rows} 行合为一行；个人合计值的取值范围会相应变宽",
            plan,
            replace(schema, max_rows=1),
        )
    yield from _narrower(plan, schema)


def _alone(plan: Plan, schema: Schema) -> Iterator[Change]:
    for measure in plan.measures:
        yield (
            "measures",
            f"ask {measure.name} alone: the whole price buys it",
            f"单独查询 {measure.name}，全部隐私损失用于该项",
            replace(plan, measures=(measure,)),
            schema,
        )


def _coarser(plan: Plan, schema: Schema) -> Iterator[Change]:
    for at, name in enumerate(plan.group_by):
        kept = plan.group_by[:at] + plan.group_by[at + 1 :]
        headings = plan.headings[:at] + plan.headings[at + 1 :]
        yield (
            "groups",
            f"do not group by {readable(name)}",
            f"不按 {readable(name)} 分组",
            replace(plan, group_by=kept, headings=headings),
            schema,
        )


def _narrower(plan: Plan, schema: Schema) -> Iterator[Change]:
    """Halve the bounds of stored columns that are measured, and not grouped by."""
    if plan.people is not None:
        return
    for column in dict.fromkeys(_measured(one, schema) for one in plan.measures):
        if column is None or column.lattice is None or column.name in plan.group_by:
            continue
        lattice = _halved(column.lattice)
        low, high = lattice.value(lattice.low), lattice.value(lattice.high)
        columns = tuple(
            replace(one, lattice=lattice) if one is column else one for one in schema.columns
        )
        yield (
            "bounds",
            (
                f"hold {column.name} between narrower bounds, say {low:g} and {high:g}; "
                "values beyond count as the bound"
            ),
            f"缩小 {column.name} 的取值范围，例如 {low:g} 至 {high:g}；超出部分按界值计",
            plan,
            replace(schema, columns=columns),
        )


def _measured(measure: Measure, schema: Schema) -> Column | None:
    return schema.find(measure.column or "")


def _halved(lattice: Lattice) -> Lattice:
    """Keep half of the bounds: next to zero where they begin there, else around the middle."""
    low, high = lattice.low, lattice.high
    if low == 0:
        return replace(lattice, high=(high + 1) // 2)
    quarter = (high - low) // 4
    return replace(lattice, low=low + quarter, high=high - quarter)
