"""A node of the budget tree: a cap and what was spent, in exact numbers."""

from dataclasses import dataclass
from fractions import Fraction

from sandbox.model.cost import Accounting, PrivacyCost
from sandbox.model.names import AccountId, AgreementId, Pseudonym, SnapshotId, SourceName


@dataclass(frozen=True, slots=True)
class Account:
    """Cap and spending of one node; `spent` never passes `cap`."""

    id: AccountId
    parent: AccountId | None
    accounting: Accounting
    cap: Fraction
    """In rho under `zcdp`, in epsilon under `pure`."""
    spent: Fraction = Fraction(0)
    """In the same unit as `cap`."""

    def __post_init__(self) -> None:
        """Refuse an overdrawn or negative account.

        Raises:
            ValueError: not 0 <= spent <= cap.
        """
        if self.spent.numerator < 0 or self.spent > self.cap:
            raise ValueError("an account holds 0 <= spent <= cap")

    @property
    def remaining(self) -> Fraction:
        """What may still be spent here."""
        return self.cap - self.spent

    def fits(self, cost: PrivacyCost) -> bool:
        """Tell whether the cost can be debited here."""
        return cost.spent_under(self.accounting) <= self.remaining

    def moved(self, amount: Fraction) -> "Account":
        """Spend an amount here; a negative one gives back.

        Raises:
            ValueError: it would be overdrawn.
        """
        return Account(self.id, self.parent, self.accounting, self.cap, self.spent + amount)


def source_account(source: SourceName) -> AccountId:
    """Name the account of a source: whatever is named differently spends from here all the same."""
    return AccountId(f"source/{source}")


def agreement_account(agreement: AgreementId) -> AccountId:
    """Name the account that an agreement opens below its source."""
    return AccountId(f"agreement/{agreement}")


def person_account(source: SourceName, researcher: Pseudonym) -> AccountId:
    """Name the account of one person or team over all of their agreements on a source."""
    return AccountId(f"person/{source}/{researcher}")


def period_account(source: SourceName, period: str) -> AccountId:
    """Name the account of a source's day, month or quarter: `2026-11-22`, `2026-11`, `2026-Q4`."""
    return AccountId(f"period/{source}/{period}")


def emergency_account(source: SourceName) -> AccountId:
    """Name the tranche that a source keeps back for emergencies."""
    return AccountId(f"emergency/{source}")


def part_account(snapshot: SnapshotId, key: str) -> AccountId:
    """Name the account of one part of a snapshot's people, by the partition's key."""
    return AccountId(f"part/{snapshot}/{key}")
