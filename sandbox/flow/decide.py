"""Decide: a steward answers an application; a grant offers an agreement, signed by the site."""

import base64
from dataclasses import replace

from sandbox.errors import BadInput, Conflict, NotFound, Place
from sandbox.flow.apply import MAX_TEXT
from sandbox.flow.clauses import clauses_of, digest_of
from sandbox.flow.permit import require
from sandbox.flow.site import Site
from sandbox.ledger import entries
from sandbox.ledger.signing import agreement_message
from sandbox.model.agreement import Agreement
from sandbox.model.application import Application, ApplicationState
from sandbox.model.names import AgreementId, ApplicationId, Digest
from sandbox.model.principal import Principal, Role


def decide(site: Site, steward: Principal, id: str, *, grant: bool, reason: str) -> Application:  # noqa: A002  (the field's name)
    """Answer an application once, with a reason either way.

    Raises:
        BadInput: there is no reason, or it is too long.
        NotFound: there is no such application.
        Conflict: somebody has decided already.
        NotPermitted: not a steward.
    """
    require(steward, Role.STEWARD)
    if not 0 < len(reason.strip()) <= MAX_TEXT:
        raise BadInput(
            f"A decision has a reason of 1 to {MAX_TEXT} characters",
            code="decision.reason",
            place=Place(clause="reason"),
        )
    with site.books.write() as page:
        application = page.applications.find(ApplicationId(id))
        if application is None:
            raise NotFound("There is no such application", code="application.unknown")
        if application.state is not ApplicationState.SUBMITTED:
            raise Conflict("This application is decided already", code="application.decided")
        agreement = _offer(site, steward, application) if grant else None
        decided = replace(
            application,
            state=ApplicationState.GRANTED if grant else ApplicationState.REFUSED,
            decided_by=steward.name,
            decision=reason.strip(),
            agreement=agreement.id if agreement else None,
        )
        page.applications.replace(decided.id, decided)
        if agreement:
            page.agreements.add(agreement.id, agreement)
        page.log.append(
            entries.decision(
                site.clock.now(),
                application=decided.id,
                granted=grant,
                by=site.pseudonyms.of(steward.name),
                commitment=site.commit_to(page, reason.encode()),
            )
        )
    return decided


def _offer(site: Site, steward: Principal, application: Application) -> Agreement:
    draft = Agreement(
        id=AgreementId(site.fresh_id()),
        application=application.id,
        researcher=application.applicant,
        researcher_key=application.public_key,
        steward=steward.name,
        site_key=base64.b64encode(site.site_signer.public).decode(),
        clauses=clauses_of(application),
        digest=Digest(""),
        site_signature="",
        offered=site.clock.now(),
    )
    digest = digest_of(draft)
    signature = site.site_signer.sign(agreement_message(digest))
    return replace(draft, digest=digest, site_signature=base64.b64encode(signature).decode())
