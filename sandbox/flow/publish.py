"""Publish: heads of the ledger as auditors and witnesses get them, and no release ahead of them.

Witnesses come one after the other while the log grows. So that they meet on one head, the first
one's head stays the pending one until enough have co-signed it; then the next may be begun.
"""

from collections.abc import Sequence
from datetime import UTC, datetime

from sandbox.errors import BadInput, NotFound, Unavailable
from sandbox.flow.record import head
from sandbox.flow.site import Site
from sandbox.ledger.keys import COSIGNATURE, VerifierKey
from sandbox.model.head import Head, Heads
from sandbox.ports import Page
from sandbox.settings import Witnessing


def newest_head(site: Site) -> str:
    """Sign the head as it is now, with the co-signatures that it has."""
    with site.books.read() as page:
        return checkpoint(site, page, page.log.size())


def pending_head(site: Site) -> str:
    """Give the head that witnesses are to co-sign now: one already begun, or the newest."""
    with site.books.read() as page:
        pending = heads(site, page).pending
        return checkpoint(site, page, pending.size if pending else page.log.size())


def witnessed_head(site: Site) -> str:
    """Give the newest head with enough co-signatures; of those demanded, or one if none are.

    Raises:
        NotFound: code `ledger.no_witnessed_head`; there is none yet.
    """
    with site.books.read() as page:
        witnessed = heads(site, page).witnessed
        if witnessed is None or since(witnessed, site.witnessing) is None:
            raise NotFound(
                "No head of this ledger has enough co-signatures yet",
                code="ledger.no_witnessed_head",
            )
        return checkpoint(site, page, witnessed.size)


def heads(site: Site, page: Page) -> Heads:
    """Give the heads that witnesses have been at."""
    return page.heads.find(site.origin) or Heads()


def checkpoint(site: Site, page: Page, size: int) -> str:
    """Sign the head of the first `size` entries and add what witnesses have put under it."""
    known = heads(site, page)
    lines = [
        f"{held.line}\n"
        for one in (known.witnessed, known.pending)
        if one is not None and one.size == size
        for held in one.cosignatures
    ]
    return head(site, size, page.log.root(size)) + "".join(lines)


def since(head: Head, rules: Witnessing) -> datetime | None:
    """Tell since when enough witnesses stand behind a head, one if none are required."""
    agreed = head.agreed(rules.keys, max(rules.required, 1))
    return None if agreed is None else datetime.fromtimestamp(agreed, UTC)


def require_witnesses(site: Site, page: Page, now: datetime) -> None:
    """Stop before a debit if witnesses have lost sight of the ledger.

    Raises:
        Unavailable: code `ledger.unwitnessed`; nothing was spent.
    """
    rules = site.witnessing
    if rules.required and not _in_sight(heads(site, page).witnessed, rules, page.log.size(), now):
        raise Unavailable(
            "Too few witnesses have seen this site's ledger of late; nothing was spent",
            code="ledger.unwitnessed",
        )


def _in_sight(witnessed: Head | None, rules: Witnessing, size: int, now: datetime) -> bool:
    agreed = since(witnessed, rules) if witnessed else None
    if witnessed is None or agreed is None:
        return False
    return size - witnessed.size <= rules.max_entries and now - agreed <= rules.max_age


def check_witnesses(rules: Witnessing) -> None:
    """Check an operator's choice of witnesses when a site is opened.

    Raises:
        BadInput: `key.malformed`, or `witness.rules`: more are required than there are, or two
            names have one key, which would count twice.
    """
    if not 0 <= rules.required <= len(_public_keys(rules.keys)):
        raise BadInput("More witnesses are required than are named", code="witness.rules")
    if len(_public_keys(rules.keys)) < len(rules.keys):
        raise BadInput("Two of the witnesses have the same key", code="witness.rules")


def _public_keys(keys: Sequence[str]) -> set[bytes]:
    return {VerifierKey.read(key, COSIGNATURE).public for key in keys}
