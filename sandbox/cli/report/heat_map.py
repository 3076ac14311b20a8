"""Requests by weekday and hour: a grid whose darker cells saw more."""

from collections import Counter

from sandbox.cli.report.drawing import Box, Drawing, Label, Plot, Table
from sandbox.cli.report.wording import Wording
from sandbox.ledger.figures import Chronicle

DAYS, HOURS = 7, 24
SHADES = 5
"""Shades of a cell with requests."""


def heat_map(told: Chronicle, say: Wording, zone: str) -> Plot:
    """Plot when people ask, on the wall clock of the auditor's time zone."""
    hours = told.watch.hours
    text = say(
        "week_text",
        zone=zone,
        opens=hours.opens,
        closes=hours.closes,
        outside=say.count(told.outside),
        total=say.count(told.week.total()),
    )
    drawings = (
        _draw(told, say, Drawing("wide", 920, 220), cell=(35.4, 28.0), left=62.0),
        _draw(told, say, Drawing("narrow", 360, 184), cell=(13.2, 23.0), left=40.0),
    )
    return Plot("week", say("week"), text, drawings, _table(told.week, say))


def _draw(
    told: Chronicle, say: Wording, drawing: Drawing, cell: tuple[float, float], left: float
) -> Drawing:
    (width, height), top = cell, 20.0
    highest = max(told.week.values(), default=0)
    for day in range(DAYS):
        y = top + day * height
        drawing.add(Label(left - 8, y + height / 2 + 4, say(f"day_{day}"), anchor="end"))
        for hour in range(HOURS):
            count = told.week[day, hour]
            tip = say("week_tip", day=say(f"day_{day}"), hour=f"{hour:02}", count=say.count(count))
            x, size = round(left + hour * width, 1), (width - 1.5, height - 1.5)
            drawing.add(Box(x, y, *size, f"h{shade(count, highest)}", tip))
    every = 3 if drawing.size == "wide" else 6
    for hour in range(0, HOURS + 1, every):
        x = round(left + hour * width, 1)
        drawing.add(Label(x, top - 7, f"{hour:02}", anchor="middle"))
    hours = told.watch.hours
    frame_width = (hours.closes - hours.opens) * width
    x = round(left + hours.opens * width - 1, 1)
    drawing.add(Box(x, top - 1, round(frame_width, 1), 5 * height, "working"))
    return drawing


def shade(count: int, highest: int) -> int:
    """Give a shade from 0 (none) to `SHADES` (as many as the busiest hour)."""
    return -(-count * SHADES // highest) if highest else 0


def _table(week: Counter[tuple[int, int]], say: Wording) -> Table:
    headings = (say("hour"), *(say(f"day_{day}") for day in range(DAYS)))
    rows = tuple(
        (f"{hour:02}:00", *(say.count(week[day, hour]) for day in range(DAYS)))
        for hour in range(HOURS)
        if any(week[day, hour] for day in range(DAYS))
    )
    return Table(headings, rows, say("hours_none"))
