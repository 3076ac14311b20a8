"""Writers of one process stand in line: first come, first served.

Whoever waits may leave an errand: then whoever holds the turn may run it in their stead, and they
are woken once, when it is over, and not once for their turn and once more for its end.
"""

import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Generic, TypeVar

from sandbox.errors import Unavailable

PATIENCE = 60.0
"""Seconds to wait for another writer."""

TOO_LONG = "Somebody else has been writing in the books for too long; nothing was written"

T = TypeVar("T")
E = TypeVar("E")


class Place(Generic[T, E]):
    """Somebody who waits for a lock that is let go of when their turn has come.

    A bare lock: what `threading.Event` adds would be a good part of a debit's time.
    """

    __slots__ = ("called", "errand", "handed", "served", "turn")

    def __init__(self, errand: E | None = None) -> None:
        """Begin waiting."""
        self.turn = threading.Lock()
        self.turn.acquire()
        self.called = False
        self.errand = errand
        self.served = False
        """Whether somebody else runs the errand; then the turn does not come, but its end does."""
        self.handed: T | None = None

    def wake(self) -> None:
        """Let them go on."""
        self.turn.release()


class Gate:
    """Shut until it is opened, once; who waits passes one after another.

    `threading.Event` would wake all at once, to wait anew for the one interpreter lock.
    """

    def __init__(self) -> None:
        """Begin shut."""
        self._shut = threading.Lock()
        self._shut.acquire()

    def open(self) -> None:
        """Let everybody pass."""
        self._shut.release()

    def wait(self, patience: float = -1) -> bool:
        """Wait until it is open; false if that took longer than so many seconds."""
        if not self._shut.acquire(timeout=patience):
            return False
        self._shut.release()
        return True


class Line(Generic[T, E]):
    """A lock whose holder may hand a thing to the next in line.

    Waiting is given up after a time, so that one stuck writer does not stop the site.
    """

    def __init__(self, patience: float) -> None:
        """Let each wait at most `patience` seconds."""
        self._patience = patience
        self._lock = threading.Lock()
        self._waiting: deque[Place[T, E]] = deque()
        self._taken = False

    def enter(self, drop: Callable[[T | None], None], errand: E | None = None) -> Place[T, E]:
        """Wait for the turn, or until somebody has run the errand; give what was handed over.

        Whoever is interrupted while the turn comes drops it, with what was handed over.

        Raises:
            Unavailable: `books.unavailable`, the turn did not come in time.
        """
        place = Place[T, E](errand)
        with self._lock:
            if not self._taken:
                self._taken = True
                return place
            self._waiting.append(place)
        try:
            place.turn.acquire(timeout=self._patience)
        except BaseException:
            if not self._withdrawn(place) and not place.served:
                drop(place.handed)
            raise
        if self._withdrawn(place):
            raise Unavailable(TOO_LONG, code="books.unavailable")
        return place

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Hold the turn during the block, for things that are not handed over.

        Raises:
            Unavailable: `books.unavailable`, the turn did not come in time.
        """
        self.enter(lambda _: self.leave())
        try:
            yield
        finally:
            self.leave()

    def hand_over(self, thing: T) -> bool:
        """Give the turn and a thing to the next in line; false if nobody waits."""
        with self._lock:
            return self._call(thing)

    def serve(self, thing: T) -> Place[T, E] | None:
        """Call the next in line for their errand, if they left one, and keep the turn."""
        with self._lock:
            if not self._waiting or self._waiting[0].errand is None:
                return None
            place = self._waiting.popleft()
            place.handed, place.called, place.served = thing, True, True
            return place

    def leave(self) -> None:
        """Give the turn to the next in line, or to whoever comes."""
        with self._lock:
            self._taken = self._call(None)

    def _call(self, thing: T | None) -> bool:
        if not self._waiting:
            return False
        place = self._waiting.popleft()
        place.handed, place.called = thing, True
        place.wake()
        return True

    def _withdrawn(self, place: Place[T, E]) -> bool:
        """Leave the line without a turn; false if it has come meanwhile."""
        with self._lock:
            if place.called:
                return False
            self._waiting.remove(place)
            return True
