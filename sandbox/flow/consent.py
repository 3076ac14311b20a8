"""Consent: each owner whose dataset is asked for says yes or no to opening it, with a reason."""

from sandbox.errors import BadInput, NotFound, Place
from sandbox.flow.authorise import demand, may, of_dataset
from sandbox.flow.course import enter, find_application, move, require_revision
from sandbox.flow.papers import require_text
from sandbox.flow.site import Site
from sandbox.ledger.canonical import canonical
from sandbox.model.application import Application
from sandbox.model.assessment import Consent
from sandbox.model.course import Actor, Move
from sandbox.model.dataset import Dataset
from sandbox.model.names import DatasetName
from sandbox.model.principal import Principal
from sandbox.model.verb import Verb
from sandbox.ports import Page
from sandbox.wire import ConsentForm


def consent(site: Site, owner: Principal, id: str, form: ConsentForm) -> Application:  # noqa: A002  (the field's name)
    """Answer for one dataset; a later answer takes its place until the decision.

    A refusal takes this dataset out of what can be granted, and no other.

    Raises:
        BadInput: `consent.reason`, or `consent.origin`: the data are from another region, whose
            consent has to be named.
        NotFound: there is no such application, or it asks for no such dataset of this owner's.
        NotPermitted: not an owner.
        Conflict: it waits for its applicant, is decided, or was resubmitted since it was read.
    """
    demand(owner, Verb.CONSENT)
    reason = require_text(form.reason, "consent.reason")
    with site.books.write() as page:
        known = find_application(page, owner, id, Verb.CONSENT)
        require_revision(known, form.revision)
        dataset = _asked_for(page, owner, known, form.dataset)
        answer = Consent(
            dataset=dataset.name,
            by=owner.name,
            made=site.clock.now(),
            given=form.given,
            reason=reason,
            origin_consent=_of_origin(dataset, form),
        )
        others = tuple(one for one in known.consents if one.dataset != dataset.name)
        made = Move.CONSENT if form.given else Move.DECLINE
        answered = move(page, known, made, Actor.OWNER, consents=(*others, answer))
        written = canonical({"reason": reason, "origin_consent": answer.origin_consent})
        enter(site, page, answered, made.value, owner, written, dataset.name)
    return answered


def _asked_for(page: Page, owner: Principal, application: Application, name: str) -> Dataset:
    dataset = page.datasets.find(DatasetName(name))
    own = dataset is not None and may(owner, Verb.CONSENT, of_dataset(dataset))
    if dataset is None or not own or dataset.name not in application.datasets:
        raise NotFound(
            "This application asks for no such dataset of yours",
            code="consent.dataset",
            place=Place(clause="dataset"),
        )
    return dataset


def _of_origin(dataset: Dataset, form: ConsentForm) -> str:
    """Give the reference to the consent of the region that the data come from, where it is due."""
    origin = dataset.policy.metadata.origin
    if not origin or not form.given:
        return ""
    if not form.origin_consent.strip():
        raise BadInput(
            f"These data come from {origin}; name the document in which it consents",
            code="consent.origin",
            place=Place(clause="origin_consent"),
        )
    return require_text(form.origin_consent, "consent.origin_consent")
