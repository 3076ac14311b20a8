"""Cosign: take in a witness's co-signature, if it is new and under a head that is still open."""

import json
from datetime import timedelta

from sandbox.errors import Conflict, NotFound
from sandbox.flow.permit import require
from sandbox.flow.publish import checkpoint, heads, since
from sandbox.flow.site import Site
from sandbox.ledger import entries
from sandbox.ledger.cosignature import read_cosignature
from sandbox.ledger.keys import COSIGNATURE, VerifierKey
from sandbox.ledger.note import parts, read_signature_line, signatures_by
from sandbox.model.head import Head, Heads, HeldCosignature
from sandbox.model.principal import Principal, Role
from sandbox.ports import Page
from sandbox.settings import Witnessing
from sandbox.wire import CosignatureForm

MAX_AHEAD = timedelta(minutes=5)
"""A witness's clock may be this far ahead of ours: a later time would keep the site open later."""


def cosign(site: Site, auditor: Principal, form: CosignatureForm) -> str:
    """Keep a co-signature and give the checkpoint that carries it.

    Raises:
        NotPermitted: not an auditor.
        BadInput: code `checkpoint.malformed`; not a note's signature line.
        NotFound: code `witness.unknown`; the site is not configured with this witness.
        NotVerified: code `witness.signature`; it is of another head, or forged.
        Conflict: `witness.moved_on` (another head is to be co-signed now), `witness.replayed` (the
            witness has signed later already) or `witness.clock`.
    """
    require(auditor, Role.AUDITOR)
    key = _witness(site.witnessing, form.cosignature)
    with site.books.write() as page:
        known = heads(site, page)
        begun = _open_head(known, form.size, page.log.size())
        body, _ = parts(checkpoint(site, page, form.size))
        checked = read_cosignature(form.cosignature, body, key)
        cosignature = HeldCosignature(key, checked.time, checked.line)
        _check_time(site, begun, cosignature)
        moved = _moved(known, begun.joined_by(cosignature), site.witnessing)
        _keep(site, page, moved)
        if moved.witnessed is not None and _says_something_new(page, moved.witnessed, known):
            _anchor(site, page, moved.witnessed)
        return checkpoint(site, page, form.size)


def _witness(rules: Witnessing, line: str) -> str:
    """Find the configured witness who claims to have signed.

    Raises:
        NotFound: code `witness.unknown`.
    """
    signed = [read_signature_line(line)]
    for key in rules.keys:
        if signatures_by(VerifierKey.read(key, COSIGNATURE), signed):
            return key
    raise NotFound("This site has no such witness", code="witness.unknown")


def _open_head(known: Heads, size: int, newest: int) -> Head:
    """Give the head that a co-signature joins, or begins.

    A newer head takes the pending one's place: a witness that has seen more cannot go back to it.

    Raises:
        Conflict: code `witness.moved_on`.
    """
    for head in (known.pending, known.witnessed):
        if head is not None and head.size == size:
            return head
    last = max((head.size for head in (known.pending, known.witnessed) if head), default=0)
    if not last < size <= newest:
        raise Conflict(
            "Another head is to be co-signed now; fetch it again", code="witness.moved_on"
        )
    return Head(size)


def _check_time(site: Site, head: Head, cosignature: HeldCosignature) -> None:
    last = head.signed_by(cosignature.key)
    if last is not None and cosignature.time <= last.time:
        raise Conflict(
            "This witness has co-signed this head at that time or later", code="witness.replayed"
        )
    if cosignature.time > (site.clock.now() + MAX_AHEAD).timestamp():
        raise Conflict("The witness's clock is ahead of the site's", code="witness.clock")


def _moved(known: Heads, head: Head, rules: Witnessing) -> Heads:
    """Put a head where it belongs now."""
    if known.witnessed is not None and head.size == known.witnessed.size:
        return Heads(head, known.pending)
    if since(head, rules) is None:
        return Heads(known.witnessed, head)
    return Heads(witnessed=head)


def _says_something_new(page: Page, witnessed: Head, known: Heads) -> bool:
    """Tell whether anything but anchors came since the last head that was witnessed.

    An anchor is an entry itself: without this an idle site would grow with every visit.
    """
    before = known.witnessed.size if known.witnessed else 0
    new = page.log.entries(before, witnessed.size)
    return any(json.loads(entry)["kind"] != "anchor" for entry in new)


def _anchor(site: Site, page: Page, head: Head) -> None:
    """Write into the log itself who had seen it and how far, for auditors who come later."""
    page.log.append(
        entries.anchor(
            site.clock.now(),
            size=head.size,
            root=page.log.root(head.size).hex(),
            keys=[held.key for held in head.cosignatures],
            cosignatures=[held.line for held in head.cosignatures],
        )
    )


def _keep(site: Site, page: Page, known: Heads) -> None:
    if page.heads.find(site.origin) is None:
        page.heads.add(site.origin, known)
    else:
        page.heads.replace(site.origin, known)
