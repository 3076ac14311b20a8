"""Sign: the researcher's signature puts an agreement in force and opens its account."""

from dataclasses import replace

from sandbox.errors import Conflict, NotFound, NotPermitted
from sandbox.flow.authorise import demand, may, of_agreement
from sandbox.flow.clauses import digest_of
from sandbox.flow.site import Site
from sandbox.flow.strictest import share_of
from sandbox.flow.workspace import with_workspace
from sandbox.ledger import entries
from sandbox.ledger.signing import agreement_message, check
from sandbox.model.account import Account, agreement_account, source_account
from sandbox.model.agreement import Agreement, AgreementState
from sandbox.model.cost import Accounting, text
from sandbox.model.course import Actor, Move, after, agreement_stage
from sandbox.model.names import AgreementId
from sandbox.model.principal import Principal
from sandbox.model.verb import Verb
from sandbox.ports import Page
from sandbox.privacy.price import cap_of


def sign(site: Site, researcher: Principal, id: str, signature: str) -> Agreement:  # noqa: A002  (the field's name)
    """Check the researcher's signature and let the agreement bind.

    Raises:
        NotFound: there is no such agreement, or it is another's.
        NotPermitted: not a researcher.
        NotVerified: the signature is not of the key that applied, or not of this digest.
        Conflict: it is in force already, or its period is over.
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
        after(agreement_stage(agreement, site.clock.now().date()), Move.SIGN, Actor.APPLICANT)
        if digest_of(agreement) != agreement.digest:
            raise NotPermitted("The agreement's text was changed", code="agreement.altered")
        check(agreement.researcher_key, signature, agreement_message(agreement.digest))
        signed = replace(
            agreement,
            researcher_signature=signature,
            signed=site.clock.now(),
            state=AgreementState.IN_FORCE,
        )
        signed = with_workspace(site, signed)
        page.agreements.replace(signed.id, signed)
        _open_account(site, page, signed, signature)
    return signed


def _open_account(site: Site, page: Page, agreement: Agreement, signature: str) -> None:
    dataset = page.datasets.get(agreement.clauses.datasets[0])
    account = account_of(page, agreement)
    page.accounts.open(account)
    page.log.append(
        entries.agreement(
            site.clock.now(),
            id=agreement.id,
            application=agreement.application,
            datasets=agreement.clauses.datasets,
            source=dataset.source,
            digest=agreement.digest,
            researcher=site.pseudonyms.of(agreement.researcher),
            researcher_key=agreement.researcher_key,
            researcher_signature=signature,
            site_key=agreement.site_key,
            site_signature=agreement.site_signature,
            starts=agreement.clauses.starts,
            ends=agreement.clauses.ends,
            accounting=account.accounting.value,
            cap=text(account.cap),
        )
    )


def account_of(page: Page, agreement: Agreement) -> Account:
    """Give the account that a signature opens: empty, and capped by the strictest policy."""
    dataset = page.datasets.get(agreement.clauses.datasets[0])
    privacy = dataset.policy.privacy
    accounting = Accounting(privacy.accounting)
    return Account(
        id=agreement_account(agreement.id),
        parent=source_account(dataset.source),
        accounting=accounting,
        cap=cap_of(accounting, share_of(page, agreement), privacy.budget.delta),
    )
