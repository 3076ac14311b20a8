"""Feedback: a researcher reports on their use of an agreement's results (利用情况反馈).

It may be filed at any time from the signature on, several times, and is due from the end on. Until
it is there, its researcher is granted nothing else over the same people: whether the next
application says that it renews something or not.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sandbox.errors import Conflict, NotFound
from sandbox.flow.authorise import demand, may, of_agreement
from sandbox.flow.papers import require_text
from sandbox.flow.site import SALT_BYTES, Site
from sandbox.flow.versions import end_of, has_ended, latest, versions
from sandbox.ledger import entries
from sandbox.model.agreement import FEEDBACK_DAYS, Agreement, AgreementState, Feedback
from sandbox.model.label import whose
from sandbox.model.names import AgreementId, PrincipalName, SourceName
from sandbox.model.principal import Principal
from sandbox.model.verb import Verb
from sandbox.ports import Page

MAX_FILED = 50
"""Statements on one version; later publications may well follow the first ones."""


@dataclass(frozen=True, slots=True)
class Filed:
    """One statement, as far as it was not deleted."""

    agreement: AgreementId
    filed: datetime
    statement: str | None


def file_feedback(site: Site, researcher: Principal, id: str, statement: str) -> Agreement:  # noqa: A002  (the field's name)
    """Put a statement on record, about whichever version was signed last.

    Raises:
        BadInput: code `feedback.statement`.
        NotFound: code `agreement.unknown`; there is none, or it is another's.
        NotPermitted: not a researcher.
        Conflict: `agreement.not_in_force`, it was never signed; or `feedback.many`.
    """
    demand(researcher, Verb.FILE_FEEDBACK)
    written = require_text(statement, "feedback.statement")
    with site.books.write() as page:
        last = latest(page, _find(site, page, researcher, id, Verb.FILE_FEEDBACK))
        if last.state is AgreementState.OFFERED:
            raise Conflict("This agreement was never signed", code="agreement.not_in_force")
        if len(last.feedback) >= MAX_FILED:
            raise Conflict("There is a lot of feedback on this already", code="feedback.many")
        now, commitment = site.clock.now(), site.commit_to(page, written.encode())
        reported = replace(last, feedback=(*last.feedback, Feedback(now, commitment)))
        page.agreements.replace(reported.id, reported)
        page.log.append(
            entries.feedback(
                now,
                agreement=reported.id,
                by=site.pseudonyms.of(researcher.name),
                commitment=commitment,
            )
        )
    return reported


def feedback_on(site: Site, caller: Principal, id: str) -> tuple[Filed, ...]:  # noqa: A002
    """Give what was filed about an agreement in all of its versions, the first statement first.

    Raises:
        NotFound: code `agreement.unknown`.
        NotPermitted: neither its researcher, nor a steward, nor an owner.
    """
    demand(caller, Verb.READ_FEEDBACK)
    with site.books.read() as page:
        found = _find(site, page, caller, id, Verb.READ_FEEDBACK)
        return tuple(
            Filed(version.id, one.filed, _statement(page, one))
            for version in versions(page, found.root)
            for one in version.feedback
        )


def due_by(last: Agreement) -> date:
    """Say until when feedback is to be filed, by an agreement's last version; UTC."""
    return end_of(last) + timedelta(days=FEEDBACK_DAYS)


def feedback_state(page: Page, agreement: Agreement, today: date) -> str:
    """Say how it stands with feedback: `not_due`, `due`, `overdue` or `filed`.

    Empty for what was not signed, and for a version that another has taken the place of.
    """
    if agreement.state in {AgreementState.OFFERED, AgreementState.SUPERSEDED}:
        return ""
    if is_filed(page, agreement):
        return "filed"
    if not has_ended(agreement, today):
        return "not_due"
    return "due" if today <= due_by(agreement) else "overdue"


def is_filed(page: Page, agreement: Agreement) -> bool:
    """Tell whether there is feedback on any version."""
    return any(one.feedback for one in versions(page, agreement.root))


def require_feedback(
    site: Site, page: Page, name: PrincipalName, sources: Collection[SourceName], now: datetime
) -> None:
    """Stop somebody who owes feedback on what they had over one of these sources.

    Raises:
        Conflict: code `renewal.feedback_due`, naming the agreement.
    """
    for last in _had(site, page, name):
        source = page.datasets.get(last.clauses.datasets[0]).source
        over = has_ended(last, now.date())
        if over and source in sources and not is_filed(page, last):
            raise Conflict(
                f"Feedback on agreement {last.id} comes first: "
                f"datarange agreement feedback {last.id} --statement ...",
                code="renewal.feedback_due",
            )


def _had(site: Site, page: Page, name: PrincipalName) -> Iterator[Agreement]:
    """Give the last versions of what somebody has signed, also where their name was deleted."""
    for known in (name, PrincipalName(site.pseudonyms.of(name))):
        for each in page.agreements.labelled(whose(known)):
            if each.state is not AgreementState.SUPERSEDED:
                yield each


def _find(site: Site, page: Page, caller: Principal, id: str, verb: Verb) -> Agreement:  # noqa: A002
    """Give an agreement to whoever may; to its researcher also once their name was deleted in it.

    Raises:
        NotFound: code `agreement.unknown`.
    """
    found = page.agreements.find(AgreementId(id))
    if found is not None:
        own = found.researcher == PrincipalName(site.pseudonyms.of(caller.name))
        named = replace(found, researcher=caller.name) if own else found
        if may(caller, verb, of_agreement(page, named)):
            return found
    raise NotFound("You have no such agreement", code="agreement.unknown")


def _statement(page: Page, feedback: Feedback) -> str | None:
    opened = page.openings.find(feedback.commitment)
    return None if opened is None else opened[SALT_BYTES:].decode()
