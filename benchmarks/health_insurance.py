"""Four programs over the RAND Health Insurance Experiment, and what is asked of them."""

import struct
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from policies.load import load_policy
from sandbox.cli.demo.data import write_hie
from sandbox.engines.snapshots import DiskVault
from sandbox.engines.workers import Values
from sandbox.isolation.limits import Limits
from sandbox.isolation.outputs import read
from sandbox.model.algorithm import Algorithm
from sandbox.model.cost import Accounting
from sandbox.model.names import (
    AgreementId,
    ColumnName,
    DatasetName,
    SnapshotId,
    SourceName,
    SubmissionId,
)
from sandbox.model.output import Output, Statistic
from sandbox.model.program import Program
from sandbox.model.schedule import Schedule
from sandbox.model.schema import Schema
from sandbox.model.submission import PricedAlgorithm, Reservation
from sandbox.privacy.price import offer, price_algorithm
from sandbox.query.schema import schema_of

PEOPLE = 5_912
BLOCKS = 5_900 // 30
"""What the site takes by itself: about 30 of the published number of people in each."""
POLICY = load_policy(
    Path(__file__).parents[1].joinpath("policies", "examples", "hie.yaml").read_bytes()
)
SCHEMA: Schema = schema_of(POLICY)
DATASET = DatasetName("health/hie")
SECONDS = 10
"""For a block; more than any of them needs on a busy machine."""
_PROGRAMS = Path(__file__).with_name("programs")
_WHO = ("female", "xage", "coins")


@dataclass(frozen=True, slots=True)
class Method:
    """One program, which columns it gets, and the range that a researcher would declare."""

    name: str
    columns: tuple[str, ...]
    output: Output

    @property
    def source(self) -> str:
        """What is submitted."""
        return (_PROGRAMS / f"{self.name}.py").read_text(encoding="utf-8")

    def over(self, blocks: int) -> Algorithm:
        """Ask for it over so many blocks."""
        return Algorithm(
            dataset=DATASET,
            program=Program({self.name: self.source}, (self.name, self.name), (self.output,)),
            columns=tuple(ColumnName(name) for name in self.columns),
            blocks=blocks,
            seconds=Fraction(SECONDS),
            memory=2**30,
        )


METHODS: Mapping[str, Method] = {
    "mean": Method("visits", ("mdvis",), Output("visits", 0, 10)),
    "mean of medians": Method("spending", ("meddol",), Output("spending", 0, 200)),
    "median of medians": Method(
        "spending", ("meddol",), Output("spending", 0, 200, statistic=Statistic.MEDIAN)
    ),
    "regression slope": Method("coinsurance", (*_WHO, "mdvis"), Output("slope", -10, 10)),
    "logistic regression": Method(
        "care", (*_WHO, "binexp"), Output("share_age_female", -3, 3, (3,))
    ),
}
"""By what is computed. Ranges are what a researcher knows beforehand: a few visits a year, spending
whose median is well below its mean, effects that are not enormous."""


class Noon:
    """Implements the port `Clock`: when a snapshot was taken does not matter here."""

    def now(self) -> datetime:
        """Give always the same time."""
        return datetime(2026, 11, 23, 12, tzinfo=UTC)


def taken(folder: Path) -> SnapshotId:
    """Write the data and take a snapshot of them under the example policy, in `folder`/vault."""
    write_hie(folder / "hie.parquet")
    vault = DiskVault(folder / "vault", str.encode, Noon())
    snapshot, report, _ = vault.ingest(
        folder / "hie.parquet", "parquet", SCHEMA, SourceName("health/hie")
    )
    if report.people != PEOPLE:
        raise ValueError("these are other people")
    return snapshot.id


def priced(algorithm: Algorithm, accounting: Accounting, epsilon: str = "1") -> PricedAlgorithm:
    """Price it as the site would, at the policy's delta."""
    paid = offer(accounting, POLICY.privacy.budget.delta, epsilon=epsilon, rho=None)
    return price_algorithm(algorithm, SCHEMA, paid)


def reserved(asked: PricedAlgorithm, snapshot: SnapshotId) -> Reservation:
    """Give what the flow would, had it been paid; engine and door look at snapshot and cost."""
    return Reservation(SubmissionId("hie"), AgreementId("hie"), snapshot, asked.cost, debit=0)


class Bare:
    """Implements the port `Workers` without boxes: our own programs, in this process, at once."""

    count = 2

    def run(
        self,
        program: Program,
        blocks: Sequence[bytes],
        limits: Limits,  # noqa: ARG002  (nothing is held here)
        schedule: Schedule | None = None,  # noqa: ARG002
        *,
        lead: float = 0.0,  # noqa: ARG002
    ) -> list[Values]:
        """Give the values of each block, and defaults where the program fails, as a box does."""
        module, function = program.entry
        known: dict[str, Any] = {}
        exec(program.modules[module], known)  # noqa: S102  (our own text, from `programs`)
        return [_values(program.outputs, known[function], block) for block in blocks]

    def close(self) -> None:
        """Hold nothing that could be let go."""


def _values(outputs: Sequence[Output], function: Callable[..., Any], block: bytes) -> Values:
    try:
        given = function(pl.read_ipc_stream(block))
    except ValueError:  # scikit-learn's, of a small block in which nobody did without care
        return read(outputs, b"")
    flat = [float(value) for output in outputs for value in np.ravel(given[output.name])]
    return read(outputs, struct.pack(f"<{len(flat)}d", *flat))
