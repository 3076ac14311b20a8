"""One box: started and warmed up ahead, handed one job, read once, destroyed.

The host tells the box nothing but the job, and hears nothing but the bytes that come through one
pipe, up to a bound and a deadline. How the program ended, what it wrote elsewhere and how long it
took are never asked. Where the rows are mock rows, its errors may be heard too, up to a bound.
"""

import os
import select
import subprocess
import sys
import tempfile
import time
import uuid
from contextlib import suppress
from itertools import count
from pathlib import Path
from types import TracebackType
from typing import Self

from sandbox.errors import Unavailable
from sandbox.isolation.exchange import Exchange, Heard
from sandbox.isolation.guest import READY
from sandbox.isolation.limits import Limits
from sandbox.isolation.plan import BackEnd
from sandbox.isolation.warden import END, HAND_IN

WARM_UP = 60.0
"""Seconds within which a box is warm, or there is something wrong with the machine."""
DESTROYED = 40.0
"""Seconds within which a box is destroyed; a little more than its warden takes at most."""
PREFIX = "datarange-box-"
WARDEN = Path(__file__).with_name("warden.py")
_turns = count()


class Box:
    """A box that takes one job; a context that destroys it.

    `warm` names modules to import beforehand. `heard` keeps what the program writes on standard
    output and error: for mock rows alone. `processors` are those that it may run on; left out,
    boxes take turns.
    """

    def __init__(
        self,
        back_end: BackEnd,
        limits: Limits,
        *,
        warm: tuple[str, ...] = (),
        heard: bool = False,
        processors: tuple[int, ...] = (),
    ) -> None:
        """Start it, and wait for nothing."""
        self._limits = limits
        self._warm = self._used = self._closed = False
        self.folder = Path(tempfile.gettempdir()).resolve() / f"{PREFIX}{uuid.uuid4().hex}"
        pinned = processors or _processors(limits)
        plan = back_end.plan(self.folder, limits, warm).told(limits, pinned)
        jobs, job = os.pipe()
        self._job = os.fdopen(job, "wb", buffering=0)
        self._result, results = os.pipe()
        given = [jobs, results]
        self._heard: Heard | None = None
        if heard:
            errors, written = os.pipe()
            self._heard = Heard(errors)
            given.append(written)
        told, self._control = os.pipe()
        try:
            self._warden = _warden(told, given)
        finally:
            for end in (told, *given):
                os.close(end)
        self._tell(plan)

    @property
    def warden(self) -> int:
        """The process that holds the box."""
        return self._warden.pid

    @property
    def wall(self) -> float:
        """Seconds that the program has at most."""
        return self._limits.wall

    @property
    def lost(self) -> bool:
        """Whether its warden has ended otherwise than in order; settled once the box is destroyed.

        Then the program had no fair run. Nothing inside a box can bring this about.
        """
        return self._warden.poll() not in {0, None}

    def warm_up(self, deadline: float | None = None) -> None:
        """Wait until the box is ready for its job, up to a moment of the monotonic clock.

        Raises:
            Unavailable: it does not become ready.
        """
        if self._warm:
            return
        if deadline is None:
            deadline = time.monotonic() + WARM_UP
        said = Exchange(self._result, len(READY), self._heard).until(deadline)
        self._warm = said == READY
        if not self._warm:
            raise Unavailable("A box did not start", code="isolation.start")

    def answer(self, job: bytes, most: int) -> bytes:
        """Hand the one job in; give what comes back before the box's time is over.

        One byte more than `most` is read at most, so that an excess shows.

        Raises:
            ValueError: this box has had its job.
            Unavailable: the box does not become ready.
        """
        if self._used:
            raise ValueError("a box takes one job")
        self.warm_up()
        self._used = True
        deadline = time.monotonic() + self._limits.wall
        self._tell(HAND_IN)
        exchange = Exchange(self._result, most + 1, self._heard)
        exchange.send(self._job, job)
        return exchange.until(deadline)

    def errors(self) -> str:
        """Give what the program wrote beside its answer; all of it once the box is destroyed."""
        return "" if self._heard is None else self._heard.said.decode(errors="replace")

    def close(self) -> None:
        """Destroy the box; when this returns there is neither process nor folder of it.

        Raises:
            Unavailable: the machine does not let go of it.
        """
        if self._closed:
            return
        self._closed = True
        self._tell(END)
        os.close(self._control)
        try:
            if not _ended(self._warden):
                self._warden.kill()
                raise Unavailable("A box could not be destroyed", code="isolation.end")
        finally:
            self._close_pipes()
            self._warden.wait()

    def __enter__(self) -> Self:
        """Hold the box as long as the context lasts."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Destroy the box."""
        self.close()

    def _tell(self, words: bytes) -> None:
        """Say something to the warden; that one is gone shows in the pipe of the result."""
        with suppress(BrokenPipeError):
            while words:
                words = words[os.write(self._control, words) :]

    def _close_pipes(self) -> None:
        if self._heard is not None:
            self._heard.take_rest()
            os.close(self._heard.pipe)
        self._job.close()
        os.close(self._result)


def _warden(told: int, given: list[int]) -> subprocess.Popen[bytes]:
    """Start the process that holds the box: nothing of our environment, nothing of our streams."""
    path = os.environ.get("LD_LIBRARY_PATH")  # Where our interpreter may have its own library.
    return subprocess.Popen(  # noqa: S603  (our own program)
        [sys.executable, "-I", "-S", str(WARDEN), *map(str, given)],
        stdin=told,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        pass_fds=given,
        env={"LD_LIBRARY_PATH": path} if path else {},
        cwd="/",
        start_new_session=True,
    )


def _ended(process: subprocess.Popen[bytes]) -> bool:
    """Wait for a process of ours; `Popen.wait` would look again and again, and be late."""
    if process.poll() is not None:
        return True  # Its number may be another's by now.
    handle = os.pidfd_open(process.pid)
    try:
        ready = select.poll()
        ready.register(handle, select.POLLIN)
        return bool(ready.poll(1000 * DESTROYED))
    finally:
        os.close(handle)


def _processors(limits: Limits) -> tuple[int, ...]:
    """Choose where the next box runs: in turn, so that boxes spread over the machine."""
    ours = sorted(os.sched_getaffinity(0))
    first = next(_turns) * limits.processors
    chosen = {ours[(first + place) % len(ours)] for place in range(limits.processors)}
    return tuple(sorted(chosen))
