"""The privacy clause: whose privacy counts, how losses add up, and where they must stop."""

from fractions import Fraction
from itertools import pairwise
from typing import Annotated, Literal, Self

from pydantic import Field, field_validator, model_validator

from policies.clause import Clause, Fault, Path, fail
from policies.scalars import ColumnText, Label, Positive, Prose, Whole, at_most

MAX_EPSILON = Fraction(100)
"""Beyond this no promise is left: an answer may be e**100 times likelier with than without you."""
MAX_DELTA = Fraction(1, 100_000)
"""Chance that the promise fails outright; far below one over the number of people (Dwork 2014)."""
MAX_ROWS = 1000
"""Rows of one person; every one multiplies the noise."""
MIN_PARTS, MAX_PARTS = 2, 64
"""Keys of a column that may part the people; every part has an account in every snapshot."""
MAX_QUESTIONS = 50
"""Questions that an owner approves for emergencies; each question asked is compared with all."""
MAX_PARAMETERS = 20
"""Columns of one approved question whose values are the asker's."""

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
    """What one agreement, person, emergency or answer may lose, at the budget's delta."""

    epsilon: Epsilon


class ApprovedQuestion(Clause):
    """A question that may be asked in an emergency: the owner's, but for some of its values."""

    name: Label
    sql: Annotated[Prose, Field(min_length=1)]
    """In the query lane's subset of SQL; it is compiled when the policy is published."""
    parameters: Annotated[tuple[ColumnText, ...], Field(max_length=MAX_PARAMETERS)] = ()
    """Columns that the asker may compare with other declared values than those written here."""
    epsilon: Epsilon
    """Most that one answer to it may lose."""


class Emergency(Cap):
    """What only a declared emergency may spend, and on which questions alone."""

    questions: Annotated[tuple[ApprovedQuestion, ...], Field(max_length=MAX_QUESTIONS)] = ()
    """Without any, an emergency opens nothing."""

    @field_validator("questions")
    @classmethod
    def _names_differ(cls, questions: tuple[ApprovedQuestion, ...]) -> tuple[ApprovedQuestion, ...]:
        """Refuse two questions of one name: the ledger would not tell which was asked."""
        message = "Another question has this name"
        names = [question.name for question in questions]
        fail(
            {
                (index, "name"): Fault("policy.repeated", message)
                for index, name in enumerate(names)
                if name in names[:index]
            }
        )
        return questions


class Periods(Clause):
    """What a source may lose in one calendar day, month or quarter, UTC, at the budget's delta.

    A period that ends gives nothing back: the budget for the whole life holds all the same.
    """

    day: Epsilon | None = None
    month: Epsilon | None = None
    quarter: Epsilon | None = None

    @property
    def given(self) -> dict[str, Fraction]:
        """The caps that are set, shortest period first."""
        caps = {"day": self.day, "month": self.month, "quarter": self.quarter}
        return {name: cap for name, cap in caps.items() if cap is not None}

    @model_validator(mode="after")
    def _nested(self) -> Self:
        """Refuse a clause that says nothing, or a period with more than the one around it."""
        if not self.given:
            fail({(): Fault("policy.missing_clause", "Give at least one of day, month, quarter")})
        faults: dict[Path, Fault] = {}
        for (inner, cap), (outer, holds) in pairwise(self.given.items()):
            if cap > holds:
                message = f"One {inner} may not have more than its {outer}"
                faults[inner,] = Fault("policy.cap", message)
        fail(faults)
        return self


class Partition(Clause):
    """Parts of the people whose budgets are spent side by side; ingest keeps each person's few."""

    column: ColumnText
    """An open column with keys, say `region`; each key is a part."""
    max_parts: Annotated[Whole, Field(ge=1, le=MAX_PARTS - 1)]
    """Parts that one person is in at most; rows in further parts are dropped at ingest."""


class Privacy(Clause):
    """The caps: what the source may lose, and how much of it at most by one way."""

    unit: Unit
    accounting: Literal["zcdp", "pure"]
    """`zcdp` adds rho up (best for many questions), `pure` adds epsilon up (best for few)."""
    budget: Budget
    per_agreement: Cap
    per_submission: Cap
    per_person: Cap | None = None
    """Over all agreements that one person or team has on the source."""
    per_period: Periods | None = None
    emergency: Emergency | None = None
    """Part of the budget that only a declared emergency may spend 突发事件预留额度."""
    partition: Partition | None = None

    @model_validator(mode="after")
    def _nested(self) -> Self:
        """Refuse a cap above the one that holds it: it would promise what cannot be had."""
        fail(self._above_budget() | self._below_submission() | self._dear_questions())
        return self

    def _above_budget(self) -> dict[Path, Fault]:
        """Find caps that the whole budget cannot hold."""
        budget = self.budget.epsilon
        faults: dict[Path, Fault] = {}
        if self.per_agreement.epsilon > budget:
            message = "One agreement may not have more than the whole budget"
            faults["per_agreement", "epsilon"] = Fault("policy.cap", message)
        if self.per_person and self.per_person.epsilon > budget:
            message = "One person may not have more than the whole budget"
            faults["per_person", "epsilon"] = Fault("policy.cap", message)
        if self.emergency and self.emergency.epsilon >= budget:
            message = "Emergencies may have a part of the budget, not all of it"
            faults["emergency", "epsilon"] = Fault("policy.cap", message)
        for name, cap in self._periods.items():
            if cap > budget:
                message = f"One {name} may not have more than the whole budget"
                faults["per_period", name] = Fault("policy.cap", message)
        return faults

    def _below_submission(self) -> dict[Path, Fault]:
        """Find whether one answer may be dearer than a cap that every answer must fit into."""
        holders = {"its agreement": self.per_agreement.epsilon}
        if self.per_person:
            holders["one person"] = self.per_person.epsilon
        holders |= {f"one {name}": cap for name, cap in self._periods.items()}
        least = min(holders, key=lambda name: holders[name])
        if self.per_submission.epsilon <= holders[least]:
            return {}
        message = f"One submission may not have more than {least}"
        return {("per_submission", "epsilon"): Fault("policy.cap", message)}

    def _dear_questions(self) -> dict[Path, Fault]:
        """Find approved questions that may cost more than an answer, or all emergencies, may."""
        if self.emergency is None:
            return {}
        most = min(self.emergency.epsilon, self.per_submission.epsilon)
        message = "One question may not have more than one submission, or all emergencies, may"
        return {
            ("emergency", "questions", index, "epsilon"): Fault("policy.cap", message)
            for index, question in enumerate(self.emergency.questions)
            if question.epsilon > most
        }

    @property
    def _periods(self) -> dict[str, Fraction]:
        return self.per_period.given if self.per_period else {}
