"""Rounds of blocks over workers, wherever these stand: who has which block, and when.

With a schedule every moment at which anything is started is a sum of public numbers and the moment
of the call: a box is started so long before its slot, has its job at the slot's start, and what
other blocks did changes none of it. A block whose box was lost runs again in a slot that is kept
for that at the end, whether it is needed or not, with a box that was warmed up for it.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, wait
from dataclasses import replace
from functools import partial
from itertools import chain, count, islice
from operator import itemgetter
from typing import Protocol

from sandbox.engines.lane import Berth, sleep_until
from sandbox.engines.warming import warm_modules
from sandbox.engines.workers import Values
from sandbox.errors import Unavailable
from sandbox.isolation.limits import Limits
from sandbox.isolation.outputs import read
from sandbox.model.program import Program
from sandbox.model.schedule import LEAD, Schedule

AHEAD = LEAD
"""Seconds before its slot at which a box is started, so that it is warm by then."""
ADDRESSED = 0.1
"""Seconds before its slot at which a worker has a block, so that it is there by then."""
WINDOW = 3
"""Boxes of a worker at once where there is no schedule: one runs, others warm up or go."""
PATIENCE = 300.0
"""Seconds beyond its boxes' own time after which a worker's silence is its end."""

Heard = Future[bytes | None]
"""What a block's program will have answered, or None if its box was lost."""
Step = Callable[[], None]


class Crew(Protocol):
    """So many workers that can be told what to do."""

    @property
    def count(self) -> int:
        """Number of workers."""
        ...

    def prepare(self, worker: int, berth: Berth) -> None:
        """Have a box started; wait for nothing."""
        ...

    def answer(
        self, worker: int, berth: Berth, program: Program, rows: bytes, start: float | None
    ) -> Heard:
        """Have a block run in this box, its job handed in at `start` of our monotonic clock."""
        ...

    def discard(self, worker: int, berth: Berth) -> None:
        """Have a box destroyed that is not wanted after all."""
        ...


_numbers = count()


class Rounds:
    """One program over blocks; takes one call of one of its two methods."""

    def __init__(
        self, crew: Crew, program: Program, blocks: Sequence[bytes], limits: Limits
    ) -> None:
        """Say what is to be run, and start nothing."""
        self._crew, self._program, self._blocks = crew, program, blocks
        self._limits = limits
        self._modules = warm_modules(program)
        self._berths: dict[tuple[int, int], Berth] = {}
        self._heard: list[list[Heard]] = [[] for _ in blocks]

    def by(self, schedule: Schedule, lead: float) -> list[Values]:
        """Run each block in its slot; return, or raise, at the schedule's end.

        Raises:
            Unavailable: no box starts.
            ValueError: the schedule is not of these workers and blocks.
        """
        first = time.monotonic() + lead
        if (schedule.workers, schedule.blocks) != (self._crew.count, len(self._blocks)):
            raise ValueError("the schedule is not of these workers and blocks")
        self._limits = replace(self._limits, wall=schedule.allotment)
        try:
            for moment, step in sorted(self._timetable(schedule, first), key=itemgetter(0)):
                sleep_until(moment)
                step()
            sleep_until(first + schedule.running)
            return self._values()
        finally:
            self._discard()

    def at_once(self) -> list[Values]:
        """Run all as fast as the workers can.

        Raises:
            Unavailable: no box starts.
        """
        workers, turns = self._crew.count, -(-len(self._blocks) // self._crew.count)
        try:
            for block in range(len(self._blocks)):
                turn, worker = divmod(block, workers)
                if turn >= WINDOW:
                    self._wait(self._heard[block - WINDOW * workers])
                self._prepare(turn, worker)
                self._send(turn, worker, block)
            self._wait(chain.from_iterable(self._heard))
            self._again(turns)
            self._wait(chain.from_iterable(self._heard))
            return self._values()
        finally:
            self._discard()

    def _timetable(self, schedule: Schedule, first: float) -> Iterator[tuple[float, Step]]:
        """List what is done at which moment of the monotonic clock."""
        spare = schedule.rounds
        for block in range(len(self._blocks)):
            turn, worker = divmod(block, schedule.workers)
            start = first + schedule.start(turn)
            yield start - AHEAD, partial(self._prepare, turn, worker)
            yield start - ADDRESSED, partial(self._send, turn, worker, block, start)
        start = first + schedule.start(spare)
        for worker in range(schedule.workers):
            yield start - AHEAD, partial(self._prepare, spare, worker)
        yield start, partial(self._again, spare)

    def _prepare(self, turn: int, worker: int) -> None:
        berth = Berth(next(_numbers), turn, self._limits, self._modules)
        self._berths[turn, worker] = berth
        self._crew.prepare(worker, berth)

    def _send(self, turn: int, worker: int, block: int, start: float | None = None) -> None:
        if (turn, worker) not in self._berths:
            self._prepare(turn, worker)
        berth = self._berths.pop((turn, worker))
        rows = self._blocks[block]
        heard = self._crew.answer(worker, berth, self._program, rows, start)
        self._heard[block].append(heard)

    def _again(self, turn: int) -> None:
        """Run again what was lost, one block on each worker; what is too much stays lost.

        A block of which nothing is known by now counts as lost too, after those that are: a worker
        that died is missed only after a while. If its answer comes after all, that one is taken.
        """
        known = [block for block, heard in enumerate(self._heard) if all(map(_lost, heard))]
        open_ones = (
            block for block, heard in enumerate(self._heard) if not any(one.done() for one in heard)
        )
        free = list(range(self._crew.count))
        for block in islice(chain(known, open_ones), len(free)):
            # Whoever lost it may be no more: rather another.
            worker = max(free, key=lambda one: one != block % self._crew.count)
            free.remove(worker)
            self._send(turn, worker, block)

    def _wait(self, heard: Iterable[Heard]) -> None:
        """Wait for these as long as workers take that are there at all."""
        wait(heard, timeout=PATIENCE + WINDOW * self._limits.wall)

    def _discard(self) -> None:
        """Let go of boxes that were not needed, and of what waits for its slot no more."""
        for heard in chain.from_iterable(self._heard):
            heard.cancel()
        for (_, worker), berth in self._berths.items():
            self._crew.discard(worker, berth)
        self._berths.clear()

    def _values(self) -> list[Values]:
        """Read what was heard; a block that was lost twice has its defaults, like one that failed.

        An error instead would be seen, and whoever can bring one block's about would tell by it.

        Raises:
            Unavailable: no block has had a run, which no program can bring about.
        """
        told = [_told(heard) for heard in self._heard]
        if all(answer is None for answer in told):
            raise Unavailable("No box starts on this machine", code="isolation.start")
        return [read(self._program.outputs, answer or b"") for answer in told]


def _lost(heard: Heard) -> bool:
    """Say whether a block is known to have had no run."""
    if not heard.done():
        return False
    return heard.cancelled() or heard.exception() is not None or heard.result() is None


def _told(heard: list[Heard]) -> bytes | None:
    """Give what a program answered in its first run; None if it is known to have had none.

    One that nobody has heard of by the end may have run, and been slow on purpose.
    """
    answers = (one.result() for one in heard if one.done() and not _lost(one))
    return next(answers, None if heard[0].done() else b"")
