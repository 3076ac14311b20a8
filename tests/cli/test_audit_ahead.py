"""A second process reads a long ledger ahead: what is found is the same; it never fails unseen."""

import marshal
import os
import signal
from multiprocessing import active_children
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.cli.audit_ahead import LONG, leaves_of, read_ahead
from sandbox.errors import BadInput, Unavailable
from sandbox.ledger.leaf import Leaf, read_leaf
from sandbox.ledger.tiles import Export, read_export
from sandbox.ledger.verify import verify_log
from tests.support.honest_ledger import VKEY, exported, honest, told, written

SIZES = (0, 1, 255, 256, 257, 600)


@pytest.fixture(scope="module")
def long_log(tmp_path_factory: pytest.TempPathFactory) -> Export:
    story = honest()
    refusal = story.entries[20]
    while len(story.entries) < max(SIZES):
        story.add({**refusal, "time": story.entries[-1]["time"]})
    folder = tmp_path_factory.mktemp("long") / "export"
    return read_export(exported(folder, written(story.entries)))


def cut(log: Export, folder: Path, size: int) -> Export:
    entries = [entry for _, entry in zip(range(size), log.entries(), strict=False)]
    return read_export(exported(folder / "cut", entries))


@pytest.mark.parametrize("size", SIZES)
def test_entries_of_every_number_arrive_whole_and_in_order(
    long_log: Export, tmp_path: Path, size: int
) -> None:
    log = cut(long_log, tmp_path, size)
    assert list(read_ahead(str(log.folder), size)) == [read_leaf(one) for one in log.entries()]


def test_an_audit_finds_the_same_with_it(long_log: Export, tmp_path: Path) -> None:
    entries = list(long_log.entries())
    entries[300] = entries[300].replace(b'"kind":', b'"kind" :')
    entries[400] = b"no JSON"
    entries[500] = b"[]"
    log = read_export(exported(tmp_path / "bad", entries))
    alone = verify_log(log, VKEY)
    assert {300, 400, 500} <= {one.index for one in alone.findings}
    assert verify_log(log, VKEY, leaves=read_ahead(str(log.folder), log_size(log))) == alone


def log_size(log: Export) -> int:
    return sum(1 for _ in log.entries())


def test_a_torn_bundle_is_found_where_it_tears(long_log: Export, tmp_path: Path) -> None:
    log = cut(long_log, tmp_path, 600)
    bundle = log.folder / "tile/entries/001"
    bundle.write_bytes(bundle.read_bytes()[:-1])
    alone = verify_log(log, VKEY)
    assert "export.torn" in {one.code for one in alone.findings}
    assert verify_log(log, VKEY, leaves=read_ahead(str(log.folder), 600)) == alone
    with pytest.raises(BadInput) as torn:
        list(read_ahead(str(log.folder), 600))
    assert torn.value.place is not None
    assert torn.value.place.file == "tile/entries/001"


def test_a_site_that_goes_away_is_said() -> None:
    with pytest.raises(Unavailable) as refused:
        list(read_ahead("http://127.0.0.1:9", 600))
    assert refused.value.code == "site.unreachable"


def test_a_reader_that_is_killed_is_said_and_no_log_seems_short(long_log: Export) -> None:
    leaves = read_ahead(str(long_log.folder), 600)
    next(leaves)
    (reader,) = active_children()
    assert reader.pid is not None
    os.kill(reader.pid, signal.SIGKILL)
    reader.join()
    with pytest.raises(Unavailable) as refused:
        list(leaves)
    assert refused.value.code == "audit.reader"


def test_no_process_stays_when_an_audit_ends_early(long_log: Export) -> None:
    leaves = read_ahead(str(long_log.folder), 600)
    next(leaves)
    leaves.close()  # type: ignore[attr-defined]  # a generator
    assert not active_children()


def test_a_short_ledger_is_read_where_it_is_replayed(tmp_path: Path) -> None:
    log = read_export(exported(tmp_path / "export", written(told())))
    assert len(told()) < LONG
    assert leaves_of(str(log.folder), log) is None


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(json_values)
def test_whatever_an_entry_says_comes_through(value: object) -> None:
    leaf = Leaf(bytes(32), value, is_canonical=True)
    assert Leaf._make(marshal.loads(marshal.dumps(tuple(leaf)))) == leaf  # noqa: S302  (our own)
