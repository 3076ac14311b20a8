"""Agreements: everybody with a role over them reads, the researcher signs."""

from typing import Annotated

from fastapi import APIRouter, Depends

from sandbox.errors import NotFound
from sandbox.flow.authorise import demand, may, of_agreement
from sandbox.flow.browse import agreements
from sandbox.flow.certify import certificate_of
from sandbox.flow.dispose import dispose
from sandbox.flow.feedback import feedback_on, file_feedback
from sandbox.flow.sign import sign
from sandbox.flow.site import Site
from sandbox.model.agreement import Agreement
from sandbox.model.names import AgreementId
from sandbox.model.principal import Principal
from sandbox.model.verb import Verb
from sandbox.ports import Page
from sandbox.web.body import JsonBody
from sandbox.web.budget_cards import accounts_of
from sandbox.web.cards import agreement_card
from sandbox.web.openapi import takes
from sandbox.web.paging import Paged
from sandbox.web.who import Caller, TheSite
from sandbox.wire import (
    AccountCard,
    AgreementCard,
    DisposalCertificate,
    FeedbackCard,
    Signature,
    Statement,
)

router = APIRouter(prefix="/agreements", tags=["agreements"])

Signed = Annotated[Signature, Depends(JsonBody(Signature))]
Stated = Annotated[Statement, Depends(JsonBody(Statement))]


@router.get("")
def list_agreements(caller: Caller, site: TheSite, asked: Paged) -> list[AgreementCard]:
    """List a researcher's or an owner's own agreements; all for stewards and auditors."""
    demand(caller, Verb.LIST_AGREEMENTS)
    today = site.clock.now().date()
    with site.books.read() as page:
        found = agreements(page, caller, asked.after, asked.limit)
        asked.go_on(found.next)
        return [agreement_card(page, each, today) for each in found.values]


@router.get("/{id}")
def read_agreement(caller: Caller, id: str, site: TheSite) -> AgreementCard:  # noqa: A002  (the field's name)
    """Read an agreement's text, signatures and account."""
    demand(caller, Verb.READ_AGREEMENT)
    with site.books.read() as page:
        return agreement_card(page, _find(page, caller, id), site.clock.now().date())


@router.get("/{id}/accounts")
def read_accounts(caller: Caller, id: str, site: TheSite) -> list[AccountCard]:  # noqa: A002
    """Read what limits a researcher's questions under an agreement now, below its source."""
    demand(caller, Verb.READ_AGREEMENT_ACCOUNTS)
    now, own = site.clock.now(), site.pseudonyms.of(caller.name)
    with site.books.read() as page:
        return accounts_of(page, _find(page, caller, id), own, now)


@router.get("/{id}/certificate")
def read_certificate(caller: Caller, id: str, site: TheSite) -> DisposalCertificate:  # noqa: A002
    """Give the disposal certificate of an agreement that has ended, with its proofs."""
    return certificate_of(site, caller, id)


@router.post("/{id}/signature", openapi_extra=takes(Signature))
def sign_agreement(caller: Caller, id: str, signed: Signed, site: TheSite) -> AgreementCard:  # noqa: A002
    """Put an agreement in force."""
    agreement = sign(site, caller, id, signed.signature)
    return _card(site, agreement)


@router.post("/{id}/disposal", openapi_extra=takes(Statement))
def dispose_of_data(caller: Caller, id: str, stated: Stated, site: TheSite) -> AgreementCard:  # noqa: A002
    """End an agreement by declaring that what it gave was disposed of."""
    agreement = dispose(site, caller, id, stated.statement)
    return _card(site, agreement)


@router.post("/{id}/feedback", openapi_extra=takes(Statement))
def report_on_use(caller: Caller, id: str, stated: Stated, site: TheSite) -> AgreementCard:  # noqa: A002
    """File feedback on use; it is due within 30 days of the end."""
    return _card(site, file_feedback(site, caller, id, stated.statement))


@router.get("/{id}/feedback")
def read_feedback(caller: Caller, id: str, site: TheSite) -> list[FeedbackCard]:  # noqa: A002
    """Read what was filed on any version; for its researcher, its owners and stewards."""
    return [
        FeedbackCard(one.agreement, one.filed.isoformat(), one.statement)
        for one in feedback_on(site, caller, id)
    ]


def _card(site: Site, agreement: Agreement) -> AgreementCard:
    with site.books.read() as page:
        return agreement_card(page, agreement, site.clock.now().date())


def _find(page: Page, caller: Principal, id: str) -> Agreement:  # noqa: A002
    """Give an agreement to whoever may see it.

    Raises:
        NotFound: code `agreement.unknown`.
    """
    agreement = page.agreements.find(AgreementId(id))
    if agreement is None or not _may_see(page, caller, agreement):
        raise NotFound("You have no such agreement", code="agreement.unknown")
    return agreement


def _may_see(page: Page, caller: Principal, agreement: Agreement) -> bool:
    return may(caller, Verb.READ_AGREEMENT, of_agreement(page, agreement))
