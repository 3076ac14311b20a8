"""What an expression comes to before it is a column: a linear combination, a category, a literal.

A number is kept as `constant + sum(factor * column)`, each column once and in the order of names,
so that every spelling of one linear combination is one number. Columns that cancel out stay, with
the factor 0: where they are null, SQL's result is null too.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from functools import reduce
from math import gcd

from sandbox.errors import Place
from sandbox.model import cost
from sandbox.model.day import written_date
from sandbox.model.names import ColumnName
from sandbox.model.schema import Column
from sandbox.query.written import quoted

MAX_BITS = 4096
"""Binary digits of a folded constant; no lattice needs a tenth of them."""


class Unwritable(ValueError):
    """A constant is too long, or no date where a date must stand."""


@dataclass(frozen=True, slots=True)
class Written:
    """A value as the asker wrote it: text in quotes, a date, or a number where there is a key."""

    text: str
    quoted: bool
    place: Place


@dataclass(frozen=True, slots=True)
class Category:
    """The key in a column."""

    column: Column


@dataclass(frozen=True, slots=True)
class Number:
    """`constant + sum(factor * column)`, in units; each column is on a lattice."""

    constant: Fraction
    terms: tuple[tuple[Column, Fraction], ...] = ()
    dates: Fraction = Fraction(0)
    """How many dates it is the sum of: 0 for a number, 1 for a date; days are dates less dates."""

    @property
    def column(self) -> Column | None:
        """The column that this is, no more and no less."""
        alone = len(self.terms) == 1 and not self.constant and self.terms[0][1] == 1
        return self.terms[0][0] if alone else None

    @property
    def content(self) -> Fraction:
        """What all factors and the constant are multiples of, with the sign of the first; or 1."""
        parts = [factor for _, factor in self.terms if factor]
        parts += [self.constant] if self.constant else []
        return Fraction(0) if not parts else common(parts) * (1 if parts[0] > 0 else -1)

    def times(self, factor: Fraction) -> "Number":
        """Multiply by a constant.

        Raises:
            Unwritable: a constant has too many digits.
        """
        terms = tuple((column, checked(one * factor)) for column, one in self.terms)
        return Number(checked(self.constant * factor), terms, self.dates * factor)


Term = Number | Category | Written | None
"""None is null."""


def of_column(column: Column) -> Number | Category:
    """Take a column for what it holds."""
    return Category(column) if column.lattice is None else number_of(column)


def number_of(column: Column) -> Number:
    """Take a column for a number."""
    return Number(Fraction(0), ((column, Fraction(1)),), Fraction(_lattice_days(column)))


def step_of(column: Column) -> Fraction:
    """Give the resolution of a column of numbers.

    Raises:
        ValueError: it has keys.
    """
    if column.lattice is None:
        raise ValueError("numbers are on lattices")
    return column.lattice.resolution


def total(numbers: Iterable[Number]) -> Number:
    """Add numbers up.

    Raises:
        Unwritable: the constant has too many digits.
    """
    constant = dates = Fraction(0)
    columns: dict[ColumnName, Column] = {}
    factors: dict[ColumnName, Fraction] = {}
    for number in numbers:
        constant, dates = checked(constant + number.constant), dates + number.dates
        for column, factor in number.terms:
            columns[column.name] = column
            factors[column.name] = checked(factors.get(column.name, Fraction(0)) + factor)
    terms = tuple((columns[name], factors[name]) for name in sorted(factors))
    return Number(constant, terms, dates)


def primitive(number: Number) -> tuple[Number, Fraction]:
    """Give the columns of a number in their least whole multiples, and what these are times."""
    columns = total(number_of(column).times(factor) for column, factor in number.terms)
    content = columns.content or Fraction(1)
    return columns.times(1 / content), content


def checked(constant: Fraction) -> Fraction:
    """Let a constant through that has not grown out of all proportion.

    Raises:
        Unwritable: it has.
    """
    if max(constant.numerator.bit_length(), constant.denominator.bit_length()) > MAX_BITS:
        raise Unwritable("a constant has too many digits")
    return constant


def common(fractions: Iterable[Fraction]) -> Fraction:
    """Give the greatest fraction that all (none of them 0) are whole multiples of."""
    return reduce(_both, map(abs, fractions))


def _both(one: Fraction, other: Fraction) -> Fraction:
    above = gcd(one.numerator * other.denominator, other.numerator * one.denominator)
    return Fraction(above, one.denominator * other.denominator)


def written(number: Number) -> str:
    """Write a number as SQL in normal form.

    Raises:
        Unwritable: a constant has more digits than one may be written with, or is no date.
    """
    parts = [_factor(abs(factor), quoted(column.name)) for column, factor in number.terms]
    signs = [factor < 0 for _, factor in number.terms]
    dates = number.dates - sum(factor * _lattice_days(column) for column, factor in number.terms)
    if dates:
        parts.append(_date(number.constant * dates, dates))
        signs.append(dates < 0)
    elif number.constant or not parts:
        parts.append(_constant(abs(number.constant)))
        signs.append(number.constant < 0)
    first = f"{'-' if signs[0] else ''}{parts[0]}"
    rest = zip(signs[1:], parts[1:], strict=True)
    return first + "".join(f" {'-' if negative else '+'} {part}" for negative, part in rest)


def _lattice_days(column: Column) -> int:
    return int(column.lattice is not None and column.lattice.days)


def _factor(factor: Fraction, name: str) -> str:
    if factor == 1:
        return name
    text = cost.text(factor)
    if "/" not in text:
        return f"{_short(text)} * {name}"
    above, below = factor.as_integer_ratio()
    times = "" if above == 1 else f"{_short(str(above))} * "
    return f"{times}{name} / {_short(str(below))}"


def _constant(constant: Fraction) -> str:
    above, slash, below = cost.text(constant).partition("/")
    return f"{_short(above)} / {_short(below)}" if slash else _short(above)


def _date(day: Fraction, dates: Fraction) -> str:
    if abs(dates) != 1 or day.denominator != 1:
        raise Unwritable("dates are whole days, and are not added to one another")
    try:
        return f"DATE '{written_date(int(day))}'"
    except ValueError:
        raise Unwritable("days lie in the years 1 to 9999") from None


def _short(text: str) -> str:
    if len(text) > cost.MAX_TEXT:
        raise Unwritable("a constant has too many digits")
    return text
