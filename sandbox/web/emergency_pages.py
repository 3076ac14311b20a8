"""The page of emergencies: where each stands, what comes next, and until when it is reviewed."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import RedirectResponse, Response

from sandbox.errors import NotSignedIn
from sandbox.flow.authorise import demand
from sandbox.flow.browse import emergencies
from sandbox.model.verb import Verb
from sandbox.web import browser
from sandbox.web.emergency_cards import emergency_card
from sandbox.web.emergency_words import CHINESE, ENGLISH, STATES
from sandbox.web.gate import TheGate
from sandbox.web.pages import PAGE, Words, next_page, render_page
from sandbox.web.paging import MAX_MARK, TheMarks
from sandbox.web.who import TheSite

router = APIRouter(include_in_schema=False)


@router.get("/emergencies")
def show_emergencies(
    request: Request,
    site: TheSite,
    gate: TheGate,
    words: Words,
    marks: TheMarks,
    after: Annotated[str, Query(max_length=MAX_MARK)] = "",
) -> Response:
    """Show whoever is signed in what concerns them; others are sent to sign in."""
    try:
        person = browser.person(request, site, gate)
    except NotSignedIn:
        return RedirectResponse("/sign-in", HTTPStatus.SEE_OTHER)
    demand(person, Verb.LIST_EMERGENCIES)
    with site.books.read() as page:
        found = emergencies(site, page, person, marks.read(after), PAGE)
    shown = render_page(
        "emergencies.html",
        words,
        x=ENGLISH if words["lang"] == "en" else CHINESE,
        states=STATES[words["lang"]],
        cards=[emergency_card(site, each) for each in found.values],
        following=next_page(words, marks.write(found.next)),
    )
    shown.headers["cache-control"] = "no-store"
    return shown
