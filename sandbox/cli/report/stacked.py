"""Bars over time, each stacked from several kinds of event."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sandbox.cli.report.axes import count_marks, time_marks
from sandbox.cli.report.drawing import Box, Drawing, Frame, Label, Line, Table
from sandbox.cli.report.wording import Wording
from sandbox.ledger.timeline import Timeline

MAX_BARS = {"wide": 54, "narrow": 27}
"""Bars that are still bars, by the drawing's size."""

_GAP = 0.18
"""Share of a bar's width that stays empty."""
_LAST = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Series:
    """One kind of event: its keys in the counts, its style and its name."""

    keys: tuple[str, ...]
    css: str
    name: str

    def of(self, counts: Counter[str]) -> int:
        """Give how often it happened."""
        return sum(counts[key] for key in self.keys)


def stacks(
    timeline: Timeline[Counter[str]], series: Sequence[Series], say: Wording
) -> tuple[Drawing, ...]:
    """Draw the bars in both sizes."""
    return (
        _draw(timeline, series, say, Drawing("wide", 920, 260)),
        _draw(timeline, series, say, Drawing("narrow", 360, 220)),
    )


def stacks_table(timeline: Timeline[Counter[str]], series: Sequence[Series], say: Wording) -> Table:
    """List what the wide drawing shows."""
    shortened = timeline.spanned(MAX_BARS["wide"])
    headings = (say("from"), *(one.name for one in series), say("total"))
    rows = tuple(
        (
            say.since(start, shortened.hours),
            *(say.count(one.of(counts)) for one in series),
            say.count(sum(one.of(counts) for one in series)),
        )
        for start, counts in shortened.steps()
    )
    return Table(headings, rows)


def _draw(
    timeline: Timeline[Counter[str]], series: Sequence[Series], say: Wording, drawing: Drawing
) -> Drawing:
    shortened = timeline.spanned(MAX_BARS[drawing.size])
    steps = shortened.filled(Counter())
    frame = Frame(40, 12, drawing.width - 22, drawing.height - 30)
    highest = max(sum(one.of(counts) for one in series) for _, counts in steps)
    marks = count_marks(highest)
    for mark in marks:
        y = frame.y(mark / marks[-1])
        drawing.add(
            Line(frame.left, y, frame.right, y, "grid"),
            Label(frame.left - 8, y + 4, say.count(mark), anchor="end"),
        )
    start, end = steps[0][0], _later(steps[-1][0], shortened.hours)
    for place, name in time_marks(start, end, 7 if drawing.size == "wide" else 4, say.language):
        drawing.add(
            Line(frame.x(place), frame.bottom, frame.x(place), frame.bottom + 5, "axis"),
            Label(frame.x(place), frame.bottom + 19, name, anchor="middle"),
        )
    for number, (time, counts) in enumerate(steps):
        at = (number / len(steps), (number + 1 - _GAP) / len(steps))
        _bar(drawing, frame, at, (time, counts), (series, marks[-1]), say)
    drawing.add(Line(frame.left, frame.bottom, frame.right, frame.bottom, "axis"))
    return drawing


def _bar(
    drawing: Drawing,
    frame: Frame,
    at: tuple[float, float],
    step: tuple[datetime, Counter[str]],
    scale: tuple[Sequence[Series], int],
    say: Wording,
) -> None:
    """Pile one bar up."""
    (time, counts), (series, top) = step, scale
    x, right = frame.x(at[0]), frame.x(at[1])
    below = 0
    for one in series:
        if one.of(counts):
            above = below + one.of(counts)
            y, bottom = frame.y(above / top), frame.y(below / top)
            tip = f"{say.moment(time)} · {one.name}{say('colon')}{say.count(one.of(counts))}"
            width, height = round(max(right - x, 0.5), 1), round(bottom - y, 1)
            drawing.add(Box(x, y, width, height, one.css, tip))
            below = above


def _later(start: datetime, hours: int) -> datetime:
    """Give a step's end; the last of all steps ends with time."""
    width = timedelta(hours=hours)
    return start + width if _LAST - start > width else _LAST
