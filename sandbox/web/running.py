"""Algorithms under way: each on a thread, one after another, each recorded at a public tick.

When an answer comes follows from what stands in line and from public numbers of each: blocks,
allotment, workers. A run that is late, for whatever reason, is recorded at a later tick of its
policy's quantum; so is a failure. A kill loses what is here and nothing else: the debit stands in
the books, and the same submission, sent again, is run again for its one answer.
"""

import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from math import ceil

from sandbox.errors import DataRangeError, Unavailable
from sandbox.flow.ask import run
from sandbox.flow.lane import require_lane
from sandbox.flow.site import Site
from sandbox.flow.submit import Submitted
from sandbox.model.names import SubmissionId
from sandbox.model.submission import PricedAlgorithm, Reservation
from sandbox.web.envelope import LOG

MARGIN = 1.5
"""Seconds that a run is granted beyond its schedule: for its place, and for noise and signature."""


@dataclass(slots=True)
class Run:
    """One algorithm that is paid for."""

    due: float
    """When it is recorded, by the monotonic clock."""
    refusal: DataRangeError | None = None
    """What became of it instead; told once."""


class Running:
    """The algorithms of one site that are under way in this process."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._lock = threading.Lock()
        self._runs: dict[SubmissionId, Run] = {}
        self._free = 0.0
        """When the last one in line will have run, by the monotonic clock."""

    def join(self, submitted: Submitted, reservation: Reservation) -> float:
        """Run it unless it runs already; give the seconds until it is due.

        Raises:
            DataRangeError: it failed meanwhile, as `sandbox.flow.ask.run` says.
        """
        now = time.monotonic()
        with self._lock:
            known = self._runs.get(reservation.submission)
            if known is not None and known.refusal is not None:
                del self._runs[reservation.submission]
                raise known.refusal
            if known is None:
                known = self._begin(submitted, reservation, now)
        return max(known.due - now, 0.0)

    def _begin(self, submitted: Submitted, reservation: Reservation, now: float) -> Run:
        """Put it in line; the lock is held."""
        started = Run(self._due(submitted, now))
        self._runs[reservation.submission] = started
        threading.Thread(
            target=self._go,
            args=(submitted, reservation, started, now),
            name=f"algorithm {reservation.submission[:8]}",
            daemon=True,
        ).start()
        return started

    def _due(self, submitted: Submitted, now: float) -> float:
        """Give the first tick after the schedules of all that stand in line, and its own."""
        lane = require_lane(self._site)
        if not isinstance(submitted.priced, PricedAlgorithm):
            raise TypeError("only algorithms run here")
        duration = submitted.priced.algorithm.schedule(lane.workers).duration + MARGIN
        self._free = max(self._free, now) + duration
        return _tick(now, self._free, float(submitted.quantum))

    def _go(
        self, submitted: Submitted, reservation: Reservation, started: Run, begun: float
    ) -> None:
        def wait() -> None:
            ready = max(time.monotonic(), started.due)
            started.due = _tick(begun, ready, float(submitted.quantum))
            time.sleep(max(started.due - time.monotonic(), 0.0))

        try:
            run(self._site, submitted, reservation, wait)
        except Exception as fault:  # noqa: BLE001  (nobody waits on this thread)
            LOG.error("%s of an algorithm", getattr(fault, "code", type(fault).__name__))
            wait()
            started.refusal = _told(fault)
        else:
            with self._lock, suppress(KeyError):
                del self._runs[reservation.submission]


def _tick(begun: float, ready: float, quantum: float) -> float:
    """Give the first whole number of quanta after `begun` that is not before `ready`."""
    return begun + max(1, ceil((ready - begun) / quantum)) * quantum


def _told(fault: Exception) -> DataRangeError:
    """Give what may be told: what the product itself said, or that the site failed."""
    if isinstance(fault, DataRangeError):
        return fault
    return Unavailable(
        "The site could not compute this; ask the same again, it is paid for",
        code="engine.failed",
    )
