"""Receipts: proof, for whoever asked, that an answer stands in the ledger; verified offline.

A receipt is a release entry, its place, an audit path and a signed head, as in
`sandbox.wire.Receipt`. It shows that the site is bound to having released exactly this answer for
exactly this submission. That the whole ledger keeps its rules is shown by `sandbox.ledger.verify`.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Never, TypeVar

from sandbox.errors import BadInput, NotVerified, Place
from sandbox.ledger.canonical import canonical, from_base64, parse, sha256, to_base64
from sandbox.ledger.note import open_checkpoint
from sandbox.ledger.records import Release, read
from sandbox.ledger.tree import HASH, check_inclusion, leaf_hash

MAX_PROOF = 63
"""Hashes of an audit path in the largest log."""

T = TypeVar("T")


def make(
    entry: bytes, index: int, size: int, proof: Sequence[bytes], checkpoint: str
) -> dict[str, Any]:
    """Put a receipt together, with the fields of `sandbox.wire.Receipt`."""
    return {
        "index": index,
        "size": size,
        "entry": entry.decode(),
        "proof": [to_base64(step) for step in proof],
        "checkpoint": checkpoint,
    }


def verify_receipt(answer: Mapping[str, Any], receipt: Mapping[str, Any], vkey: str) -> None:
    """Check that the ledger of this key has recorded this answer, and where.

    Raises:
        NotVerified: `ledger.checkpoint` (the head is not signed by the key), `receipt.size` or
            `receipt.index` (the receipt contradicts its head or entry), `receipt.entry` (no release
            stands there), `receipt.submission` or `receipt.answer` (another answer was recorded),
            `ledger.inclusion` (the entry is not in the log).
        BadInput: `receipt.malformed`, `json.not_canonical`, `checkpoint.malformed` or
            `key.malformed`.
    """
    index, size = _value(receipt, "index", int), _value(receipt, "size", int)
    entry, proof = _entry(receipt), _proof(receipt)
    head = open_checkpoint(_value(receipt, "checkpoint", str), vkey)
    if size != head.size:
        raise NotVerified("The signed head is of another size", code="receipt.size")
    release = _release(entry)
    if release is None:
        raise NotVerified("The entry is no release", code="receipt.entry")
    if release.index != index:
        raise NotVerified("The entry is of another place", code="receipt.index")
    if release.submission != answer.get("submission"):
        raise NotVerified("The entry is of another submission", code="receipt.submission")
    if release.answer != sha256(canonical(dict(answer))):
        raise NotVerified("The ledger recorded another answer", code="receipt.answer")
    check_inclusion(leaf_hash(entry), index, size, proof, head.root)


def _release(entry: bytes) -> Release | None:
    try:
        parsed = parse(entry)
        record = read(parsed) if isinstance(parsed, dict) else None
    except BadInput:
        return None
    return record if isinstance(record, Release) else None


def _entry(receipt: Mapping[str, Any]) -> bytes:
    try:
        return _value(receipt, "entry", str).encode()
    except UnicodeEncodeError:
        _refuse("entry")


def _proof(receipt: Mapping[str, Any]) -> tuple[bytes, ...]:
    steps = receipt.get("proof")
    if not isinstance(steps, list | tuple) or len(steps) > MAX_PROOF:
        _refuse("proof")
    return tuple(_hash(step) for step in steps)


def _hash(step: object) -> bytes:
    if not isinstance(step, str) or len(step) != len(to_base64(bytes(HASH))):
        _refuse("proof")
    try:
        return from_base64(step)
    except BadInput:
        _refuse("proof")


def _value(receipt: Mapping[str, Any], name: str, kind: type[T]) -> T:
    """Give a field of exactly this type; a boolean is no number here."""
    value = receipt.get(name)
    if type(value) is not kind:
        _refuse(name)
    return value


def _refuse(name: str) -> Never:
    raise BadInput("Not a receipt", code="receipt.malformed", place=Place(clause=f"receipt.{name}"))
