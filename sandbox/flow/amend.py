"""Amend: an application to change an agreement in force, or to follow one with a fresh one.

A change goes the whole way of an application; what is granted is the agreement's next version, over
the same source and at the same account. A renewal opens an account of its own.
"""

from datetime import datetime

from sandbox.errors import BadInput, Conflict, NotFound, Place
from sandbox.flow.authorise import may, of_agreement
from sandbox.flow.feedback import require_feedback
from sandbox.flow.over import is_over
from sandbox.flow.site import Site
from sandbox.flow.versions import latest
from sandbox.model.agreement import Agreement, AgreementState
from sandbox.model.applicant import Applicant
from sandbox.model.application import Application
from sandbox.model.names import AgreementId, DatasetName, SourceName
from sandbox.model.principal import Principal
from sandbox.model.verb import Verb
from sandbox.ports import Page
from sandbox.wire import ApplicationForm

Named = dict[str, AgreementId | None]


def named_by(page: Page, applicant: Principal, form: ApplicationForm) -> Named:
    """Read which agreement a form is to change or to follow; any version stands for the last one.

    Raises:
        BadInput: code `application.renews`; it names one to change and one to follow.
        NotFound: code `agreement.unknown`; there is none, or it is another's.
    """
    if form.amends and form.renews:
        raise BadInput(
            "An application changes an agreement or follows one, not both",
            code="application.renews",
            place=Place(clause="renews"),
        )
    return {
        "amends": _own(page, applicant, form.amends, "amends"),
        "renews": _own(page, applicant, form.renews, "renews"),
    }


def proof_before(page: Page, application: Named) -> Applicant | None:
    """Give who applied for the agreement that is named: they need not say it again."""
    named = application["amends"] or application["renews"]
    if named is None:
        return None
    return page.applications.get(page.agreements.get(named).application).proof


def require_open_way(site: Site, page: Page, application: Application, now: datetime) -> None:
    """Make sure that what is applied for could be granted now, as to agreements of before.

    Raises:
        Conflict: `agreement.superseded`, another version is in force by now; `amendment.over`, the
            agreement has ended; `renewal.feedback_due`.
        BadInput: `amendment.source` or `renewal.source`; it is about other people.
    """
    sources = sources_of(page, application.datasets)
    if application.amends is not None:
        before = page.agreements.get(application.amends)
        require_amendable(page, before, now)
        if sources != sources_of(page, before.clauses.datasets):
            _refuse_source("amendment", "Change an agreement over data of its own source alone")
    if application.renews is not None:
        before = page.agreements.get(application.renews)
        if not sources & sources_of(page, before.clauses.datasets):
            _refuse_source("renewal", "This has no data of what it would renew")
    require_feedback(site, page, application.applicant, sources, now)


def require_amendable(page: Page, before: Agreement, now: datetime) -> None:
    """Make sure that a version is the one in force.

    Raises:
        Conflict: `agreement.superseded` or `amendment.over`.
    """
    if before.state is AgreementState.SUPERSEDED:
        later = latest(page, before).id
        raise Conflict(
            f"Version {later} is in force by now; apply for a change of that one",
            code="agreement.superseded",
        )
    if is_over(page, before, now):
        raise Conflict(
            f"Agreement {before.id} is not in force; apply for a new one, or to renew it",
            code="amendment.over",
        )


def sources_of(page: Page, names: tuple[DatasetName, ...]) -> set[SourceName]:
    """Name the people that datasets are about."""
    return {page.datasets.get(name).source for name in names}


def _own(page: Page, applicant: Principal, named: str, clause: str) -> AgreementId | None:
    if not named.strip():
        return None
    found = page.agreements.find(AgreementId(named.strip()))
    if found is None or not may(applicant, Verb.SIGN_AGREEMENT, of_agreement(page, found)):
        raise NotFound(
            "You have no such agreement", code="agreement.unknown", place=Place(clause=clause)
        )
    return latest(page, found).id


def _refuse_source(what: str, why: str) -> None:
    raise BadInput(why, code=f"{what}.source", place=Place(clause="dataset"))
