"""How applications and agreements look in a terminal."""

from collections.abc import Sequence

from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.text import Text

from sandbox.cli import course_texts, texts
from sandbox.cli.amounts import chance, charged, left, unit_of
from sandbox.cli.language import Language
from sandbox.cli.tables import facts, table
from sandbox.cli.terminal import Outcome, printable
from sandbox.wire import AgreementCard, ApplicationCard


def decided(card: ApplicationCard) -> Outcome:
    """Lay a decision out."""

    def view(lang: Language) -> RenderableType:
        pairs = [
            (texts.ID(lang), card.id),
            (texts.STATE(lang), state(card.state, lang)),
            (texts.DECISION(lang), card.decision or ""),
        ]
        pairs += [(texts.AGREEMENT(lang), card.agreement)] if card.agreement else []
        return facts(pairs)

    return Outcome(card, view)


def minute(moment: str) -> str:
    """Cut an ISO time in UTC to the minute."""
    return f"{moment[:10]} {moment[11:16]} UTC"


def agreement(card: AgreementCard) -> Outcome:
    """Lay one agreement out: its text, then its state and budget."""

    def view(lang: Language) -> RenderableType:
        text = card.text_zh if lang is Language.CHINESE else card.text
        return Group(Panel(Text(printable(text.strip())), expand=False), account(card, lang))

    return Outcome(card, view)


def account(card: AgreementCard, lang: Language) -> RenderableType:
    """Lay out what an agreement may spend, and has."""
    version = [(course_texts.VERSION(lang), str(card.version))] if card.amends else []
    report = [(course_texts.FEEDBACK(lang), feedback(card, lang))] if card.feedback else []
    return facts(
        [
            (texts.AGREEMENT(lang), card.id),
            *version,
            (texts.STATE(lang), state(card.state, lang)),
            (texts.LANES(lang), lanes(card.lanes, lang)),
            (texts.GRANTED(lang), granted(card)),
            (texts.BUDGET(lang, unit=unit_of(card.accounting)), budget(card, lang)),
            *report,
        ]
    )


def lanes(names: Sequence[str], lang: Language) -> str:
    """Name lanes in the reader's language; an unknown one by its own name."""
    words = (texts.LANE_NAMES.get(name) for name in names)
    said = [word(lang) if word else name for word, name in zip(words, names, strict=True)]
    return ("、" if lang is Language.CHINESE else ", ").join(said)


def granted(card: AgreementCard) -> str:
    """Write the budget that both sides sign, as people read it and as it adds up."""
    if card.accounting == "pure":
        return f"ε {left(card.budget)}"
    return f"ρ {left(card.budget)} (ε {charged(card.epsilon)}, δ {chance(card.delta)})"


def budget(card: AgreementCard, lang: Language) -> str:
    """Say a budget in one line."""
    parts = (
        (texts.CAP, left(card.cap)),
        (texts.SPENT, charged(card.spent)),
        (texts.REMAINING, left(card.remaining)),
    )
    return "  ".join(f"{name(lang)} {amount}" for name, amount in parts)


def agreements(cards: Sequence[AgreementCard]) -> Outcome:
    """Lay agreements out, oldest first."""

    def view(lang: Language) -> RenderableType:
        if not cards:
            return Text(texts.NO_AGREEMENTS(lang))
        headings = (
            *(texts.ID, texts.STATE, texts.DATASET, texts.LANES, texts.REMAINING),
            course_texts.FEEDBACK,
        )
        rows = [
            (
                card.id,
                state(card.state, lang),
                ", ".join(card.datasets),
                lanes(card.lanes, lang),
                f"{unit_of(card.accounting)} {left(card.remaining)}",
                feedback(card, lang),
            )
            for card in cards
        ]
        return table([heading(lang) for heading in headings], rows, right=[4], whole=[0, 1])

    return Outcome(list(cards), view)


def feedback(card: AgreementCard, lang: Language) -> str:
    """Say how it stands with feedback on use."""
    phrase = course_texts.FEEDBACK_STATES.get(card.feedback)
    return phrase(lang, day=card.feedback_by) if phrase else card.feedback


def state(word: str, lang: Language) -> str:
    """Give a state in the reader's language; an unknown one stays as it is."""
    phrase = texts.STATES.get(word)
    return phrase(lang) if phrase else word
