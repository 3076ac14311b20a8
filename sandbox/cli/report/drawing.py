"""Drawings as lists of simple shapes, which a template turns into SVG and escapes.

We draw ourselves, for a page needs four kinds of plot, must hold nothing but what we put there and
be the same, byte for byte, for the same ledger.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True, slots=True)
class Line:
    """A straight line between two points."""

    x1: float
    y1: float
    x2: float
    y2: float
    css: str


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle; browsers show `tip` to who points at it."""

    x: float
    y: float
    width: float
    height: float
    css: str
    tip: str = ""


@dataclass(frozen=True, slots=True)
class Path:
    """A polygon or polyline in SVG's path language."""

    d: str
    css: str


@dataclass(frozen=True, slots=True)
class Label:
    """A text whose `anchor` says which of its ends stands at x."""

    x: float
    y: float
    text: str
    css: str = ""
    anchor: Literal["start", "middle", "end"] = "start"


Shape = Line | Box | Path | Label


@dataclass(slots=True)
class Drawing:
    """A drawing of one size; a page holds each plot for wide and for narrow windows."""

    size: Literal["wide", "narrow"]
    width: float
    height: float
    lines: list[Line] = field(default_factory=list)
    boxes: list[Box] = field(default_factory=list)
    paths: list[Path] = field(default_factory=list)
    labels: list[Label] = field(default_factory=list)

    def add(self, *shapes: Shape) -> None:
        """Put shapes on; from below: grid lines, boxes, other lines, paths, labels."""
        for shape in shapes:
            match shape:
                case Line():
                    self.lines.append(shape)
                case Box():
                    self.boxes.append(shape)
                case Path():
                    self.paths.append(shape)
                case Label():
                    self.labels.append(shape)


@dataclass(frozen=True, slots=True)
class Frame:
    """The area between the axes; places within it are given as fractions from 0 to 1."""

    left: float
    top: float
    right: float
    bottom: float

    def x(self, part: float) -> float:
        """Give the place of a fraction of the width, counted from the left."""
        return round(self.left + min(max(part, 0.0), 1.0) * (self.right - self.left), 1)

    def y(self, part: float) -> float:
        """Give the place of a fraction of the height, counted from the bottom."""
        return round(self.bottom - min(max(part, 0.0), 1.0) * (self.bottom - self.top), 1)


@dataclass(frozen=True, slots=True)
class Table:
    """What a drawing shows, for who reads numbers or cannot see."""

    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Plot:
    """A drawing in both sizes with all that makes it readable."""

    id: str
    title: str
    description: str
    drawings: tuple[Drawing, ...]
    table: Table
    legend: tuple[tuple[str, str], ...] = ()
    """Style and meaning of each kind of shape."""


def polyline(points: Iterable[tuple[float, float]]) -> str:
    """Write points in SVG's path language."""
    return "M" + "L".join(f"{x:g} {y:g}" for x, y in points)
