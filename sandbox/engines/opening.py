"""Opening a stored snapshot: nothing is computed over rows that are not what ingest wrote.

A flipped bit could be a step far outside the bounds, and a schema with other bounds or keys would
read other things into the same integers. Either would void the sensitivity that was paid for.
"""

import hashlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from os import cpu_count
from pathlib import Path

import polars as pl

from sandbox.engines.manifest import FILE, Manifest, read_manifest, shape_of
from sandbox.engines.snapshots import snapshot_folder
from sandbox.errors import Unavailable
from sandbox.model.names import SnapshotId
from sandbox.model.schema import Schema


class SnapshotDamaged(Exception):
    """The snapshot is gone, incomplete, changed, or of another schema."""


def verified_manifest(vault: Path, snapshot: SnapshotId) -> Manifest:
    """Read a snapshot's manifest and compare every shard with its digest.

    Raises:
        SnapshotDamaged: something is missing or different.
    """
    try:
        folder = snapshot_folder(vault, snapshot)
        manifest = read_manifest((folder / FILE).read_bytes())
        # Hashing lets go of the interpreter: with each core at a shard, a first answer waits less.
        with ThreadPoolExecutor(cpu_count()) as cores:
            digests = list(cores.map(_digest, [folder / shard.file for shard in manifest.shards]))
    except (OSError, ValueError) as cause:
        raise SnapshotDamaged from cause
    if not digests or digests != [shard.sha256 for shard in manifest.shards]:
        raise SnapshotDamaged
    return manifest


def scan_shards(
    vault: Path, snapshot: SnapshotId, manifest: Manifest, schema: Schema
) -> list[pl.LazyFrame]:
    """Give the rows of a snapshot, a frame a shard, lazily.

    Raises:
        SnapshotDamaged: it was made for a schema with other columns, bounds, keys, `max_rows` or
            partition.
    """
    if manifest.shape != shape_of(schema):
        raise SnapshotDamaged
    folder = snapshot_folder(vault, snapshot)
    return [
        pl.scan_parquet(folder / shard.file, glob=False, hive_partitioning=False, cache=False)
        for shard in manifest.shards
    ]


class Snapshots:
    """Opens the snapshots of a vault's folder; each is verified once, when it is first asked of."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._verified: dict[SnapshotId, Manifest] = {}

    def shards(self, snapshot: SnapshotId, schema: Schema) -> list[pl.LazyFrame]:
        """Give the rows, a frame a shard, lazily.

        Raises:
            SnapshotDamaged: as `verified_manifest` and `scan_shards` say.
        """
        return scan_shards(self._folder, snapshot, self.manifest(snapshot), schema)

    def manifest(self, snapshot: SnapshotId) -> Manifest:
        """Give what a snapshot consists of.

        Raises:
            SnapshotDamaged: as `verified_manifest` says.
        """
        if snapshot not in self._verified:
            self._verified[snapshot] = verified_manifest(self._folder, snapshot)
        return self._verified[snapshot]


@contextmanager
def readable() -> Iterator[None]:
    """Say one thing of whatever cannot be read, so that nothing of it shows.

    Raises:
        Unavailable: code `snapshot.unreadable`.
    """
    try:
        yield
    except (SnapshotDamaged, pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError):
        raise Unavailable(
            "The snapshot cannot be read; the owner has to add the dataset again",
            code="snapshot.unreadable",
        ) from None


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
