"""What somebody looks for in the catalogue, and a page of what there is."""

from dataclasses import dataclass

from policies.classes import Grade, Openness
from sandbox.model.names import OwnerName
from sandbox.model.paging import MAX_PAGE, Mark
from sandbox.model.record import Record, RecordState

MAX_SEARCH = 100
"""Characters of a search."""


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
