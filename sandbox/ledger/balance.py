"""The arithmetic of an account: exact, and the same for auditor, owner and researcher."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from math import lcm

from sandbox.ledger.records import MAX_NUMBER, Accounting, Cost, Stated

NOTHING = Fraction(0)
TOO_LONG: int = 10**MAX_NUMBER
"""No entry can write a numerator or denominator from here on."""


@dataclass(frozen=True, slots=True)
class Balance:
    """An account as debits leave it; rho under `zcdp`, epsilon under `pure`."""

    accounting: Accounting
    cap: Fraction
    spent: Fraction = NOTHING

    @property
    def remaining(self) -> Fraction:
        """What may still be spent; negative where the cap was broken."""
        return self.cap - self.spent

    def less(self, cost: Cost) -> "Balance":
        """Spend a cost."""
        return Balance(self.accounting, self.cap, self.spent + charged(cost, self.accounting))


@dataclass(slots=True)
class Account:
    """An account while it is replayed: its cap, and a running sum of what it has spent.

    The sum is kept over one denominator, a common one of all that was added, and reduced only where
    it grows long: a million sums of `Fraction`s would take most of an audit's time.
    """

    name: str
    cap: Fraction
    above: int = 0
    below: int = 1

    @property
    def spent(self) -> Fraction:
        """What it has spent."""
        return Fraction(self.above, self.below)

    @property
    def left(self) -> Fraction:
        """What may still be spent; negative where the cap was broken."""
        return Fraction(self.rest, self.whole)

    @property
    def rest(self) -> int:
        """The same, in shares of `whole`."""
        above, below = self.cap.as_integer_ratio()
        return above * self.below - self.above * below

    @property
    def whole(self) -> int:
        """The denominator of `rest`: a positive number, of any size."""
        return self.below * self.cap.denominator

    def has_less_left_than(self, other: "Account") -> bool:
        """Compare what may still be spent."""
        return self.rest * other.whole < other.rest * self.whole

    def move(self, amount: Fraction) -> None:
        """Spend, or give back a negative amount."""
        above, below = amount.as_integer_ratio()
        factor, rest = divmod(self.below, below)
        if rest:
            factor = lcm(self.below, below) // below
            self.above *= factor * below // self.below
            self.below = factor * below
        self.above += above * factor

    def can_be_stated(self) -> bool:
        """Tell whether an entry can write this down: exact sums of hostile fractions grow long."""
        if self.above < TOO_LONG and self.below < TOO_LONG:
            return True
        self.above, self.below = self.spent.as_integer_ratio()
        return self.above < TOO_LONG and self.below < TOO_LONG

    def has_spent(self, stated: Stated | None) -> bool:
        """Tell whether this is what it has spent, exactly."""
        return stated is not None and self.above * stated.below == stated.above * self.below


def charged(cost: Cost, accounting: Accounting) -> Fraction:
    """Give what an account is charged for a cost.

    A negative one gives nothing back, so that it cannot hide spending.
    """
    amount = cost.rho if accounting == "zcdp" else cost.epsilon or NOTHING
    return NOTHING if is_negative(amount) else amount


def is_negative(amount: Fraction) -> bool:
    """Tell by the sign alone: comparing fractions is what an audit would spend most time on."""
    return amount.numerator < 0


def faults(cost: Cost, accounting: Accounting) -> Iterator[str]:
    """Give all that is wrong with a cost in itself."""
    if any(map(is_negative, (cost.rho, cost.delta, cost.epsilon or NOTHING))):
        yield "The cost is negative"
    if accounting == "pure" and cost.epsilon is None:
        yield "A cost under pure accounting has no epsilon"
    elif accounting == "pure" and cost.epsilon is not None and cost.rho != _rho(cost.epsilon):
        yield "A pure cost's rho is not epsilon**2 / 2"


@lru_cache(maxsize=1024)
def _rho(epsilon: Fraction) -> Fraction:
    """Give what a pure cost is under `zcdp` (Bun, Steinke 2016, proposition 1.4)."""
    return epsilon**2 / 2
