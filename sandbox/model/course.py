"""The course of an application as data: every state, every move, and who may make it.

The table is total: each pair of a state and a move is either allowed to somebody, or refused by
name. Nothing else in the product decides what may follow what.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sandbox.errors import Conflict, NotPermitted
from sandbox.model.agreement import Agreement, AgreementState
from sandbox.model.application import Application
from sandbox.model.application import ApplicationState as State


class Move(StrEnum):
    """What can be done with an application."""

    EDIT = "edit"
    SUBMIT = "submit"
    SUPPLEMENT = "supplement"
    RESUBMIT = "resubmit"
    ASSESS = "assess"
    CONSENT = "consent"
    DECLINE = "decline"
    GRANT = "grant"
    REFUSE = "refuse"
    WITHDRAW = "withdraw"
    OFFER = "offer"
    SIGN = "sign"
    BEGIN = "begin"
    SUPERSEDE = "supersede"
    END = "end"
    DISPOSE = "dispose"


class Actor(StrEnum):
    """Who makes a move, as they stand to the application."""

    APPLICANT = "applicant"
    OWNER = "owner"
    """Of a dataset that is asked for."""
    STEWARD = "steward"
    SITE = "site"
    """By itself: with a grant, or by the calendar."""


@dataclass(frozen=True, slots=True)
class Allowed:
    """A move that somebody may make."""

    by: Actor
    to: State


@dataclass(frozen=True, slots=True)
class Barred:
    """A move that nobody may make, and why."""

    code: str
    message: str


_UNDER_WAY: Mapping[Move, Allowed] = {
    Move.SUPPLEMENT: Allowed(Actor.STEWARD, State.SUPPLEMENT_REQUESTED),
    Move.ASSESS: Allowed(Actor.STEWARD, State.ASSESSED),
    Move.REFUSE: Allowed(Actor.STEWARD, State.REFUSED),
    Move.WITHDRAW: Allowed(Actor.APPLICANT, State.WITHDRAWN),
}
"""What may happen to an application that waits for a decision."""

_ALLOWED: Mapping[State, Mapping[Move, Allowed]] = {
    State.DRAFT: {
        Move.EDIT: Allowed(Actor.APPLICANT, State.DRAFT),
        Move.SUBMIT: Allowed(Actor.APPLICANT, State.SUBMITTED),
        Move.WITHDRAW: Allowed(Actor.APPLICANT, State.WITHDRAWN),
    },
    State.SUBMITTED: {
        **_UNDER_WAY,
        Move.CONSENT: Allowed(Actor.OWNER, State.SUBMITTED),
        Move.DECLINE: Allowed(Actor.OWNER, State.SUBMITTED),
    },
    State.SUPPLEMENT_REQUESTED: {
        Move.RESUBMIT: Allowed(Actor.APPLICANT, State.RESUBMITTED),
        Move.REFUSE: Allowed(Actor.STEWARD, State.REFUSED),
        Move.WITHDRAW: Allowed(Actor.APPLICANT, State.WITHDRAWN),
    },
    State.RESUBMITTED: {
        **_UNDER_WAY,
        Move.CONSENT: Allowed(Actor.OWNER, State.RESUBMITTED),
        Move.DECLINE: Allowed(Actor.OWNER, State.RESUBMITTED),
    },
    State.ASSESSED: {
        **_UNDER_WAY,
        Move.CONSENT: Allowed(Actor.OWNER, State.ASSESSED),
        Move.DECLINE: Allowed(Actor.OWNER, State.ASSESSED),
        Move.GRANT: Allowed(Actor.STEWARD, State.GRANTED),
    },
    State.GRANTED: {Move.OFFER: Allowed(Actor.SITE, State.OFFERED)},
    State.REFUSED: {},
    State.WITHDRAWN: {},
    State.OFFERED: {
        Move.SIGN: Allowed(Actor.APPLICANT, State.SIGNED),
        Move.END: Allowed(Actor.SITE, State.ENDED),
    },
    State.SIGNED: {
        Move.BEGIN: Allowed(Actor.SITE, State.IN_FORCE),
        Move.SUPERSEDE: Allowed(Actor.SITE, State.SUPERSEDED),
        Move.END: Allowed(Actor.SITE, State.ENDED),
        Move.DISPOSE: Allowed(Actor.APPLICANT, State.ENDED),
    },
    State.IN_FORCE: {
        Move.SUPERSEDE: Allowed(Actor.SITE, State.SUPERSEDED),
        Move.END: Allowed(Actor.SITE, State.ENDED),
        Move.DISPOSE: Allowed(Actor.APPLICANT, State.ENDED),
    },
    State.SUPERSEDED: {Move.END: Allowed(Actor.SITE, State.ENDED)},
    State.ENDED: {Move.DISPOSE: Allowed(Actor.APPLICANT, State.ENDED)},
}

_DECIDED = Barred("application.decided", "This application is decided already")
_BARRED: Mapping[State, Barred] = {
    State.DRAFT: Barred("application.draft", "This application is a draft; it was not submitted"),
    State.SUBMITTED: Barred("application.submitted", "This application is being looked at"),
    State.SUPPLEMENT_REQUESTED: Barred(
        "application.supplement_requested", "This application waits for its applicant's supplement"
    ),
    State.RESUBMITTED: Barred("application.resubmitted", "This application is being looked at"),
    State.ASSESSED: Barred("application.assessed", "This application waits for its decision"),
    State.GRANTED: _DECIDED,
    State.REFUSED: _DECIDED,
    State.WITHDRAWN: Barred("application.withdrawn", "Its applicant has withdrawn this"),
    State.OFFERED: _DECIDED,
    State.SIGNED: _DECIDED,
    State.IN_FORCE: _DECIDED,
    State.SUPERSEDED: Barred("application.superseded", "A later version of this is in force"),
    State.ENDED: Barred("application.ended", "What was agreed here has ended"),
}
"""By state, why a move that is not allowed in it is refused."""

_UNASSESSED = Barred(
    "application.not_assessed", "Answer the five questions of the assessment before a grant"
)
_BARRED_BY_NAME: Mapping[tuple[State, Move], Barred] = {
    (State.SUBMITTED, Move.GRANT): _UNASSESSED,
    (State.RESUBMITTED, Move.GRANT): _UNASSESSED,
}

COURSE: Mapping[tuple[State, Move], Allowed | Barred] = {
    (state, move): _ALLOWED[state].get(move, _BARRED_BY_NAME.get((state, move), _BARRED[state]))
    for state in State
    for move in Move
}
"""The whole table."""


def after(state: State, move: Move, by: Actor) -> State:
    """Give the state that a move leads to.

    Raises:
        Conflict: the table bars the move in this state; the code names the state.
        NotPermitted: code `application.actor`; it is somebody else's to make.
    """
    entry = COURSE[state, move]
    if isinstance(entry, Barred):
        raise Conflict(entry.message, code=entry.code)
    if entry.by is not by:
        raise NotPermitted(f"This is for the {entry.by.value} to do", code="application.actor")
    return entry.to


def stage_of(application: Application, agreements: Sequence[Agreement], today: date) -> State:
    """Say where an application stands, its agreements and the calendar considered.

    Of several agreements the one that came furthest counts, as long as it has not ended.
    """
    if application.state is not State.GRANTED or not agreements:
        return application.state
    stages = {agreement_stage(one, today) for one in agreements}
    alive = (State.IN_FORCE, State.SIGNED, State.OFFERED, State.SUPERSEDED)
    return next((state for state in alive if state in stages), State.ENDED)


def agreement_stage(agreement: Agreement, today: date) -> State:
    """Say where one agreement stands on a day, UTC."""
    clauses = agreement.clauses
    if agreement.state is AgreementState.ENDED or today > clauses.ends:
        return State.ENDED
    if agreement.state is AgreementState.SUPERSEDED:
        return State.SUPERSEDED
    if agreement.state is AgreementState.OFFERED:
        return State.OFFERED
    return State.SIGNED if today < clauses.starts else State.IN_FORCE
