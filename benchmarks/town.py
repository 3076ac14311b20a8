"""The town that benchmarks ask about: ten million invented rows of half a million people.

`python -m benchmarks.town rows` makes the file, `python -m benchmarks.town snapshot` takes it in
through the real vault; two processes, so that the peak of memory is of ingest alone.
"""

import json
import resource
import sys
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path
from time import perf_counter

import polars as pl

from sandbox.engines.snapshots import DiskVault
from sandbox.model.names import ColumnName, SourceName
from sandbox.model.schema import Column, Lattice, Schema

FOLDER = Path(".bench")
FILE = FOLDER / "town.parquet"
VAULT = FOLDER / "vault"
INGEST = FOLDER / "ingest.json"
"""The snapshot's id and what ingest took."""

ROWS, PEOPLE, REGIONS = 10_000_000, 500_000, 40
REGION, COST = ColumnName("region"), ColumnName("cost")
SCHEMA = Schema(
    unit=ColumnName("person"),
    max_rows=64,  # people have 20 rows on average, so all ten million stay
    columns=(
        Column(REGION, frozenset({"group"}), keys=tuple(f"r{code:02}" for code in range(REGIONS))),
        Column(COST, frozenset({"measure"}), lattice=Lattice(0, 2_000_000, Fraction(1, 100))),
    ),
)


class StoppedClock:
    """Always tells the same time; nothing here depends on it."""

    def now(self) -> datetime:
        """Give the day on which the town was founded."""
        return datetime(2026, 1, 1, tzinfo=UTC)


def write_rows() -> None:
    """Draw rows from hashes of their numbers: the same town everywhere, in no order."""
    FOLDER.mkdir(exist_ok=True)
    pl.select(pl.int_range(ROWS, dtype=pl.UInt64).alias("row")).select(
        person=_draw(1, PEOPLE),
        region=pl.format("r{}", _draw(2, REGIONS).cast(pl.String).str.zfill(2)),
        cost=pl.when(_draw(3, 10) > 0).then(_draw(4, 2_000_000) / 100),
    ).write_parquet(FILE)


def take_in() -> None:
    """Ingest the file and note seconds and peak memory, the probing child's included."""
    vault = DiskVault(VAULT, lambda source: source.encode(), StoppedClock())
    start = perf_counter()
    snapshot, report, _ = vault.ingest(FILE, "parquet", SCHEMA, SourceName("bench/town"))
    seconds = perf_counter() - start
    own, child = (
        resource.getrusage(who).ru_maxrss / 1024
        for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    size = sum(file.stat().st_size for file in (VAULT / snapshot.id).iterdir())
    noted = {
        "snapshot": snapshot.id,
        "rows": report.rows_kept,
        "people": report.people,
        "seconds": seconds,
        "peak_mib": max(own, child),
        "disk_mib": size / 2**20,
    }
    INGEST.write_text(json.dumps(noted))


def _draw(stream: int, below: int) -> pl.Expr:
    return pl.col("row").hash(stream) % below


if __name__ == "__main__":
    {"rows": write_rows, "snapshot": take_in}[sys.argv[1]]()
