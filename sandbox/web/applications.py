"""Applications: researchers send them, stewards answer."""

from typing import Annotated

from fastapi import APIRouter, Depends

from sandbox.errors import NotFound
from sandbox.flow.apply import apply
from sandbox.flow.authorise import demand, may, of_application
from sandbox.flow.decide import decide
from sandbox.model.application import Application
from sandbox.model.names import ApplicationId
from sandbox.model.principal import Principal
from sandbox.model.verb import Verb
from sandbox.web.body import JsonBody
from sandbox.web.cards import application_card
from sandbox.web.openapi import takes
from sandbox.web.who import Caller, TheSite
from sandbox.wire import ApplicationCard, ApplicationForm, Decision

router = APIRouter(prefix="/applications", tags=["applications"])

Form = Annotated[ApplicationForm, Depends(JsonBody(ApplicationForm))]
Answer = Annotated[Decision, Depends(JsonBody(Decision))]


@router.post("", status_code=201, openapi_extra=takes(ApplicationForm))
def send_application(caller: Caller, form: Form, site: TheSite) -> ApplicationCard:
    """Apply for a dataset."""
    return application_card(apply(site, caller, form))


@router.get("")
def list_applications(caller: Caller, site: TheSite) -> list[ApplicationCard]:
    """List one's own applications; all of them for a steward."""
    demand(caller, Verb.LIST_APPLICATIONS)
    with site.books.read() as page:
        return [application_card(each) for each in page.applications if _may_see(caller, each)]


@router.get("/{id}")
def read_application(caller: Caller, id: str, site: TheSite) -> ApplicationCard:  # noqa: A002  (the field's name)
    """Read one application."""
    demand(caller, Verb.READ_APPLICATION)
    with site.books.read() as page:
        application = page.applications.find(ApplicationId(id))
    if application is None or not _may_see(caller, application):
        raise NotFound("You have no such application", code="application.unknown")
    return application_card(application)


@router.post("/{id}/decision", openapi_extra=takes(Decision))
def answer_application(caller: Caller, id: str, answer: Answer, site: TheSite) -> ApplicationCard:  # noqa: A002
    """Grant or refuse an application, with a reason."""
    decided = decide(site, caller, id, grant=answer.grant, reason=answer.reason)
    return application_card(decided)


def _may_see(caller: Principal, application: Application) -> bool:
    return may(caller, Verb.READ_APPLICATION, of_application(application))
