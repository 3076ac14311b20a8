"""TEMP."""

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from sandbox.engines.workers import Values
from sandbox.isolation.box import Box
from sandbox.isolation.job import packed
from sandbox.isolation.limits import Limits
from sandbox.isolation.outputs import length, read
from sandbox.isolation.plan import BackEnd
from sandbox.model.program import Program
from sandbox.model.schedule import Schedule


class LocalWorkers:
    """TEMP."""

    def __init__(self, back_end: BackEnd, count: int) -> None:
        self._b = back_end
        self._n = count

    @property
    def count(self) -> int:
        """TEMP."""
        return self._n

    def run(
        self,
        program: Program,
        blocks: Sequence[bytes],
        limits: Limits,
        schedule: Schedule | None = None,
        *,
        lead: float = 0.0,
    ) -> list[Values]:
        """TEMP."""
        t0 = time.monotonic() + lead

        def one(i: int) -> Values:
            with Box(self._b, limits, warm=("polars",)) as box:
                box.warm_up()
                if schedule:
                    time.sleep(max(0, t0 + schedule.start(i // self._n) - time.monotonic()))
                return read(
                    program.outputs, box.answer(packed(program, blocks[i]), length(program.outputs))
                )

        with ThreadPoolExecutor(self._n) as pool:
            got = list(pool.map(one, range(len(blocks))))
        if schedule:
            time.sleep(max(0, t0 + schedule.running - time.monotonic()))
        return got

    def close(self) -> None:
        """TEMP."""
