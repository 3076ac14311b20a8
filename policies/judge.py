"""Judge one request by policy, terms and balances: a pure function that lists every reason.

It reads nothing else, so a verdict cannot depend on rows, and an auditor can repeat it.
"""

from collections.abc import Iterator, Sequence
from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal
from fractions import Fraction

from policies.ask import Ask, Balance, ColumnUse, Terms
from policies.classes import Openness
from policies.open_lanes import ACCESS_FOR, lane_zh
from policies.schema import Policy
from policies.verdict import Reason, Verdict
from policies.wording import full_cap, reason

SIGNIFICANT_DIGITS = 6
"""Of an amount in a message; the exact amount stands in the ledger."""
MAX_PLACES = 9
"""Digits before or after the point; a number beyond is written with an exponent."""

ALGORITHM = "algorithm"
"""A lane, and what a program does with a column."""
_USES = {"group": "grouping", "filter": "filtering", "measure": "measuring"}
_USES_ZH = {"group": "分组", "filter": "筛选", "measure": "统计"}
_UNITS = {"zcdp": "rho", "pure": "epsilon"}
_UNITS_ZH = {"zcdp": "ρ", "pure": "ε"}


def judge(policy: Policy, terms: Terms | None, ask: Ask, balances: Sequence[Balance]) -> Verdict:
    """Say whether the request may go on, or everything that stands against it.

    `terms` is None where the asker has no agreement; `balances` are the accounts on the path of
    the debit, each of which must hold the whole charge.
    """
    reasons = (
        *_agreement(policy, terms, ask),
        *_purpose(policy, terms, ask),
        *_dataset(policy, ask),
        *_columns(policy, ask),
        *_blocks(policy, ask),
        *_emergency(policy, ask),
        *_budget(policy, ask, balances),
    )
    return Verdict(tuple(dict.fromkeys(reasons)))


def _agreement(policy: Policy, terms: Terms | None, ask: Ask) -> Iterator[Reason]:
    """Find what the agreement lacks."""
    owner = policy.owner
    if terms is None:
        yield reason("agreement.missing", "agreement", owner)
        return
    words = {"agreement": terms.agreement, "dataset": ask.dataset}
    if terms.ended:
        yield reason("agreement.ended", "agreement.disposal", owner, **words)
    elif not terms.in_force:
        yield reason("agreement.not_in_force", "agreement.signatures", owner, **words)
    if ask.dataset not in terms.datasets:
        yield reason("agreement.dataset", "agreement.datasets", owner, **words)
    if ask.lane not in terms.lanes:
        lane = {"lane": ask.lane, "lane_zh": lane_zh(ask.lane)}
        yield reason("agreement.lane", "agreement.lanes", owner, **words, **lane)
    if ask.today < terms.starts:
        words["day"] = terms.starts.isoformat()
        yield reason("agreement.not_started", "agreement.starts", owner, **words)
    if ask.today > terms.ends:
        words["day"] = terms.ends.isoformat()
        yield reason("agreement.expired", "agreement.ends", owner, **words)


def _purpose(policy: Policy, terms: Terms | None, ask: Ask) -> Iterator[Reason]:
    """Find whether the purpose was agreed, and may be agreed at all."""
    if terms is not None and ask.purpose != terms.purpose:
        words = {"asked": ask.purpose, "agreed": terms.purpose}
        yield reason("purpose.not_agreed", "agreement.purpose", policy.owner, **words)
    unsaid = terms is None and not ask.purpose
    if ask.purpose not in policy.purposes and not unsaid:
        yield reason("purpose.not_in_policy", "purposes", policy.owner, asked=ask.purpose)


def _dataset(policy: Policy, ask: Ask) -> Iterator[Reason]:
    """Find whether the dataset is open, in this way and through this lane."""
    owner, dataset = policy.owner, policy.metadata.dataset
    words = {"lane": ask.lane, "lane_zh": lane_zh(ask.lane), "dataset": dataset}
    if ask.dataset != dataset:
        yield reason("dataset.other", "metadata.dataset", owner, dataset=dataset)
    if policy.openness is Openness.CLOSED:
        yield reason("openness.closed", "openness", owner)
    if not ACCESS_FOR.get(ask.lane, frozenset()).intersection(policy.access):
        yield reason("access.no_algorithm", "access", owner, **words)
    if ask.lane not in policy.lanes.on:
        yield reason("lane.off", f"lanes.{ask.lane}", owner, **words)


def _blocks(policy: Policy, ask: Ask) -> Iterator[Reason]:
    """Find whether an algorithm wants other numbers of blocks, or longer, than is granted."""
    lane = policy.lanes.algorithm
    if lane is None or ask.lane != ALGORITHM:
        return
    blocks, seconds = ask.blocks or 0, ask.seconds or Fraction(0)
    if not lane.blocks.min <= blocks <= lane.blocks.max:
        words = {"least": str(lane.blocks.min), "most": str(lane.blocks.max), "asked": str(blocks)}
        yield reason("lane.blocks", "lanes.algorithm.blocks", policy.owner, **words)
    if seconds > lane.time:
        words = {"limit": _at_most(lane.time), "asked": _at_least(seconds)}
        yield reason("lane.time", "lanes.algorithm.time", policy.owner, **words)


def _columns(policy: Policy, ask: Ask) -> Iterator[Reason]:
    """Find columns that are not open, or not for this use."""
    for wanted in ask.columns:
        refusal = _column(policy, wanted)
        if refusal is not None:
            yield refusal


def _column(policy: Policy, wanted: ColumnUse) -> Reason | None:
    """Judge one use of one column.

    A column that the policy does not list reads as unknown even if the source has it.
    """
    name, owner = wanted.column, policy.owner
    clause = policy.columns.get(name)
    if clause is None:
        return reason("column.unknown", "columns", owner, name)
    if not clause.is_open:
        return reason("column.closed", f"columns.{name}.use", owner, name)
    if wanted.use == ALGORITHM or wanted.use in clause.use:
        return None
    words = {
        "asked": _USES.get(wanted.use, wanted.use),
        "asked_zh": _USES_ZH.get(wanted.use, f"“{wanted.use}”"),
        "allowed": " and ".join(_USES[use] for use in clause.use),
        "allowed_zh": "、".join(_USES_ZH[use] for use in clause.use),
    }
    return reason("column.use", f"columns.{name}.use", owner, name, **words)


def _emergency(policy: Policy, ask: Ask) -> Iterator[Reason]:
    """Find whether it would spend from a tranche that is shut, or on what nobody approved."""
    if ask.emergency is None:
        return
    tranche, owner = policy.privacy.emergency, policy.owner
    if tranche is None or not ask.emergency:
        yield reason("emergency.not_open", "privacy.emergency", owner)
    if tranche is None:
        return
    approved = next((one for one in tranche.questions if one.name == ask.template), None)
    if approved is None:
        yield reason("emergency.not_approved", "privacy.emergency.questions", owner)
    elif ask.epsilon > approved.epsilon:
        words = {
            "template": approved.name,
            "limit": _at_most(approved.epsilon),
            "asked": _at_least(ask.epsilon),
        }
        yield reason("emergency.epsilon", "privacy.emergency.questions.epsilon", owner, **words)


def _budget(policy: Policy, ask: Ask, balances: Sequence[Balance]) -> Iterator[Reason]:
    """Find caps that the request would break."""
    limit = policy.privacy.per_submission.epsilon
    if ask.epsilon > limit:
        words = {"limit": _at_most(limit), "asked": _at_least(ask.epsilon)}
        yield reason(
            "budget.per_submission", "privacy.per_submission.epsilon", policy.owner, **words
        )
    for balance in balances:
        if ask.charge > balance.remaining:
            words = {
                **full_cap(balance.clause, balance.account),
                "asked": _at_least(ask.charge),
                "left": _at_most(balance.remaining),
                "unit": _UNITS[policy.privacy.accounting],
                "unit_zh": _UNITS_ZH[policy.privacy.accounting],
            }
            yield reason("budget.exceeded", balance.clause, policy.owner, **words)


def _at_least(amount: Fraction) -> str:
    """Write an amount asked for, rounded up, so that it never looks as if it fitted."""
    return _decimal(amount, ROUND_CEILING)


def _at_most(amount: Fraction) -> str:
    """Write an amount left, rounded down."""
    return _decimal(amount, ROUND_FLOOR)


def _decimal(amount: Fraction, rounding: str) -> str:
    """Write a fraction as decimal text of a few significant digits."""
    context = Context(prec=SIGNIFICANT_DIGITS, rounding=rounding)
    value = context.divide(Decimal(amount.numerator), Decimal(amount.denominator))
    return f"{value:f}" if abs(value.adjusted()) <= MAX_PLACES else str(value)
