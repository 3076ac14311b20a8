"""Engines and ingest are tested on one small schema and a vault in a temporary folder."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path

import polars as pl
import pytest

from sandbox.engines.manifest import read_manifest
from sandbox.engines.snapshots import DiskVault
from sandbox.ledger.canonical import SALT
from sandbox.model.dataset import IngestReport
from sandbox.model.names import ColumnName, SourceName
from sandbox.model.schema import Column, Lattice, Schema

Written = Callable[[Mapping[str, Sequence[object]]], Path]
TakenIn = Callable[..., tuple[pl.DataFrame, IngestReport]]
KEY = b"key of one source"


class StoppedClock:
    """Always tells the same time."""

    def now(self) -> datetime:
        return datetime(2026, 11, 22, 8, 30, tzinfo=UTC)


@pytest.fixture(scope="session")
def schema() -> Schema:
    """People have a site, an age in years and a cost in cents; their name stays closed."""
    every = frozenset({"group", "filter", "measure"})
    return Schema(
        unit=ColumnName("person"),
        max_rows=2,
        columns=(
            Column(ColumnName("site"), every, keys=("1", "2", "north")),
            Column(ColumnName("age"), every, lattice=Lattice(0, 65, Fraction(1))),
            Column(ColumnName("cost"), every, lattice=Lattice(-100, 2000, Fraction(1, 100))),
        ),
        closed=frozenset({ColumnName("name")}),
    )


@pytest.fixture
def vault_folder(tmp_path: Path) -> Path:
    return tmp_path / "vault"


@pytest.fixture
def open_vault(vault_folder: Path) -> Callable[[int], DiskVault]:
    """Open the vault for shards of so many rows."""

    def with_shards_of(rows: int) -> DiskVault:
        return DiskVault(
            vault_folder,
            lambda source: b"key of " + source.encode(),
            StoppedClock(),
            shard_rows=rows,
        )

    return with_shards_of


@pytest.fixture
def vault(open_vault: Callable[[int], DiskVault]) -> DiskVault:
    return open_vault(1000)


@pytest.fixture
def taken_in(tmp_path: Path) -> TakenIn:
    """Take a file in and give the rows of all shards, and the report."""

    def take_in(
        file: Path, form: str, schema: Schema, *, shard_rows: int = 1000, batch_rows: int = 1000
    ) -> tuple[pl.DataFrame, IngestReport]:
        folder = tmp_path / "taken-in"
        vault = DiskVault(
            folder, lambda _: KEY, StoppedClock(), shard_rows=shard_rows, batch_rows=batch_rows
        )
        snapshot, report, opening = vault.ingest(file, form, schema, SourceName("a/b"))
        shards = read_manifest(opening[SALT:]).shards
        rows = [pl.read_parquet(folder / snapshot.id / shard.file) for shard in shards]
        return pl.concat(rows), report

    return take_in


@pytest.fixture
def written(tmp_path: Path) -> Written:
    """Write columns as CSV, nulls as empty cells."""

    def write(columns: Mapping[str, Sequence[object]]) -> Path:
        path = tmp_path / "table.csv"
        pl.DataFrame(columns, strict=False).write_csv(path)
        return path

    return write
