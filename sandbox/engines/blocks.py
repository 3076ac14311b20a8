"""The block engine: a stranger's program over disjoint blocks of people (sample and aggregate).

Whatever the program does with a block, one value for each declared output comes back, within its
range, at a moment that public numbers fix. Source: Nissim, Raskhodnikova, Smith 2007, "Smooth
Sensitivity and Sampling in Private Data Analysis"; Mohan et al. 2012, "GUPT".
"""

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from math import ceil
from pathlib import Path

import polars as pl

from sandbox.engines.columns import PERSON
from sandbox.engines.dealing import KEY, deal, draws
from sandbox.engines.opening import Snapshots, readable
from sandbox.engines.places import Places
from sandbox.engines.rehearsing import invented, limits_of, rehearse
from sandbox.engines.tallies import tallies
from sandbox.engines.workers import Values, Workers
from sandbox.errors import Unavailable
from sandbox.isolation.environment import packages
from sandbox.isolation.limits import Limits
from sandbox.isolation.plan import BackEnd
from sandbox.model.algorithm import Algorithm
from sandbox.model.bounded_sum import BoundedSum
from sandbox.model.names import SnapshotId
from sandbox.model.output import Output
from sandbox.model.program import Frame, Program
from sandbox.model.rehearsal import Rehearsal
from sandbox.model.schedule import LEAD
from sandbox.model.schema import Schema
from sandbox.model.submission import PricedAlgorithm, Reservation
from sandbox.ports import Chance, Json

WAITING = 32
"""Algorithms that wait for the one that runs."""
HONEST = Program(
    {"honest": "def run(rows):\n    return {'one': 1}\n"},
    ("honest", "run"),
    (Output("one", 0, 1, default=0.0),),
    Frame.BYTES,
)
"""What shows that a box can be had at all."""


class BlockEngine:
    """Implements the port `Engine` for algorithms, one at a time, all workers at its service."""

    def __init__(
        self,
        folder: Path,
        workers: Workers,
        back_end: BackEnd,
        chance: Chance,
        *,
        waiting: int = WAITING,
    ) -> None:
        """Serve the snapshots of a vault's folder."""
        self._snapshots = Snapshots(folder)
        self._workers = workers
        self._back_end = back_end
        self._chance = chance
        self._places = Places(1, waiting)

    @property
    def workers(self) -> int:
        """Blocks that run at once."""
        return self._workers.count

    @property
    def back_end(self) -> str:
        """What the programs are held by."""
        return self._back_end.name

    @property
    def packages(self) -> Mapping[str, str]:
        """Versions of what programs may import, by name."""
        return packages()

    @contextmanager
    def place(self) -> Iterator[None]:
        """Hold the place, waiting for it if need be, and make sure that boxes can be had.

        Raises:
            Unavailable: the queue is full (`engine.busy`), or no box starts (`isolation.start`).
        """
        with self._places.one():
            self._workers.run(HONEST, [b""], Limits(wall=LEAD))
            yield

    def add_up(self, reservation: Reservation, priced: PricedAlgorithm) -> BoundedSum:
        """Run every block, each in its slot; takes the time of the schedule, whatever they do.

        Raises:
            Unavailable: `snapshot.unreadable` or `isolation.start`; never because of what a row
                holds or a program does.
        """
        began = time.monotonic()
        algorithm = priced.algorithm
        blocks = self._dealt(reservation.snapshot, algorithm, priced.schema)
        late = time.monotonic() - began
        values = self._workers.run(
            algorithm.program,
            blocks,
            limits_of(algorithm),
            algorithm.schedule(self.workers),
            lead=ceil(late / LEAD) * LEAD - late,
        )
        steps = [_steps(algorithm, each) for each in values]
        return BoundedSum(priced.parts, priced.sensitivities, tallies(algorithm, steps))

    def rehearse(
        self, algorithm: Algorithm, schema: Schema, rows: Mapping[str, Sequence[Json]]
    ) -> Sequence[Rehearsal]:
        """Run a program over blocks of invented rows, and tell all that it said.

        Never beside a program over real rows: this one is heard out, and could measure the load
        that the other one makes.

        Raises:
            Unavailable: `engine.rehearsal`, another program runs or waits; or `isolation.start`.
        """
        if self._places.taken:
            raise Unavailable(
                "Another program runs now, and rehearsals have the machine to themselves; "
                "try again in a while",
                code="engine.rehearsal",
            )
        with self._places.one():
            blocks = invented(rows, algorithm.columns, schema)
            return [rehearse(self._back_end, algorithm, block) for block in blocks]

    def _dealt(self, snapshot: SnapshotId, algorithm: Algorithm, schema: Schema) -> list[bytes]:
        with readable():
            shards = self._snapshots.shards(snapshot, schema)
            wanted = (PERSON, *algorithm.columns)
            rows = pl.concat([shard.select(wanted).collect() for shard in shards])
        people = rows[PERSON].n_unique()
        drawn = draws(self._chance.fresh(KEY), people, algorithm.blocks)
        return deal(rows, drawn, algorithm, schema)


def _steps(algorithm: Algorithm, values: Values) -> Sequence[int]:
    """Put what one block gave on the lattice, output after output."""
    pairs = zip(algorithm.program.outputs, values, strict=True)
    return [output.step(value) for output, given in pairs for value in given]
