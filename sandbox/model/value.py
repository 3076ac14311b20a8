"""Values that a question derives from a row: total functions of its integers.

Everything is an integer already (a lattice step, a key's code, 0 or 1), and so is everything that
is made of it: no value can fail on any row, overflow, or depend on the order of rows. A null goes
in where a row has no value, and a null comes out of whatever needs one, unless it says otherwise.
What an integer means (its unit, its keys) stands in the column that a value is derived for.
"""

from dataclasses import dataclass
from enum import StrEnum

from sandbox.model.names import ColumnName
from sandbox.model.predicate import Predicate


@dataclass(frozen=True, slots=True)
class Stored:
    """The step or code in a column of the table, stored or derived before."""

    column: ColumnName


@dataclass(frozen=True, slots=True)
class Linear:
    """`constant + sum(factor * value)`; a constant alone has no terms and is never null."""

    constant: int
    terms: tuple[tuple[int, "Value"], ...] = ()


@dataclass(frozen=True, slots=True)
class Product:
    """`left * right`."""

    left: "Value"
    right: "Value"


@dataclass(frozen=True, slots=True)
class Divided:
    """`floor(value / by)`, by a positive constant: coarser steps, bins of one width."""

    value: "Value"
    by: int


@dataclass(frozen=True, slots=True)
class Quotient:
    """`floor(over * factor / under)`; null where `under` is 0."""

    over: "Value"
    under: "Value"
    factor: int


@dataclass(frozen=True, slots=True)
class Bounded:
    """The nearest integer between `low` and `high`."""

    value: "Value"
    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Chosen:
    """The value beside the first predicate that is true, else `otherwise`; None stands for null."""

    branches: tuple[tuple[Predicate, "Value | None"], ...]
    otherwise: "Value | None"


@dataclass(frozen=True, slots=True)
class Placed:
    """How many of these ascending cuts lie at or below the value: the code of its bin."""

    value: "Value"
    cuts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Recoded:
    """`codes[value]` for a key's code; None there, or a code beyond, is null."""

    value: "Value"
    codes: tuple[int | None, ...]


class DatePart(StrEnum):
    """What can be taken of a day."""

    YEAR = "year"
    QUARTER = "quarter"
    MONTH = "month"
    DAY = "day"
    WEEKDAY = "weekday"
    """1 for Monday to 7 for Sunday (ISO 8601)."""


@dataclass(frozen=True, slots=True)
class PartOfDate:
    """A part of the day that is `value` days after 1970-01-01, in the Gregorian calendar."""

    value: "Value"
    part: DatePart


Value = (
    Stored
    | Linear
    | Product
    | Divided
    | Quotient
    | Bounded
    | Chosen
    | Placed
    | Recoded
    | PartOfDate
)
