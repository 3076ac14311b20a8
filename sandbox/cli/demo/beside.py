"""A released answer beside the truth, number for number."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from rich.table import Table
from rich.text import Text

from sandbox.cli.demo import narration
from sandbox.cli.language import Language
from sandbox.cli.tables import Cell, number, table
from sandbox.wire import AnswerColumn

DIGITS = 4
"""Significant digits shown; noise makes more of them meaningless."""


@dataclass(frozen=True, slots=True)
class Compared:
    """One output column with its 95 % half-widths and the exact values."""

    name: str
    estimates: Sequence[float]
    half_widths: Sequence[float]
    exact: Sequence[float]

    @property
    def held(self) -> list[bool]:
        """Whether each interval holds the exact value."""
        rows = zip(self.estimates, self.half_widths, self.exact, strict=True)
        return [abs(estimate - exact) <= width for estimate, width, exact in rows]


def compare(
    columns: Sequence[AnswerColumn], truths: Mapping[str, Sequence[float]]
) -> list[Compared]:
    """Put each estimate of an answer, with the half-width behind it, beside the truth."""
    found = []
    for estimate, half_width in pairwise(columns):
        if estimate.role == "estimate":
            exact = truths[estimate.name]
            found.append(Compared(estimate.name, _floats(estimate), _floats(half_width), exact))
    return found


def beside(
    columns: Sequence[AnswerColumn], compared: Sequence[Compared], title: str, lang: Language
) -> Table:
    """Lay keys, estimates, half-widths and exact values out."""
    keys = [column for column in columns if column.role == "key"]
    headings = [key.name for key in keys]
    cells: list[list[Cell]] = [[str(value) for value in key.values] for key in keys]
    for one in compared:
        headings += [one.name, "±", narration.EXACT(lang)]
        cells += [_numbers(one.estimates), _numbers(one.half_widths), _marked(one)]
    rows = list(zip(*cells, strict=True))
    return table(headings, rows, title=title, right=range(len(keys), len(headings)))


def _numbers(values: Sequence[float]) -> list[Cell]:
    return [number(value, DIGITS) for value in values]


def _marked(compared: Compared) -> list[Cell]:
    pairs = zip(compared.exact, compared.held, strict=True)
    return [
        Text(f"{number(exact, DIGITS)} {'✓' if held else '✗'}", style="green" if held else "red")
        for exact, held in pairs
    ]


def _floats(column: AnswerColumn) -> list[float]:
    return [float(value or 0) for value in column.values]
