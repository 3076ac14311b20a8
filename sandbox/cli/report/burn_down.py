"""The plot of a budget being used up: spending as a stair, the cap as a dashed line above it."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from fractions import Fraction

from sandbox.cli.report.axes import time_marks
from sandbox.cli.report.drawing import Drawing, Frame, Label, Line, Path, Plot, Table, polyline
from sandbox.cli.report.implied import Implied, implied_of
from sandbox.cli.report.wording import Wording, left, share, shown, spent, unit
from sandbox.ledger.figures import SourceFigures

MAX_ROWS = 30
"""Steps of the table."""
MAX_NAMED = 4
"""Changes of the cap that are named in the drawing."""
QUARTERS = 4
"""Grid lines between nothing and the cap."""

_HEADROOM = Fraction(27, 25)
"""How far the highest value stays below the frame, so that its label fits."""

_RIGHT = 0.85
"""From here on, a step's name stands on its left."""
_LABEL_HEIGHT = 26
"""Room that the label needs above the stair; without it, it stands below."""

Stair = list[tuple[datetime, Fraction]]


def burn_down(source: SourceFigures, say: Wording, id: str) -> Plot:  # noqa: A002
    """Plot what all debits of a source together had spent by when."""
    account, implied = source.account, implied_of(source)
    text = say(
        "burn_down_text",
        source=shown(source.name),
        unit=unit(account.accounting),
        spent=spent(account.spent),
        cap=spent(account.cap),
        percent=say.percent(account.spent, account.cap),
        time=say.moment(source.latest),
    )
    if len(source.cap_curve) > 1:
        text += say("gap") + say("cap_steps", count=say.count(len(source.cap_curve) - 1))
    drawings = (
        _draw(source, say, implied, Drawing("wide", 920, 340)),
        _draw(source, say, implied, Drawing("narrow", 360, 260)),
    )
    return Plot(id, say("burn_down"), text, drawings, _table(source, say, implied))


def _draw(source: SourceFigures, say: Wording, implied: Implied, drawing: Drawing) -> Drawing:
    wide = drawing.size == "wide"
    frame = Frame(62 if wide else 50, 22, drawing.width - (64 if wide else 10), drawing.height - 30)
    account = source.account
    top = max(account.spent, *(cap for _, cap in source.cap_curve)) * _HEADROOM
    stair = list(_stair(source))
    span = (source.opened, max(source.latest - source.opened, timedelta(hours=1)))
    spending = list(_corners(stair, span, frame, top))
    caps = list(_corners(_caps(source), span, frame, top))
    _grid(source, say, implied, drawing, frame, top)
    for place, name in time_marks(source.opened, source.latest, 7 if wide else 4, say.language):
        drawing.add(
            Line(frame.x(place), frame.bottom, frame.x(place), frame.bottom + 5, "axis"),
            Label(frame.x(place), frame.bottom + 19, name, anchor="middle"),
        )
    floor = [(frame.right, frame.bottom), (frame.left, frame.bottom)]
    drawing.add(
        Path(polyline([*spending, *floor]) + "Z", "area"),
        Path(polyline(spending), "spent"),
        Path(polyline(caps), "cap"),
        Line(frame.left, frame.bottom, frame.right, frame.bottom, "axis"),
    )
    x, y = spending[-1]
    said = f"{spent(account.spent)} · {say.percent(account.spent, account.cap)}"
    crowded = y - caps[-1][1] < _LABEL_HEIGHT or y - frame.top < _LABEL_HEIGHT
    drawing.add(Label(x - 8, y + 20 if crowded else y - 9, said, "value", "end"))
    if wide:
        drawing.add(*_steps(source, say, span, frame, top))
    return drawing


def _caps(source: SourceFigures) -> Stair:
    """Give the cap from when on it held; the last one holds to the end, listed or not."""
    return [*source.cap_curve, (source.latest, source.caps.source)]


def _steps(
    source: SourceFigures,
    say: Wording,
    span: tuple[datetime, timedelta],
    frame: Frame,
    top: Fraction,
) -> Iterator[Label]:
    """Name the caps that came after the first, if they are few."""
    start, length = span
    steps = source.cap_curve[1:]
    for time, cap in steps if len(steps) <= MAX_NAMED else ():
        place = (time - start) / length
        x, y = frame.x(place), frame.y(float(share(cap, top)))
        end = place > _RIGHT
        named = say("step_label", cap=spent(cap))
        yield Label(x - 6 if end else x + 6, y - 7, named, "step", "end" if end else "start")


def _grid(
    source: SourceFigures,
    say: Wording,
    implied: Implied,
    drawing: Drawing,
    frame: Frame,
    top: Fraction,
) -> None:
    cap = source.account.cap
    for quarter in range(QUARTERS + 1):
        amount = cap * quarter / QUARTERS
        y = frame.y(float(share(amount, top)))
        drawing.add(
            Line(frame.left, y, frame.right, y, "grid"),
            Label(frame.left - 8, y + 4, left(amount), anchor="end"),
        )
        if drawing.size == "wide":
            beside = implied.short(amount) or say.percent(amount, cap)
            drawing.add(Label(frame.right + 8, y + 4, beside))
    drawing.add(
        Label(frame.left - 8, frame.top - 10, unit(source.account.accounting), "unit", "end")
    )
    if drawing.size == "wide" and implied.known:
        drawing.add(Label(frame.right + 8, frame.top - 10, "ε", "unit"))


def _stair(source: SourceFigures) -> Iterator[tuple[datetime, Fraction]]:
    """Give when which sum was reached: at the end of each step, for it holds all of the step."""
    yield source.opened, Fraction(0)
    width = timedelta(hours=source.curve.hours)
    for start, amount in source.curve.steps():
        yield _end(start, width, source.latest), amount


def _end(start: datetime, width: timedelta, latest: datetime) -> datetime:
    return latest if latest - start < width else start + width


def _corners(
    stair: Iterable[tuple[datetime, Fraction]],
    span: tuple[datetime, timedelta],
    frame: Frame,
    top: Fraction,
) -> Iterator[tuple[float, float]]:
    """Give a stair's corners from the left edge to the right one."""
    start, length = span
    height = None
    for time, amount in stair:
        x = frame.x((time - start) / length)
        if height is not None:
            yield x, height
        height = frame.y(float(share(amount, top)))
        yield x, height
    if height is not None:
        yield frame.right, height


def _table(source: SourceFigures, say: Wording, implied: Implied) -> Table:
    account, shortened = source.account, source.curve.spanned(MAX_ROWS)
    width = timedelta(hours=shortened.hours)
    headings = [say("by_time"), say("used"), say("remaining"), say("share")]
    rows = [
        [
            say.moment(_end(start, width, source.latest)),
            spent(amount),
            left(account.cap - amount),
            say.percent(amount, account.cap),
        ]
        for start, amount in shortened.steps()
    ]
    if implied.known:
        headings.append(say("implied_heading", delta=implied.delta_text))
        for row, (_, amount) in zip(rows, shortened.steps(), strict=True):
            row.append(implied.short(amount))
    note = say("step_note", step=say.step(shortened.hours)) if rows else say("nothing_spent")
    return Table(tuple(headings), tuple(map(tuple, rows)), note)
