"""How tables look: one style, readable on paper, in a pipe and at 80 columns."""

import re
from collections.abc import Iterable, Sequence

from rich import box
from rich.table import Table
from rich.text import Text

from sandbox.cli.prose import Prose
from sandbox.cli.terminal import printable

Cell = str | Text

_PSEUDONYM = re.compile(r"([0-9a-f]{12})[0-9a-f]{52}")


def table(
    headings: Sequence[str],
    rows: Iterable[Sequence[Cell]],
    *,
    title: str | None = None,
    right: Iterable[int] = (),
    whole: Iterable[int] = (),
) -> Table:
    """Lay rows out under headings.

    `right` lists the columns that hold numbers, `whole` those that people copy and that therefore
    stay on one line.
    """
    laid = Table(title=title, title_justify="left", title_style="bold", box=box.SIMPLE_HEAD)
    numbers, unbroken = set(right), {*right, *whole}
    for index, heading in enumerate(headings):
        laid.add_column(
            heading,
            justify="right" if index in numbers else "left",
            no_wrap=index in unbroken,
            overflow="fold",
        )
    for row in rows:
        laid.add_row(*map(_shown, row))
    return laid


def facts(pairs: Iterable[tuple[str, Cell]]) -> Table:
    """Lay names and values out side by side, without lines."""
    laid = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    laid.add_column(style="dim", no_wrap=True)
    laid.add_column(overflow="fold")
    for name, value in pairs:
        laid.add_row(name, _shown(value))
    return laid


def _shown(cell: Cell) -> Text:
    return cell if isinstance(cell, Text) else Prose(printable(cell))


def number(value: str | float | None, digits: int = 6) -> str:
    """Write a number for people: grouped thousands, at most `digits` significant digits."""
    if value is None or isinstance(value, str):
        return value or ""
    decimals = max(0, digits - len(str(int(abs(value)))))
    written = f"{value:,.{decimals}f}"
    return written.rstrip("0").rstrip(".") if "." in written else written


def account(name: str) -> str:
    """Write an account's name for a table: of a pseudonym's 64 digits 12 tell people apart."""
    return _PSEUDONYM.sub(r"\1…", name)
