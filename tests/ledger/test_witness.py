"""What a witness refuses, over proofs that it makes itself from the site's tiles."""

from collections.abc import Iterable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sandbox.errors import BadInput, NotVerified
from sandbox.ledger import tree
from sandbox.ledger.note import Checkpoint
from sandbox.ledger.subtrees import TileSubtrees
from sandbox.ledger.tiles import write_export
from sandbox.ledger.witness import check_extends
from tests.support.honest_ledger import ORIGIN, nodes

LEAVES = [str(number).encode() for number in range(70_000)]
MOST = len(LEAVES)
READ = nodes(LEAVES)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tiles") / "log"
    write_export(folder, LEAVES, "")
    return folder


def head(size: int) -> Checkpoint:
    return Checkpoint(ORIGIN, size, tree.root(size, READ))


def tiles(size: int) -> dict[str, bytes]:
    """Make the tiles of a smaller log as they are asked for."""
    return _Tiles(size)


class _Tiles(dict[str, bytes]):
    def __init__(self, size: int) -> None:
        self.size = size

    def __missing__(self, path: str) -> bytes:
        _, level, *groups = path.removesuffix(".p").split("/")
        width = 256
        if groups[-2:-1] and groups[-2].endswith(".p"):
            width = int(groups.pop())
        index = int("".join(groups).replace("x", "").replace(".p", ""))
        first = index * 256
        return b"".join(READ(int(level) * 8, at) for at in range(first, first + width))


def read(size: int) -> TileSubtrees:
    return TileSubtrees(size, tiles(size).__getitem__)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, MOST), st.integers(0, MOST))
def test_a_log_that_only_grew_is_accepted_from_its_tiles(one: int, other: int) -> None:
    old, new = sorted((one, other))
    check_extends(head(old), head(new), read(new))


@settings(max_examples=40, deadline=None)
@given(st.integers(1, MOST), st.integers(0, MOST))
def test_a_rewritten_past_is_refused_whatever_tiles_are_shown(one: int, other: int) -> None:
    old, new = sorted((one, max(1, other)))
    seen = Checkpoint(ORIGIN, old, bytes(32))
    with pytest.raises(NotVerified) as refusal:
        check_extends(seen, head(new), read(new))
    assert refusal.value.code == "ledger.consistency"
    assert f"{new} entries" in refusal.value.message


@given(st.integers(1, MOST), st.integers(1, MOST))
@settings(max_examples=20, deadline=None)
def test_a_log_that_became_shorter_is_refused(one: int, other: int) -> None:
    small, large = sorted((one, other))
    if small < large:
        with pytest.raises(NotVerified) as refusal:
            check_extends(head(large), head(small), read(small))
        assert refusal.value.code == "ledger.cut_back"


def test_few_tiles_are_read_for_a_proof() -> None:
    """Two paths to the root at most, three tiles each: a witness does not download the log."""
    paths: set[str] = set()

    def noted(path: str) -> bytes:
        paths.add(path)
        return tiles(MOST)[path]

    check_extends(head(40_000), head(MOST), TileSubtrees(MOST, noted))
    assert len(paths) <= 6


def test_tiles_of_files_and_of_the_tree_are_the_same(folder: Path) -> None:
    subtrees = TileSubtrees(MOST, lambda path: (folder / path).read_bytes())
    for level, index in _complete(MOST, step=997):
        assert subtrees(level, index) == READ(level, index)


def _complete(size: int, step: int) -> Iterable[tuple[int, int]]:
    for level in range(size.bit_length()):
        for index in range(0, size >> level, step):
            yield level, index


@pytest.mark.parametrize("width", [0, 31, 33])
def test_a_cut_tile_is_refused(width: int) -> None:
    with pytest.raises(BadInput) as refusal:
        TileSubtrees(1, lambda _: bytes(width))(0, 0)
    assert refusal.value.code == "export.torn"
