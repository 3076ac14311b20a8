"""Who runs a program over blocks: one Protocol, whoever schedules and wherever the boxes stand."""

from collections.abc import Sequence
from typing import Protocol

from sandbox.isolation.limits import Limits
from sandbox.model.program import Program
from sandbox.model.schedule import Schedule

Values = tuple[tuple[float, ...], ...]
"""What one block gave: the values of each output, finite and within their ranges."""


class Workers(Protocol):
    """So many boxes at once, each new for its block and destroyed after it."""

    @property
    def count(self) -> int:
        """Number of blocks that run at once; public, for it is part of every schedule."""
        ...

    def run(
        self,
        program: Program,
        blocks: Sequence[bytes],
        limits: Limits,
        schedule: Schedule | None = None,
        *,
        lead: float = 0.0,
    ) -> list[Values]:
        """Give the values of each block, in the blocks' order; defaults where there is nothing.

        With a schedule, the first slot starts `lead` seconds from now, so that boxes can warm up
        until then; each block has its job at its slot's start and no earlier, whatever the blocks
        before it did, and this returns at the schedule's end and no earlier. A block whose worker
        died runs again in a spare slot. Without a schedule (invented rows, benchmarks), all goes
        as fast as it may.

        Raises `Unavailable` (code `isolation.start`) if no box starts, whatever the rows are.
        """
        ...

    def close(self) -> None:
        """Destroy what is left."""
        ...
