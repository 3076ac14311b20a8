"""What an answer costs in privacy, exactly.

A cost is `(rho, delta)` of zero-concentrated differential privacy (Bun, Steinke 2016) and, where
the mechanism is pure, also its `epsilon`. Costs add up, adaptively too (Whitehouse et al. 2023,
"Fully-Adaptive Composition in Differential Privacy"), so an auditor can add the column by hand.
All three are `Fraction`s in memory and decimal or `a/b` text on the wire; never floats.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from functools import lru_cache
from typing import Self

from sandbox.errors import BadInput, Place

MAX_TEXT = 80
"""Characters of a number on the wire: more would only feed the bignum library."""
MAX_EXPONENT = 400
"""Powers of ten that are read at all; 1e300 is refused by policy, 1e999999999 by the reader."""

MAX_PLACES = 1000
"""Decimals that are written: a ledger may hold 1/2**6000, whose decimals Python will not print."""

_NUMBER = re.compile(r"[+-]?\d+(?:\.\d*)?(?:[eE](?P<exponent>[+-]?\d+))?|[+-]?\d+/\d+", re.ASCII)


class Accounting(StrEnum):
    """How a source's budget adds up; fixed in its policy."""

    ZCDP = "zcdp"
    """Gaussian noise; `rho` adds up. Best for many questions or cells."""
    PURE = "pure"
    """Laplace noise; `epsilon` adds up. Best for a handful of small questions."""


@dataclass(frozen=True, slots=True)
class PrivacyCost:
    """A non-negative cost; `epsilon` is None where a mechanism has no pure guarantee."""

    rho: Fraction
    delta: Fraction = Fraction(0)
    epsilon: Fraction | None = None

    def __post_init__(self) -> None:
        """Refuse negative parts.

        Raises:
            ValueError: a part is negative.
        """
        if self.rho < 0 or self.delta < 0 or (self.epsilon is not None and self.epsilon < 0):
            raise ValueError("a privacy cost is never negative")

    @classmethod
    def pure(cls, epsilon: Fraction) -> Self:
        """Cost of an `epsilon`-private mechanism, which is `epsilon**2 / 2`-zCDP.

        Source: Bun, Steinke 2016, proposition 1.4.
        """
        return cls(rho=epsilon**2 / 2, epsilon=epsilon)

    def __add__(self, other: Self) -> "PrivacyCost":
        """Compose: each part adds; pure only while both are."""
        both = self.epsilon is not None and other.epsilon is not None
        return PrivacyCost(
            rho=self.rho + other.rho,
            delta=self.delta + other.delta,
            epsilon=(self.epsilon or Fraction(0)) + (other.epsilon or Fraction(0))
            if both
            else None,
        )

    def spent_under(self, accounting: Accounting) -> Fraction:
        """Give the part that the accounting adds up.

        Raises:
            ValueError: the accounting is pure and the cost is not.
        """
        if accounting is Accounting.ZCDP:
            return self.rho
        if self.epsilon is None:
            raise ValueError("a cost without epsilon cannot be charged to a pure account")
        return self.epsilon


NO_COST = PrivacyCost(Fraction(0), Fraction(0), Fraction(0))


def fraction(text: str, clause: str) -> Fraction:
    """Read an exact number: `0.5`, `1e-9`, `3/8`.

    Raises:
        BadInput: not a finite number in one of these forms, or absurdly long.
    """
    match = _NUMBER.fullmatch(text) if len(text) <= MAX_TEXT else None
    exponent = int(match["exponent"] or 0) if match else 0
    if match is None or abs(exponent) > MAX_EXPONENT or re.search(r"/0+$", text):
        raise BadInput(
            "Not a finite number; write 0.5, 1e-9 or 3/8",
            code="number.malformed",
            place=Place(clause=clause),
        )
    return Fraction(text)


def text(value: Fraction) -> str:
    """Write a fraction exactly: as a decimal where it ends soon, else as `a/b`.

    >>> text(Fraction(3, 8)), text(Fraction(1, 3)), text(Fraction(4))
    ('0.375', '1/3', '4')
    """
    above, below = value.as_integer_ratio()
    places = _places(below)
    if places is None:
        return f"{above}/{below}"
    if not places:
        return str(above)
    digits = str(abs(above) * 10**places // below).rjust(places + 1, "0")
    sign = "-" if above < 0 else ""
    return f"{sign}{digits[:-places]}.{digits[-places:]}"


@lru_cache(maxsize=1024)
def _places(below: int) -> int | None:
    """Count the decimals of fractions over a denominator; None if they do not end soon."""
    twos = (below & -below).bit_length() - 1
    rest, fives = below >> twos, 0
    while rest % 5 == 0:
        rest, fives = rest // 5, fives + 1
    places = max(twos, fives)
    return places if rest == 1 and places <= MAX_PLACES else None


def brief(value: Fraction) -> str:
    """Write a number for readers, to six digits; the books use `text`.

    >>> brief(Fraction(1, 10**9)), brief(Fraction(1, 2))
    ('1e-9', '0.5')
    """
    return f"{float(value):g}".replace("e-0", "e-")
