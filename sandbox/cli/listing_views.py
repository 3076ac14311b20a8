"""How records, clashes and demands look in a terminal."""

from collections.abc import Mapping, Sequence

from rich.console import Group, RenderableType
from rich.text import Text

from sandbox.cli import listing_texts as words
from sandbox.cli import texts
from sandbox.cli.language import Language, Phrase
from sandbox.cli.tables import facts, table
from sandbox.cli.terminal import Outcome, printable
from sandbox.wire import (
    ClashCard,
    ClashSide,
    DemandCard,
    MergeReport,
    OwnerCard,
    RecordBrief,
    RecordCard,
    RecordPage,
)

MAX_CLASHES = 50
"""Clashes that a terminal shows; `--json` has more."""


def found(page: RecordPage) -> Outcome:
    """Lay a page of records out."""

    def view(lang: Language) -> RenderableType:
        if not page.records:
            return Text(words.NOTHING_FOUND(lang))
        more = Text(words.MORE(lang, mark=page.next), style="dim") if page.next else Text()
        return Group(_list(page.records, lang), more)

    return Outcome(page, view)


def listed(cards: Sequence[RecordCard]) -> Outcome:
    """Lay records out that are no page of a search."""

    def view(lang: Language) -> RenderableType:
        return _list(cards, lang) if cards else Text(words.NONE_HIDDEN(lang))

    return Outcome(list(cards), view)


def shown(card: RecordCard) -> Outcome:
    """Lay one record out."""

    def view(lang: Language) -> RenderableType:
        chinese = lang is Language.CHINESE
        first, second = card.description, card.description_zh
        described = (second or first) if chinese else (first or second)
        rows = [
            (
                column.name,
                said(texts.OPENNESSES, column.openness, lang),
                (column.description_zh or column.description)
                if chinese
                else (column.description or column.description_zh),
            )
            for column in card.columns
        ]
        headings = (texts.COLUMN(lang), texts.OPENNESS(lang), texts.MEANING(lang))
        return Group(
            Text(printable(_title(card, lang)), style="bold"),
            Text(printable(described)),
            facts(_facts(card, lang)),
            table(headings, rows),
        )

    return Outcome(card, view)


def merged(report: MergeReport) -> Outcome:
    """Say what became of lists."""

    def view(lang: Language) -> RenderableType:
        line = words.IMPORTED(
            lang, published=report.published, unchanged=report.unchanged, waiting=report.waiting
        )
        return Group(Text(line, style="bold"), _clashes(report.clashes, lang))

    return Outcome(report, view)


def clashing(cards: Sequence[ClashCard]) -> Outcome:
    """Lay out what is listed in several ways."""

    def view(lang: Language) -> RenderableType:
        return _clashes(cards, lang) if cards else Text(words.NO_CLASHES(lang))

    return Outcome(list(cards), view)


def owners(cards: Sequence[OwnerCard]) -> Outcome:
    """Lay the bodies out."""

    def view(lang: Language) -> RenderableType:
        if not cards:
            return Text(words.NO_OWNERS(lang))
        rows = [(card.name, card.parent or "") for card in cards]
        return table((words.OWNER(lang), words.PARENT(lang)), rows)

    return Outcome(list(cards), view)


def demanded(cards: Sequence[DemandCard]) -> Outcome:
    """Lay the demand list out."""

    def view(lang: Language) -> RenderableType:
        if not cards:
            return Text(words.NO_DEMANDS(lang))
        headings = (texts.ID, words.STATE, texts.OWNER, words.DATA, words.USE, words.ANSWER)
        rows = [
            (
                card.id,
                said(words.STATES, card.state, lang),
                card.owner,
                card.data,
                card.use,
                " ".join(part for part in (card.reason, card.record) if part),
            )
            for card in cards
        ]
        return table([each(lang) for each in headings], rows, whole=[0])

    return Outcome(list(cards), view)


def said(known: Mapping[str, Phrase], word: str, lang: Language) -> str:
    """Translate a word of the wire; one that this version does not know stays as it is."""
    phrase = known.get(word)
    return phrase(lang) if phrase else word


def _list(cards: Sequence[RecordBrief | RecordCard], lang: Language) -> RenderableType:
    headings = (texts.DATASET, texts.TITLE, texts.OWNER, texts.OPENNESS, texts.GRADE)
    rows = [
        (
            card.name,
            _title(card, lang),
            card.owner,
            said(texts.OPENNESSES, card.openness, lang),
            card.grade,
            said(words.STATES, card.state, lang),
        )
        for card in cards
    ]
    return table([*(each(lang) for each in headings), words.STATE(lang)], rows)


def _title(card: RecordBrief | RecordCard, lang: Language) -> str:
    if lang is Language.CHINESE:
        return card.title_zh or card.title
    return card.title or card.title_zh


def _facts(card: RecordCard, lang: Language) -> list[tuple[str, str]]:
    pairs = [
        (texts.DATASET, card.name),
        (texts.OWNER, card.owner),
        (words.CONTACT, card.contact),
        (words.THEME, card.theme),
        (words.KEYWORDS, ", ".join(card.keywords)),
        (words.ORIGIN, card.origin),
        (texts.OPENNESS, said(texts.OPENNESSES, card.openness, lang)),
        (words.STATE, said(words.STATES, card.state, lang)),
        (words.WITHDRAWN, _withdrawn(card)),
        (words.ACCESS, ", ".join(said(words.WAYS, way, lang) for way in card.access)),
        (texts.GRADE, card.grade),
        (words.CONDITIONS, card.conditions),
        (words.UPDATE, words.NEVER(lang) if card.update == "none" else card.update),
        (words.VERSIONS, _versions(card, lang)),
    ]
    return [(label(lang), value) for label, value in pairs if value]


def _versions(card: RecordCard, lang: Language) -> str:
    if not card.versions:
        return ""
    last = card.versions[-1]
    taken = words.CURRENT if card.current else words.LAST
    said_last = taken(lang, snapshot=last.snapshot, created=last.created[:16])
    return f"{len(card.versions)}: {said_last}"


def _withdrawn(card: RecordCard) -> str:
    if card.withdrawn is None:
        return ""
    return f"{card.withdrawn.at[:16].replace('T', ' ')} {card.withdrawn.reason}"


def _clashes(cards: Sequence[ClashCard], lang: Language) -> RenderableType:
    if not cards:
        return Text()
    rows = [
        (
            card.name,
            ", ".join(said(words.FIELDS, name, lang) for name in card.fields),
            "\n".join(_side(side, lang) for side in _sides(card)),
        )
        for card in cards[:MAX_CLASHES]
    ]
    headings = (words.NAME(lang), words.DIFFERS(lang), words.SIDES(lang))
    return Group(Text(words.CLASHES(lang, count=len(cards))), table(headings, rows))


def _sides(card: ClashCard) -> list[ClashSide]:
    return [*card.proposals, *([card.published] if card.published else [])]


def _side(side: ClashSide, lang: Language) -> str:
    return f"{side.owner} · {said(texts.OPENNESSES, side.openness, lang)} · {side.grade}"
