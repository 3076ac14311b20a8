"""How the catalogue looks in a terminal: lists, terms, columns, mock rows, ingest reports."""

from collections.abc import Mapping, Sequence

from rich.console import Group, RenderableType
from rich.text import Text

from sandbox.cli import texts
from sandbox.cli.amounts import chance
from sandbox.cli.language import Language, Phrase
from sandbox.cli.tables import facts, number, table
from sandbox.cli.terminal import Outcome
from sandbox.wire import ChangeMessage, ColumnCard, DatasetAdded, DatasetCard

CLOSED = "closed_column"
"""Code of the change that leaves a closed column outside."""
MAX_KEYS = 8
"""Keys that a table cell shows; `--json` has them all."""


def listed(cards: Sequence[DatasetCard]) -> Outcome:
    """Lay the catalogue out."""

    def view(lang: Language) -> RenderableType:
        if not cards:
            return Text(texts.NO_DATASETS(lang))
        headings = (texts.DATASET, texts.TITLE, texts.OWNER, texts.OPENNESS, texts.GRADE)
        rows = [
            (card.name, title(card, lang), card.owner, openness(card.openness, lang), card.grade)
            for card in cards
        ]
        return table([heading(lang) for heading in headings], rows)

    return Outcome(list(cards), view)


def shown(card: DatasetCard) -> Outcome:
    """Lay one dataset out: its terms, then its columns."""

    def view(lang: Language) -> RenderableType:
        described = card.description_zh if lang is Language.CHINESE else card.description
        return Group(
            Text(title(card, lang), style="bold"),
            Text(described),
            terms(card, lang),
            columns(card.columns, lang),
        )

    return Outcome(card, view)


def mocked(name: str, rows: Sequence[Mapping[str, object]]) -> Outcome:
    """Lay invented rows out."""

    def view(lang: Language) -> RenderableType:
        names = list(rows[0]) if rows else []
        written = [["" if row[key] is None else str(row[key]) for key in names] for row in rows]
        return table(names, written, title=texts.MOCK(lang, name=name))

    return Outcome([dict(row) for row in rows], view)


def added(report: DatasetAdded) -> Outcome:
    """Lay out what became of the owner's file."""

    def view(lang: Language) -> RenderableType:
        shut = [change.column or "" for change in report.changes if change.code == CLOSED]
        others = [change for change in report.changes if change.code != CLOSED]
        lines: list[RenderableType] = [
            Text(texts.ADDED(lang, name=report.dataset, snapshot=report.snapshot), style="bold"),
            Text(
                texts.ADDED_ROWS(
                    lang,
                    read=number(report.rows_read),
                    kept=number(report.rows_kept),
                    people=number(report.people),
                )
            ),
        ]
        said = [_said(change, lang) for change in others]
        if shut:
            said.append(texts.CLOSED_NOT_COPIED(lang, names=", ".join(shut)))
        if said:
            lines.append(Text(texts.CHANGES(lang)))
            lines.append(facts((" ·", each) for each in said))
        return Group(*lines)

    return Outcome(report, view)


def title(card: DatasetCard, lang: Language) -> str:
    """Give a dataset's title in the reader's language."""
    return card.title_zh if lang is Language.CHINESE else card.title


def openness(word: str, lang: Language) -> str:
    """Give a class of openness in the reader's language."""
    return _known(texts.OPENNESSES, word, lang)


def terms(card: DatasetCard, lang: Language) -> RenderableType:
    """Lay out on which terms a dataset may be asked."""
    unit = texts.UNIT_ROWS(lang, unit=card.unit, rows=card.max_rows)
    once = texts.PER_ANSWER_EPSILON(
        lang, epsilon=card.per_submission, delta=chance(card.delta), accounting=card.accounting
    )
    return facts(
        [
            (texts.DATASET(lang), card.name),
            (texts.OWNER(lang), card.owner),
            (texts.OPENNESS(lang), openness(card.openness, lang)),
            (texts.GRADE(lang), card.grade),
            (texts.PURPOSES(lang), ", ".join(card.purposes)),
            (texts.UNIT(lang), unit),
            (texts.PER_ANSWER(lang), once),
        ]
    )


def columns(cards: Sequence[ColumnCard], lang: Language) -> RenderableType:
    """Lay columns out, closed ones last and by name only."""
    opened = [card for card in cards if card.use]
    shut = [card.name for card in cards if not card.use]
    headings = (texts.COLUMN, texts.KIND, texts.USE, texts.VALUES, texts.MEANING)
    rows = [
        (
            Text(card.name, style="cyan"),
            _known(texts.KINDS, card.kind, lang),
            ", ".join(_known(texts.USES, use, lang) for use in card.use),
            _values(card),
            card.description_zh if lang is Language.CHINESE else card.description,
        )
        for card in opened
    ]
    laid = table([heading(lang) for heading in headings], rows)
    closed = Text.assemble((texts.CLOSED_COLUMNS(lang), "dim"), (", ".join(shut), "dim"))
    return Group(laid, closed) if shut else laid


def _values(card: ColumnCard) -> str:
    if card.bounds:
        step = f" / {card.resolution}" if card.resolution else ""
        return f"[{', '.join(card.bounds)}]{step}"
    more = ", …" if len(card.keys) > MAX_KEYS else ""
    return ", ".join(card.keys[:MAX_KEYS]) + more


def _said(change: ChangeMessage, lang: Language) -> str:
    return change.message_zh if lang is Language.CHINESE else change.message


def _known(words: Mapping[str, Phrase], word: str, lang: Language) -> str:
    """Translate a word of the wire; one that this version does not know stays as it is."""
    phrase = words.get(word)
    return phrase(lang) if phrase else word
