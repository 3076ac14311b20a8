"""Two snapshots of one source, brought together person by person, a range of hashes at a time.

Both were made under the source's key, so a person has one hash in both; and both are cut at equal
ranges of hashes, so a person's rows lie in one pair, whichever snapshot is cut finer. No hash
leaves this module: rows carry numbers only.
"""

from collections.abc import Iterator, Sequence
from hashlib import sha256
from pathlib import Path

import polars as pl

from sandbox.engines.columns import PERSON
from sandbox.engines.manifest import Manifest, Roll
from sandbox.engines.opening import SnapshotDamaged, Snapshots
from sandbox.engines.people import DIGEST
from sandbox.engines.snapshots import snapshot_folder
from sandbox.model.names import SnapshotId
from sandbox.model.schema import Schema

Side = tuple[SnapshotId, Schema]
_COMMON = "@common"
_HASH = "@hash"


class Pairs:
    """The pairs of two snapshots of one source in a vault's folder."""

    def __init__(self, folder: Path, snapshots: Snapshots, left: Side, right: Side) -> None:
        """Open both; nothing of people or rows is read yet.

        Raises:
            SnapshotDamaged: as `Snapshots.shards`, or one has no rolls and has to be made again.
        """
        self._sides = tuple(_Side(folder, snapshots, *side) for side in (left, right))
        self._bits = min(side.bits for side in self._sides)

    def __len__(self) -> int:
        """Number of pairs, a power of two."""
        return int(2**self._bits)

    def __iter__(self) -> Iterator[tuple[pl.LazyFrame, pl.LazyFrame]]:
        """Give pair after pair: the rows of the same people, lazily, numbered alike.

        Numbers are of a pair: dense from 0 over the people of either side, in the order of their
        hashes. Whoever is in one snapshot alone has rows on that side alone.

        Raises:
            SnapshotDamaged: a roll is missing or changed.
        """
        for place in range(len(self)):
            left, right = (side.people(place, self._bits) for side in self._sides)
            common = pl.concat([left, right]).select(_HASH).unique().sort(_HASH)
            numbers = common.with_columns(pl.int_range(pl.len(), dtype=pl.UInt32).alias(_COMMON))
            first, second = (
                side.rows(place, self._bits, people.join(numbers, on=_HASH))
                for side, people in zip(self._sides, (left, right), strict=True)
            )
            yield first, second


class _Side:
    """One of the two snapshots."""

    def __init__(
        self, vault: Path, snapshots: Snapshots, snapshot: SnapshotId, schema: Schema
    ) -> None:
        self._folder = snapshot_folder(vault, snapshot)
        self._shards = snapshots.shards(snapshot, schema)
        manifest = snapshots.manifest(snapshot)
        self._rolls = _rolls(manifest)
        self.bits = manifest.bits or 0

    def people(self, place: int, bits: int) -> pl.DataFrame:
        """Give number and hash of the people in one of `2**bits` ranges."""
        found = [
            pl.DataFrame(
                {
                    _HASH: hashes,
                    PERSON: pl.int_range(
                        roll.first, roll.first + len(hashes), dtype=pl.UInt32, eager=True
                    ),
                }
            )
            for number in self._within(place, bits)
            for roll in [self._rolls[number]]
            for hashes in [_hashes(self._folder, roll)]
        ]
        nobody = pl.DataFrame(schema={_HASH: pl.Binary, PERSON: pl.UInt32})
        return pl.concat([nobody, *found])

    def rows(self, place: int, bits: int, numbers: pl.DataFrame) -> pl.LazyFrame:
        """Give the rows of a range with the common numbers."""
        shards = [self._shards[number] for number in self._within(place, bits)]
        rows = pl.concat(shards) if shards else self._shards[0].clear()
        common = rows.join(numbers.select(PERSON, _COMMON).lazy(), on=PERSON, maintain_order="left")
        return common.with_columns(pl.col(_COMMON).alias(PERSON)).drop(_COMMON)

    def _within(self, place: int, bits: int) -> list[int]:
        """Find the shards of a range, which may be cut finer here."""
        finer = self.bits - bits
        return [number for number, roll in enumerate(self._rolls) if roll.place >> finer == place]


def _rolls(manifest: Manifest) -> Sequence[Roll]:
    """Give the roll of each shard.

    Raises:
        SnapshotDamaged: it was made before there were rolls.
    """
    rolls = [shard.roll for shard in manifest.shards if shard.roll]
    if manifest.bits is None or len(rolls) != len(manifest.shards):
        raise SnapshotDamaged
    return rolls


def _hashes(folder: Path, roll: Roll) -> pl.Series:
    """Read a roll.

    Raises:
        SnapshotDamaged: it is not the file that ingest wrote.
    """
    try:
        data = (folder / roll.file).read_bytes()
    except OSError as cause:
        raise SnapshotDamaged from cause
    if sha256(data).hexdigest() != roll.sha256:
        raise SnapshotDamaged
    hashes = [data[start : start + DIGEST] for start in range(0, len(data), DIGEST)]
    return pl.Series(hashes, dtype=pl.Binary)
