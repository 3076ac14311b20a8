"""The bodies that answer for data, and who compiles whose list: district, department, city."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sandbox.model.names import OwnerName, PrincipalName

MAX_LEVELS = 8
"""Bodies above each other; a city has three or four."""


@dataclass(frozen=True, slots=True)
class Owner:
    """A body that is accountable for data 数据开放主体."""

    name: OwnerName
    keeper: PrincipalName
    """Who signs in for it."""
    parent: OwnerName | None = None
    """The body that compiles its list; None for the uppermost."""

    def __post_init__(self) -> None:
        """Refuse a body that is its own parent.

        Raises:
            ValueError: it is.
        """
        if self.parent == self.name:
            raise ValueError("a body is not above itself")


def upwards(owner: Owner, find: Callable[[OwnerName], Owner | None]) -> Iterator[Owner]:
    """Give a body and all above it, lowest first; a ring ends after `MAX_LEVELS`."""
    current: Owner | None = owner
    for _ in range(MAX_LEVELS):
        if current is None:
            return
        yield current
        current = find(current.parent) if current.parent else None
