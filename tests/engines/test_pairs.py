"""Two snapshots of one source meet person by person, whichever of them is cut finer."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sandbox.engines.opening import SnapshotDamaged, Snapshots
from sandbox.engines.pairs import Pairs
from sandbox.engines.snapshots import DiskVault
from sandbox.model.names import SnapshotId, SourceName
from sandbox.model.schema import Schema
from tests.support.town import HandClock

tables = st.lists(st.integers(0, 20), min_size=1, max_size=30)


def taken_in(folder: Path, people: Sequence[int], schema: Schema, shard_rows: int) -> SnapshotId:
    """Take in a row for each, whose age says who it is."""
    file = folder / "rows.csv"
    rows = [f"{person},1,{person},1" for person in people]
    file.write_text("\n".join(["person,site,age,cost", *rows]) + "\n")
    vault = DiskVault(folder / "vault", lambda _: b"k" * 32, HandClock(), shard_rows=shard_rows)
    return vault.ingest(file, "csv", schema, SourceName("a/b"))[0].id


def opened(folder: Path, left: SnapshotId, right: SnapshotId, schema: Schema) -> Pairs:
    vault = folder / "vault"
    return Pairs(vault, Snapshots(vault), (left, schema), (right, schema))


@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(here=tables, there=tables, fine=st.integers(1, 30), coarse=st.integers(1, 30))
def test_one_number_is_one_person_in_both_and_every_row_is_in_one_pair(
    schema: Schema, here: list[int], there: list[int], fine: int, coarse: int
) -> None:
    with TemporaryDirectory() as name:
        folder = Path(name)
        left = taken_in(folder, here, schema, fine)
        right = taken_in(folder, there, schema, coarse)
        pairs = opened(folder, left, right, schema)
        frames = [(one.collect(), other.collect()) for one, other in pairs]
    assert len(frames) == len(pairs)
    for number, whole in enumerate((here, there)):
        rows = Counter(age for pair in frames for age in pair[number]["age"])
        assert rows == {person: min(count, 2) for person, count in Counter(whole).items()}
    seen: Counter[int] = Counter()
    for pair in frames:
        names = {row for side in pair for row in side.select("@person", "age").iter_rows()}
        assert len({number for number, _ in names}) == len({age for _, age in names}) == len(names)
        assert {number for number, _ in names} == set(range(len(names)))
        seen.update(age for _, age in names)
    assert set(seen.values()) == {1}


def test_a_roll_that_was_changed_is_refused(schema: Schema, tmp_path: Path) -> None:
    snapshot = taken_in(tmp_path, range(9), schema, 1000)
    roll = tmp_path / "vault" / snapshot / "people-0000.bin"
    roll.write_bytes(roll.read_bytes()[::-1])
    with pytest.raises(SnapshotDamaged):
        list(opened(tmp_path, snapshot, snapshot, schema))


def test_a_roll_that_is_gone_is_refused(schema: Schema, tmp_path: Path) -> None:
    snapshot = taken_in(tmp_path, range(9), schema, 1000)
    (tmp_path / "vault" / snapshot / "people-0000.bin").unlink()
    with pytest.raises(SnapshotDamaged):
        list(opened(tmp_path, snapshot, snapshot, schema))
