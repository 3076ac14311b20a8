"""Compares one column with one written value: the value becomes lattice steps or a key's code.

Numbers are exact fractions until they meet the lattice, so `age >= 40.5` in whole years is
`age >= 41`, and `age = 40.5` is never; no float is involved.
"""

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from math import ceil, floor

from sandbox.errors import BadInput, Place
from sandbox.model import cost
from sandbox.model.predicate import Between, IsIn, Not, Predicate
from sandbox.model.schema import Column
from sandbox.query.wording import shown

KEYS_SHOWN = 10
"""Declared keys that a message lists at most; they are public."""


class Comparison(StrEnum):
    """The six ways to compare."""

    EQUAL = "="
    UNEQUAL = "!="
    LESS = "<"
    AT_MOST = "<="
    MORE = ">"
    AT_LEAST = ">="

    @property
    def mirrored(self) -> "Comparison":
        """The same comparison with its sides changed round: `5 < age` is `age > 5`."""
        return _MIRRORED.get(self, self)


_MIRRORED = {
    Comparison.LESS: Comparison.MORE,
    Comparison.MORE: Comparison.LESS,
    Comparison.AT_MOST: Comparison.AT_LEAST,
    Comparison.AT_LEAST: Comparison.AT_MOST,
}


@dataclass(frozen=True, slots=True)
class Written:
    """A value as the asker wrote it."""

    text: str
    quoted: bool
    place: Place


def compare(column: Column, comparison: Comparison, value: Written) -> Predicate:
    """Compile `column comparison value`; `!=` negates `=`, so null stays null.

    Raises:
        BadInput: `filter.not_a_number`, `filter.not_ordered` or `filter.unknown_key`.
    """
    if comparison is Comparison.UNEQUAL:
        return Not(compare(column, Comparison.EQUAL, value))
    if column.lattice is not None:
        return _compare_steps(
            column, comparison, _number(column, value) / column.lattice.resolution
        )
    if comparison is not Comparison.EQUAL:
        message = f"The keys of {shown(column.name)} have no order; write =, != or IN"
        raise BadInput(message, code="filter.not_ordered", place=value.place)
    return IsIn(column.name, (_code(column, value),))


def _compare_steps(column: Column, comparison: Comparison, steps: Fraction) -> Between:
    """Move a bound onto the lattice, inward."""
    match comparison:
        case Comparison.AT_LEAST:
            return Between(column.name, ceil(steps), None)
        case Comparison.MORE:
            return Between(column.name, floor(steps) + 1, None)
        case Comparison.AT_MOST:
            return Between(column.name, None, floor(steps))
        case Comparison.LESS:
            return Between(column.name, None, ceil(steps) - 1)
        case _:  # Off the lattice, low is above high: never.
            return Between(column.name, ceil(steps), floor(steps))


def _number(column: Column, value: Written) -> Fraction:
    """Read a number exactly; `cost.fraction` limits its length and exponent."""
    digits = f"0{value.text}" if value.text.startswith(".") else value.text
    try:
        return cost.fraction("" if value.quoted else digits, "")
    except BadInput:
        message = (
            f"{shown(column.name)} is compared with plain numbers such as 40 or 0.5, "
            f"without quotes, of at most {cost.MAX_TEXT} characters"
        )
        raise BadInput(message, code="filter.not_a_number", place=value.place) from None


def _code(column: Column, value: Written) -> int:
    """Find a declared key; `site = 1` and `site = '1'` both mean the key 1."""
    if value.text in column.keys:
        return column.keys.index(value.text)
    listed = ", ".join(shown(key) for key in column.keys[:KEYS_SHOWN])
    more = f" and {len(column.keys) - KEYS_SHOWN} more" if len(column.keys) > KEYS_SHOWN else ""
    message = f"{shown(value.text)} is not a key of {shown(column.name)}; it has {listed}{more}"
    raise BadInput(message, code="filter.unknown_key", place=value.place)
