"""One entry as a verifier takes it: its hash in the tree, and what it says."""

from typing import Any, NamedTuple

from sandbox.errors import BadInput
from sandbox.ledger.canonical import read
from sandbox.ledger.tree import leaf_hash


class Leaf(NamedTuple):
    """An entry; `value` is None where it is no JSON, and `fault` then says why."""

    hash: bytes
    value: Any
    is_canonical: bool
    fault: str | None = None


def read_leaf(entry: bytes) -> Leaf:
    """Hash and read an entry, whatever it is."""
    try:
        return Leaf(leaf_hash(entry), *read(entry))
    except BadInput as malformed:
        return Leaf(leaf_hash(entry), None, is_canonical=False, fault=malformed.message)
