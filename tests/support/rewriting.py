"""What an insider does who has the keys of the ledger and of the site, and what an audit finds."""

import copy
from collections.abc import Callable
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from sandbox.ledger.verify import verify_export
from tests.support.honest_ledger import (
    VKEY,
    Entry,
    Story,
    exported,
    honest,
    renumbered,
    told,
    written,
)

MALLORY = Ed25519PrivateKey.from_private_bytes(b"a key that nobody trusts........")

Found = set[tuple[int | None, str]]


def audited(folder: Path, vkey: str = VKEY) -> Found:
    """Audit an export that must not pass."""
    report = verify_export(folder, vkey)
    assert not report.verified
    return {(one.index, one.code) for one in report.findings if one.severity == "error"}


def rewritten(folder: Path, change: Callable[[list[Entry]], object]) -> Found:
    """Let the insider change entries, rebuild all tiles and sign the new head with the true key."""
    story = copy.deepcopy(told())
    change(story)
    return audited(exported(folder, written(story)))


def continued(folder: Path, change: Callable[[Story], object]) -> Found:
    """Let the insider append entries and sign the new head with the true key."""
    story = honest()
    change(story)
    return audited(exported(folder, written(story.entries)))


def cut_out(story: list[Entry], index: int) -> None:
    """Take an entry out and cover the gap: in the numbers, and in all that names a debit."""
    del story[index]
    story[:] = renumbered(story)
    for entry in story:
        if entry.get("debit", 0) > index:
            entry["debit"] -= 1
