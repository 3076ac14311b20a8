"""How an agreement looks to the one whose it is: with every limit of today, and at its end."""

from collections.abc import Sequence
from dataclasses import asdict

from rich.console import Group, RenderableType

from sandbox.cli import budget_texts
from sandbox.cli.budgets import accounts
from sandbox.cli.contracts import account, agreement
from sandbox.cli.language import Language
from sandbox.cli.prose import Prose
from sandbox.cli.terminal import Outcome
from sandbox.wire import AccountCard, AgreementCard


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
