"""What a snapshot consists of: which rows it was made for, its shards and their digests."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from sandbox.errors import BadInput
from sandbox.ledger.canonical import canonical, parse
from sandbox.model.cost import text
from sandbox.model.schema import Column, Schema

FILE = "manifest.json"
FORMAT = "datarange/snapshot/v1"


@dataclass(frozen=True, slots=True)
class Roll:
    """The people of a shard: a file of their keyed hashes, 16 bytes each, by number."""

    file: str
    sha256: str
    place: int
    """Which of the `2**bits` equal ranges of hashes these are, from 0."""
    first: int
    """The first person's number."""


@dataclass(frozen=True, slots=True)
class Shard:
    """One Parquet file; all rows of a person lie in one."""

    file: str
    rows: int
    sha256: str
    roll: Roll | None = None
    """None in a snapshot of before there were rolls."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """A snapshot's table of contents, bound to the shape that its integers were made for."""

    shape: Mapping[str, Any]
    """See `shape_of`."""
    shards: tuple[Shard, ...]
    """In the order of hashes; ranges without people have none."""
    bits: int | None = None
    """How often the range of hashes was halved; None in a snapshot of before there were rolls."""

    def to_bytes(self) -> bytes:
        """Write canonical JSON."""
        bits = {} if self.bits is None else {"bits": self.bits}
        shards = [_said(asdict(shard)) for shard in self.shards]
        return canonical({"format": FORMAT, "shape": self.shape, "shards": shards, **bits})


def read_manifest(data: bytes) -> Manifest:
    """Read what `to_bytes` wrote.

    Raises:
        ValueError: it is something else.
    """
    try:
        content = parse(data)
        shards = tuple(_shard(shard) for shard in content["shards"])
        return Manifest(content["shape"], shards, content.get("bits"))
    except (BadInput, KeyError, TypeError) as cause:
        raise ValueError("not a manifest") from cause


def shape_of(schema: Schema) -> dict[str, Any]:
    """Say what codes and steps mean and how often a person occurs, as JSON.

    Uses and closed columns are left out: they may change without touching a snapshot. A partition
    is named where there is one, so that snapshots of before there were any stay readable.
    """
    partition = {} if schema.partition is None else {"partition": asdict(schema.partition)}
    return {
        "max_rows": schema.max_rows,
        "columns": [_column(column) for column in schema.columns],
        **partition,
    }


def _column(column: Column) -> dict[str, Any]:
    if column.lattice is None:
        return {"name": column.name, "keys": list(column.keys)}
    return {
        "name": column.name,
        "low": column.lattice.low,
        "high": column.lattice.high,
        "resolution": text(column.lattice.resolution),
        **({"days": True} if column.lattice.days else {}),
    }


def _shard(written: Mapping[str, Any]) -> Shard:
    """Read a shard.

    Raises:
        TypeError: it has other fields.
    """
    roll = written.get("roll")
    return Shard(**{**written, "roll": None if roll is None else Roll(**roll)})


def _said(shard: dict[str, Any]) -> dict[str, Any]:
    """Leave out what a shard has not, so that the bytes of older snapshots stay as they are."""
    return {name: value for name, value in shard.items() if value is not None}
