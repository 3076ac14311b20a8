"""Workers of the site's own process and machine: threads that each hold one box at a time."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from sandbox.engines.lane import Berth, Lane
from sandbox.engines.rounds import Heard, Rounds
from sandbox.engines.workers import Values
from sandbox.isolation.limits import Limits
from sandbox.isolation.plan import BackEnd
from sandbox.model.program import Program
from sandbox.model.schedule import Schedule

THREADS = 8
"""Threads of a worker at most: one hears a block, others wait for a slot or for a box's end."""


class LocalWorkers:
    """So many workers on this machine."""

    def __init__(self, back_end: BackEnd, count: int) -> None:
        """Start nothing yet."""
        self._lanes = [Lane(back_end, place, count) for place in range(count)]
        self._threads = ThreadPoolExecutor(count * THREADS, thread_name_prefix="blocks")

    @property
    def count(self) -> int:
        """Number of blocks that run at once."""
        return len(self._lanes)

    def run(
        self,
        program: Program,
        blocks: Sequence[bytes],
        limits: Limits,
        schedule: Schedule | None = None,
        *,
        lead: float = 0.0,
    ) -> list[Values]:
        """Give the values of each block, in the blocks' order; see `Workers`.

        Raises:
            Unavailable: no box starts.
            ValueError: the schedule is not of these workers and blocks.
        """
        rounds = Rounds(self, program, blocks, limits)
        return rounds.at_once() if schedule is None else rounds.by(schedule, lead)

    def prepare(self, worker: int, berth: Berth) -> None:
        """Start a box."""
        self._lanes[worker].prepare(berth)

    def answer(
        self, worker: int, berth: Berth, program: Program, rows: bytes, start: float | None
    ) -> Heard:
        """Have a block run in its box."""
        return self._threads.submit(self._lanes[worker].answer, berth, program, rows, start)

    def discard(self, worker: int, berth: Berth) -> None:
        """Destroy a box that is not wanted after all."""
        self._lanes[worker].discard(berth)

    def close(self) -> None:
        """Destroy what is left."""
        self._threads.shutdown(cancel_futures=True)
        for lane in self._lanes:
            lane.close()
