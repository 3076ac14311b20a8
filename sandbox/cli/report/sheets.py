"""Tables that a page is made of: cells in words, and entries that they come from."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

MAX_ROWS = 100
"""Rows of a table; further ones are counted."""

Setting = Literal["name", "number", "words", "code", "time", "entry"]


@dataclass(frozen=True, slots=True)
class Column:
    """A heading, and how the cells below it are set; below `entry` stand positions in the log."""

    name: str
    setting: Setting


@dataclass(frozen=True, slots=True)
class Marked:
    """A cell that stands out."""

    text: str
    css: Literal["raised", "lowered", "objection", "departs"]


@dataclass(frozen=True, slots=True)
class Term:
    """A cell that says from when to when."""

    first: str
    last: str
    note: str = ""


Cell = str | int | Marked | Term


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table with its title and what has to be said about it."""

    id: str
    title: str
    lead: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    left_out: int = 0
    empty: str = ""
    """What is said where there are no rows."""
    folded: bool = False
    """Shown when somebody asks for it."""


def columns(*named: tuple[str, Setting]) -> tuple[Column, ...]:
    """Write headings."""
    return tuple(Column(name, setting) for name, setting in named)


def numbers(names: Sequence[str]) -> list[tuple[str, Setting]]:
    """Write headings of columns of numbers."""
    return [(name, "number") for name in names]


def further(rows: Sequence[object], total: int | None = None) -> int:
    """Count what a table has no room for, of rows or of a greater total."""
    return max(0, (len(rows) if total is None else total) - min(len(rows), MAX_ROWS))
