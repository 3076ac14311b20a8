"""A list a page at a time: where a page ended, and what it holds."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from sandbox.errors import BadInput, Place

V = TypeVar("V")

MAX_PAGE = 500
"""Things on one page."""
USUAL_PAGE = 100
"""Things on one page unless somebody wants fewer or more."""

_MARK = re.compile(r"(?P<tier>[0-9]{1,18})-(?P<position>[0-9]{1,18})")


@dataclass(frozen=True, slots=True)
class Mark:
    """Where a page ended: the next begins behind it, whatever was added in the meantime."""

    tier: int
    """What is put in order first: of what is searched, 0 where the words stand in title or name and
    1 where they stand elsewhere; of what has a label, its rank under it."""
    position: int

    def __str__(self) -> str:
        """Write it down."""
        return f"{self.tier}-{self.position}"


def mark(text: str) -> Mark:
    """Read a mark.

    Raises:
        BadInput: code `catalogue.mark`; it is none of ours.
    """
    match = _MARK.fullmatch(text)
    if match is None:
        raise BadInput(
            "A page is named by the mark that the one before it ended with",
            code="catalogue.mark",
            place=Place(clause="after"),
        )
    return Mark(int(match["tier"]), int(match["position"]))


@dataclass(frozen=True, slots=True)
class Stretch(Generic[V]):
    """One page of a list, and where it ended if there may be more."""

    values: tuple[V, ...]
    next: Mark | None

    def only(self, fits: Callable[[V], bool]) -> "Stretch[V]":
        """Leave out what does not fit; a page may come to be short, or empty before the last."""
        return Stretch(tuple(filter(fits, self.values)), self.next)
