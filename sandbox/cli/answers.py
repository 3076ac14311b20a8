"""How costs, forecasts and answers look in a terminal."""

from collections.abc import Sequence
from dataclasses import asdict

from rich.console import Group, RenderableType
from rich.text import Text

from sandbox.cli import texts
from sandbox.cli.amounts import chance, charged, unit_of
from sandbox.cli.budgets import accounts
from sandbox.cli.language import Language
from sandbox.cli.prose import Prose
from sandbox.cli.tables import facts, number, table
from sandbox.cli.terminal import Outcome, printable
from sandbox.client import Answer
from sandbox.wire import AccountCard, AnswerColumn, CostMessage, Explanation, Lever, ReasonMessage


def explained(explanation: Explanation, limits: Sequence[AccountCard] = ()) -> Outcome:
    """Lay out what a question would cost, how wide its noise would be, and what limits it."""
    accounting = explanation.cost.accounting

    def view(lang: Language) -> RenderableType:
        headings = (texts.OUTPUT, texts.HALF_WIDTH, texts.ASSUMES)
        rows = [
            (output.name, number(output.half_width, 3), output.assumes or "")
            for output in explanation.outputs
        ]
        return Group(
            Text(printable(explanation.sql), style="cyan"),
            facts(
                [
                    (texts.COST(lang), cost(explanation.cost, lang)),
                    (texts.CELLS(lang), number(explanation.cells)),
                ]
            ),
            table([heading(lang) for heading in headings], rows, right=[1]),
            *_levers(explanation.levers, lang),
            Prose(explanation.note_zh if lang is Language.CHINESE else explanation.note),
            *([accounts(limits, accounting, lang)] if limits else []),
            permission(explanation.reasons, lang, permitted=explanation.permitted),
        )

    return Outcome({**asdict(explanation), "accounts": [asdict(one) for one in limits]}, view)


def _levers(levers: Sequence[Lever], lang: Language) -> list[RenderableType]:
    """Lay out what drives the error; nothing where nothing would lessen it."""
    if not levers:
        return []
    headings = (texts.OUTPUT, texts.HALF_WIDTH_THEN, texts.TO_ERR_LESS)
    rows = [
        (
            printable(one.name),
            number(one.half_width, 3),
            printable(one.text_zh if lang is Language.CHINESE else one.text),
        )
        for one in levers
    ]
    return [table([heading(lang) for heading in headings], rows, right=[1])]


def answered(answer: Answer) -> Outcome:
    """Check the receipt, then lay the answer out beside its error and cost."""
    answer.receipt.verify()
    index = answer.released.receipt.index

    def view(lang: Language) -> RenderableType:
        return Group(
            _columns(answer.columns),
            facts(
                [
                    (texts.SUBMISSION(lang), answer.id),
                    (texts.COST(lang), cost(answer.cost, lang)),
                ]
            ),
            Text(texts.RECEIPT(lang, index=index), style="green"),
        )

    return Outcome(asdict(answer.released), view)


def cost(message: CostMessage, lang: Language) -> str:
    """Say a cost: what it promises, and what is charged."""
    return texts.COST_OF(
        lang,
        epsilon=message.epsilon,
        delta=chance(message.delta),
        unit=unit_of(message.accounting),
        charged=charged(message.charged),
    )


def _columns(columns: Sequence[AnswerColumn]) -> RenderableType:
    """Put each estimate beside its half-width."""
    written = [[_cell(column, value) for value in column.values] for column in columns]
    numbers = [index for index, column in enumerate(columns) if column.role != "key"]
    headings = [column.name if column.role != "half_width" else "±" for column in columns]
    return table(headings, list(zip(*written, strict=True)), right=numbers)


def _cell(column: AnswerColumn, value: str | float | None) -> str:
    return number(value, 3 if column.role == "half_width" else 6)


def permission(
    reasons: Sequence[ReasonMessage], lang: Language, *, permitted: bool
) -> RenderableType:
    """Say whether the policy permits what was asked, and every reason if not."""
    if permitted:
        return Text(texts.PERMITTED(lang), style="green")
    lines = [texts.NOT_PERMITTED(lang)]
    lines += [
        f"  {number}. {reason.message_zh if lang is Language.CHINESE else reason.message}"
        for number, reason in enumerate(reasons, start=1)
    ]
    return Prose("\n".join(lines), style="red")
