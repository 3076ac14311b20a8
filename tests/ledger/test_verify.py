"""The offline audit: an honest export is verified, bad files are findings, never exceptions."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sandbox.errors import BadInput
from sandbox.ledger import tree
from sandbox.ledger.note import Checkpoint, sign_checkpoint
from sandbox.ledger.verify import Demand, Report, verify_export
from tests.support.honest_ledger import (
    LEDGER,
    ORIGIN,
    VKEY,
    Story,
    exported,
    honest,
    nodes,
    told,
    written,
)

SIZE = len(told())
ENTRIES = f"tile/entries/000.p/{SIZE}"
HASHES = f"tile/0/000.p/{SIZE}"


@pytest.fixture
def export(tmp_path: Path) -> Path:
    return exported(tmp_path / "export", written(told()))


def codes(report: Report) -> set[tuple[int | None, str]]:
    return {(finding.index, finding.code) for finding in report.findings}


def long_log(count: int) -> list[bytes]:
    """An honest ledger followed by as many refusals."""
    story = told()
    refusal = next(entry for entry in story if entry["kind"] == "refusal")
    story += [{**refusal, "index": number} for number in range(len(story), count)]
    return written(story)


def test_an_honest_export_is_verified(export: Path) -> None:
    report = verify_export(export, VKEY)
    leaves = written(told())
    assert (report.verified, report.findings, report.size) == (True, (), len(leaves))
    assert report.root == tree.root(len(leaves), nodes(leaves)).hex()
    assert str(report.balances["source/health/people"].spent) == "11/24"
    assert report.counts["debit"] == 10


def test_an_honest_export_over_several_tiles_is_verified(tmp_path: Path) -> None:
    report = verify_export(exported(tmp_path / "export", long_log(700)), VKEY)
    assert {finding.severity for finding in report.findings} <= {"warning"}
    assert (report.verified, report.size) == (True, 700)


def test_the_verifier_stands_alone(export: Path) -> None:
    """An auditor needs this folder and the errors; nothing else of ours is loaded."""
    program = (
        "import sys; from pathlib import Path; from sandbox.ledger.verify import verify_export;"
        f"report = verify_export(Path({str(export)!r}), {VKEY!r});"
        "ours = {name for name in sys.modules if name.startswith(('sandbox', 'policies'))};"
        "heavy = {'polars', 'opendp', 'pydantic', 'sqlite3', 'httpx'} & set(sys.modules);"
        "print(report.verified, sorted(heavy),"
        " {name.split('.')[1] for name in ours if '.' in name} <= {'errors', 'ledger'})"
    )
    done = subprocess.run(  # noqa: S603  (our own interpreter and program)
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.split("\n")[0] == "True [] True"


def test_a_key_or_folder_that_is_none_is_bad_input(export: Path, tmp_path: Path) -> None:
    with pytest.raises(BadInput) as refusal:
        verify_export(export, "no key")
    assert refusal.value.code == "key.malformed"
    with pytest.raises(BadInput) as refusal:
        verify_export(tmp_path / "absent", VKEY)
    assert refusal.value.code == "export.unreadable"


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"x" * 100_000])
def test_a_checkpoint_that_is_none_is_found(export: Path, content: bytes) -> None:
    (export / "checkpoint").write_bytes(content)
    assert (None, "checkpoint.malformed") in codes(verify_export(export, VKEY))


def test_an_empty_log_is_not_verified(tmp_path: Path) -> None:
    report = verify_export(exported(tmp_path / "export", []), VKEY)
    assert codes(report) == {(None, "site.missing")}


def test_a_missing_bundle_is_found_at_its_first_entry(tmp_path: Path) -> None:
    folder = exported(tmp_path / "export", long_log(700))
    (folder / "tile/entries/001").unlink()
    report = verify_export(folder, VKEY)
    assert not report.verified
    assert (256, "ledger.size") in codes(report)


def test_a_missing_hash_tile_is_found(tmp_path: Path) -> None:
    folder = exported(tmp_path / "export", long_log(700))
    (folder / "tile/0/001").unlink()
    (folder / "tile/1/000.p/2").unlink()
    errors = [one for one in verify_export(folder, VKEY).findings if one.severity == "error"]
    assert {one.message for one in errors} == {
        "Level 0 has no hash from number 256 on",
        "Level 1 has no hash from number 0 on",
    }


def test_a_replaced_tile_is_found_on_every_level(tmp_path: Path) -> None:
    folder = exported(tmp_path / "export", long_log(700))
    upper = folder / "tile/1/000.p/2"
    upper.write_bytes(bytes(32) + upper.read_bytes()[32:])
    lower = folder / "tile/0/001"
    lower.write_bytes(bytes(32) + lower.read_bytes()[32:])
    found = codes(verify_export(folder, VKEY))
    assert {(256, "ledger.leaf"), (None, "ledger.tile")} <= found


def test_a_torn_bundle_is_found_at_the_entry_that_is_cut(export: Path) -> None:
    bundle = export / ENTRIES
    bundle.write_bytes(bundle.read_bytes()[:-1])
    found = codes(verify_export(export, VKEY))
    assert {(SIZE - 1, "export.torn"), (SIZE - 1, "ledger.size")} <= found


def test_hashes_of_entries_that_are_not_there_are_found(export: Path) -> None:
    hashes = export / HASHES
    longer = hashes.rename(hashes.with_name(f"{SIZE + 1}"))
    longer.write_bytes(longer.read_bytes() + bytes(32))
    assert codes(verify_export(export, VKEY)) == {(None, "ledger.tile")}


@pytest.mark.parametrize(
    ("leaf", "code"),
    [
        (b"not JSON", "entry.malformed"),
        (b"[]", "entry.malformed"),
        (b"\xff", "entry.malformed"),
        (b'{"index":60,"index":60,"kind":"x"}', "entry.not_canonical"),
        (b'{"index": 60, "kind": "x"}', "entry.not_canonical"),
        (b'{"index":60,"kind":"x","n":9007199254740993}', "entry.malformed"),
    ],
)
def test_a_leaf_that_is_no_entry_is_found(tmp_path: Path, leaf: bytes, code: str) -> None:
    folder = exported(tmp_path / "export", [*written(told()), leaf])
    report = verify_export(folder, VKEY)
    assert (SIZE, code) in codes(report)
    assert not report.verified


def test_duplicate_keys_cannot_show_two_readers_two_entries(tmp_path: Path) -> None:
    leaves = written(told())
    leaves[16] = leaves[16].replace(b'"submission":"s1"', b'"submission":"s1","submission":"s1"')
    folder = exported(tmp_path / "export", leaves)
    assert codes(verify_export(folder, VKEY)) == {(16, "entry.not_canonical")}


def test_a_ledger_founded_for_another_origin_or_key_is_found(tmp_path: Path) -> None:
    story = told()
    story[0].update(origin="other.example", ledger_key=VKEY.replace("site", "other"))
    founding = {(0, "site.origin"), (0, "site.ledger_key")}
    bare = verify_export(exported(tmp_path / "bare", written(story[:1])), VKEY)
    assert codes(bare) == founding
    found = codes(verify_export(exported(tmp_path / "export", written(story)), VKEY))
    anchor = {(52, "anchor.root"), (52, "anchor.cosignature")}
    signed = {(1, "policy.origin"), (44, "cap.origin"), (45, "key.origin"), (46, "key.origin")}
    assert founding | anchor | signed <= found


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_no_file_of_an_export_can_stop_the_audit(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    folder = exported(tmp_path_factory.mktemp("ledger") / "export", written(told()))
    name = data.draw(st.sampled_from(["checkpoint", ENTRIES, HASHES]), "file")
    (folder / name).write_bytes(data.draw(st.binary(max_size=2000), "content"))
    assert not verify_export(folder, VKEY).verified


def test_directories_in_place_of_files_are_findings(export: Path) -> None:
    (export / ENTRIES).unlink()
    (export / ENTRIES).mkdir()
    shutil.rmtree(export / "tile/0")
    (export / "tile/0").write_bytes(b"a file")
    found = codes(verify_export(export, VKEY))
    assert {(0, "export.torn"), (0, "ledger.size")} <= found


def test_a_signed_size_is_not_believed(export: Path) -> None:
    """A head of 2**63 - 1 entries, truly signed, must not make the auditor count that far."""
    huge = Checkpoint(ORIGIN, 2**63 - 1, bytes(32))
    public = LEDGER.public_key().public_bytes_raw()
    (export / "checkpoint").write_text(sign_checkpoint(huge, public, LEDGER.sign), encoding="utf-8")
    assert codes(verify_export(export, VKEY)) == {(SIZE, "ledger.size")}


def older(size: int) -> Checkpoint:
    leaves = long_log(700)
    return Checkpoint(ORIGIN, size, tree.root(size, nodes(leaves)))


@pytest.mark.parametrize("size", [0, 1, SIZE, 255, 256, 257, 699, 700])
def test_every_older_head_of_the_same_history_is_kept(tmp_path: Path, size: int) -> None:
    folder = exported(tmp_path / "export", long_log(700))
    report = verify_export(folder, VKEY, Demand(older=[older(size), older(3)]))
    assert report.verified


@pytest.mark.parametrize("size", [0, 1, 256, 700])
def test_an_older_head_of_another_history_is_found(tmp_path: Path, size: int) -> None:
    folder = exported(tmp_path / "export", long_log(700))
    other = Checkpoint(ORIGIN, size, bytes(32))
    report = verify_export(folder, VKEY, Demand(older=[older(size), other]))
    (found,) = (one for one in report.findings if one.severity == "error")
    assert found.code == "ledger.consistency"
    assert f"at {size} entries" in found.message


def test_an_older_head_of_more_entries_is_found(export: Path) -> None:
    report = verify_export(export, VKEY, Demand(older=[older(SIZE + 1), older(700)]))
    found = {(one.code, one.message) for one in report.findings}
    assert found == {
        ("ledger.cut_back", f"An older head is of {SIZE + 1} entries; {SIZE} could be read"),
        ("ledger.cut_back", f"An older head is of 700 entries; {SIZE} could be read"),
    }


def anchored(*sizes: int) -> Story:
    """Tell of 600 refusals more than the honest ledger has, and then of anchors at these sizes."""
    story = honest()
    refusal = story.entries[20]
    for _ in range(600):
        story.add({**refusal, "time": story.entries[-1]["time"]})
    for size in sizes:
        story.anchor(size)
        story.entries[-1]["time"] = refusal["time"]
    return story


SIZES = [0, 1, 2, 255, 256, 257, 512, 600, 660]


def errors(report: Report) -> set[tuple[int | None, str]]:
    return {(one.index, one.code) for one in report.findings if one.severity == "error"}


def test_anchors_of_every_size_are_compared_and_hold(tmp_path: Path) -> None:
    story = anchored(*SIZES, 256)
    report = verify_export(exported(tmp_path / "export", written(story.entries)), VKEY)
    assert errors(report) == set()


@pytest.mark.parametrize("size", SIZES[1:])
def test_an_anchor_of_a_root_that_the_tree_never_had_is_found(tmp_path: Path, size: int) -> None:
    """What witnesses truly signed was another history of this many entries."""
    story, other = anchored(1, size, 256), anchored(1)
    other.entries[0]["origin"] = "another"
    wrong = other.anchor(size)
    story.entries[661] = {**other.entries[wrong], "index": 661}
    report = verify_export(exported(tmp_path / "export", written(story.entries)), VKEY)
    assert errors(report) == {(661, "anchor.root")}
