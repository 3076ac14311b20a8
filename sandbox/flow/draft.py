"""Draft: a researcher begins an application, comes back to it, and submits it when it is whole."""

from dataclasses import replace
from typing import cast

from sandbox.flow.amend import named_by, proof_before, require_open_way
from sandbox.flow.authorise import demand
from sandbox.flow.course import enter, find_application, move
from sandbox.flow.deadline import require_open_emergency
from sandbox.flow.fill import fields_of, payload_of, require_complete
from sandbox.flow.site import Site
from sandbox.ledger import entries
from sandbox.model.application import Application, ApplicationState
from sandbox.model.course import Actor, Move
from sandbox.model.names import ApplicationId, DatasetName, EmergencyId
from sandbox.model.principal import Principal
from sandbox.model.verb import Verb
from sandbox.ports import Page
from sandbox.wire import ApplicationForm


def draft(site: Site, researcher: Principal, form: ApplicationForm) -> Application:
    """Keep what is written so far; fields may be empty, and nobody else sees it.

    Raises:
        BadInput: something that is filled in cannot be kept; the message has every fault.
        NotPermitted: not a researcher.
    """
    demand(researcher, Verb.APPLY)
    with site.books.write() as page:
        begun = begin(site, page, researcher, form)
        enter(site, page, begun, "draft", researcher)
    return begun


def edit(site: Site, researcher: Principal, id: str, form: ApplicationForm) -> Application:  # noqa: A002  (the field's name)
    """Put another version in a draft's place; a proof that is left out stays.

    So does the agreement that it is to change or to follow, unless another one is named.

    Raises:
        BadInput: as for `draft`.
        NotFound: there is none, or it is another's.
        Conflict: it is no draft any more.
    """
    demand(researcher, Verb.EDIT_APPLICATION)
    with site.books.write() as page:
        known = find_application(page, researcher, id, Verb.EDIT_APPLICATION)
        fields = fields_of(form, known.proof)
        if form.amends or form.renews:
            fields |= named_by(page, researcher, form)
        named = _emergency(form)
        edited = move(page, known, Move.EDIT, Actor.APPLICANT, **fields, emergency=named)
        enter(site, page, edited, "edit", researcher)
    return edited


def submit(site: Site, researcher: Principal, id: str) -> Application:  # noqa: A002
    """Submit a draft: it is received, and the clock starts.

    Raises:
        BadInput: it is incomplete; the message has everything that is missing.
        NotFound: there is none, or it is another's; or a dataset is not listed.
        NotPermitted: a dataset is not open on application.
        Conflict: it is no draft any more, the emergency that it names is over, or an agreement of
            before stands in its way (`sandbox.flow.amend.require_open_way`).
    """
    demand(researcher, Verb.SUBMIT_APPLICATION)
    with site.books.write() as page:
        known = find_application(page, researcher, id, Verb.SUBMIT_APPLICATION)
        return receive(site, page, researcher, known)


def begin(site: Site, page: Page, researcher: Principal, form: ApplicationForm) -> Application:
    """Put a new draft in the books."""
    blank = Application(
        id=ApplicationId(site.fresh_id()),
        applicant=researcher.name,
        dataset=cast("DatasetName", form.dataset),
        purpose="",
        scenario="",
        safeguards="",
        starts=None,
        ends=None,
        public_key="",
        received=site.clock.now(),
        state=ApplicationState.DRAFT,
        private=True,
    )
    named = named_by(page, researcher, form)
    fields = fields_of(form, proof_before(page, named)) | named
    begun = replace(
        blank,
        **fields,  # type: ignore[arg-type]  # the fields' own types
        emergency=_emergency(form),
    )
    page.applications.add(begun.id, begun)
    return begun


def receive(site: Site, page: Page, researcher: Principal, known: Application) -> Application:
    """Receive a draft, whole, and record that it was."""
    now = site.clock.now()
    submitted = move(page, known, Move.SUBMIT, Actor.APPLICANT, received=now, private=False)
    require_complete(page, submitted, now.date())
    require_open_emergency(page, submitted, now)
    require_open_way(site, page, submitted, now)
    page.log.append(
        entries.application(
            now,
            id=submitted.id,
            dataset=submitted.dataset,
            commitment=site.commit_to(page, payload_of(researcher, submitted)),
        )
    )
    return submitted


def _emergency(form: ApplicationForm) -> EmergencyId | None:
    named = form.emergency.strip()
    return EmergencyId(named) if named else None
