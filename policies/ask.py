"""What a verdict is given on: the terms agreed, the request, and what the accounts still hold."""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Terms:
    """What the researcher's agreement says, as far as a verdict depends on it."""

    agreement: str
    datasets: tuple[str, ...]
    lanes: tuple[str, ...]
    """Through which they may be asked; whatever a policy opens later, no other is agreed."""
    purpose: str
    starts: date
    """First day, inclusive, UTC."""
    ends: date
    """Last day, inclusive, UTC."""
    in_force: bool
    """Whether both sides have signed and neither has ended it."""
    ended: bool = False
    """Whether its researcher has disposed of the data, which ends it before its last day."""


@dataclass(frozen=True, slots=True)
class ColumnUse:
    """One column that the request touches, and what for."""

    column: str
    use: str
    """`group`, `filter`, `measure`, or `algorithm`: a program gets whatever is open."""


@dataclass(frozen=True, slots=True)
class Ask:
    """One request, before it costs anything; all of it is public."""

    dataset: str
    lane: str
    """`query`, `algorithm` or `reviewed`."""
    purpose: str
    today: date
    """The day on which the request is judged, UTC."""
    columns: tuple[ColumnUse, ...]
    epsilon: Fraction
    """The answer alone is (epsilon, delta)-private at the policy's delta."""
    charge: Fraction
    """What accounts are debited: rho under `zcdp`, epsilon under `pure`."""
    blocks: int | None = None
    """Disjoint groups of people that an algorithm is run over; None in other lanes."""
    seconds: Fraction | None = None
    """What each of them takes."""
    emergency: bool | None = None
    """Whether the emergency that it names is open for this source; None where it names none."""
    template: str | None = None
    """The approved question that it is, by its name in `privacy.emergency.questions`."""

    def __post_init__(self) -> None:
        """Refuse a request that would refill an account.

        Raises:
            ValueError: an amount is negative.
        """
        if self.epsilon < 0 or self.charge < 0:
            raise ValueError("a request never costs less than nothing")


@dataclass(frozen=True, slots=True)
class Balance:
    """What one account on the path of the debit still holds."""

    account: str
    clause: str
    """What set its cap: a clause of the policy, `privacy.budget`, or `agreement.budget`."""
    remaining: Fraction
    """In the unit of `Ask.charge`."""
