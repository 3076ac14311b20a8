"""What somebody looks for in the catalogue, and a page of what there is."""

import re
from dataclasses import dataclass

from policies.classes import Grade, Openness
from sandbox.errors import BadInput, Place
from sandbox.model.names import OwnerName
from sandbox.model.record import Record, RecordState

MAX_PAGE = 500
"""Records on one page."""
MAX_SEARCH = 100
"""Characters of a search."""

_MARK = re.compile(r"(?P<tier>[01])-(?P<position>[0-9]{1,18})")


@dataclass(frozen=True, slots=True)
class Mark:
    """Where a page ended: the next begins behind it, whatever was listed in the meantime."""

    tier: int
    """0 where the words stand in title or name, 1 where they stand elsewhere."""
    position: int

    def __str__(self) -> str:
        """Write it for an address."""
        return f"{self.tier}-{self.position}"


def mark(text: str) -> Mark:
    """Read a mark.

    Raises:
        BadInput: it is none of ours.
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
class Wanted:
    """A search: words that all must be found, and what else must hold."""

    text: str = ""
    openness: Openness | None = None
    grade: Grade | None = None
    owner: OwnerName | None = None
    state: RecordState | None = None
    hidden: bool = False
    """What is hidden instead of what is listed; for its owner's eyes."""
    after: Mark | None = None
    limit: int = 20

    def __post_init__(self) -> None:
        """Refuse a page that would load everything.

        Raises:
            ValueError: the limit is not between 1 and `MAX_PAGE`.
        """
        if not 1 <= self.limit <= MAX_PAGE:
            raise ValueError(f"a page has 1 to {MAX_PAGE} records")


@dataclass(frozen=True, slots=True)
class Found:
    """One page, best first, and where it ended if there may be more."""

    records: tuple[Record, ...]
    next: Mark | None
