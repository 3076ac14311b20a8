"""Text that also breaks between Chinese characters, where rich would only break at spaces.

A simple form of Unicode line breaking (UAX 14): a line may end at a space or beside an ideograph,
but does not begin with closing punctuation or end with an opening one.
"""

from collections.abc import Iterator

from rich.cells import cell_len
from rich.console import Console, JustifyMethod, OverflowMethod
from rich.containers import Lines
from rich.text import Text

CLOSING = "，。、；：？！）》”…"
OPENING = "（《“"
WIDE = 2
"""Cells of an ideograph."""


class Prose(Text):
    """A text for reading."""

    def wrap(
        self,
        console: Console,
        width: int,
        *,
        justify: JustifyMethod | None = None,
        overflow: OverflowMethod | None = None,
        tab_size: int = 8,
        no_wrap: bool | None = None,
    ) -> Lines:
        """Break into lines of at most `width` cells."""
        if no_wrap or overflow == "ignore":
            return super().wrap(
                console,
                width,
                justify=justify,
                overflow=overflow,
                tab_size=tab_size,
                no_wrap=no_wrap,
            )
        lines = Lines()
        for paragraph in self.split(allow_blank=True):
            lines.extend(paragraph.divide(_line_starts(paragraph.plain, width)))
        for line in lines:
            line.rstrip()
        return lines


def _line_starts(text: str, width: int) -> Iterator[int]:
    """Give the offsets at which new lines begin: greedy, as late as each line allows."""
    used = 0
    for start, end in _pieces(text):
        cells = cell_len(text[start:end].rstrip())
        if used and used + cells > width:
            yield start
            used = 0
        rest = start
        while cell_len(text[rest:end].rstrip()) > width:  # One word alone is too long: cut it.
            rest = _fitting(text, rest, width)
            yield rest
        used += cell_len(text[rest:end])


def _pieces(text: str) -> Iterator[tuple[int, int]]:
    """Cut a text at every place where a line may end."""
    start = 0
    for at in range(1, len(text)):
        if _may_break(text[at - 1], text[at]):
            yield start, at
            start = at
    if text:
        yield start, len(text)


def _may_break(before: str, after: str) -> bool:
    if after in CLOSING or before in OPENING or after.isspace():
        return False
    return before.isspace() or WIDE in {cell_len(before), cell_len(after)} or before in CLOSING


def _fitting(text: str, start: int, width: int) -> int:
    """Give the end of as many characters as fit; at least one."""
    end = start + 1
    while cell_len(text[start : end + 1]) <= width:
        end += 1
    return end
