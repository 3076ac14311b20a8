"""End: an agreement that is over is closed, once and for good.

Its key is destroyed, its tokens are revoked, its work is stopped, and a certificate (处置证明)
in the ledger says so. All of it happens while nobody else writes: a kill before the commit leaves
an agreement that is over and has no key, so that the next round closes it; nothing comes out
meanwhile, for every step asks by itself whether the agreement is over (`sandbox.flow.over`).
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from enum import StrEnum

from sandbox.flow.over import stop
from sandbox.flow.revoke import shut
from sandbox.flow.site import Site
from sandbox.flow.workspace import with_workspace
from sandbox.ledger import entries
from sandbox.model.agreement import Agreement, AgreementState
from sandbox.model.names import AgreementId
from sandbox.model.step import Step
from sandbox.ports import Page


class Cause(StrEnum):
    """Why an agreement is over, by the words of the ledger."""

    EXPIRED = "expired"
    DISPOSED = "disposed"


def end_all(site: Site) -> None:
    """Close every agreement that is over.

    Raises:
        Unavailable: books or keys cannot be written; what was closed before stays so.
    """
    now, lineages = site.clock.now(), defaultdict[AgreementId, list[Agreement]](list)
    with site.books.read() as page:
        for each in page.agreements:
            lineages[each.root].append(each)
    for root, versions in lineages.items():
        if cause_of(versions, now):
            end(site, root)


def end(site: Site, root: AgreementId) -> None:
    """Close an agreement with all its versions, if it is over and not closed yet.

    Raises:
        Unavailable: books or keys cannot be written; nothing is closed, and nothing comes out.
    """
    with site.books.write() as page:
        now = site.clock.now()
        versions = [each for each in page.agreements if each.root == root]
        cause = cause_of(versions, now)
        if cause is None:
            return
        key = with_workspace(site, versions[0]).workspace
        site.workspaces.destroy(root)
        site.onlooker.passed(Step.DESTROYED)
        page.log.append(
            entries.certificate(
                now,
                agreement=root,
                cause=cause.value,
                stopped=_stop_work(site, page, versions),
                tokens=_revoke_tokens(site, page, root),
                key=str(key),
            )
        )
        site.onlooker.passed(Step.CERTIFIED)
        for each in versions:
            page.agreements.replace(each.id, replace(each, workspace=key, closed=now))
    site.onlooker.passed(Step.CLOSED)


def cause_of(versions: Sequence[Agreement], now: datetime) -> Cause | None:
    """Say why an agreement is to be closed now; None if it is not, or is closed already."""
    signed = [each for each in versions if each.state is not AgreementState.OFFERED]
    if not signed or signed[0].closed is not None:
        return None
    if any(each.state is AgreementState.ENDED for each in signed):
        return Cause.DISPOSED
    return Cause.EXPIRED if now.date() > signed[-1].clauses.ends else None


def _stop_work(site: Site, page: Page, versions: Sequence[Agreement]) -> int:
    """Stop what was paid for and is not answered; say how much it was."""
    ids = {each.id for each in versions}
    return sum(stop(site, page, each) for each in list(page.submissions) if each.agreement in ids)


def _revoke_tokens(site: Site, page: Page, root: AgreementId) -> int:
    """Shut out what people signed in with under this agreement alone; say how many there were."""
    bound = [each for each in page.tokens if each.agreement == root and each.revoked is None]
    for each in bound:
        shut(site, page, each, None)
    return len(bound)
