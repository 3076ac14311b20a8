"""What a policy lets be asked, and with what error: an owner's view before anything is published.

The numbers come from where questions are priced and forecast when they are asked; the policy alone
is read. Questions are the simplest of each kind that the policy opens, not all that could be asked.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, exp, floor

from policies.schema import Policy
from sandbox.model.cost import Accounting
from sandbox.model.schema import Column, Schema
from sandbox.privacy.price import LEAST_EPSILON, Offer, cap_of, offer
from sandbox.query.accuracy import hopeless, price_plan
from sandbox.query.compile import compile_question
from sandbox.query.estimate import forecast
from sandbox.query.schema import schema_of
from sandbox.query.show import as_sql
from sandbox.wire import MeasureMessage, Question

MAX_QUESTIONS = 40
MAX_GROUPS = 200
"""Cells of a previewed question at most."""
WEEKS_A_YEAR = 52


@dataclass(frozen=True, slots=True)
class Previewed:
    """One question at one price."""

    sql: str
    cells: int
    half_width: float
    """95 % half-width of every cell, in the measure's unit."""
    hopeless: bool
    spread: dict[str, float | None]
    """By accounting: the half-width if a year's questions shared the whole budget evenly."""


@dataclass(frozen=True, slots=True)
class Preview:
    """What becomes possible under a policy, and what it costs the people in the data."""

    accounting: str
    epsilon: Fraction
    """Of one previewed answer."""
    questions: tuple[Previewed, ...]
    answers: int
    """Answers at that price until the whole budget is spent."""
    agreement_answers: int
    """The same of one agreement."""
    weeks: Fraction
    """How long the whole budget lasts at the stated rate."""
    guess: float
    """How often whoever knows all but whether one person is there can be right at the very end."""
    better: str
    """The accounting under which a year's questions at the stated rate have less error."""


def preview(policy: Policy, epsilon: Fraction | None, per_week: Fraction) -> Preview:
    """Foretell what a policy allows, at a price of one answer and a rate of answers.

    Without a price it is the dearest that the policy allows.
    """
    privacy = policy.privacy
    accounting, delta = Accounting(privacy.accounting), privacy.budget.delta
    price = epsilon or privacy.per_submission.epsilon
    paid = offer(accounting, delta, epsilon=str(float(price)), rho=None)
    spent = paid.cost.spent_under(accounting)
    answers = floor(cap_of(accounting, privacy.budget.epsilon, delta) / spent)
    previewed = tuple(_previewed(policy, paid, ceil(per_week * WEEKS_A_YEAR)))
    return Preview(
        accounting=accounting.value,
        epsilon=price,
        questions=previewed,
        answers=answers,
        agreement_answers=floor(cap_of(accounting, privacy.per_agreement.epsilon, delta) / spent),
        weeks=answers / per_week,
        guess=1 / (1 + exp(-float(privacy.budget.epsilon))),
        better=_better(previewed).value,
    )


def _previewed(policy: Policy, paid: Offer, yearly: int) -> Iterator[Previewed]:
    schema, size = schema_of(policy), policy.metadata.size
    rows = size.rows if size else None
    for _, question in zip(range(MAX_QUESTIONS), _questions(policy, schema), strict=False):
        plan = compile_question(question, schema)
        priced = price_plan(plan, schema, paid)
        yield Previewed(
            sql=as_sql(plan, schema),
            cells=_cells(question, schema),
            half_width=forecast(priced, rows)[0].half_width,
            hopeless=bool(hopeless(priced, rows)),
            spread={
                one.value: None
                if share is None
                else forecast(price_plan(plan, schema, share), rows)[0].half_width
                for one in Accounting
                for share in (_share(policy, one, yearly),)
            },
        )


def _questions(policy: Policy, schema: Schema) -> Iterator[Question]:
    """Give counts, people, means and sums: of everybody, then for each column to group by."""
    groups = [column for column in schema.columns if "group" in column.use and _is_narrow(column)]
    measured = [column for column in schema.columns if "measure" in column.use and column.lattice]
    measures = [
        *(MeasureMessage("count"), MeasureMessage("people")),
        *(MeasureMessage("mean", column.name) for column in measured),
        *(MeasureMessage("sum", column.name) for column in measured),
    ]
    for group in ((), *((column.name,) for column in groups)):
        for measure in measures:
            yield Question(policy.metadata.dataset, group_by=group, measures=(measure,))


def _is_narrow(column: Column) -> bool:
    return column.cells <= MAX_GROUPS


def _cells(question: Question, schema: Schema) -> int:
    columns = [column for column in schema.columns if column.name in question.group_by]
    return columns[0].cells if columns else 1


def _share(policy: Policy, accounting: Accounting, yearly: int) -> Offer | None:
    """Give an even share of the whole budget; None where it is too small to be offered."""
    budget = policy.privacy.budget
    cap = cap_of(accounting, budget.epsilon, budget.delta)
    least = cap_of(accounting, LEAST_EPSILON, budget.delta)
    share = str(float(cap / yearly))
    if cap / yearly < least:
        return None
    if accounting is Accounting.ZCDP:
        return offer(accounting, budget.delta, epsilon=None, rho=share)
    return offer(accounting, budget.delta, epsilon=share, rho=None)


def _better(previewed: tuple[Previewed, ...]) -> Accounting:
    """Compare both accountings' errors; without a share that can be offered, zCDP lasts longer."""
    wins = 0
    for one in previewed:
        pure, zcdp = one.spread[Accounting.PURE.value], one.spread[Accounting.ZCDP.value]
        if pure is not None and zcdp is not None and pure != zcdp:
            wins += 1 if pure < zcdp else -1
    return Accounting.PURE if wins > 0 else Accounting.ZCDP
