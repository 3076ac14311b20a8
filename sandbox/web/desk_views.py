"""One application, agreement, demand or emergency as a page, with what somebody may do with it.

After a refusal the page shows the thing as it stands now, and what was written.
"""

from collections.abc import Mapping
from http import HTTPStatus

from starlette.responses import HTMLResponse

from sandbox.errors import DataRangeError, NotFound
from sandbox.flow import desk
from sandbox.flow.answer_for import may_speak
from sandbox.flow.authorise import demand, may, of_agreement, of_dataset
from sandbox.flow.certify import certificate_of
from sandbox.flow.course import find_application
from sandbox.flow.feedback import feedback_on
from sandbox.flow.fill import find_dataset
from sandbox.model.agreement import Agreement
from sandbox.model.application import Application
from sandbox.model.application import ApplicationState as State
from sandbox.model.assessment import QUESTIONS, Safe
from sandbox.model.course import COURSE, Actor, Allowed, Move, agreement_stage
from sandbox.model.names import AgreementId, DatasetName, DemandId, EmergencyId
from sandbox.model.principal import Role
from sandbox.model.verb import Verb
from sandbox.ports import Page
from sandbox.web.application_cards import application_card
from sandbox.web.cards import agreement_card
from sandbox.web.desk_faults import Fault, faults_of
from sandbox.web.record_cards import demand_card
from sandbox.web.seat import Seat


class Written(dict[str, str]):
    """What stands in a form; a field that does not is empty."""

    def __missing__(self, name: str) -> str:
        """Give nothing, and keep nothing."""
        return ""


NOTHING: Mapping[str, str] = {}
ACTORS = {
    Role.RESEARCHER: Actor.APPLICANT,
    Role.OWNER: Actor.OWNER,
    Role.STEWARD: Actor.STEWARD,
}
"""As what somebody stands to an application that they may see."""


def application_page(
    seat: Seat,
    id: str,  # noqa: A002
    error: DataRangeError | None = None,
    written: Mapping[str, str] = NOTHING,
) -> HTMLResponse:
    """Show an application as it stands; after a refusal, with what somebody wrote.

    Raises:
        NotFound: there is none, or one may not see it.
    """
    with seat.site.books.read() as page:
        found = find_application(page, seat.person, id)
        card = application_card(seat.site, page, seat.person, found)
        own = {name for name in found.datasets if _is_own(seat, page, name)}
    return seat.page(
        "desk_application.html",
        _status(error),
        card=card,
        can=_moves(State(card.state), ACTORS[seat.person.role]),
        actor=ACTORS[seat.person.role].value,
        own=[one for one in card.consents if one.dataset in own],
        nothing=Written(),
        questions={safe.value: QUESTIONS[safe][seat.chinese] for safe in Safe},
        written=Written(written),
        faults=_faults(seat, error),
        moved_on=error is not None and error.status == HTTPStatus.CONFLICT,
    )


def application_form(
    seat: Seat,
    fields: Mapping[str, str],
    error: DataRangeError | None = None,
    known: Application | None = None,
) -> HTMLResponse:
    """Show the form as far as it is filled in."""
    return seat.page(
        "desk_form.html",
        _status(error),
        fields=Written(fields),
        purposes=_purposes(seat, fields.get("dataset", "")),
        faults=_faults(seat, error),
        id=known.id if known else "",
        is_draft=known is None or known.state is State.DRAFT,
        has_proof=known is not None and known.proof is not None,
        supplement=known.pauses[-1].reason if known and known.pauses else "",
    )


def agreement_page(
    seat: Seat,
    id: str,  # noqa: A002
    error: DataRangeError | None = None,
    written: Mapping[str, str] = NOTHING,
) -> HTMLResponse:
    """Show an agreement.

    Raises:
        NotFound: there is none, or one may not see it.
    """
    found = find_agreement(seat, id, Verb.READ_AGREEMENT)
    with seat.site.books.read() as page:
        card = agreement_card(page, found, seat.site.clock.now().date())
        about = of_agreement(page, found)
    verbs = (Verb.SIGN_AGREEMENT, Verb.DISPOSE, Verb.FILE_FEEDBACK, Verb.READ_FEEDBACK)
    can = {verb.value for verb in verbs if may(seat.person, verb, about)}
    filed = feedback_on(seat.site, seat.person, id) if Verb.READ_FEEDBACK in can else ()
    return seat.page(
        "desk_agreement.html",
        _status(error),
        card=card,
        stage=stage_name(seat, found),
        application=found.application,
        can=can,
        filed=filed,
        is_closed=found.closed is not None,
        written=Written(written),
        faults=_faults(seat, error),
    )


def find_agreement(seat: Seat, id: str, verb: Verb) -> Agreement:  # noqa: A002
    """Give an agreement for a step.

    Raises:
        NotPermitted: one may not take this step at all.
        NotFound: there is none, or one may not take this step with it.
    """
    demand(seat.person, verb)
    with seat.site.books.read() as page:
        found = page.agreements.find(AgreementId(id))
        if found is None or not may(seat.person, verb, of_agreement(page, found)):
            raise NotFound("You have no such agreement", code="agreement.unknown")
    return found


def certificate_page(seat: Seat, id: str) -> HTMLResponse:  # noqa: A002
    """Show the certificate of an agreement that has ended.

    Raises:
        NotFound: there is no such agreement, or one may not see it.
        Conflict: code `agreement.not_closed`; it has none yet.
    """
    found = certificate_of(seat.site, seat.person, id)
    text = found.text_zh if seat.chinese else found.text
    return seat.page("desk_certificate.html", id=id, text=text)


def demand_page(
    seat: Seat,
    id: str,  # noqa: A002
    error: DataRangeError | None = None,
    written: Mapping[str, str] = NOTHING,
) -> HTMLResponse:
    """Show a demand with the form of its answer.

    Raises:
        NotFound: there is none.
    """
    with seat.site.books.read() as page:
        found = page.demands.find(DemandId(id))
        if found is None:
            raise NotFound("There is no such demand", code="demand.unknown")
        can_answer = may_speak(page, seat.person, found.owner)
    return seat.page(
        "desk_demand.html",
        _status(error),
        card=demand_card(found),
        can_answer=can_answer and found.answered is None,
        written=Written(written),
        faults=_faults(seat, error),
    )


def emergency_page(
    seat: Seat,
    id: str,  # noqa: A002
    error: DataRangeError | None = None,
) -> HTMLResponse:
    """Show an emergency with the button that confirms it.

    Raises:
        NotFound: there is none that one could confirm.
    """
    waiting = {one.id: one for one in desk.to_confirm(seat.site, seat.person)}
    found = waiting.get(EmergencyId(id))
    if found is None and error is None:
        raise NotFound("There is no such emergency", code="emergency.unknown")
    faults = _faults(seat, error)
    return seat.page("desk_emergency.html", _status(error), emergency=found, faults=faults)


def stage_name(seat: Seat, agreement: Agreement) -> str:
    """Name where an agreement stands today."""
    return agreement_stage(agreement, seat.site.clock.now().date()).value


def _moves(stage: State, actor: Actor) -> frozenset[str]:
    """Give the moves that the course allows somebody here."""
    entries = ((move, COURSE[stage, move]) for move in Move)
    return frozenset(
        move.value for move, entry in entries if isinstance(entry, Allowed) and entry.by is actor
    )


def _purposes(seat: Seat, name: str) -> tuple[str, ...]:
    with seat.site.books.read() as page:
        return _known_purposes(page, name) if name else ()


def _known_purposes(page: Page, name: str) -> tuple[str, ...]:
    try:
        return find_dataset(page, name).policy.purposes
    except NotFound:
        return ()


def _is_own(seat: Seat, page: Page, name: DatasetName) -> bool:
    dataset = page.datasets.find(name)
    return dataset is not None and may(seat.person, Verb.CONSENT, of_dataset(dataset))


def _status(error: DataRangeError | None) -> int:
    return error.status if error else HTTPStatus.OK


def _faults(seat: Seat, error: DataRangeError | None) -> tuple[Fault, ...]:
    return faults_of(error, chinese=seat.chinese) if error else ()
