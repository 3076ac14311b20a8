"""An algorithm that was submitted: when its answer comes, and waiting for it."""

import sys
from collections.abc import Callable
from datetime import datetime
from time import monotonic, sleep

from sandbox.client.answer import Answer
from sandbox.client.session import Session
from sandbox.errors import Unavailable
from sandbox.wire import Accepted, AlgorithmForm

Left = Callable[[float], None]
"""Is told, about once a second, how many seconds are left."""
STEP = 1.0
"""Seconds from one word about the progress to the next."""
SOON = 0.2
"""Seconds until the next question, at least, however soon the answer should come."""
PATIENCE = 600.0
"""Seconds without a site, past the moment that the answer was due, after which waiting ends."""
PASSING = {"site.unreachable", "engine.busy"}
"""What a site says, or does not say, while it starts anew."""
FAILED = "engine.failed"
"""What a site says that could not run it, on a machine with too much to do for one."""
RUNS = 3
"""Times that it is run, at most, before a site's failure is told: it is paid for once."""
BAR = 30
"""Characters of the bar that shows how much of the time is over."""


class Submission:
    """Paid for, and running or answered; the same submission again finds the same answer."""

    def __init__(self, session: Session, form: AlgorithmForm) -> None:
        """Submit it.

        Raises:
            DataRangeError: what the site says against it; nothing was paid.
        """
        self._session = session
        self._form = form
        self._answer: Answer | None = None
        self._accepted: Accepted | None = None
        self._until = monotonic()
        self._ask()

    @property
    def id(self) -> str:
        """Its name, by which `answer(id)` of a site collects it too."""
        if self._answer is not None:
            return self._answer.id
        return self._accepted.submission if self._accepted else ""

    @property
    def due(self) -> datetime | None:
        """When the answer comes, whatever the program does; None where it was answered before."""
        return datetime.fromisoformat(self._accepted.due) if self._accepted else None

    @property
    def seconds_left(self) -> float:
        """Seconds until then, by this machine's own steady clock; 0 when it is past."""
        return max(0.0, self._until - monotonic()) if self._answer is None else 0.0

    @property
    def answer(self) -> Answer | None:
        """The answer if it is there; does not wait.

        Raises:
            DataRangeError: what the site says.
        """
        if self._answer is None and not self.seconds_left:
            self._ask()
        return self._answer

    def wait(self, told: Left | None = None) -> Answer:
        """Wait for the answer, through a restart of the site too, and show how long it takes.

        `told` hears the seconds left instead of whoever reads a terminal or notebook.

        Raises:
            Unavailable: the site failed three times, or stayed away for ten minutes; wait again,
                it is not paid for twice.
        """
        tell = told or _Bar(self.seconds_left).show
        gone: float | None = None
        failures = 0
        while self._answer is None:
            self._pause(tell)
            try:
                self._ask()
                gone = None
            except Unavailable as cause:
                gone = gone or monotonic()
                failures += cause.code == FAILED
                passing = cause.code in {*PASSING, FAILED} and failures < RUNS
                if not passing or monotonic() - gone > PATIENCE:
                    raise
                self._until = monotonic() + STEP
        tell(0.0)
        return self._answer

    def __repr__(self) -> str:
        """Say what runs, and until when."""
        if self._answer is not None:
            return f"<Submission {self.id}: answered>"
        return f"<Submission {self.id}: the answer comes in {self.seconds_left:.0f} s>"

    def _ask(self) -> None:
        """Submit it, again or for the first time: what is known is not paid for twice."""
        reply = self._session.submit(self._form)
        if isinstance(reply, Answer):
            self._answer = reply
        else:
            self._accepted = reply
            self._until = monotonic() + max(reply.seconds, SOON)

    def _pause(self, tell: Left) -> None:
        while left := self.seconds_left:
            tell(left)
            sleep(min(left, STEP))


class _Bar:
    """One line that grows, in a terminal and under a notebook's cell; nothing in a pipe."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._shown = bool(seconds) and (sys.stdout.isatty() or "ipykernel" in sys.modules)

    def show(self, left: float) -> None:
        if self._shown:
            done = BAR if not left else int(BAR * max(0.0, 1 - left / self._seconds))
            line = f"\r[{'=' * done}{' ' * (BAR - done)}] {left:4.0f} s "
            sys.stdout.write(line if left else line + "\n")
            sys.stdout.flush()
