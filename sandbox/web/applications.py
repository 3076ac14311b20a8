"""Applications: researchers send them, stewards and owners answer, each move on a path of its own.

What may follow what is in `sandbox.model.course`, and nowhere here.
"""

from typing import Annotated

from fastapi import APIRouter, Depends

from sandbox.flow.apply import apply
from sandbox.flow.assess import assess
from sandbox.flow.authorise import demand
from sandbox.flow.browse import applications
from sandbox.flow.consent import consent
from sandbox.flow.course import find_application
from sandbox.flow.deadline import overdue
from sandbox.flow.decide import decide
from sandbox.flow.draft import draft, edit, submit
from sandbox.flow.site import Site
from sandbox.flow.supplement import resubmit, supplement
from sandbox.flow.withdraw import withdraw
from sandbox.model.application import Application
from sandbox.model.principal import Principal
from sandbox.model.verb import Verb
from sandbox.web.application_cards import application_card, overdue_card
from sandbox.web.body import JsonBody
from sandbox.web.openapi import takes
from sandbox.web.paging import Paged
from sandbox.web.who import Caller, TheSite
from sandbox.wire import (
    ApplicationCard,
    ApplicationForm,
    AssessmentForm,
    ConsentForm,
    Decision,
    OverdueCard,
    Statement,
)

router = APIRouter(prefix="/applications", tags=["applications"])

Form = Annotated[ApplicationForm, Depends(JsonBody(ApplicationForm))]
Answer = Annotated[Decision, Depends(JsonBody(Decision))]
Asked = Annotated[Statement, Depends(JsonBody(Statement))]
Assessed = Annotated[AssessmentForm, Depends(JsonBody(AssessmentForm))]
Consented = Annotated[ConsentForm, Depends(JsonBody(ConsentForm))]


@router.post("", status_code=201, openapi_extra=takes(ApplicationForm))
def send_application(caller: Caller, form: Form, site: TheSite) -> ApplicationCard:
    """Apply at once, without a draft."""
    return _card(site, caller, apply(site, caller, form))


@router.post("/drafts", status_code=201, openapi_extra=takes(ApplicationForm))
def begin_draft(caller: Caller, form: Form, site: TheSite) -> ApplicationCard:
    """Begin a draft; texts may be empty."""
    return _card(site, caller, draft(site, caller, form))


@router.get("")
def list_applications(caller: Caller, site: TheSite, asked: Paged) -> list[ApplicationCard]:
    """List one's own applications; an owner's, those for their data; a steward's, all."""
    demand(caller, Verb.LIST_APPLICATIONS)
    with site.books.read() as page:
        found = applications(page, caller, asked.after, asked.limit)
        asked.go_on(found.next)
        return [application_card(site, page, caller, each) for each in found.values]


@router.get("/overdue")
def list_overdue(caller: Caller, site: TheSite, asked: Paged) -> list[OverdueCard]:
    """List applications that nobody has answered in time."""
    found = overdue(site, caller, asked.after, asked.limit)
    asked.go_on(found.next)
    return [overdue_card(*late) for late in found.values]


@router.get("/{id}")
def read_application(caller: Caller, id: str, site: TheSite) -> ApplicationCard:  # noqa: A002  (the field's name)
    """Read one application: where it stands and what comes next."""
    demand(caller, Verb.READ_APPLICATION)
    with site.books.read() as page:
        found = find_application(page, caller, id)
        return application_card(site, page, caller, found)


@router.post("/{id}/draft", openapi_extra=takes(ApplicationForm))
def edit_draft(caller: Caller, id: str, form: Form, site: TheSite) -> ApplicationCard:  # noqa: A002
    """Put another version in a draft's place."""
    return _card(site, caller, edit(site, caller, id, form))


@router.put("/{id}/submission")
def submit_draft(caller: Caller, id: str, site: TheSite) -> ApplicationCard:  # noqa: A002
    """Submit a draft; the clock starts."""
    return _card(site, caller, submit(site, caller, id))


@router.post("/{id}/supplement", openapi_extra=takes(Statement))
def ask_for_supplement(caller: Caller, id: str, asked: Asked, site: TheSite) -> ApplicationCard:  # noqa: A002
    """Ask the applicant for more; the clock stands."""
    return _card(site, caller, supplement(site, caller, id, asked.statement))


@router.post("/{id}/resubmission", openapi_extra=takes(ApplicationForm))
def send_again(caller: Caller, id: str, form: Form, site: TheSite) -> ApplicationCard:  # noqa: A002
    """Answer a supplement; the clock goes on."""
    return _card(site, caller, resubmit(site, caller, id, form))


@router.post("/{id}/assessment", openapi_extra=takes(AssessmentForm))
def assess_application(
    caller: Caller,
    id: str,  # noqa: A002
    form: Assessed,
    site: TheSite,
) -> ApplicationCard:
    """Answer the five questions."""
    return _card(site, caller, assess(site, caller, id, form))


@router.post("/{id}/consent", openapi_extra=takes(ConsentForm))
def answer_for_dataset(
    caller: Caller,
    id: str,  # noqa: A002
    form: Consented,
    site: TheSite,
) -> ApplicationCard:
    """Consent to opening one's dataset, or decline."""
    return _card(site, caller, consent(site, caller, id, form))


@router.put("/{id}/withdrawal")
def take_back(caller: Caller, id: str, site: TheSite) -> ApplicationCard:  # noqa: A002
    """Withdraw an application before it is decided."""
    return _card(site, caller, withdraw(site, caller, id))


@router.post("/{id}/decision", openapi_extra=takes(Decision))
def answer_application(caller: Caller, id: str, answer: Answer, site: TheSite) -> ApplicationCard:  # noqa: A002
    """Grant or refuse an application, with a reason."""
    grant, reason, revision = answer.grant, answer.reason, answer.revision
    decided = decide(site, caller, id, grant=grant, reason=reason, revision=revision)
    return _card(site, caller, decided)


def _card(site: Site, caller: Principal, application: Application) -> ApplicationCard:
    with site.books.read() as page:
        return application_card(site, page, caller, application)
