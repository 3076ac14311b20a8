"""How an algorithm's forecast, its mock run and its environment look in a terminal."""

from collections.abc import Sequence
from dataclasses import asdict
from math import ceil

from rich.console import Group, RenderableType
from rich.text import Text

from sandbox.cli import algorithm_texts as words
from sandbox.cli import texts
from sandbox.cli.amounts import left, unit_of
from sandbox.cli.answers import cost, permission
from sandbox.cli.budgets import accounts
from sandbox.cli.language import Language, Phrase
from sandbox.cli.prose import Prose
from sandbox.cli.tables import Cell, facts, number, table
from sandbox.cli.terminal import Outcome, printable
from sandbox.client import Forecast, MockRun, Submission
from sandbox.errors import BadInput
from sandbox.wire import AccountCard, Environment, ProgramForecast


def foretold(forecast: Forecast, limits: Sequence[AccountCard]) -> Outcome:
    """Lay out how people are dealt out to blocks, how wide the noise is, and what it costs."""

    def view(lang: Language) -> RenderableType:
        headings = (texts.OUTPUT, words.STATISTIC, texts.HALF_WIDTH, words.OF_RANGE)
        rows = [_noise(each, lang) for each in forecast.outputs]
        return Group(
            facts(_setting(forecast, lang)),
            table([heading(lang) for heading in headings], rows, right=[2, 3]),
            *(_caution(each.message_zh if _zh(lang) else each.message, lang)
              for each in forecast.cautions),
            Prose(printable(forecast.note_zh if _zh(lang) else forecast.note)),
            *([accounts(limits, forecast.cost.accounting, lang)] if limits else []),
            permission(forecast.reasons, lang, permitted=forecast.permitted),
        )  # fmt: skip

    return Outcome({**asdict(forecast), "accounts": [asdict(one) for one in limits]}, view)


def tried(run: MockRun) -> Outcome:
    """Show what each block of invented rows gave, and all that the program said."""
    unusable = sum(not block.usable for block in run.message.blocks)

    def view(lang: Language) -> RenderableType:
        names = [each.name for each in run.declared]
        headings = [words.BLOCK(lang), words.USABLE(lang), words.SECONDS(lang), *names]
        rows = [
            [
                str(turn),
                (words.YES if block.usable else words.NO)(lang),
                _in_seconds(block.seconds, lang),
                *(_short(given[name]) for name in names),
            ]
            for turn, (block, given) in enumerate(
                zip(run.message.blocks, run.outputs, strict=True), start=1
            )
        ]
        said = [Text(words.SAID(lang), style="bold"), Text(printable(run.said))] if run.said else []
        verdict = words.NOT_USABLE(lang, count=unusable) if unusable else words.ALL_USABLE(lang)
        return Group(
            facts([(words.PEOPLE(lang), number(run.message.people_a_block))]),
            table(headings, rows, right=range(2, len(headings))),
            *said,
            Prose(verdict, style="yellow" if unusable else "green"),
        )

    return Outcome(asdict(run.message), view, BadInput.exit_code if unusable else 0)


def accepted(submission: Submission) -> Outcome:
    """Say when the answer comes, and how it is collected."""
    due = submission.due.isoformat(timespec="seconds") if submission.due else ""
    seconds = ceil(submission.seconds_left)

    def view(lang: Language) -> RenderableType:
        return Prose(words.RUNS(lang, id=submission.id, due=due, count=seconds))

    return Outcome({"submission": submission.id, "due": due, "seconds": seconds}, view)


def listed(environment: Environment) -> Outcome:
    """List what a program may import, and what holds it."""

    def view(lang: Language) -> RenderableType:
        return Group(
            facts(
                [
                    (words.PYTHON(lang), environment.python),
                    (words.LANE(lang), environment.lane or words.NO_LANE(lang)),
                    (words.WORKERS(lang), number(environment.workers)),
                ]
            ),
            table([words.PACKAGE(lang), words.VERSION(lang)], sorted(environment.packages.items())),
        )

    return Outcome(asdict(environment), view)


def _setting(forecast: Forecast, lang: Language) -> list[tuple[str, Cell]]:
    pairs: list[tuple[Phrase, Cell]] = [
        (words.BLOCKS, number(forecast.blocks)),
        (words.PEOPLE, _about(forecast.people_a_block, lang)),
        (words.ROWS, _about(forecast.rows_a_block, lang)),
        (words.SECONDS, words.IN_SECONDS(lang, count=forecast.seconds)),
        (words.DURATION, _in_seconds(forecast.duration, lang)),
        (texts.COST, cost(forecast.cost, lang)),
    ]
    if forecast.remaining is not None:
        unit = unit_of(forecast.cost.accounting)
        pairs.append((words.REMAINING, f"{unit} {left(forecast.remaining)}"))
    return [(name(lang), value) for name, value in pairs]


def _noise(each: ProgramForecast, lang: Language) -> tuple[Cell, ...]:
    statistic = words.STATISTICS.get(each.statistic)
    off = words.OFF_BY(lang, share=_share(each.rank_error)) if each.rank_error is not None else ""
    return (
        each.name,
        statistic(lang) if statistic else each.statistic,
        off if each.half_width is None else number(each.half_width, 3),
        _share(each.relative),
    )


def _caution(message: str, lang: Language) -> Text:
    return Prose().append(words.CAUTION(lang), "bold yellow").append(printable(message))


def _about(count: int | None, lang: Language) -> str:
    return words.UNPUBLISHED(lang) if count is None else words.ABOUT(lang, count=number(count))


def _in_seconds(seconds: float, lang: Language) -> str:
    return words.IN_SECONDS(lang, count=number(seconds, 3))


def _share(part: float | None) -> str:
    return "" if part is None else f"{part:.1%}"


def _short(value: object) -> str:
    """Write a number, or the beginning of an array."""
    if isinstance(value, int | float):
        return number(float(value))
    text = str(value)
    return text if len(text) <= MAX_SHOWN else f"{text[: MAX_SHOWN - 1]}…"


def _zh(lang: Language) -> bool:
    return lang is Language.CHINESE


MAX_SHOWN = 40
"""Characters of an array; `--json` has it whole."""
