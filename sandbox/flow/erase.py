"""Erase: personal data go when they are no longer needed; the ledger stays, and still verifies.

The ledger has commitments only. What they open to, and what the books themselves say of the person,
is deleted here: names become pseudonyms, free text becomes a blank. Answers stay, being about
nobody, and so do the terms that were signed, as digests.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from sandbox.errors import Conflict, NotFound
from sandbox.flow.authorise import demand
from sandbox.flow.site import Site
from sandbox.ledger import entries
from sandbox.model.agreement import Agreement, AgreementState
from sandbox.model.application import Application, ApplicationState
from sandbox.model.names import AgreementId, ApplicationId, Digest, PrincipalName
from sandbox.model.principal import Principal
from sandbox.model.verb import Verb
from sandbox.ports import Page
from sandbox.wire import Erased

BLANK = "(erased 已删除)"
_COMMITMENTS = ("commitment", "request")
"""Fields whose values open to what somebody wrote or asked."""


def erase(site: Site, steward: Principal, subject: str) -> Erased:
    """Delete the papers of a refused application, or of an agreement that is over.

    `subject` is `application/<id>` or `agreement/<id>`; an agreement's papers include those of its
    application and the requests made under it.

    Raises:
        NotFound: code `erasure.subject`.
        NotPermitted: not a steward.
        Conflict: code `erasure.in_use`; the papers are still needed.
    """
    demand(steward, Verb.ERASE)
    with site.books.write() as page:
        application, agreement = _found(page, subject)
        if not _is_over(application, agreement, site.clock.now().date()):
            raise Conflict("This is still in use; it has to end first", code="erasure.in_use")
        payloads = _delete_openings(page, application, agreement)
        _redact(site, page, application, agreement)
        page.log.append(
            entries.erasure(
                site.clock.now(),
                subject=subject,
                by=site.pseudonyms.of(steward.name),
                payloads=payloads,
            )
        )
    return Erased(subject=subject, payloads=payloads)


def _found(page: Page, subject: str) -> tuple[Application, Agreement | None]:
    kind, _, name = subject.partition("/")
    agreement = page.agreements.find(AgreementId(name)) if kind == "agreement" else None
    applied = agreement.application if agreement else ApplicationId(name)
    application = page.applications.find(applied) if kind in {"application", "agreement"} else None
    if application is None or (kind == "agreement" and agreement is None):
        raise NotFound(
            "There is no such subject; write application/... or agreement/...",
            code="erasure.subject",
        )
    return application, agreement


def _is_over(application: Application, agreement: Agreement | None, today: date) -> bool:
    if agreement is None:
        return application.state is ApplicationState.REFUSED
    return agreement.state is AgreementState.ENDED or agreement.clauses.ends < today


def _delete_openings(page: Page, application: Application, agreement: Agreement | None) -> int:
    deleted = 0
    for commitment in set(_commitments(page, application, agreement)):
        if page.openings.find(commitment) is not None:
            page.openings.remove(commitment)
            deleted += 1
    return deleted


def _commitments(
    page: Page, application: Application, agreement: Agreement | None
) -> Iterator[Digest]:
    """Give what the ledger committed to about these two."""
    names = {"application": application.id, "agreement": agreement.id if agreement else None}
    for raw in page.log.entries():
        if not any(name and name.encode() in raw for name in names.values()):
            continue
        entry: Mapping[str, Any] = json.loads(raw)
        if any(name is not None and entry.get(field) == name for field, name in names.items()):
            yield from (Digest(entry[field]) for field in _COMMITMENTS if field in entry)


def _redact(site: Site, page: Page, application: Application, agreement: Agreement | None) -> None:
    nobody = PrincipalName(site.pseudonyms.of(application.applicant))
    page.applications.replace(
        application.id,
        replace(application, applicant=nobody, scenario=BLANK, safeguards=BLANK, decision=BLANK),
    )
    if agreement is None:
        return
    clauses = replace(agreement.clauses, scenario=BLANK, safeguards=BLANK)
    page.agreements.replace(agreement.id, replace(agreement, researcher=nobody, clauses=clauses))
    for submission in list(page.submissions):
        if submission.agreement == agreement.id:
            page.submissions.replace(submission.id, replace(submission, researcher=nobody))
