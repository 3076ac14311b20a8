"""Receipts: proof, for whoever asked, that an answer stands in the ledger; verified offline.

A receipt is a release entry, its place, an audit path and a signed head, as in
`sandbox.wire.Receipt`. It shows that the site is bound to having released exactly this answer for
exactly this submission. That the whole ledger keeps its rules is shown by `sandbox.ledger.verify`.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sandbox.errors import NotVerified
from sandbox.ledger.canonical import canonical, sha256, to_base64
from sandbox.ledger.fields import Fields
from sandbox.ledger.note import open_checkpoint
from sandbox.ledger.records import Release
from sandbox.ledger.tree import check_inclusion, leaf_hash


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
    fields = Fields(receipt, "receipt")
    index, size = fields.value("index", int), fields.value("size", int)
    entry, proof = fields.entry(), fields.proof()
    head = open_checkpoint(fields.value("checkpoint", str), vkey)
    if size != head.size:
        raise NotVerified("The signed head is of another size", code="receipt.size")
    release = fields.record()
    if not isinstance(release, Release):
        raise NotVerified("The entry is no release", code="receipt.entry")
    if release.index != index:
        raise NotVerified("The entry is of another place", code="receipt.index")
    if release.submission != answer.get("submission"):
        raise NotVerified("The entry is of another submission", code="receipt.submission")
    if release.answer != sha256(canonical(dict(answer))):
        raise NotVerified("The ledger recorded another answer", code="receipt.answer")
    check_inclusion(leaf_hash(entry), index, size, proof, head.root)
