"""Workers on a Ray cluster: actors that start boxes, and run nothing of a stranger's themselves.

Ray acts on trusted code alone and keeps nobody apart; so an actor is a worker like a local one, and
a block meets its program inside a box on the actor's machine. An actor that dies takes its boxes
along, for their wardens see it; its block runs again in a spare slot, on another worker if one is
free, with the same bytes. Rows travel inside the cluster, which is one site's own: where it spans
machines, `RAY_USE_TLS=1` seals them. Ray waits for ever for what is absent; nothing here does.
"""

import os
import socket
import time
from collections.abc import Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from sandbox.engines.lane import Berth, Lane
from sandbox.engines.rounds import Heard, Rounds
from sandbox.engines.workers import Values
from sandbox.errors import Unavailable
from sandbox.isolation.limits import Limits
from sandbox.isolation.plan import BackEnd
from sandbox.isolation.trial import failings
from sandbox.model.program import Program
from sandbox.model.schedule import Schedule

LOCAL = "local"
"""Instead of an address: a cluster of this machine alone, ours to end."""
START = 120.0
"""Seconds within which a cluster gives us all workers."""
REPLY = 10.0
"""Seconds within which a worker that is there says what time it is."""
CALLS = 16
"""Calls to a worker at once, most of which wait for a slot or for a box's end."""
STORE = 200 * 2**20
"""Bytes of a local cluster's object store; a block lies there until its box has it."""
QUIET = {
    "RAY_ENABLE_UV_RUN_RUNTIME_ENV": "0",  # Else workers install their environment anew.
    "RAY_USAGE_STATS_ENABLED": "0",  # A site tells nobody what it does.
    "RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO": "0",
}


class RayLane(Lane):
    """A worker in a Ray actor."""

    def clock(self) -> tuple[str, float]:
        """Say which run of which machine this is, and what its monotonic clock says."""
        return _boot(), time.monotonic()

    def holds(self) -> bool:
        """Try the back end on this machine, which may be another than the site's."""
        return not failings(self._back_end)

    def answer_in(
        self, boot: str, berth: Berth, program: Program, rows: bytes, start: float | None
    ) -> bytes | None:
        """Run one block, unless we were started again where clocks are others."""
        return self.answer(berth, program, rows, start) if boot == _boot() else None


class RayWorkers:
    """So many workers on a cluster, which takes seconds to start."""

    def __init__(self, back_end: BackEnd, address: str, count: int) -> None:
        """Join the cluster at this address (host and port), or start a `local` one.

        Raises:
            Unavailable: there is no such cluster, it has no room, or a machine's boxes do not hold.
        """
        os.environ.update(QUIET)
        import ray  # noqa: PLC0415  (it takes seconds, and only sites that ask for it have it)

        self._ray: Any = ray
        self._count = count
        self._own = not ray.is_initialized()
        if self._own:
            _join(ray, address, count)
        actor: Any = ray.remote(RayLane).options(
            num_cpus=1, max_concurrency=CALLS, max_restarts=-1, max_task_retries=0
        )
        self._actors = [actor.remote(back_end, place, count) for place in range(count)]
        self._clocks: list[tuple[str, float]] = []
        try:
            self._look(START)
            self._try()
        except Unavailable:
            self.close()
            raise

    @property
    def count(self) -> int:
        """Number of blocks that run at once."""
        return self._count

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
            Unavailable: no box starts, or a worker is not there.
            ValueError: the schedule is not of these workers and blocks.
        """
        began = time.monotonic()
        self._look(REPLY)
        rounds = Rounds(self, program, blocks, limits)
        if schedule is None:
            return rounds.at_once()
        return rounds.by(schedule, lead - (time.monotonic() - began))

    def prepare(self, worker: int, berth: Berth) -> None:
        """Have a box started."""
        self._actors[worker].prepare.remote(berth)

    def answer(
        self, worker: int, berth: Berth, program: Program, rows: bytes, start: float | None
    ) -> Heard:
        """Have a block run in its box, by the clock of the machine that it stands on."""
        boot, ahead = self._clocks[worker]
        there = None if start is None else start + ahead
        asked = self._actors[worker].answer_in.remote(boot, berth, _plain(program), rows, there)
        heard: Future[bytes | None] = asked.future()
        return heard

    def discard(self, worker: int, berth: Berth) -> None:
        """Destroy a box that is not wanted after all."""
        self._actors[worker].discard.remote(berth)

    def close(self) -> None:
        """Destroy the workers with their boxes, and the cluster if it is ours."""
        with suppress(self._ray.exceptions.RayError):
            self._ray.get([one.close.remote() for one in self._actors], timeout=REPLY)
        for one in self._actors:
            self._ray.kill(one)
        if self._own:
            self._ray.shutdown()

    def _look(self, patience: float) -> None:
        """Compare clocks: a worker's is at most so far ahead, so that no job comes too early."""
        sent = time.monotonic()
        told = self._got([one.clock.remote() for one in self._actors], patience)
        self._clocks = [(boot, 0.0 if boot == _boot() else there - sent) for boot, there in told]

    def _try(self) -> None:
        """Let no machine hold a stranger's program on which nobody tried whether it does."""
        others = [
            one.holds.remote()
            for one, (boot, _) in zip(self._actors, self._clocks, strict=True)
            if boot != _boot()
        ]
        if not all(self._got(others, START)):
            raise Unavailable("A worker's machine holds no boxes", code="isolation.start")

    def _got(self, asked: list[Any], patience: float) -> list[Any]:
        try:
            return list(self._ray.get(asked, timeout=patience))
        except self._ray.exceptions.RayError as error:
            raise Unavailable("A worker is not there", code="isolation.start") from error


def _join(ray: Any, address: str, count: int) -> None:  # noqa: ANN401  (a module)
    own = {"num_cpus": count, "object_store_memory": STORE}
    where: dict[str, Any] = own if address == LOCAL else {"address": address}
    try:
        if address != LOCAL:
            host, _, port = address.rpartition(":")
            socket.create_connection((host, int(port)), REPLY).close()  # Ray would try for minutes.
        ray.init(include_dashboard=False, log_to_driver=False, logging_level="ERROR", **where)
    except (OSError, RuntimeError, ValueError) as error:
        raise Unavailable("The cluster is not there", code="isolation.start") from error


def _plain(program: Program) -> Program:
    """Make sure that the modules are a mapping that travels."""
    return replace(program, modules=dict(program.modules))


def _boot() -> str:
    """Name this run of this machine, whose processes share a monotonic clock."""
    return Path("/proc/sys/kernel/random/boot_id").read_text().strip()
