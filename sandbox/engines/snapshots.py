"""Snapshots on a disk of our own: one folder each, immutable once it can be seen."""

import re
import secrets
import shutil
from collections.abc import Callable, Collection, Iterable
from pathlib import Path

from sandbox.engines.ingest import BATCH_ROWS, Ingest, Told
from sandbox.engines.manifest import FILE, Manifest, Roll, Shard, shape_of
from sandbox.engines.runs import Runs
from sandbox.engines.shards import SHARD_ROWS, Piece, range_bits, to_parquet
from sandbox.engines.staging import staged, sweep, write_durably
from sandbox.errors import Unavailable
from sandbox.ledger.canonical import SALT, commitment, opening, sha256
from sandbox.model.dataset import IngestReport, Snapshot
from sandbox.model.names import Digest, SnapshotId, SourceName
from sandbox.model.schema import Schema
from sandbox.ports import Clock

_ID = re.compile(r"[0-9a-f]{32}")


def snapshot_folder(vault: Path, snapshot: SnapshotId) -> Path:
    """Say where a snapshot lies.

    Raises:
        ValueError: not an id of ours; a path such as `..` must not lead anywhere.
    """
    if not _ID.fullmatch(snapshot):
        raise ValueError("a snapshot's id is 32 hexadecimal digits")
    return vault / snapshot


def write_snapshot(pieces: Iterable[Piece], bits: int, schema: Schema, folder: Path) -> bytes:
    """Write shards, their rolls and the manifest into a folder, and give the manifest's bytes.

    The pieces are of `2**bits` ranges, in their order. Raises OSError if the disk is full.
    """
    shards = tuple(_written(piece, folder) for piece in pieces)
    manifest = Manifest(shape_of(schema), shards, bits).to_bytes()
    write_durably(folder / FILE, manifest)
    return manifest


def _written(piece: Piece, folder: Path) -> Shard:
    """Write one shard and its roll."""
    name, rows, roll = f"{piece.place:04}", to_parquet(piece.rows), b"".join(piece.hashes)
    shard = Shard(
        f"shard-{name}.parquet",
        len(piece.rows),
        sha256(rows),
        Roll(f"people-{name}.bin", sha256(roll), piece.place, piece.first),
    )
    write_durably(folder / shard.file, rows)
    write_durably(folder / f"people-{name}.bin", roll)
    return shard


class DiskVault:
    """Implements the port `Vault` in a folder that only the site's own user can enter."""

    def __init__(
        self,
        folder: Path,
        person_key: Callable[[str], bytes],
        clock: Clock,
        *,
        shard_rows: int = SHARD_ROWS,
        batch_rows: int = BATCH_ROWS,
    ) -> None:
        """Open the vault, make its folder if need be, and sweep what a killed ingest left.

        `person_key` gives a source's secret of at most 64 bytes; equal people of one source get
        equal hashes under it.
        """
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        sweep(folder)
        self._folder = folder
        self._earlier = _snapshots(folder)
        self._person_key = person_key
        self._clock = clock
        self._shard_rows = shard_rows
        self._batch_rows = batch_rows

    def ingest(
        self,
        file: Path,
        form: str,
        schema: Schema,
        source: SourceName,
        told: Told = lambda _read, _placed: None,
    ) -> tuple[Snapshot, IngestReport, bytes]:
        """Validate, bound, partition and store; see the port.

        Raises:
            BadInput: the file does not do; the place says where.
            Unavailable: the disk is full or read-only (`vault.unavailable`).
        """
        snapshot = SnapshotId(secrets.token_hex(16))
        try:
            with staged(snapshot_folder(self._folder, snapshot)) as work:
                runs = Runs(work / "runs")
                ingest = Ingest(schema, self._person_key(source), runs, told)
                ingest.read(file, form, self._batch_rows)
                bits = range_bits(ingest.rows, self._shard_rows)
                manifest = write_snapshot(ingest.pieces(bits), bits, schema, work)
                runs.remove()
        except OSError:
            raise Unavailable(
                "The snapshot could not be written; is the disk full?", code="vault.unavailable"
            ) from None
        salt = secrets.token_bytes(SALT)
        bound = Digest(commitment(payload=manifest, salt=salt))
        made = Snapshot(snapshot, self._clock.now(), bound)
        return made, ingest.report(), opening(manifest, salt)

    def discard(self, snapshot: SnapshotId) -> None:
        """Remove a snapshot; quietly if it is gone already."""
        shutil.rmtree(snapshot_folder(self._folder, snapshot), ignore_errors=True)

    def sweep(self, known: Collection[SnapshotId]) -> None:
        """Remove the snapshots of earlier runs that are not known; see the port.

        Whatever was there when the vault was opened is older than any ingest under way: the site's
        folder has one user. Where nothing is known, or something known is missing, these may be
        the wrong books, or a restored copy of old ones; then every snapshot stays.
        """
        if known and self._earlier.issuperset(known):
            for snapshot in self._earlier.difference(known):
                self.discard(snapshot)


def _snapshots(vault: Path) -> frozenset[SnapshotId]:
    """List the snapshots that are complete; other files are not ours to touch."""
    return frozenset(SnapshotId(one.name) for one in vault.iterdir() if _ID.fullmatch(one.name))
