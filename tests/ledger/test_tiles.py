"""The folder layout, against the rules and examples of the tlog-tiles text."""

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sandbox.errors import BadInput, Conflict, Unavailable
from sandbox.ledger.tiles import pack, read_export, tile_path, write_export

# Three full tiles of level 0, one partial of level 1, and some left over.
SIZE = 3 * 256 + 7


def entries(count: int) -> list[bytes]:
    return [f"entry {number}".encode() for number in range(count)]


def mth(leaves: list[bytes]) -> bytes:
    """MTH as RFC 6962, section 2.1 writes it."""
    if len(leaves) == 1:
        return hashlib.sha256(b"\x00" + leaves[0]).digest()
    k = 1 << (len(leaves) - 1).bit_length() - 1
    return hashlib.sha256(b"\x01" + mth(leaves[:k]) + mth(leaves[k:])).digest()


def files(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


@pytest.fixture(scope="module")
def export(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("ledger") / "export"
    write_export(folder, entries(SIZE), "head\n")
    return folder


@pytest.mark.parametrize(
    ("level", "index", "width", "path"),
    [
        (0, 0, 256, "tile/0/000"),
        (1, 999, 256, "tile/1/999"),
        (0, 1000, 256, "tile/0/x001/000"),
        (0, 1234067, 256, "tile/0/x001/x234/067"),
        (2, 273, 112, "tile/2/273.p/112"),
        ("entries", 1234067, 1, "tile/entries/x001/x234/067.p/1"),
    ],
)
def test_paths_are_those_of_the_specification(
    level: int | str, index: int, width: int, path: str
) -> None:
    assert tile_path(level, index, width) == path


def test_a_bundle_holds_each_entry_behind_its_length() -> None:
    assert pack(b"abc") == b"\x00\x03abc"
    assert pack(b"x" * 65535)[:2] == b"\xff\xff"


def test_an_export_has_the_tiles_that_the_specification_asks_for(export: Path) -> None:
    levels = {"0": ["000", "001", "002", "003.p/7"], "1": ["000.p/3"]}
    levels["entries"] = levels["0"]
    expected = {f"tile/{level}/{name}" for level, names in levels.items() for name in names}
    assert files(export) == expected | {"checkpoint"}


def test_each_tile_holds_the_hashes_of_the_formula(export: Path) -> None:
    leaves = entries(SIZE)
    level_0 = (export / "tile/0/001").read_bytes()
    assert level_0 == b"".join(mth([leaf]) for leaf in leaves[256:512])
    level_1 = (export / "tile/1/000.p/3").read_bytes()
    assert level_1 == b"".join(mth(leaves[n * 256 : (n + 1) * 256]) for n in range(3))
    bundle = (export / "tile/entries/003.p/7").read_bytes()
    assert bundle == b"".join(pack(leaf) for leaf in leaves[768:])


def test_a_tree_of_256_has_a_full_tile_and_a_partial_one_above(tmp_path: Path) -> None:
    write_export(tmp_path / "export", entries(256), "head\n")
    assert files(tmp_path / "export") == {
        "checkpoint",
        "tile/0/000",
        "tile/1/000.p/1",
        "tile/entries/000",
    }


@pytest.mark.slow
def test_a_tree_of_70_000_has_the_tiles_of_the_specification_s_example(tmp_path: Path) -> None:
    write_export(tmp_path / "export", (b"" for _ in range(70_000)), "head\n")
    tiles = files(tmp_path / "export")
    assert {name for name in tiles if name.startswith("tile/0/")} == {
        *(f"tile/0/{n:03}" for n in range(273)),
        "tile/0/273.p/112",
    }
    assert {name for name in tiles if name.startswith(("tile/1/", "tile/2/", "tile/3/"))} == {
        "tile/1/000",
        "tile/1/001.p/17",
        "tile/2/000.p/1",
    }


@settings(max_examples=20, deadline=None)
@given(contents=st.lists(st.binary(max_size=300), max_size=600))
def test_what_was_written_is_read(
    tmp_path_factory: pytest.TempPathFactory, contents: list[bytes]
) -> None:
    folder = tmp_path_factory.mktemp("ledger") / "export"
    write_export(folder, contents, "head\n")
    export = read_export(folder)
    assert export.checkpoint == "head\n"
    assert list(export.entries()) == contents
    assert list(export.hashes(0)) == [mth([entry]) for entry in contents]


def test_an_empty_log_is_a_checkpoint_alone(tmp_path: Path) -> None:
    write_export(tmp_path / "export", [], "head\n")
    assert files(tmp_path / "export") == {"checkpoint"}
    assert list(read_export(tmp_path / "export").entries()) == []


def test_an_empty_folder_may_be_written_to_and_a_full_one_not(tmp_path: Path) -> None:
    folder = tmp_path / "export"
    folder.mkdir()
    write_export(folder, entries(3), "head\n")
    with pytest.raises(Conflict) as refusal:
        write_export(folder, entries(3), "head\n")
    assert refusal.value.code == "export.exists"
    assert list(read_export(folder).entries()) == entries(3)


def test_an_overlong_entry_leaves_nothing_behind(tmp_path: Path) -> None:
    with pytest.raises(BadInput) as refusal:
        write_export(tmp_path / "export", [b"fits", b"x" * 65536], "head\n")
    assert refusal.value.code == "entry.too_long"
    assert list(tmp_path.iterdir()) == []


def test_a_source_that_fails_leaves_nothing_behind(tmp_path: Path) -> None:
    def failing() -> Iterator[bytes]:
        yield from entries(300)
        raise LookupError

    with pytest.raises(LookupError):
        write_export(tmp_path / "export", failing(), "head\n")
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_cannot_be_written_is_unavailable(tmp_path: Path) -> None:
    with pytest.raises(Unavailable) as refusal:
        write_export(tmp_path / "absent" / "export", entries(3), "head\n")
    assert refusal.value.code == "export.unwritable"


@pytest.mark.parametrize("name", ["absent", "empty"])
def test_a_folder_without_a_checkpoint_is_no_export(tmp_path: Path, name: str) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(BadInput) as refusal:
        read_export(tmp_path / name)
    assert refusal.value.code == "export.unreadable"


def test_the_widest_partial_tile_counts(tmp_path: Path) -> None:
    write_export(tmp_path / "export", entries(9), "head\n")
    older = tmp_path / "export/tile/entries/000.p"
    (older / "3").write_bytes(b"".join(pack(entry) for entry in entries(3)))
    (older / "0400").write_bytes(b"no width")
    assert list(read_export(tmp_path / "export").entries()) == entries(9)


@pytest.mark.parametrize("tile", ["tile/entries/001", "tile/entries/003.p/7"])
@pytest.mark.parametrize("cut", [-1, 1])
def test_a_cut_or_overlong_bundle_is_torn_and_named(tmp_path: Path, tile: str, cut: int) -> None:
    write_export(tmp_path / "export", entries(SIZE), "head\n")
    path = tmp_path / "export" / tile
    path.write_bytes(path.read_bytes()[:-1] if cut < 0 else path.read_bytes() + b"\x00")
    with pytest.raises(BadInput) as refusal:
        list(read_export(tmp_path / "export").entries())
    assert refusal.value.code == "export.torn"
    assert str(refusal.value.place) == tile


@pytest.mark.parametrize("size", [31, 33, 32 * 255, 32 * 257])
def test_a_hash_tile_of_another_length_is_torn(tmp_path: Path, size: int) -> None:
    write_export(tmp_path / "export", entries(SIZE), "head\n")
    (tmp_path / "export/tile/0/001").write_bytes(bytes(size))
    with pytest.raises(BadInput) as refusal:
        list(read_export(tmp_path / "export").hashes(0))
    assert refusal.value.code == "export.torn"


def test_only_regular_files_are_read(tmp_path: Path) -> None:
    write_export(tmp_path / "export", entries(3), "head\n")
    tile = tmp_path / "export/tile/entries/000.p/3"
    tile.unlink()
    os.mkfifo(tile)
    with pytest.raises(BadInput):
        list(read_export(tmp_path / "export").entries())
    tile.unlink()
    tile.symlink_to("/dev/zero")
    with pytest.raises(BadInput):
        list(read_export(tmp_path / "export").entries())
