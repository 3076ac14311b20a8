"""When each block of an algorithm runs: by public numbers alone, whatever the blocks do.

A guest may read a clock. If a block began when the one before it was done, it would begin later
where that one was slow, and one person's rows could be told to every block after theirs. So each
block has a slot of its own, and the answer a moment, that depend on blocks, workers and allotment.
"""

from dataclasses import dataclass
from math import ceil

HANDOVER = 0.15
"""Seconds of a slot beyond the block's allotment: one box is destroyed, the next takes its job."""
LEAD = 3.0
"""Seconds before the first slot: rows are read, people dealt out to blocks, boxes warmed up."""
SPARE = 1
"""Rounds at the end in which blocks run again whose worker died."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """The slots of so many blocks, dealt out to so many workers in turn."""

    blocks: int
    workers: int
    allotment: float
    """Seconds from the moment that a block's box has its job until it is killed."""

    @property
    def slot(self) -> float:
        """Seconds from one block of a worker's to its next."""
        return self.allotment + HANDOVER

    @property
    def rounds(self) -> int:
        """Slots of each worker, without the spare ones."""
        return ceil(self.blocks / self.workers)

    def start(self, turn: int) -> float:
        """Give the seconds from the first slot's start to the start of a worker's slot."""
        return turn * self.slot

    @property
    def running(self) -> float:
        """Seconds from the first slot's start to the last one's end, the spare ones included."""
        return self.start(self.rounds + SPARE)

    @property
    def duration(self) -> float:
        """Seconds from the beginning to the answer."""
        return LEAD + self.running
