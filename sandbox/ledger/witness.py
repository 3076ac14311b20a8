"""What a witness checks before it co-signs: the head extends the one that it saw last.

Pure. Keeping the last head (durably, before a co-signature leaves) is the caller's.
"""

from sandbox.errors import NotVerified
from sandbox.ledger.note import Checkpoint
from sandbox.ledger.tree import ReadNode, check_consistency, consistency


def check_extends(seen: Checkpoint, head: Checkpoint, read: ReadNode) -> None:
    """Check that a head keeps all of an older one; both are signed by the log.

    `read` need not be trusted: what it gives must lead to both signed roots.

    Raises:
        NotVerified: `ledger.cut_back` (the log became shorter) or `ledger.consistency` (its past
            was rewritten).
    """
    if head.size < seen.size:
        raise NotVerified(
            f"The log shows {head.size} entries; it has signed {seen.size} before",
            code="ledger.cut_back",
        )
    proof = consistency(seen.size, head.size, read)
    try:
        check_consistency(seen.size, head.size, proof, seen.root, head.root)
    except NotVerified as cause:
        raise NotVerified(
            f"The head of {head.size} entries does not keep the {seen.size} signed before",
            code=cause.code,
        ) from cause
