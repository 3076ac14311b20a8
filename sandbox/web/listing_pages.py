"""Pages for people: records, found by words and classes, and the demand list; without scripts."""

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query
from starlette.responses import HTMLResponse

from policies.classes import Grade, Openness
from sandbox.flow.demand import demands
from sandbox.model.finding import MAX_SEARCH, Wanted
from sandbox.model.names import OwnerName
from sandbox.model.record import RecordState
from sandbox.web.listing import MAX_OWNER, find, look_record_up
from sandbox.web.listing_words import CHINESE, ENGLISH, TERMS
from sandbox.web.pages import PAGE, Words, next_page, render_page
from sandbox.web.paging import TheMarks
from sandbox.web.record_cards import demand_card, record_card, record_page
from sandbox.web.who import TheSite
from sandbox.wire import RecordPage

router = APIRouter(include_in_schema=False)

Text = Annotated[str, Query(max_length=MAX_OWNER)]


@router.get("/catalogue")
def show_records(  # noqa: PLR0913, PLR0917  (the fields of the form)
    site: TheSite,
    words: Words,
    marks: TheMarks,
    q: Annotated[str, Query(max_length=MAX_SEARCH)] = "",
    openness: Text = "",
    grade: Text = "",
    state: Text = "",
    owner: Text = "",
    after: Text = "",
) -> HTMLResponse:
    """Show a page of what is listed and fits; a class that there is not is no class."""
    asked = {"q": q, "openness": openness, "grade": grade, "state": state, "owner": owner}
    wanted = Wanted(
        q,
        Openness(openness) if openness in set(Openness) else None,
        Grade(grade) if grade in set(Grade) else None,
        OwnerName(owner) if owner else None,
        RecordState(state) if state in set(RecordState) else None,
    )
    found = find(site, wanted, marks.read(after), PAGE)
    page = record_page(found, marks.write(found.next))
    return _render(
        "records.html",
        words,
        found=page,
        asked=asked,
        kept=urlencode(asked),
        following=_following(page, asked, words),
        choices={"openness": list(Openness), "grade": list(Grade), "state": list(RecordState)},
    )


@router.get("/catalogue/{name:path}")
def show_record(site: TheSite, words: Words, name: str) -> HTMLResponse:
    """Show one record."""
    record = look_record_up(site, name)
    with site.books.read() as page:
        is_asked = page.datasets.find(record.name) is not None
    return _render("record.html", words, card=record_card(record), is_asked=is_asked)


@router.get("/demands")
def show_demands(site: TheSite, words: Words, marks: TheMarks, after: Text = "") -> HTMLResponse:
    """Show a page of the demand list."""
    found = demands(site, None, marks.read(after), PAGE)
    return _render(
        "demands.html",
        words,
        cards=list(map(demand_card, found.values)),
        following=next_page(words, marks.write(found.next)),
    )


def _render(template: str, words: dict[str, str], **values: object) -> HTMLResponse:
    more = ENGLISH if words["lang"] == "en" else CHINESE
    return render_page(template, words, x=more, states=TERMS[words["lang"]], **values)


def _following(found: RecordPage, asked: dict[str, str], words: dict[str, str]) -> str:
    if found.next is None:
        return ""
    return urlencode(asked | {"after": found.next, "lang": words["lang"][:2]})
