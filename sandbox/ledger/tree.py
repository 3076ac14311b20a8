"""The Merkle tree of RFC 6962, section 2.1 (the same as in RFC 9162): roots, proofs and checks.

Pure. The making side reads hashes of complete subtrees through a `ReadNode`; complete subtrees
never change once they stand, so a store can keep them for ever. The checking side needs no store.
Level 0 holds leaf hashes; node `(level, index)` covers leaves `index * 2**level` up to, not
including, `(index + 1) * 2**level`.
"""

import hashlib
from collections.abc import Callable, Sequence

from sandbox.errors import NotVerified

HASH = 32
"""Bytes of a SHA-256 digest."""
EMPTY_ROOT = hashlib.sha256(b"").digest()
"""Root of the tree without leaves."""

ReadNode = Callable[[int, int], bytes]
"""Gives the hash of the complete subtree at (level, index)."""

_Span = tuple[int, int]
"""Leaves of a subtree: (first, how many)."""
_Step = tuple[bool, _Span]
"""A sibling on the way to the root: whether it stands on the left, and what it covers."""


def leaf_hash(entry: bytes) -> bytes:
    """Hash an entry; the prefix 0x00 keeps leaves from passing for nodes."""
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash two subtrees into their parent, with the prefix 0x01."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def grown(size: int, leaf: bytes, read: ReadNode) -> tuple[tuple[int, int, bytes], ...]:
    """Give the complete subtrees that appear when the leaf hash `leaf` becomes number `size`.

    They are (level, index, hash), the leaf itself first. `read` is asked for left siblings only.
    """
    level, index, value = 0, size, leaf
    nodes = [(level, index, value)]
    while index % 2:
        value = node_hash(read(level, index - 1), value)
        level, index = level + 1, index // 2
        nodes.append((level, index, value))
    return tuple(nodes)


def root(size: int, read: ReadNode) -> bytes:
    """Give the root of the first `size` leaves."""
    return _subtree((0, size), read) if size else EMPTY_ROOT


def inclusion(index: int, size: int, read: ReadNode) -> tuple[bytes, ...]:
    """Prove that leaf `index` stands in the tree of `size` leaves: its audit path, leaf side first.

    Raises:
        ValueError: the tree has no such leaf.
    """
    if not 0 <= index < size:
        raise ValueError("an inclusion proof needs 0 <= index < size")
    return tuple(_subtree(span, read) for _, span in _to_root(index, size))


def consistency(old: int, new: int, read: ReadNode) -> tuple[bytes, ...]:
    """Prove that the tree of `new` leaves extends the tree of its first `old` leaves.

    Raises:
        ValueError: not 0 <= old <= new.
    """
    if not 0 <= old <= new:
        raise ValueError("a consistency proof needs 0 <= old <= new")
    if old in {0, new}:
        return ()
    seed, steps = _common(old, new)
    spans = [span for _, span in steps]
    return tuple(_subtree(span, read) for span in (spans if seed[0] == 0 else [seed, *spans]))


def check_inclusion(
    leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes
) -> None:
    """Check an audit path from a leaf's hash up to the root.

    Raises:
        NotVerified: code `ledger.inclusion`; the entry does not stand there in that tree.
    """
    if not _included(leaf, index, size, proof, root):
        raise NotVerified(
            "The proof does not lead from this entry to the signed root", code="ledger.inclusion"
        )


def check_consistency(
    old: int, new: int, proof: Sequence[bytes], old_root: bytes, new_root: bytes
) -> None:
    """Check that the newer tree keeps every leaf of the older one, in place.

    Raises:
        NotVerified: code `ledger.consistency`; history was rewritten or cut.
    """
    if not _extends(old, new, proof, old_root, new_root):
        raise NotVerified(
            "The newer head does not keep what the older head signed", code="ledger.consistency"
        )


def _included(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    if not 0 <= index < size:
        return False
    steps = _to_root(index, size)
    if len(steps) != len(proof):
        return False
    value = leaf
    for (on_left, _), sibling in zip(steps, proof, strict=True):
        value = node_hash(sibling, value) if on_left else node_hash(value, sibling)
    return value == root


def _extends(old: int, new: int, proof: Sequence[bytes], old_root: bytes, new_root: bytes) -> bool:
    if not 0 <= old <= new:
        return False
    if old in {0, new}:
        return not proof and old_root == (new_root if old else EMPTY_ROOT)
    (first, _), steps = _common(old, new)
    hashes = [old_root, *proof] if first == 0 else list(proof)
    if len(hashes) != len(steps) + 1:
        return False
    before = after = hashes[0]
    for (on_left, _), sibling in zip(steps, hashes[1:], strict=True):
        before = node_hash(sibling, before) if on_left else before
        after = node_hash(sibling, after) if on_left else node_hash(after, sibling)
    return (before, after) == (old_root, new_root)


def _split(count: int) -> int:
    """Give the largest power of two below `count`: the leaves of the left subtree."""
    return 1 << (count - 1).bit_length() - 1


def _subtree(span: _Span, read: ReadNode) -> bytes:
    """Hash a span that the tree's splits make, from its complete subtrees."""
    first, count = span
    level = count.bit_length() - 1
    if count == 1 << level:
        return read(level, first >> level)
    left = _split(count)
    return node_hash(
        _subtree((first, left), read),
        _subtree((first + left, count - left), read),
    )


def _to_root(index: int, size: int) -> list[_Step]:
    """List the siblings on leaf `index`'s way to the root, leaf side first (PATH in the RFC)."""
    first, count = 0, size
    steps: list[_Step] = []
    while count > 1:
        left = _split(count)
        if index < first + left:
            steps.append((False, (first + left, count - left)))
            count = left
        else:
            steps.append((True, (first, left)))
            first, count = first + left, count - left
    return steps[::-1]


def _common(old: int, new: int) -> tuple[_Span, list[_Step]]:
    """Find the last subtree that both trees have whole, and its siblings up to the new root.

    This is SUBPROOF in the RFC, for 0 < old < new: where the subtree starts at leaf 0 it is the
    old tree itself, whose root the checker knows, so the proof leaves it out.
    """
    first, count = 0, new
    steps: list[_Step] = []
    while first + count != old:
        left = _split(count)
        if old <= first + left:
            steps.append((False, (first + left, count - left)))
            count = left
        else:
            steps.append((True, (first, left)))
            first, count = first + left, count - left
    return (first, count), steps[::-1]
