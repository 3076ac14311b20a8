"""A file that does not fit in memory gives what it would give in one piece."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sandbox.engines.manifest import Manifest, read_manifest
from sandbox.engines.people import DIGEST
from sandbox.engines.snapshots import DiskVault
from sandbox.errors import BadInput, Place
from sandbox.ledger.canonical import SALT
from sandbox.model.dataset import IngestReport
from sandbox.model.names import ColumnName, SourceName
from sandbox.model.schema import Partition, Schema
from tests.support.town import HandClock

KEY = b"key of one source"
Written = Callable[[Mapping[str, Sequence[object]]], Path]
Rows = Sequence[tuple[str, str, str, str]]
Made = tuple[Manifest, dict[str, bytes], IngestReport]

people = st.integers(0, 12).map(str)
sites = st.sampled_from(["1", "2", "north", "elsewhere", ""])
numbers = st.sampled_from(["", "3", "64.5", "70", "-1", "NaN", "0.125"])
tables = st.lists(st.tuples(people, sites, numbers, numbers), min_size=1, max_size=40)


def made(rows: Rows, schema: Schema, *, batch_rows: int, shard_rows: int) -> Made:
    """Take rows in, and give the manifest, the files that it names, and the report."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "rows.csv"
        lines = ["person,site,age,cost", *(",".join(row) for row in rows)]
        file.write_text("\n".join(lines) + "\n")
        vault = DiskVault(
            Path(folder) / "vault",
            lambda _: KEY,
            HandClock(),
            batch_rows=batch_rows,
            shard_rows=shard_rows,
        )
        snapshot, report, opening = vault.ingest(file, "csv", schema, SourceName("a/b"))
        at = Path(folder) / "vault" / snapshot.id
        files = {one.name: one.read_bytes() for one in at.iterdir()}
        return read_manifest(opening[SALT:]), files, report


def hashes(made: Made) -> list[bytes]:
    """Give the people's hashes, by number."""
    manifest, files, _ = made
    joined = b"".join(files[shard.roll.file] for shard in manifest.shards if shard.roll)
    return [joined[at : at + DIGEST] for at in range(0, len(joined), DIGEST)]


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(rows=tables, batch_rows=st.integers(1, 41), shard_rows=st.integers(1, 41))
def test_how_a_file_is_cut_into_batches_moves_no_byte(
    schema: Schema, rows: Rows, batch_rows: int, shard_rows: int
) -> None:
    parted = replace(schema, partition=Partition(ColumnName("site"), most=1))
    whole = made(rows, parted, batch_rows=len(rows), shard_rows=shard_rows)
    assert made(rows, parted, batch_rows=batch_rows, shard_rows=shard_rows) == whole


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(rows=tables, shard_rows=st.integers(1, 41))
def test_shards_are_equal_ranges_of_hashes_and_hold_the_rows_of_one_piece(
    schema: Schema, rows: Rows, shard_rows: int
) -> None:
    whole = made(rows, schema, batch_rows=9, shard_rows=1000)
    cut = made(rows, schema, batch_rows=9, shard_rows=shard_rows)
    manifest, files, report = cut
    assert report == whole[2]
    assert hashes(cut) == hashes(whole) == sorted(hashes(whole))
    tables = [pl.read_parquet(files[shard.file]) for shard in manifest.shards]
    assert pl.concat(tables).equals(pl.read_parquet(whole[1]["shard-0000.parquet"]))
    for shard, table in zip(manifest.shards, tables, strict=True):
        assert manifest.bits is not None
        assert shard.roll is not None
        for person in table["@person"]:
            prefix = int.from_bytes(hashes(cut)[person]) >> (8 * DIGEST - manifest.bits)
            assert prefix == shard.roll.place
        assert shard.roll.first == table["@person"][0]


def test_a_small_file_gives_the_rows_that_it_always_gave(schema: Schema) -> None:
    """These are of the version that took a file in in one piece."""
    keys = ["1", "2", "north", "x"]
    rows = [(str(n * n % 7), keys[n % 4], str(n * 4.5), str(n / 3)) for n in range(20)]
    parted = replace(schema, partition=Partition(ColumnName("site"), most=1))
    manifest, files, report = made(rows, parted, batch_rows=3, shard_rows=1000)
    assert pl.read_parquet(files[manifest.shards[0].file]).rows() == [
        (0, 2, 27, 200),
        (0, None, 65, 500),
        (1, 1, 40, 300),
        (1, None, 65, 633),
        (2, None, 14, 100),
        (2, None, 50, 367),
        (3, None, 32, 233),
        (3, 2, 63, 467),
    ]
    assert (report.rows_read, report.rows_kept, report.people) == (20, 8, 4)
    assert [(change.code, change.column, change.count) for change in report.changes] == [
        ("null_keys", "site", 5),
        ("rounded", "age", 7),
        ("clamped", "age", 5),
        ("rounded", "cost", 13),
        ("parts_left_out", "site", 10),
        ("dropped_rows", None, 2),
    ]


@pytest.mark.parametrize("batch_rows", [1, 2, 3, 7])
@pytest.mark.parametrize(("column", "clause"), [("person", "privacy.unit"), ("age", "columns.age")])
def test_a_wrong_row_has_its_number_in_the_file_whatever_the_batch(
    schema: Schema, batch_rows: int, column: str, clause: str
) -> None:
    good, wrong = ("7", "1", "40", "1"), {"person": "", "age": "old"}
    bad = (wrong["person"], *good[1:]) if column == "person" else (*good[:2], wrong["age"], good[3])
    with pytest.raises(BadInput) as refused:
        made([good] * 4 + [bad] + [good] * 2, schema, batch_rows=batch_rows, shard_rows=3)
    assert refused.value.place == Place(row=5, clause=clause)


def test_waiting_rows_lie_in_the_folder_that_a_sweep_removes_and_only_we_can_read_them(
    written: Written, schema: Schema, tmp_path: Path
) -> None:
    folder, heard = tmp_path / "vault", []

    def told(read: int, placed: int) -> None:
        heard.append((read, placed))
        runs = list(folder.glob(".tmp-*/runs/*"))
        assert runs
        assert all(run.stat().st_mode & 0o777 == 0o600 for run in runs)
        assert all(run.parent.stat().st_mode & 0o777 == 0o700 for run in runs)
        assert all(b"canary" not in run.read_bytes() for run in runs)

    vault = DiskVault(folder, lambda _: KEY, HandClock(), batch_rows=2, shard_rows=3)
    names = [f"canary-{number}" for number in range(6)]
    file = written({"person": names, "site": ["1"] * 6, "age": [1] * 6, "cost": [1] * 6})
    snapshot, _, _ = vault.ingest(file, "csv", schema, SourceName("a/b"), told)
    assert heard[:3] == [(2, 0), (4, 0), (6, 0)]
    assert heard[-1] == (6, 6)
    assert [one.name for one in folder.iterdir()] == [snapshot.id]
    assert not (folder / snapshot.id / "runs").exists()
