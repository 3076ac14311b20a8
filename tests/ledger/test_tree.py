"""The Merkle tree against the published vectors of RFC 6962's reference and against its text."""

import hashlib
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sandbox.errors import NotVerified
from sandbox.ledger import tree

# The eight leaves, roots and proofs of the certificate-transparency project's Merkle tree tests.
LEAVES = [
    bytes.fromhex(leaf)
    for leaf in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
INCLUSIONS = {
    (0, 1): [],
    (0, 8): [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ],
    (5, 8): [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
    (2, 3): ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"],
    (1, 5): [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ],
}
CONSISTENCIES = {
    (1, 1): [],
    (1, 8): [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ],
    (6, 8): [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
    (2, 5): [
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ],
}

sizes = st.integers(1, 70)


def entries(count: int) -> list[bytes]:
    return [f"entry {number}".encode() for number in range(count)]


class Grown:
    """A tree that is only ever appended to, as a store keeps it."""

    def __init__(self, leaves: Sequence[bytes]) -> None:
        self.nodes: dict[tuple[int, int], bytes] = {}
        for size, leaf in enumerate(leaves):
            for level, index, value in tree.grown(size, tree.leaf_hash(leaf), self.read):
                assert (level, index) not in self.nodes
                self.nodes[level, index] = value

    def read(self, level: int, index: int) -> bytes:
        """Give a node that stands."""
        return self.nodes[level, index]


def mth(leaves: Sequence[bytes]) -> bytes:
    """MTH as RFC 6962, section 2.1 writes it."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return hashlib.sha256(b"\x00" + leaves[0]).digest()
    k = split(len(leaves))
    return hashlib.sha256(b"\x01" + mth(leaves[:k]) + mth(leaves[k:])).digest()


def path(m: int, leaves: Sequence[bytes]) -> list[bytes]:
    """PATH as section 2.1.1 writes it."""
    if len(leaves) == 1:
        return []
    k = split(len(leaves))
    if m < k:
        return [*path(m, leaves[:k]), mth(leaves[k:])]
    return [*path(m - k, leaves[k:]), mth(leaves[:k])]


def subproof(m: int, leaves: Sequence[bytes], *, whole: bool) -> list[bytes]:
    """SUBPROOF as section 2.1.2 writes it."""
    if m == len(leaves):
        return [] if whole else [mth(leaves)]
    k = split(len(leaves))
    if m <= k:
        return [*subproof(m, leaves[:k], whole=whole), mth(leaves[k:])]
    return [*subproof(m - k, leaves[k:], whole=False), mth(leaves[:k])]


def split(n: int) -> int:
    """Largest power of two smaller than n."""
    k = 1
    while k * 2 < n:
        k *= 2
    return k


@pytest.mark.parametrize("size", range(9))
def test_roots_are_the_published_ones(size: int) -> None:
    assert tree.root(size, Grown(LEAVES).read).hex() == ROOTS[size]


@pytest.mark.parametrize(("leaf", "expected"), INCLUSIONS.items())
def test_inclusion_proofs_are_the_published_ones(
    leaf: tuple[int, int], expected: list[str]
) -> None:
    index, size = leaf
    proof = tree.inclusion(index, size, Grown(LEAVES).read)
    assert [step.hex() for step in proof] == expected
    tree.check_inclusion(
        tree.leaf_hash(LEAVES[index]), index, size, proof, bytes.fromhex(ROOTS[size])
    )


@pytest.mark.parametrize(("heads", "expected"), CONSISTENCIES.items())
def test_consistency_proofs_are_the_published_ones(
    heads: tuple[int, int], expected: list[str]
) -> None:
    old, new = heads
    proof = tree.consistency(old, new, Grown(LEAVES).read)
    assert [step.hex() for step in proof] == expected
    tree.check_consistency(old, new, proof, bytes.fromhex(ROOTS[old]), bytes.fromhex(ROOTS[new]))


@given(sizes, st.data())
def test_proofs_are_those_of_the_text_and_hold(size: int, data: st.DataObject) -> None:
    leaves = entries(size)
    grown = Grown(leaves)
    index = data.draw(st.integers(0, size - 1), "index")
    old = data.draw(st.integers(0, size), "old")
    assert tree.root(size, grown.read) == mth(leaves)

    inclusion = tree.inclusion(index, size, grown.read)
    assert list(inclusion) == path(index, leaves)
    tree.check_inclusion(tree.leaf_hash(leaves[index]), index, size, inclusion, mth(leaves))

    consistency = tree.consistency(old, size, grown.read)
    assert list(consistency) == (subproof(old, leaves, whole=True) if old else [])
    tree.check_consistency(old, size, consistency, mth(leaves[:old]), mth(leaves))


@given(sizes, st.data())
def test_an_inclusion_proof_serves_one_leaf_at_one_place_only(
    size: int, data: st.DataObject
) -> None:
    leaves = entries(size)
    index = data.draw(st.integers(0, size - 1), "index")
    proof = tree.inclusion(index, size, Grown(leaves).read)
    leaf, root = tree.leaf_hash(leaves[index]), mth(leaves)
    other = data.draw(st.integers(-2, size + 2).filter(lambda n: n != index), "other index")
    wrong = [
        (tree.leaf_hash(b"other"), index, size, proof, root),
        (leaf, other, size, proof, root),
        (leaf, index, size, (*proof, root), root),
        (leaf, index, size, proof, tree.leaf_hash(root)),
        (leaf, index, size, proof[1:], root) if proof else (leaf, index, 0, proof, root),
    ]
    for attempt in wrong:
        with pytest.raises(NotVerified) as refusal:
            tree.check_inclusion(*attempt)
        assert refusal.value.code == "ledger.inclusion"


@given(sizes, st.data())
def test_a_rewritten_or_cut_history_is_not_consistent(size: int, data: st.DataObject) -> None:
    leaves = entries(size)
    old = data.draw(st.integers(1, size), "old")
    rewritten = list(leaves)
    rewritten[data.draw(st.integers(0, old - 1), "rewritten")] = b"another entry"
    proof = tree.consistency(old, size, Grown(rewritten).read)
    wrong = [
        (old, size, proof, mth(leaves[:old]), mth(rewritten)),
        (size, old - 1, proof, mth(leaves), mth(leaves[: old - 1])),
        (old, size, (*proof, mth(leaves)), mth(rewritten[:old]), mth(rewritten)),
        (0, size, (), mth(leaves), mth(leaves)),
    ]
    for attempt in wrong:
        with pytest.raises(NotVerified) as refusal:
            tree.check_consistency(*attempt)
        assert refusal.value.code == "ledger.consistency"


@settings(max_examples=20)
@given(st.integers(0, 300))
def test_growth_keeps_each_complete_subtree_once(size: int) -> None:
    nodes = Grown(entries(size)).nodes
    assert set(nodes) == {
        (level, index) for level in range(size.bit_length()) for index in range(size >> level)
    }


def test_a_proof_in_a_million_entries_has_at_most_twenty_hashes() -> None:
    assert len(tree.inclusion(654_321, 1_000_000, lambda _level, _index: bytes(32))) <= 20


@pytest.mark.parametrize(("index", "size"), [(0, 0), (1, 1), (-1, 3)])
def test_there_is_no_proof_of_a_leaf_that_is_not_there(index: int, size: int) -> None:
    with pytest.raises(ValueError, match="index"):
        tree.inclusion(index, size, Grown(LEAVES).read)


def test_there_is_no_proof_from_a_larger_tree_to_a_smaller() -> None:
    with pytest.raises(ValueError, match="old"):
        tree.consistency(3, 2, Grown(LEAVES).read)
