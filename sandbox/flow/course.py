"""Course: find an application, make one move that its table allows, and put the move on record."""

from dataclasses import replace
from typing import Any

from sandbox.errors import Conflict, NotFound
from sandbox.flow.authorise import demand, may, of_application
from sandbox.flow.site import Site
from sandbox.ledger import entries
from sandbox.model.application import Application
from sandbox.model.course import Actor, Move, after
from sandbox.model.names import ApplicationId, DatasetName, Digest
from sandbox.model.principal import Principal
from sandbox.model.verb import Verb
from sandbox.ports import Page


def find_application(
    page: Page,
    principal: Principal,
    id: str,  # noqa: A002  (the field's name)
    verb: Verb = Verb.READ_APPLICATION,
) -> Application:
    """Give an application for a step; to whoever may not see it there is none.

    Raises:
        NotFound: code `application.unknown`.
        NotPermitted: code `rule.forbids`; they see it, and may not take this step with it.
    """
    application = page.applications.find(ApplicationId(id))
    if application is None or not may_see(page, principal, application):
        raise NotFound("You have no such application", code="application.unknown")
    demand(principal, verb, of_application(page, application))
    return application


def may_see(page: Page, principal: Principal, application: Application) -> bool:
    """Tell whether somebody has to do with an application; a draft stays its applicant's alone."""
    return may(principal, Verb.READ_APPLICATION, of_application(page, application))


def require_revision(application: Application, read: int | None) -> None:
    """Make sure that nobody answers a text which has been replaced since they read it.

    Raises:
        Conflict: code `application.moved_on`.
    """
    if read is not None and read != application.revision:
        raise Conflict(
            "The applicant has resubmitted this since you read it; read it again",
            code="application.moved_on",
        )


def move(
    page: Page,
    application: Application,
    made: Move,
    by: Actor,
    **changes: Any,  # noqa: ANN401  (an application's own fields)
) -> Application:
    """Make a move in the books, if the table allows it to whoever makes it.

    Raises:
        Conflict: not in this state; the code says which it is.
        NotPermitted: code `application.actor`.
    """
    moved = replace(application, state=after(application.state, made, by), **changes)
    page.applications.replace(moved.id, moved)
    return moved


def enter(  # noqa: PLR0913, PLR0917  (an entry lists its fields)
    site: Site,
    page: Page,
    application: Application,
    made: str,
    principal: Principal,
    written: bytes | None = None,
    dataset: DatasetName | None = None,
) -> None:
    """Put a step on record, with a commitment to what was written."""
    commitment: Digest | None = None if written is None else site.commit_to(page, written)
    page.log.append(
        entries.step(
            site.clock.now(),
            application=application.id,
            move=made,
            by=site.pseudonyms.of(principal.name),
            dataset=dataset,
            commitment=commitment,
        )
    )
