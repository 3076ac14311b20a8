"""The arithmetic of an account: exact, and the same for auditor, owner and researcher."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from sandbox.ledger.records import MAX_NUMBER, Accounting, Cost

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


def charged(cost: Cost, accounting: Accounting) -> Fraction:
    """Give what an account is charged for a cost.

    A negative one gives nothing back, so that it cannot hide spending.
    """
    amount = cost.rho if accounting == "zcdp" else cost.epsilon or NOTHING
    return NOTHING if is_negative(amount) else amount


def can_be_stated(spent: Fraction) -> bool:
    """Tell whether an entry can write this down: exact sums of hostile fractions grow long."""
    return max(spent.numerator, spent.denominator) < TOO_LONG


def is_negative(amount: Fraction) -> bool:
    """Tell by the sign alone: comparing fractions is what an audit would spend most time on."""
    return amount.numerator < 0


def faults(cost: Cost, accounting: Accounting) -> Iterator[str]:
    """Give all that is wrong with a cost in itself."""
    if any(map(is_negative, (cost.rho, cost.delta, cost.epsilon or NOTHING))):
        yield "The cost is negative"
    if accounting == "pure" and cost.epsilon is None:
        yield "A cost under pure accounting has no epsilon"
    elif accounting == "pure" and cost.epsilon is not None and cost.rho != cost.epsilon**2 / 2:
        # Bun, Steinke 2016, proposition 1.4.
        yield "A pure cost's rho is not epsilon**2 / 2"
