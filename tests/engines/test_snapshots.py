"""The vault: a snapshot is there completely, privately and for good, or not at all."""

import resource
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import polars as pl
import pytest

from sandbox.engines.manifest import read_manifest, shape_of
from sandbox.engines.snapshots import DiskVault, snapshot_folder
from sandbox.engines.staging import staged, sweep
from sandbox.errors import BadInput, Unavailable
from sandbox.ledger.canonical import SALT, commitment
from sandbox.model.names import SnapshotId, SourceName
from sandbox.model.schema import Schema

CANARY = "canary-7f3a"
SOURCE = SourceName("health/hie")
Written = Callable[[Mapping[str, Sequence[object]]], Path]
OpenVault = Callable[[int], DiskVault]
PEOPLE: Mapping[str, Sequence[object]] = {
    "person": [CANARY] * 5 + list(range(95)),
    "site": ["1", "2"] * 50,
    "age": list(range(50)) * 2,
    "cost": [1.25] * 100,
}


@contextmanager
def full_disk() -> Iterator[None]:
    """Let no file grow beyond a kilobyte; writing more is an OSError, as on a full disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1024, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_snapshot_is_what_its_commitment_says(
    vault: DiskVault, vault_folder: Path, written: Written, schema: Schema
) -> None:
    snapshot, _, opening = vault.ingest(written(PEOPLE), "csv", schema, SOURCE)
    salt, payload = opening[:SALT], opening[SALT:]
    assert commitment(payload=payload, salt=salt) == snapshot.commitment
    folder = vault_folder / snapshot.id
    assert (folder / "manifest.json").read_bytes() == payload
    for shard in read_manifest(payload).shards:
        assert sha256((folder / shard.file).read_bytes()).hexdigest() == shard.sha256
    assert snapshot.created == datetime(2026, 11, 22, 8, 30, tzinfo=UTC)


def test_nobody_else_can_read_it_and_no_name_is_in_it(
    vault: DiskVault, vault_folder: Path, written: Written, schema: Schema
) -> None:
    snapshot, _, _ = vault.ingest(written(PEOPLE), "csv", schema, SOURCE)
    folder = vault_folder / snapshot.id
    assert folder.stat().st_mode & 0o777 == vault_folder.stat().st_mode & 0o777 == 0o700
    for file in folder.iterdir():
        assert file.stat().st_mode & 0o777 == 0o600
        assert CANARY.encode() not in file.read_bytes()


def test_equal_files_give_unlike_ids_and_commitments(
    vault: DiskVault, written: Written, schema: Schema
) -> None:
    one, _, _ = vault.ingest(written(PEOPLE), "csv", schema, SOURCE)
    other, _, _ = vault.ingest(written(PEOPLE), "csv", schema, SOURCE)
    assert one.id != other.id
    assert one.commitment != other.commitment


@pytest.mark.parametrize("shard_rows", [1, 7, 30, 1000])
def test_all_rows_of_a_person_lie_in_one_shard(
    open_vault: OpenVault,
    vault_folder: Path,
    written: Written,
    schema: Schema,
    shard_rows: int,
) -> None:
    vault = open_vault(shard_rows)
    snapshot, report, _ = vault.ingest(written(PEOPLE), "csv", schema, SOURCE)
    shards = [pl.read_parquet(path) for path in (vault_folder / snapshot.id).glob("*.parquet")]
    people = [set(shard["@person"]) for shard in shards]
    assert sum(map(len, shards)) == report.rows_kept
    assert sum(map(len, people)) == len(set().union(*people)) == report.people


def test_a_bad_file_leaves_nothing_behind(
    vault: DiskVault, vault_folder: Path, written: Written, schema: Schema
) -> None:
    with pytest.raises(BadInput):
        vault.ingest(written({**PEOPLE, "age": [CANARY] * 100}), "csv", schema, SOURCE)
    assert list(vault_folder.iterdir()) == []


def test_a_full_disk_is_said_plainly_and_leaves_nothing_behind(
    vault: DiskVault, vault_folder: Path, written: Written, schema: Schema
) -> None:
    file = written(PEOPLE)
    with full_disk(), pytest.raises(Unavailable) as refused:
        vault.ingest(file, "csv", schema, SOURCE)
    assert refused.value.code == "vault.unavailable"
    assert str(vault_folder) not in refused.value.message
    assert list(vault_folder.iterdir()) == []


def test_a_discarded_snapshot_is_gone_and_may_be_discarded_again(
    vault: DiskVault, vault_folder: Path, written: Written, schema: Schema
) -> None:
    snapshot, _, _ = vault.ingest(written(PEOPLE), "csv", schema, SOURCE)
    vault.discard(snapshot.id)
    vault.discard(snapshot.id)
    assert list(vault_folder.iterdir()) == []


def test_a_sweep_removes_what_the_books_never_heard_of_and_nothing_else(
    open_vault: OpenVault, vault_folder: Path, written: Written, schema: Schema
) -> None:
    file, before = written(PEOPLE), open_vault(1000)
    current, orphan, unanswered = (
        before.ingest(file, "csv", schema, SOURCE)[0].id for _ in range(3)
    )
    (vault_folder / "notes").mkdir()
    (vault_folder / "README").touch()
    open_vault(1000).sweep([current, unanswered])
    assert {one.name for one in vault_folder.iterdir()} == {
        *(current, unanswered),
        *("notes", "README"),
    }
    assert not (vault_folder / orphan).exists()


def test_a_sweep_leaves_what_came_after_the_vault_was_opened(
    open_vault: OpenVault, vault_folder: Path, written: Written, schema: Schema
) -> None:
    file = written(PEOPLE)
    known, _, _ = open_vault(1000).ingest(file, "csv", schema, SOURCE)
    vault = open_vault(1000)
    under_way, _, _ = vault.ingest(file, "csv", schema, SOURCE)
    vault.sweep([known.id])
    assert {one.name for one in vault_folder.iterdir()} == {known.id, under_way.id}


@pytest.mark.parametrize("missing", [(), ("f" * 32,)], ids=["nothing-known", "other-books"])
def test_a_sweep_for_books_that_do_not_fit_removes_nothing(
    open_vault: OpenVault,
    vault_folder: Path,
    written: Written,
    schema: Schema,
    missing: tuple[str, ...],
) -> None:
    file, before = written(PEOPLE), open_vault(1000)
    kept = {before.ingest(file, "csv", schema, SOURCE)[0].id for _ in range(2)}
    known = [*map(SnapshotId, missing), *list(kept)[: len(missing)]]
    open_vault(1000).sweep(known)
    assert {one.name for one in vault_folder.iterdir()} == kept


def test_a_manifest_of_before_there_were_partitions_is_still_read(schema: Schema) -> None:
    """The bytes are of a snapshot that an earlier version wrote."""
    written_then = (
        b'{"format":"datarange/snapshot/v1","shape":{"columns":['
        b'{"keys":["1","2","north"],"name":"site"},'
        b'{"high":65,"low":0,"name":"age","resolution":"1"},'
        b'{"high":2000,"low":-100,"name":"cost","resolution":"0.01"}],"max_rows":2},'
        b'"shards":[]}'
    )
    manifest = read_manifest(written_then)
    assert manifest.shape == shape_of(schema)
    assert manifest.to_bytes() == written_then


@pytest.mark.parametrize("name", ["..", "", "a/b", "A" * 32, "0" * 31])
def test_no_id_leads_out_of_the_vault(vault_folder: Path, name: str) -> None:
    with pytest.raises(ValueError, match="hexadecimal"):
        snapshot_folder(vault_folder, SnapshotId(name))


def test_what_a_killed_ingest_left_is_swept_and_live_work_is_not(tmp_path: Path) -> None:
    (tmp_path / ".tmp-dead").mkdir()
    (tmp_path / ".tmp-dead" / "shard-0000.parquet").touch()
    with staged(tmp_path / "published") as work:
        sweep(tmp_path)
        assert list(tmp_path.iterdir()) == [work]
    assert list(tmp_path.iterdir()) == [tmp_path / "published"]


def test_work_that_is_interrupted_leaves_nothing(tmp_path: Path) -> None:
    def interrupted() -> None:
        with staged(tmp_path / "published") as work:
            (work / "half").touch()
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert list(tmp_path.iterdir()) == []
