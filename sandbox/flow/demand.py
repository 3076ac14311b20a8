"""Demand: data that are not listed are asked for, and their owner has to answer (需求清单)."""

from dataclasses import replace

from sandbox.errors import BadInput, Conflict, NotFound, Place
from sandbox.flow import authorise
from sandbox.flow.answer_for import require_speaker
from sandbox.flow.list_record import find_record
from sandbox.flow.site import Site
from sandbox.model.demand import Demand, DemandState
from sandbox.model.label import in_state, waiting_of
from sandbox.model.names import DemandId, OwnerName
from sandbox.model.paging import USUAL_PAGE, Mark, Stretch
from sandbox.model.principal import Principal
from sandbox.model.record import LINE_ENDS, text_faults
from sandbox.model.verb import Verb
from sandbox.ports import Page
from sandbox.wire import DemandAnswer, DemandForm

MAX_WAITING = 20
"""Demands of one person that nobody has answered yet."""
MAX_TEXT = 2000
"""Characters of what is asked and of what is answered; everybody reads both."""


def demand(site: Site, researcher: Principal, form: DemandForm) -> Demand:
    """Put a demand on the list.

    Raises:
        BadInput: a text is missing, too long, or holds signs that do not show.
        NotFound: no such body answers for data here.
        NotPermitted: not a researcher.
        Conflict: code `demand.too_many`; too many of one's demands wait for their answers.
    """
    authorise.demand(researcher, Verb.ASK_FOR_DATA)
    for name, text in (("data", form.data), ("use", form.use)):
        _require_text(name, text)
    with site.books.write() as page:
        _require_few(page, researcher)
        if page.owners.find(OwnerName(form.owner)) is None:
            raise NotFound(
                "No body of this name answers for data here",
                code="owner.unknown",
                place=Place(clause="owner"),
            )
        asked = Demand(
            id=DemandId(site.fresh_id()),
            asker=researcher.name,
            owner=OwnerName(form.owner),
            data=form.data,
            use=form.use,
            asked=site.clock.now(),
        )
        page.demands.add(asked.id, asked)
    return asked


def answer_demand(site: Site, owner: Principal, id: str, answer: DemandAnswer) -> Demand:  # noqa: A002  (the message's field)
    """Answer a demand once and for all.

    Raises:
        BadInput: no such answer, or one that lacks its reason or its record.
        NotFound: there is no such demand, or the record is not listed.
        NotPermitted: another body was asked.
        Conflict: code `demand.answered`.
    """
    authorise.demand(owner, Verb.ANSWER_DEMAND)
    state = _state(answer)
    with site.books.write() as page:
        asked = page.demands.find(DemandId(id))
        if asked is None:
            raise NotFound("There is no such demand", code="demand.unknown")
        require_speaker(page, owner, asked.owner)
        if asked.state is not DemandState.ASKED:
            raise Conflict("This demand is answered already", code="demand.answered")
        record = find_record(page, answer.record or "").name if state is DemandState.OPEN else None
        answered = replace(
            asked, state=state, reason=answer.reason, record=record, answered=site.clock.now()
        )
        page.demands.replace(answered.id, answered)
    return answered


def demands(
    site: Site, state: str | None = None, after: Mark | None = None, limit: int = USUAL_PAGE
) -> Stretch[Demand]:
    """Give the list, newest first, for anybody.

    Raises:
        BadInput: there is no such state.
    """
    if state is not None and state not in set(DemandState):
        raise BadInput(
            f"A demand is {', '.join(DemandState)}",
            code="demand.state",
            place=Place(clause="state"),
        )
    named = None if state is None else in_state(state)
    with site.books.read() as page:
        return page.demands.stretch(after, limit, label=named, newest=True)


def _require_few(page: Page, asker: Principal) -> None:
    """Keep one person from filling the list.

    Raises:
        Conflict: code `demand.too_many`.
    """
    if (
        len(page.demands.stretch(limit=MAX_WAITING, label=waiting_of(asker.name)).values)
        == MAX_WAITING
    ):
        raise Conflict(
            f"{MAX_WAITING} of your demands wait for their answers; more may follow these",
            code="demand.too_many",
        )


def _state(answer: DemandAnswer) -> DemandState:
    states = {one.value: one for one in DemandState if one is not DemandState.ASKED}
    state = states.get(answer.state)
    if state is None:
        raise BadInput(
            f"An answer is {', '.join(states)}", code="demand.state", place=Place(clause="state")
        )
    if state is DemandState.REFUSED or answer.reason:
        _require_text("reason", answer.reason)
    if (state is DemandState.OPEN) != bool(answer.record):
        raise BadInput(
            "Name the record if and only if the data are open already",
            code="demand.record",
            place=Place(clause="record"),
        )
    return state


def _require_text(name: str, text: str) -> None:
    faults = text_faults(name, text, MAX_TEXT, LINE_ENDS)
    if not text.strip() or faults:
        message = faults[0].message if faults else "This needs a text"
        raise BadInput(message, code="demand.text", place=Place(clause=name))
