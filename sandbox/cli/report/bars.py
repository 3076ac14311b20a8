"""Horizontal bars with their names above them: readable at any width."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from sandbox.cli.report.drawing import Box, Drawing, Label, Line

MAX_BARS = 12
"""Bars of one drawing."""
_ROW = 42
_HEIGHT = 12


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: how much of the width is filled, and where its mark stands, from 0 to 1."""

    name: str
    note: str
    filled: float
    mark: float | None = None


def bars(rows: Sequence[Bar]) -> tuple[Drawing, ...]:
    """Draw the first bars in both sizes."""
    return _draw("wide", 920, rows), _draw("narrow", 360, rows)


def _draw(size: Literal["wide", "narrow"], width: float, rows: Sequence[Bar]) -> Drawing:
    drawing = Drawing(size, width, min(len(rows), MAX_BARS) * _ROW)
    for number, row in enumerate(rows[:MAX_BARS]):
        top = number * _ROW + 20
        filled = min(max(row.filled, 0.0), 1.0)
        over = " over" if row.filled > (1 if row.mark is None else row.mark) else ""
        drawing.add(
            Label(2, top - 6, row.name, "name"),
            Label(width - 2, top - 6, row.note, "value", "end"),
            Box(2, top, width - 4, _HEIGHT, "track"),
            Box(2, top, round(filled * (width - 4), 1), _HEIGHT, f"s0{over}"),
        )
        if row.mark is not None:
            x = round(2 + min(max(row.mark, 0.0), 1.0) * (width - 4), 1)
            drawing.add(Line(x, top - 3, x, top + _HEIGHT + 3, "mark"))
    return drawing
