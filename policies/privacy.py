"""The privacy clause: whose privacy counts, how losses add up, and where they must stop."""

from fractions import Fraction
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from policies.clause import Clause, Fault, Path, fail
from policies.scalars import ColumnText, Positive, Whole, at_most

MAX_EPSILON = Fraction(100)
"""Beyond this no promise is left: an answer may be e**100 times likelier with than without you."""
MAX_DELTA = Fraction(1, 100_000)
"""Chance that the promise fails outright; far below one over the number of people (Dwork 2014)."""
MAX_ROWS = 1000
"""Rows of one person; every one multiplies the noise."""

Epsilon = Annotated[Positive, at_most(MAX_EPSILON)]
Delta = Annotated[Positive, at_most(MAX_DELTA)]


class Unit(Clause):
    """Who is protected: a person, with all their rows."""

    column: ColumnText
    """Names the person; never open to any use."""
    max_rows: Annotated[Whole, Field(ge=1, le=MAX_ROWS)]
    """Rows that one person keeps in a snapshot; more are dropped at ingest."""


class Budget(Clause):
    """What a source may lose in its whole life."""

    epsilon: Epsilon
    delta: Delta


class Cap(Clause):
    """What one agreement or one answer may lose, at the budget's delta."""

    epsilon: Epsilon


class Privacy(Clause):
    """The caps, largest first: source, agreement, submission."""

    unit: Unit
    accounting: Literal["zcdp", "pure"]
    """`zcdp` adds rho up (best for many questions), `pure` adds epsilon up (best for few)."""
    budget: Budget
    per_agreement: Cap
    per_submission: Cap

    @model_validator(mode="after")
    def _nested(self) -> Self:
        """Refuse a cap above the one that holds it: it would promise what cannot be had."""
        faults: dict[Path, Fault] = {}
        if self.per_agreement.epsilon > self.budget.epsilon:
            message = "One agreement may not have more than the whole budget"
            faults["per_agreement", "epsilon"] = Fault("policy.cap", message)
        if self.per_submission.epsilon > self.per_agreement.epsilon:
            message = "One submission may not have more than its agreement"
            faults["per_submission", "epsilon"] = Fault("policy.cap", message)
        fail(faults)
        return self
