"""How sources, accounts and emergencies look in a terminal."""

from collections.abc import Iterator, Sequence

from rich.console import Group, RenderableType
from rich.text import Text

from sandbox.cli import budget_texts, texts
from sandbox.cli.amounts import charged, left, unit_of
from sandbox.cli.language import Language, Phrase
from sandbox.cli.prose import Prose
from sandbox.cli.tables import account, facts, table
from sandbox.cli.terminal import Outcome, printable
from sandbox.cli.terms import amount
from sandbox.wire import AccountCard, SourceCard


def sources(cards: Sequence[SourceCard]) -> Outcome:
    """Lay sources out with what is left of them."""

    def view(lang: Language) -> RenderableType:
        if not cards:
            return Text(budget_texts.NO_SOURCES(lang))
        headings = (budget_texts.SOURCE, texts.OWNER, budget_texts.DATASETS, texts.REMAINING)
        rows = [
            (
                card.name,
                card.owner,
                ", ".join(card.datasets),
                f"{unit_of(card.accounting)} {left(card.accounts[0].remaining)}",
            )
            for card in cards
        ]
        return table([heading(lang) for heading in headings], rows, right=[3], whole=[0])

    return Outcome(list(cards), view)


def source(card: SourceCard) -> Outcome:
    """Lay one source out: its key, its caps, and what each account has spent."""
    return Outcome(card, lambda lang: _source(card, lang))


def changed_caps(card: SourceCard) -> Outcome:
    """Say which caps hold from now on."""

    def view(lang: Language) -> RenderableType:
        said = Prose(budget_texts.CHANGED_CAPS(lang), style="green")
        return Group(said, facts(_caps(card, lang)))

    return Outcome(card, view)


def changed_key(card: SourceCard) -> Outcome:
    """Say in whose care a source is from now on."""

    def view(lang: Language) -> RenderableType:
        said = budget_texts.CHANGED_KEY(lang, source=printable(card.name))
        return Group(Prose(said), facts([(budget_texts.OWNER_KEY(lang), card.owner_key)]))

    return Outcome(card, view)


def accounts(cards: Sequence[AccountCard], accounting: str, lang: Language) -> RenderableType:
    """Lay accounts out, with each in words where a researcher knows it by another name."""
    headings = (budget_texts.LIMIT, texts.CAP, texts.SPENT, texts.REMAINING)
    unit = unit_of(accounting)
    rows = [
        (
            account_name(card.id, lang),
            f"{unit} {left(card.cap)}",
            charged(card.spent),
            left(card.remaining),
        )
        for card in cards
    ]
    return table([heading(lang) for heading in headings], rows, right=[1, 2, 3])


def account_name(id_: str, lang: Language) -> str:
    """Name an account of a researcher's in words.

    >>> account_name("period/town/clinic/2026-Q4", Language.ENGLISH)
    'Everybody, in 2026-Q4'
    """
    kind, name = id_.split("/", 1)[0], id_.rsplit("/", 1)[-1]
    if kind == "period":
        return _span(name)(lang, name=name)
    known = {"agreement": budget_texts.THIS_AGREEMENT, "person": budget_texts.YOURSELF}
    return known[kind](lang) if kind in known else id_


def _source(card: SourceCard, lang: Language) -> RenderableType:
    below = [_account(one, card) for one in card.accounts]
    unit = unit_of(card.accounting)
    headings = (
        texts.ACCOUNT(lang),
        f"{texts.CAP(lang)} ({unit})",
        texts.SPENT(lang),
        texts.REMAINING(lang),
    )
    return Group(
        facts(
            [
                (budget_texts.SOURCE(lang), card.name),
                (texts.OWNER(lang), card.owner),
                (budget_texts.OWNER_KEY(lang), card.owner_key),
                (budget_texts.KEY_CHANGES(lang), str(card.changes)),
                (budget_texts.DATASETS(lang), ", ".join(card.datasets)),
                *_caps(card, lang),
            ]
        ),
        table(headings, below, right=[1, 2, 3]),
    )


def _account(one: AccountCard, card: SourceCard) -> tuple[str, str, str, str]:
    """Write an account; a person without a limit of their own has one that nobody can reach."""
    if one.id.startswith("person/") and card.limits.get("person") is None:
        return account(one.id), "–", charged(one.spent), "–"
    return account(one.id), left(one.cap), charged(one.spent), left(one.remaining)


def _caps(card: SourceCard, lang: Language) -> Iterator[tuple[str, str]]:
    caps = {"source": card.accounts[0].cap, **card.limits}
    for name, phrase in budget_texts.CAPS.items():
        cap = caps.get(name)
        if cap is not None:
            yield phrase(lang), amount(cap, card.delta, card.accounting)


def _span(period: str) -> Phrase:
    """Tell a day (2026-11-22), a month (2026-11) and a quarter (2026-Q4) apart."""
    if "Q" in period:
        return budget_texts.PERIOD["quarter"]
    return budget_texts.PERIOD["day" if period.count("-") > 1 else "month"]
