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
from sandbox.flow.versions import has_ended, latest
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
    """Delete the papers of a refused or withdrawn application, or of an agreement that is over.

    `subject` is `application/<id>` or `agreement/<id>`; an agreement's papers include those of its
    application, of the agreements that were granted with it, and the requests made under them.

    Raises:
        NotFound: code `erasure.subject`.
        NotPermitted: not a steward.
        Conflict: code `erasure.in_use`; the papers are still needed.
    """
    demand(steward, Verb.ERASE)
    with site.books.write() as page:
        application, agreements = _found(page, subject)
        if not _is_over(page, application, agreements, site.clock.now().date()):
            raise Conflict("This is still in use; it has to end first", code="erasure.in_use")
        payloads = _delete_openings(page, application, agreements)
        _redact(site, page, application, agreements)
        page.log.append(
            entries.erasure(
                site.clock.now(),
                subject=subject,
                by=site.pseudonyms.of(steward.name),
                payloads=payloads,
            )
        )
    return Erased(subject=subject, payloads=payloads)


def _found(page: Page, subject: str) -> tuple[Application, tuple[Agreement, ...]]:
    """Find whose papers these are; of an application by its own name, no agreement."""
    kind, _, name = subject.partition("/")
    agreement = page.agreements.find(AgreementId(name)) if kind == "agreement" else None
    applied = agreement.application if agreement else ApplicationId(name)
    application = page.applications.find(applied) if kind in {"application", "agreement"} else None
    if application is None or (kind == "agreement" and agreement is None):
        raise NotFound(
            "There is no such subject; write application/... or agreement/...",
            code="erasure.subject",
        )
    named = application.agreements if agreement else ()
    return application, tuple(page.agreements.get(one) for one in named)


def _is_over(
    page: Page, application: Application, agreements: tuple[Agreement, ...], today: date
) -> bool:
    if not agreements:
        return application.state in {ApplicationState.REFUSED, ApplicationState.WITHDRAWN}
    return all(has_ended(latest(page, one), today) or _lapsed(one, today) for one in agreements)


def _lapsed(offer: Agreement, today: date) -> bool:
    return offer.state is AgreementState.OFFERED and offer.clauses.ends < today


def _delete_openings(
    page: Page, application: Application, agreements: tuple[Agreement, ...]
) -> int:
    deleted = 0
    for commitment in set(_commitments(page, application, agreements)):
        if page.openings.find(commitment) is not None:
            page.openings.remove(commitment)
            deleted += 1
    return deleted


def _commitments(
    page: Page, application: Application, agreements: tuple[Agreement, ...]
) -> Iterator[Digest]:
    """Give what the ledger committed to about these."""
    own = {application.id, *(one.id for one in agreements)}
    for raw in page.log.entries():
        if not any(name.encode() in raw for name in own):
            continue
        entry: Mapping[str, Any] = json.loads(raw)
        if own.intersection((entry.get("application"), entry.get("agreement"))):
            yield from (Digest(entry[field]) for field in _COMMITMENTS if entry.get(field))


def _redact(
    site: Site, page: Page, application: Application, agreements: tuple[Agreement, ...]
) -> None:
    nobody = PrincipalName(site.pseudonyms.of(application.applicant))
    page.applications.replace(
        application.id,
        replace(
            application,
            applicant=nobody,
            scenario=BLANK,
            safeguards=BLANK,
            decision=BLANK,
            proof=None,
            assessment=None,
            pauses=tuple(replace(one, reason=BLANK) for one in application.pauses),
            consents=tuple(replace(one, reason=BLANK) for one in application.consents),
        ),
    )
    for agreement in agreements:
        clauses = replace(agreement.clauses, scenario=BLANK, safeguards=BLANK)
        redacted = replace(agreement, researcher=nobody, clauses=clauses)
        page.agreements.replace(agreement.id, redacted)
    own = {one.id for one in agreements}
    for submission in list(page.submissions):
        if submission.agreement in own:
            page.submissions.replace(submission.id, replace(submission, researcher=nobody))
