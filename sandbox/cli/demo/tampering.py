"""Three ways to falsify a ledger; each makes a copy that an auditor must not believe."""

import json
import shutil
from collections.abc import Sequence
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from sandbox.ledger.canonical import canonical, sha256
from sandbox.ledger.note import Checkpoint, key_name, sign_checkpoint
from sandbox.ledger.tiles import ENTRIES, read_export, tile_path, write_export
from sandbox.ledger.tree import grown, leaf_hash, root

OWN_KEY = Path("keys") / "ledger.key"
"""Where a site keeps the key of its ledger (`sandbox.store.keys`); an insider can read it."""


def flip_byte(original: Path, copy: Path) -> int:
    """Change one byte in the middle of the ledger; give the index of its entry."""
    shutil.copytree(original, copy)
    entries = list(read_export(original).entries())
    index = len(entries) // 2
    bundle = copy / tile_path(ENTRIES, 0, len(entries))
    content = bytearray(bundle.read_bytes())
    content[content.index(entries[index]) + len(entries[index]) // 2] ^= 1
    bundle.write_bytes(content)
    return index


def remove_debit(original: Path, copy: Path, site: Path, vkey: str) -> int:
    """Take the first debit out and sign what is left; give the index that is missing."""
    entries = list(read_export(original).entries())
    kinds = [json.loads(entry)["kind"] for entry in entries]
    index = kinds.index("debit")
    _sign_anew(entries[:index] + entries[index + 1 :], copy, site, vkey)
    return index


def forge_release(original: Path, copy: Path, site: Path, vkey: str) -> int:
    """Add a release that nobody paid for and sign it; give its index."""
    entries = list(read_export(original).entries())
    last = json.loads(entries[-1])
    forged = {
        "kind": "release",
        "time": last["time"],
        "index": len(entries),
        "submission": sha256(b"nobody asked this"),
        "debit": 0,
        "answer": sha256(b"nobody paid for this"),
    }
    _sign_anew([*entries, canonical(forged)], copy, site, vkey)
    return len(entries)


def _sign_anew(entries: Sequence[bytes], copy: Path, site: Path, vkey: str) -> None:
    """Write a log of these entries with a valid signature of the site's own key."""
    key = Ed25519PrivateKey.from_private_bytes((site / OWN_KEY).read_bytes())
    head = Checkpoint(key_name(vkey), len(entries), _root(entries))
    public = key.public_key().public_bytes_raw()
    write_export(copy, entries, sign_checkpoint(head, public, key.sign))


def _root(entries: Sequence[bytes]) -> bytes:
    nodes: dict[tuple[int, int], bytes] = {}

    def read(level: int, index: int) -> bytes:
        return nodes[level, index]

    for size, entry in enumerate(entries):
        for level, index, value in grown(size, leaf_hash(entry), read):
            nodes[level, index] = value
    return root(len(entries), read)
