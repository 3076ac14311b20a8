"""What an owner signs, in words; and whether it means what the policy says.

The site turns a policy's epsilons into what adds up. A site that lied there would have an owner
sign other caps than they wrote, so they are turned back here, with the auditor's own arithmetic.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from fractions import Fraction
from pathlib import Path
from typing import Any

from rich.console import Group, RenderableType
from rich.text import Text

from policies.load import load_policy
from policies.open_lanes import open_lanes
from policies.privacy import ApprovedQuestion
from policies.schema import Policy
from sandbox.cli import budget_texts, emergency_texts, texts
from sandbox.cli.amounts import chance, left
from sandbox.cli.contracts import lanes
from sandbox.cli.language import Language, Phrase
from sandbox.cli.prose import Prose
from sandbox.cli.tables import facts
from sandbox.cli.terminal import Outcome, printable
from sandbox.errors import NotVerified
from sandbox.ledger.epsilon import epsilon_of
from sandbox.model.cost import text
from sandbox.wire import PolicyTerms

CLOSE = Fraction(1, 10**6)
"""Share of an epsilon that the site's rounding of nine digits may take away."""


def require_meant(policy_file: Path, terms: PolicyTerms) -> None:
    """Compare the caps and the lanes to be signed with the policy's.

    Raises:
        NotVerified: `terms.caps` or `terms.lanes`; the site would have others signed.
    """
    policy = load_policy(policy_file.read_bytes())
    document = json.loads(terms.document)
    accounting, caps = document["accounting"], document["caps"]
    signed = {name: caps.get(name) for name in budget_texts.CAPS} | {
        "agreement": document["per_agreement"]
    }
    delta = signed.pop("delta")
    meant = _epsilons(policy)
    if document["lanes"] != list(open_lanes(policy)):
        raise NotVerified(
            "The site's terms open other lanes than the policy; nothing was signed",
            code="terms.lanes",
        )
    same = (
        accounting == policy.privacy.accounting and Fraction(delta) == policy.privacy.budget.delta
    )
    if not same or not all(_means(signed[name], meant[name], accounting, delta) for name in meant):
        raise NotVerified(
            "The site's terms have other caps than the policy; nothing was signed",
            code="terms.caps",
        )


def terms_of(policy_file: Path, terms: PolicyTerms) -> Outcome:
    """Lay out what an owner would sign under a policy, and what it approves for emergencies."""
    document = json.loads(terms.document)
    emergency = load_policy(policy_file.read_bytes()).privacy.emergency
    approved = emergency.questions if emergency else ()

    def view(lang: Language) -> RenderableType:
        parts: list[RenderableType] = [
            Text(budget_texts.TERMS(lang), style="bold"),
            facts(_facts(document, lang)),
        ]
        if emergency is not None:
            parts.append(approved_questions(approved, lang))
        if terms.cap_change is not None:
            first = budget_texts.CHANGES(
                lang, source=terms.source, file=printable(str(policy_file))
            )
            parts += [Prose(first, style="bold"), change_of(json.loads(terms.cap_change), lang)]
        return Group(*parts)

    return Outcome(asdict(terms) | {"questions": [_approved(one) for one in approved]}, view)


def approved_questions(approved: Sequence[ApprovedQuestion], lang: Language) -> RenderableType:
    """List what may be asked in an emergency, each question with what of it is free."""
    if not approved:
        return Prose(emergency_texts.NO_QUESTIONS(lang))
    lines = [Text(emergency_texts.APPROVED(lang), style="bold")]
    for one in approved:
        said = emergency_texts.AT_MOST(lang, epsilon=text(one.epsilon))
        if one.parameters:
            columns = ", ".join(one.parameters)
            said += " " + emergency_texts.PARAMETERS(lang, columns=columns)
        lines.append(Text(f"{printable(one.name)}  {printable(said)}\n  {printable(one.sql)}"))
    return Group(*lines)


def _approved(question: ApprovedQuestion) -> dict[str, object]:
    return {
        "name": question.name,
        "sql": question.sql,
        "parameters": list(question.parameters),
        "epsilon": text(question.epsilon),
    }


def change_of(change: Mapping[str, Any], lang: Language) -> RenderableType:
    """Say what a change of caps does, cap by cap, and what it means for people."""
    before, after = change["before"], change["after"]
    names = [name for name in budget_texts.CAPS if before.get(name) != after.get(name)]
    moves = {name: _moved(name, before.get(name), after.get(name)) for name in names}

    def cap(name: str, caps: Mapping[str, str | None]) -> str:
        return _cap(name, caps, change["accounting"], lang)

    rows = [(budget_texts.SITE(lang), change["origin"])]
    rows += [
        (
            budget_texts.CAPS[name](lang),
            said(lang, before=cap(name, before), after=cap(name, after)),
        )
        for name, said in moves.items()
    ]
    heading = budget_texts.CHANGE(lang, number=change["change"], source=change["source"])
    return Group(
        Text(printable(heading), style="bold"),
        facts(rows),
        Prose(_meaning(moves)(lang), style="bold"),
    )


def amount(cap: str, delta: str, accounting: str) -> str:
    """Write a cap as people say it, and as it adds up.

    >>> amount("0.206312909", "0.000000001", "zcdp")
    'ε 4 (ρ 0.2063)'
    """
    epsilon = f"ε {_epsilon(cap, accounting, delta):.4g}"
    return epsilon if accounting == "pure" else f"{epsilon} (ρ {left(cap)})"


def _facts(document: Mapping[str, Any], lang: Language) -> Iterator[tuple[str, str]]:
    yield budget_texts.SITE(lang), document["origin"]
    yield texts.DATASET(lang), document["dataset"]
    yield budget_texts.SOURCE(lang), document["source"]
    yield budget_texts.POLICY_DIGEST(lang), document["digest"]
    yield budget_texts.VERSION(lang), str(document["version"])
    caps, accounting = document["caps"], document["accounting"]
    for name, phrase in budget_texts.CAPS.items():
        if caps.get(name) is not None:
            yield phrase(lang), _cap(name, caps, accounting, lang)
    share = amount(document["per_agreement"], caps["delta"], accounting)
    yield budget_texts.EACH_AGREEMENT(lang), share
    yield texts.LANES(lang), lanes(document["lanes"], lang)
    if document["partition"]:
        yield budget_texts.PARTITION(lang), _partition(document["partition"], lang)
    yield budget_texts.OWNER_KEY(lang), document["owner_key"]


def _partition(partition: Mapping[str, Any], lang: Language) -> str:
    keys = ", ".join(partition["keys"])
    return budget_texts.PARTITION_OF(
        lang, column=partition["column"], keys=keys, most=partition["most"]
    )


def _cap(name: str, caps: Mapping[str, str | None], accounting: str, lang: Language) -> str:
    cap = caps.get(name)
    if cap is None:
        return (budget_texts.NOTHING if name == "emergency" else budget_texts.NO_LIMIT)(lang)
    delta = caps["delta"] or "0"
    return chance(cap) if name == "delta" else amount(cap, delta, accounting)


def _epsilon(cap: str, accounting: str, delta: str) -> float:
    exact = Fraction(cap)
    return float(exact) if accounting == "pure" else epsilon_of(exact, Fraction(delta))


def _epsilons(policy: Policy) -> dict[str, Fraction | None]:
    """Give the policy's epsilon for each cap."""
    privacy = policy.privacy
    periods = privacy.per_period
    return {
        "source": privacy.budget.epsilon,
        "person": privacy.per_person.epsilon if privacy.per_person else None,
        "day": periods.day if periods else None,
        "month": periods.month if periods else None,
        "quarter": periods.quarter if periods else None,
        "emergency": privacy.emergency.epsilon if privacy.emergency else None,
        "agreement": privacy.per_agreement.epsilon,
    }


def _means(signed: str | None, meant: Fraction | None, accounting: str, delta: str) -> bool:
    if signed is None or meant is None:
        return signed is None and meant is None
    return abs(Fraction(_epsilon(signed, accounting, delta)) - meant) <= meant * CLOSE


def _moved(name: str, old: str | None, new: str | None) -> Phrase:
    """Choose the words for a cap that moves; to keep nothing for emergencies is no limit."""
    if name == "emergency":
        old, new = old or "0", new or "0"
    if old is None or new is None:
        return budget_texts.LIMITED if old is None else budget_texts.LIFTED
    return budget_texts.RAISED if Fraction(new) > Fraction(old) else budget_texts.LOWERED


def _meaning(moves: Mapping[str, Phrase]) -> Phrase:
    """Choose what a change means for the people behind the data."""
    looser = {name for name, phrase in moves.items() if phrase in _LOOSER} - {"emergency"}
    if looser & {"source", "delta"}:
        return budget_texts.MORE
    return budget_texts.SOONER if looser else budget_texts.LESS


_LOOSER = (budget_texts.RAISED, budget_texts.LIFTED)
