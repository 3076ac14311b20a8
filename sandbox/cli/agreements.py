"""How an agreement looks to the one whose it is: with every limit of today, and at its end."""

from collections.abc import Sequence
from dataclasses import asdict

from rich.console import Group, RenderableType

from sandbox.cli import budget_texts, course_texts
from sandbox.cli.budgets import accounts
from sandbox.cli.contracts import account, agreement, minute
from sandbox.cli.language import Language
from sandbox.cli.prose import Prose
from sandbox.cli.tables import facts
from sandbox.cli.terminal import Outcome
from sandbox.wire import AccountCard, AgreementCard, FeedbackCard


def shown(card: AgreementCard, limits: Sequence[AccountCard]) -> Outcome:
    """Lay an agreement out, and below it what limits its researcher today."""
    laid = agreement(card)

    def view(lang: Language) -> RenderableType:
        return Group(laid.view(lang), accounts(limits, card.accounting, lang))

    data = {**asdict(card), "accounts": [asdict(one) for one in limits]}
    return Outcome(data, view if limits else laid.view)


def disposed(card: AgreementCard) -> Outcome:
    """Say that an agreement has ended."""

    def view(lang: Language) -> RenderableType:
        return Group(Prose(budget_texts.DISPOSED(lang, id=card.id)), account(card, lang))

    return Outcome(card, view)


def filed(card: AgreementCard) -> Outcome:
    """Say that feedback was filed."""

    def view(lang: Language) -> RenderableType:
        return Group(Prose(course_texts.FILED(lang)), account(card, lang))

    return Outcome(card, view)


def reported(cards: Sequence[FeedbackCard]) -> Outcome:
    """Lay out what was reported on an agreement, oldest first."""

    def view(lang: Language) -> RenderableType:
        if not cards:
            return Prose(course_texts.NO_FEEDBACK(lang))
        gone = course_texts.FEEDBACK_GONE(lang)
        named = [f"{card.agreement} {minute(card.filed)}" for card in cards]
        written = [gone if card.statement is None else card.statement for card in cards]
        return facts(list(zip(named, written, strict=True)))

    return Outcome(list(cards), view)
