"""Sign: the researcher's signature puts an agreement in force, or its next version."""

from dataclasses import replace
from datetime import datetime
from fractions import Fraction

from sandbox.errors import Conflict, NotFound, NotPermitted
from sandbox.flow.amend import require_amendable
from sandbox.flow.authorise import demand, may, of_agreement
from sandbox.flow.clauses import digest_of, terms_of, words_of
from sandbox.flow.feedback import require_feedback
from sandbox.flow.site import Site
from sandbox.flow.strictest import require_still_granted
from sandbox.flow.workspace import with_workspace
from sandbox.ledger import entries
from sandbox.ledger.signing import agreement_message, check, words_digest
from sandbox.model.account import Account, agreement_account, source_account
from sandbox.model.agreement import Agreement, AgreementState
from sandbox.model.course import Actor, Move, after, agreement_stage
from sandbox.model.names import AgreementId
from sandbox.model.principal import Principal
from sandbox.model.verb import Verb
from sandbox.ports import Page


def sign(site: Site, researcher: Principal, id: str, signature: str) -> Agreement:  # noqa: A002  (the field's name)
    """Check the researcher's signature and let the agreement bind.

    Raises:
        NotFound: there is no such agreement, or it is another's.
        NotPermitted: not a researcher.
        NotVerified: the signature is not of the key that applied, or not of this digest.
        Conflict: it is in force already, or its period is over; or it changes one that is not in
            force any more (`agreement.superseded`, `amendment.over`); or feedback on an earlier one
            is due (`renewal.feedback_due`); or the policies allow less by now than it grants
            (`agreement.outdated`, `agreement.overspent`).
        Unavailable: the key of its workspace cannot be made.
    """
    demand(researcher, Verb.SIGN_AGREEMENT)
    with site.books.write() as page:
        agreement = page.agreements.find(AgreementId(id))
        if agreement is None or not may(
            researcher, Verb.SIGN_AGREEMENT, of_agreement(page, agreement)
        ):
            raise NotFound("You have no such agreement", code="agreement.unknown")
        if agreement.state is not AgreementState.OFFERED:
            raise Conflict("This agreement is in force already", code="agreement.signed")
        now = site.clock.now()
        after(agreement_stage(agreement, now.date()), Move.SIGN, Actor.APPLICANT)
        before = _before(page, agreement, now)
        require_feedback(site, page, agreement.researcher, (agreement.grant.source,), now)
        if digest_of(agreement) != agreement.digest:
            raise NotPermitted("The agreement's text was changed", code="agreement.altered")
        require_still_granted(page, agreement)
        check(agreement.researcher_key, signature, agreement_message(agreement.digest))
        signed = replace(
            agreement,
            researcher_signature=signature,
            signed=now,
            state=AgreementState.IN_FORCE,
        )
        if before is None:
            signed = with_workspace(site, signed)
        else:  # Its key is the one that all versions have; were it lost, none is made in its place.
            signed = replace(signed, workspace=before.workspace)
        page.agreements.replace(signed.id, signed)
        if before is not None:
            superseded = replace(before, state=AgreementState.SUPERSEDED)
            page.agreements.replace(before.id, superseded)
        _open_account(page, signed)
        _record(site, page, signed, now)
    return signed


def _before(page: Page, agreement: Agreement, now: datetime) -> Agreement | None:
    """Give the version that this one takes the place of, if it still can.

    Raises:
        Conflict: `agreement.superseded` or `amendment.over`.
    """
    if agreement.amends is None:
        return None
    before = page.agreements.get(agreement.amends)
    require_amendable(page, before, now)
    return before


def _open_account(page: Page, agreement: Agreement) -> None:
    """Open the account, or put the one of all versions under the new cap; what is spent stays."""
    fresh = account_of(page, agreement)
    stored = page.accounts.find(fresh.id)
    if stored is None:
        page.accounts.open(fresh)
    else:
        page.accounts.move([stored], [fresh])


def _record(site: Site, page: Page, agreement: Agreement, now: datetime) -> None:
    page.log.append(
        entries.agreement(
            now,
            terms_of(agreement),
            words=words_digest(words_of(agreement)),
            digest=agreement.digest,
            researcher=site.pseudonyms.of(agreement.researcher),
            researcher_signature=str(agreement.researcher_signature),
            site_signature=agreement.site_signature,
        )
    )


def account_of(page: Page, agreement: Agreement) -> Account:
    """Give the account as a signature leaves it: its cap is the one that was signed.

    One that another version has opened keeps what it has spent.
    """
    grant, name = agreement.grant, agreement_account(agreement.root)
    known = page.accounts.find(name)
    return Account(
        id=name,
        parent=source_account(grant.source),
        accounting=grant.accounting,
        cap=grant.cap,
        spent=known.spent if known else Fraction(0),
    )
