"""Between which integers a derived value lies, whatever the row: interval arithmetic.

Source: Moore 1966, "Interval Analysis", chapter 2. For a monotone operation the ends give the
ends; a product is extreme at corners of the box (it is linear in each factor alone). An interval
holds every value that some row could give, and may hold more.
"""

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from datetime import date
from functools import singledispatch
from itertools import product

from sandbox.model.names import ColumnName
from sandbox.model.schema import FIRST_DAY, LAST_DAY, Column
from sandbox.model.value import (
    Bounded,
    Chosen,
    DatePart,
    Divided,
    Linear,
    PartOfDate,
    Placed,
    Product,
    Quotient,
    Recoded,
    Stored,
    Value,
)
from sandbox.query.normal import domain
from sandbox.query.ranges import Range

Columns = Mapping[ColumnName, Column]

REACH = 2**62
"""Every integer on the way to a value is smaller than this, so that none overflows."""

_PARTS = {
    DatePart.QUARTER: (1, 4),
    DatePart.MONTH: (1, 12),
    DatePart.DAY: (1, 31),
    DatePart.WEEKDAY: (1, 7),
}


class OutOfReach(ValueError):
    """Some integer on the way to a value could overflow, or is no day of the calendar."""


def range_of(value: Value | None, columns: Columns) -> Range | None:
    """Give the least and greatest integer that a value can be; None where it is null always.

    Raises:
        OutOfReach: an integer on the way may lie beyond `REACH`.
    """
    found = _range(value, columns)
    if found is not None:
        _require(found)
    return found


@singledispatch
def _range(value: Value | None, _: Columns) -> Range | None:
    raise TypeError(f"{value} is no value")


@_range.register
def _null(_value: None, _: Columns) -> Range | None:
    return None


@_range.register
def _stored(value: Stored, columns: Columns) -> Range | None:
    return domain(columns[value.column])


@_range.register
def _linear(value: Linear, columns: Columns) -> Range | None:
    """Add up ranges; partial sums are checked too, because they are what is computed."""
    low = high = value.constant
    for factor, one in value.terms:
        inner = range_of(one, columns)
        if inner is None:
            return None
        ends = sorted(factor * end for end in inner)
        low, high = low + ends[0], high + ends[1]
        _require((*ends, low, high))
    return low, high


@_range.register
def _product(value: Product, columns: Columns) -> Range | None:
    left, right = range_of(value.left, columns), range_of(value.right, columns)
    if left is None or right is None:
        return None
    corners = [one * other for one, other in product(left, right)]
    if value.left == value.right:  # A square is extreme at an end, or 0 between ends.
        corners = [end * end for end in left] + [0] * (left[0] <= 0 <= left[1])
    return min(corners), max(corners)


@_range.register
def _quotient(value: Quotient, columns: Columns) -> Range | None:
    """Divide by the smallest divisors of either sign: there a quotient is farthest from zero."""
    over, under = range_of(value.over, columns), range_of(value.under, columns)
    if over is None or under is None:
        return None
    scaled = [end * value.factor for end in over]
    _require(scaled)
    low, high = under
    divisors = {one for one in (low, high, -1, 1) if one and low <= one <= high}
    quotients = [end // divisor for end in scaled for divisor in divisors]
    return (min(quotients), max(quotients)) if quotients else None


@_range.register
def _chosen(value: Chosen, columns: Columns) -> Range | None:
    chosen = (*(then for _, then in value.branches), value.otherwise)
    return _hull(range_of(one, columns) for one in chosen)


@_range.register
def _recoded(value: Recoded, _: Columns) -> Range | None:
    return _hull((code, code) for code in value.codes if code is not None)


@_range.register
def _divided(value: Divided, columns: Columns) -> Range | None:
    inner = range_of(value.value, columns)
    return inner and (inner[0] // value.by, inner[1] // value.by)


@_range.register
def _bounded(value: Bounded, columns: Columns) -> Range | None:
    inner = range_of(value.value, columns)
    return inner and (_nearest(inner[0], value), _nearest(inner[1], value))


def _nearest(number: int, value: Bounded) -> int:
    return min(max(number, value.low), value.high)


@_range.register
def _placed(value: Placed, columns: Columns) -> Range | None:
    inner = range_of(value.value, columns)
    return inner and (bisect_right(value.cuts, inner[0]), bisect_right(value.cuts, inner[1]))


@_range.register
def _part_of_date(value: PartOfDate, columns: Columns) -> Range | None:
    inner = range_of(value.value, columns)
    if inner and not FIRST_DAY <= inner[0] <= inner[1] <= LAST_DAY:
        raise OutOfReach("days lie in the years 1 to 9999")
    if inner and value.part is DatePart.YEAR:
        return year_of(inner[0]), year_of(inner[1])
    return inner and _PARTS[value.part]


def year_of(day: int) -> int:
    """Give the year of a day of the calendar, in days after 1970-01-01."""
    return date.fromordinal(day - FIRST_DAY + 1).year


def _require(integers: Iterable[int]) -> None:
    if max(map(abs, integers)) >= REACH:
        raise OutOfReach("a derived value stays below 2**62, and all on the way to it")


def _hull(ranges: Iterable[Range | None]) -> Range | None:
    known = [one for one in ranges if one is not None]
    return (min(low for low, _ in known), max(high for _, high in known)) if known else None
