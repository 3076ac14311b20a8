"""Places to compute in: so many at once, a queue of so many more, first come first served."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Lock

from sandbox.errors import Unavailable


class Places:
    """One line of threads: whoever is among its first `running` computes, the others wait."""

    def __init__(self, running: int, waiting: int) -> None:
        """Begin with an empty line.

        Raises:
            ValueError: nobody could ever compute, or less than nobody could wait.
        """
        if running < 1 or waiting < 0:
            raise ValueError("at least one place to compute in, and none or more to wait in")
        self._running = running
        self._waiting = waiting
        self._line: list[Event] = []
        """A turn for each thread, in the order of arrival; it is set when its thread may go on."""
        self._lock = Lock()

    @property
    def taken(self) -> int:
        """How many threads compute or wait."""
        return len(self._line)

    @contextmanager
    def one(self) -> Iterator[None]:
        """Hold a place while the block runs; whoever holds one does not ask for another.

        Raises:
            Unavailable: `engine.busy`; computing and waiting places are all taken.
        """
        turn = self._join()
        try:
            turn.wait()
            yield
        finally:
            self._leave(turn)

    def _join(self) -> Event:
        """Take the last place of the line, or none.

        Raises:
            Unavailable: as `one`.
        """
        turn = Event()
        with self._lock:
            if len(self._line) >= self._running + self._waiting:
                raise Unavailable(
                    "Too many questions are waiting to be computed; nothing was spent, "
                    "ask the same again later",
                    code="engine.busy",
                )
            self._line.append(turn)
            self._let_on()
        return turn

    def _leave(self, turn: Event) -> None:
        """Give up a place, be it one to compute in or, after an interruption, one to wait in."""
        with self._lock:
            self._line.remove(turn)
            self._let_on()

    def _let_on(self) -> None:
        for turn in self._line[: self._running]:
            turn.set()
