"""One worker: boxes started ahead, one block at a time, each in a box of its own.

A worker tells an answer that a program gave, or failed to give, from a box that was lost: one whose
warden ended otherwise than in order, which nothing inside a box can bring about. Only the latter
block may run again; whatever a program does to its own box, it has had its run.
"""

import os
import time
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import suppress
from dataclasses import dataclass
from threading import Lock

from sandbox.errors import Unavailable
from sandbox.isolation.box import Box
from sandbox.isolation.job import packed
from sandbox.isolation.limits import Limits
from sandbox.isolation.outputs import length
from sandbox.isolation.plan import BackEnd
from sandbox.isolation.pool import TRIES
from sandbox.model.program import Program
from sandbox.model.schedule import HANDOVER

PATIENCE = HANDOVER
"""Seconds within which a lost box is known for one. A program can make its box slow to go, never
lost; so nobody waits longer for it, or others would have to."""


@dataclass(frozen=True, slots=True)
class Berth:
    """A box that is wanted: which of this run, and what it is to be like."""

    number: int
    """Not given twice to one worker."""
    turn: int
    """Which of its worker's slots it is for."""
    limits: Limits
    warm: tuple[str, ...]


class Lane:
    """One worker among those of this machine; any thread may call it."""

    def __init__(self, back_end: BackEnd, place: int, count: int) -> None:
        """Take the place of one among so many on this machine."""
        self._back_end = back_end
        self._place, self._count = place, count
        self._boxes: dict[int, Box] = {}
        self._one_at_a_time = Lock()
        self._closing = ThreadPoolExecutor(2, thread_name_prefix="closing")

    def prepare(self, berth: Berth) -> None:
        """Start a box that will be wanted, and wait for nothing; if it fails, that shows later."""
        with suppress(Unavailable, OSError):
            self._boxes[berth.number] = self._start(berth)

    def answer(
        self, berth: Berth, program: Program, rows: bytes, start: float | None
    ) -> bytes | None:
        """Run one block in its box; give what the program answered, or None if the box was lost.

        The job is handed in when the monotonic clock says `start`, and no earlier; without that,
        as soon as no other block of this worker runs.
        """
        try:
            box = (
                self._warm(berth)
                if start is None
                else self._warm_by(berth, start + berth.limits.wall)
            )
            return self._asked(box, packed(program, rows), length(program.outputs), start)
        except (Unavailable, OSError):
            return None

    def discard(self, berth: Berth) -> None:
        """Destroy a box that is not wanted after all."""
        box = self._boxes.pop(berth.number, None)
        if box is not None:
            self._closing.submit(box.close)

    def close(self) -> None:
        """Destroy all that is left, and wait for it."""
        for number in list(self._boxes):
            box = self._boxes.pop(number, None)
            if box is not None:
                self._closing.submit(box.close)
        self._closing.shutdown()

    def _asked(self, box: Box, job: bytes, most: int, start: float | None) -> bytes | None:
        if start is None:
            with self._one_at_a_time:
                answer = box.answer(job, most)
        else:
            sleep_until(start)
            answer = box.answer(job, most)
            sleep_until(start + box.wall)  # So that what destroying costs tells nobody anything.
        closing = self._closing.submit(box.close)
        if len(answer) != most:
            wait([closing], PATIENCE)
        return None if closing.done() and box.lost else answer

    def _warm(self, berth: Berth) -> Box:
        """Give a warm box: the one that was started ahead, or another if that one failed.

        Raises:
            Unavailable: no box starts.
        """
        for _ in range(TRIES):
            box = self._boxes.pop(berth.number, None) or self._start(berth)
            with suppress(Unavailable):
                box.warm_up()
                if not box.lost:
                    return box
            box.close()
        raise Unavailable("No box starts on this machine", code="isolation.start")

    def _warm_by(self, berth: Berth, moment: float) -> Box:
        """Give the box that was started ahead; its block is late where it is, and no other.

        Raises:
            Unavailable: it is not warm by then; the block has another slot for that.
        """
        box = self._boxes.pop(berth.number, None) or self._start(berth)
        try:
            box.warm_up(moment)
        except Unavailable:
            self._closing.submit(box.close)
            raise
        return box

    def _start(self, berth: Berth) -> Box:
        ours = sorted(os.sched_getaffinity(0))
        processors = seat(ours, berth.limits.processors, self._place, self._count, berth.turn)
        return Box(self._back_end, berth.limits, warm=berth.warm, processors=processors)


def seat(processors: list[int], each: int, place: int, count: int, turn: int) -> tuple[int, ...]:
    """Choose the processors of a box: apart from other workers' if there are enough of them.

    Where there are twice as many as workers need, a box warms up apart from its predecessor too.
    """
    seats = max(len(processors) // each, 1)
    rows = max(seats // count, 1)
    first = (place + count * (turn % rows)) % seats * each
    return tuple(processors[first : first + each])


def sleep_until(moment: float) -> None:
    """Wait for a moment of the monotonic clock, and return no earlier."""
    while (left := moment - time.monotonic()) > 0:
        time.sleep(left)
