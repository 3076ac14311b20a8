"""What happened when, in as many steps as there is room for, however long a ledger is.

Steps begin as hours of UTC. Where too many of them are used, they are merged into days, weeks
(from Monday), four weeks and so on, so that memory is bounded and nothing is dropped.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import groupby
from typing import Generic, TypeVar

WIDTHS: tuple[int, ...] = (1, 24, 168, *(672 * 4**power for power in range(10)))
"""Hours of a step; each divides the next, and two of the last span all years that there are."""
MAX_STEPS = 1000
"""Steps that are kept at once."""

_MONDAY = datetime(1970, 1, 5, tzinfo=UTC)
_HOUR = timedelta(hours=1)
_FIRST = datetime.min.replace(tzinfo=UTC)

V = TypeVar("V")


class Timeline(Generic[V]):
    """Values by time; values of one step are merged, the older one first."""

    def __init__(self, merge: Callable[[V, V], V], limit: int = MAX_STEPS) -> None:
        """Start empty; `merge` must not change its arguments, `limit` is at least 2."""
        self._merge = merge
        self._limit = limit
        self._level = 0
        self._steps: dict[int, V] = {}

    def put(self, time: datetime, value: V) -> None:
        """Add a value at an aware time."""
        step = (time - _MONDAY) // _HOUR // self.hours
        known = self._steps.get(step)
        self._steps[step] = value if known is None else self._merge(known, value)
        while len(self._steps) > self._limit:
            self._coarsen()

    @property
    def hours(self) -> int:
        """Width of a step."""
        return WIDTHS[self._level]

    def steps(self) -> list[tuple[datetime, V]]:
        """Give what stands, by the start of its step, oldest first; empty steps are left out."""
        return [(self._start(step), self._steps[step]) for step in sorted(self._steps)]

    def spanned(self, most: int) -> "Timeline[V]":
        """Give a copy whose steps, empty ones too, are at most `most` from first to last."""
        copy = Timeline(self._merge, self._limit)
        copy._level, copy._steps = self._level, dict(self._steps)
        while copy._steps and max(copy._steps) - min(copy._steps) >= most:
            copy._coarsen()
        return copy

    def filled(self, empty: V) -> list[tuple[datetime, V]]:
        """Give every step from the first to the last; `empty` stands where nothing happened.

        Call it on what `spanned` gave, for a ledger may span ten thousand years.
        """
        if not self._steps:
            return []
        every = range(min(self._steps), max(self._steps) + 1)
        return [(self._start(step), self._steps.get(step, empty)) for step in every]

    def _coarsen(self) -> None:
        """Merge steps into those of the next width."""
        factor = WIDTHS[self._level + 1] // self.hours
        self._level += 1
        merged: dict[int, V] = {}
        for step, members in groupby(sorted(self._steps), key=lambda step: step // factor):
            first, *rest = (self._steps[member] for member in members)
            merged[step] = first
            for value in rest:
                merged[step] = self._merge(merged[step], value)
        self._steps = merged

    def _start(self, step: int) -> datetime:
        """Give a step's first moment; where it lies before all years, the first year's."""
        hours = step * self.hours
        return _FIRST if hours < (_FIRST - _MONDAY) // _HOUR else _MONDAY + hours * _HOUR
