"""Accuracy first: the cheapest price at which an answer's forecast is as narrow as asked.

Everything here is foretold from the plan, the public schema and the owner's published number of
rows; no row is read, so what a question costs tells nothing of the data.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from math import floor, log10

from sandbox.errors import BadInput, Place
from sandbox.model.cost import Accounting, PrivacyCost, fraction
from sandbox.model.plan import Measure, MeasureKind, Plan
from sandbox.model.schema import Lattice, Schema
from sandbox.model.submission import PricedPlan
from sandbox.privacy.price import (
    GREATEST_EPSILON,
    LEAST_EPSILON,
    Offer,
    cap_of,
    offer,
    price,
)
from sandbox.query.estimate import assumed_rows, forecast
from sandbox.query.measures import names_of
from sandbox.query.parts import parts_of
from sandbox.wire import OutputForecast, Question

DIGITS = 4
"""Digits of a price that was looked for, rounded up: it is at most a thousandth too dear."""
INWARD = (1.001, 0.999)
"""Rounding then leads to no price that is too small or too great to be offered."""
HALVINGS = 50
"""Steps of the search; far more than four digits need."""

AT = Place(clause="accuracy")

Number = tuple[Measure, OutputForecast]


@dataclass(frozen=True, slots=True)
class Aim:
    """How far, at 95 %, an estimate may lie from the exact number."""

    half_width: Fraction
    relative: bool
    """Whether `half_width` is a share of the number's usual size; see `usual_size`."""


def aim_of(question: Question) -> Aim | None:
    """Read what accuracy a question asks for, if it does.

    Raises:
        BadInput: it names a price too (`accuracy.and_price`), is no positive number
            (`accuracy.out_of_range`), or is malformed.
    """
    if question.accuracy is None:
        if question.relative:
            raise BadInput(
                "An accuracy is a half-width above 0",
                code="accuracy.out_of_range",
                place=AT,
            )
        return None
    if question.epsilon is not None or question.rho is not None:
        raise BadInput(
            "Give either a price or an accuracy, which finds its price",
            code="accuracy.and_price",
            place=AT,
        )
    half_width = fraction(question.accuracy, "accuracy")
    if half_width <= 0:
        raise BadInput(
            "An accuracy is a half-width above 0",
            code="accuracy.out_of_range",
            place=AT,
        )
    return Aim(half_width, question.relative)


def price_plan(plan: Plan, schema: Schema, paid: Offer) -> PricedPlan:
    """Price a plan with the parts that its measures need."""
    return price(plan, schema, parts_of(plan, plan.table(schema)), paid)


def cheapest(
    plan: Plan,
    schema: Schema,
    terms: tuple[Accounting, Fraction],
    aim: Aim,
    declared_rows: int | None,
) -> Offer:
    """Find the least price, to four digits, at which every number's forecast meets the aim.

    `terms` are the source's accounting and the delta that epsilon is read at. Noise shrinks as the
    price grows, so halving finds it.

    Raises:
        BadInput: code `accuracy.out_of_reach`; no price that is private at all meets it.
    """
    accounting, delta = terms

    def meets(spent: float) -> bool:
        cost = _cost(accounting, _rounded_up(spent))
        priced = price_plan(plan, schema, Offer(accounting, cost, Fraction(0), delta))
        rows = assumed_rows(priced, declared_rows)
        numbers = _numbers(priced, declared_rows)
        return all(
            one.half_width <= _target(aim, measure, priced, rows) for measure, one in numbers
        )

    ends = (cap_of(accounting, one, delta) for one in (LEAST_EPSILON, GREATEST_EPSILON))
    low, high = (float(one) * inward for one, inward in zip(ends, INWARD, strict=True))
    if not meets(high):
        raise BadInput(
            "No price makes the answer so accurate",
            code="accuracy.out_of_reach",
            place=AT,
        )
    spent = str(float(_rounded_up(_least(meets, low, high))))
    if accounting is Accounting.ZCDP:
        return offer(accounting, delta, epsilon=None, rho=spent)
    return offer(accounting, delta, epsilon=spent, rho=None)


def hopeless(priced: PricedPlan, declared_rows: int | None) -> tuple[str, ...]:
    """Name the numbers of an answer whose noise would be wider than all that they could be.

    A mean lies within its bounds whatever is measured; counts and sums are held against the rows
    that the owner publishes, and are not judged where there is no such number.
    """
    return tuple(
        one.name
        for measure, one in _numbers(priced, declared_rows)
        if (most := _greatest(measure, priced.table, declared_rows)) is not None
        and one.half_width >= most
    )


def usual_size(measure: Measure, table: Schema, rows: int) -> float:
    """Give the size that a relative accuracy is a share of, in a cell of so many rows.

    Counts are as large as the cell; values are taken to lie in the middle of their bounds, or half
    a range away from it where the middle is zero.
    """
    if measure.kind in {MeasureKind.COUNT, MeasureKind.PEOPLE}:
        return float(rows)
    lattice = _lattice(measure, table)
    if lattice is None:
        return 1.0
    middle, reach = abs(lattice.low + lattice.high), lattice.high - lattice.low
    value = lattice.value(Fraction(middle or reach, 2))
    return value * rows if measure.kind is MeasureKind.SUM else value


def _numbers(priced: PricedPlan, declared_rows: int | None) -> Iterator[Number]:
    outputs = {one.name: one for one in forecast(priced, declared_rows)}
    for measure in priced.plan.measures:
        for name in names_of(measure):
            yield measure, outputs[name]


def _target(aim: Aim, measure: Measure, priced: PricedPlan, rows: int) -> float:
    share = usual_size(measure, priced.table, rows) if aim.relative else 1.0
    return float(aim.half_width) * share


def _greatest(measure: Measure, table: Schema, rows: int | None) -> float | None:
    """Give how far apart two possible values of a number can be; None where nobody has said."""
    lattice = _lattice(measure, table)
    match measure.kind:
        case MeasureKind.COUNT | MeasureKind.PEOPLE:
            return rows
        case MeasureKind.SUM if lattice is not None and rows is not None:
            return rows * lattice.value(max(abs(lattice.low), abs(lattice.high)))
        case MeasureKind.MEAN if lattice is not None and lattice.low < lattice.high:
            return lattice.value(lattice.high - lattice.low)
        case _:
            return None


def _lattice(measure: Measure, table: Schema) -> Lattice | None:
    column = table.find(measure.column or "")
    return column.lattice if column else None


def _least(meets: Callable[[float], bool], low: float, high: float) -> float:
    """Halve the ratio of the ends, of which only the upper one meets the aim."""
    if meets(low):
        return low
    for _ in range(HALVINGS):
        if high / low <= 1 + 10.0**-DIGITS:
            break
        middle = (low * high) ** 0.5
        low, high = (low, middle) if meets(middle) else (middle, high)
    return high


def _rounded_up(spent: float) -> Fraction:
    """Give the next decimal of four digits."""
    unit = Fraction(10) ** (floor(log10(spent)) - DIGITS + 1)
    return -(-Fraction(spent) // unit) * unit


def _cost(accounting: Accounting, spent: Fraction) -> PrivacyCost:
    return PrivacyCost(spent) if accounting is Accounting.ZCDP else PrivacyCost.pure(spent)
