"""Pages for people: the catalogue and its records, without scripts and without foreign assets.

Titles and descriptions are owners' words, and owners may be hostile: everything is escaped, and
the content policy allows one style sheet, by its hash, and nothing else.
"""

import base64
import hashlib
from fractions import Fraction
from importlib.resources import files
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup
from starlette.responses import HTMLResponse

from sandbox.flow.explain import NOTES
from sandbox.model.cost import Accounting, brief
from sandbox.model.finding import MAX_SEARCH
from sandbox.web.cards import dataset_card
from sandbox.web.catalogue import look_up, search
from sandbox.web.paging import MAX_MARK, TheMarks
from sandbox.web.who import TheSite
from sandbox.web.words import CHINESE, TERMS, words_for
from sandbox.wire import DatasetCard

PAGE = 20
"""Things on one page."""
MAX_KEYS = 24
"""Keys of a column that its record shows."""

_STYLE = files("sandbox.web").joinpath("templates", "style.css").read_text(encoding="utf-8")
_STYLE_HASH = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
CONTENT_POLICY = (
    f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
_HEADERS = {"cache-control": "no-cache", "vary": "accept-language"}
_TEMPLATES = Environment(
    loader=PackageLoader("sandbox.web"), autoescape=True, undefined=StrictUndefined
)

router = APIRouter(include_in_schema=False)


def _words(request: Request, lang: str = "") -> dict[str, str]:
    return words_for(lang, request.headers.get("accept-language", ""))


Words = Annotated[dict[str, str], Depends(_words)]


@router.get("/")
def show_catalogue(
    site: TheSite,
    words: Words,
    marks: TheMarks,
    q: Annotated[str, Query(max_length=MAX_SEARCH)] = "",
    after: Annotated[str, Query(max_length=MAX_MARK)] = "",
) -> HTMLResponse:
    """Show a page of what can be asked of, or of what words are found in."""
    found = search(site, q, marks.read(after), PAGE)
    return render_page(
        "catalogue.html",
        words,
        cards=[dataset_card(each) for each in found.values],
        q=q,
        is_all=not after and found.next is None,
        following=next_page(words, marks.write(found.next), q=q),
        origin=site.origin,
    )


@router.get("/datasets/{owner}/{title:path}")
def show_dataset(site: TheSite, words: Words, owner: str, title: str) -> HTMLResponse:
    """Show one record: what it holds, what may be asked, what an answer costs."""
    card = dataset_card(look_up(site, f"{owner}/{title}"))
    note, note_zh = NOTES[Accounting(card.accounting)]
    said = (note_zh if words is CHINESE else note).format(
        epsilon=card.per_submission, delta=brief(Fraction(card.delta))
    )
    return render_page(
        "dataset.html",
        words,
        card=card,
        note=said,
        example=_example(card),
        max_keys=MAX_KEYS,
        lane=site.blocks,
    )


def next_page(words: dict[str, str], following: str, **asked: str) -> str:
    """Write the query of the next page; empty if this is the last."""
    if not following:
        return ""
    kept = {name: value for name, value in asked.items() if value}
    return urlencode(kept | {"after": following, "lang": words["lang"][:2]})


def render_page(template: str, words: dict[str, str], **values: object) -> HTMLResponse:
    """Fill a template in the reader's language; whatever is filled in is escaped."""
    rendered = _TEMPLATES.get_template(template).render(
        w=words,
        terms=TERMS[words["lang"]],
        chinese=words is CHINESE,
        style=Markup(_STYLE),  # noqa: S704  (our own file, not an owner's words)
        **values,
    )
    return HTMLResponse(rendered, headers=_HEADERS)


def _example(card: DatasetCard) -> str:
    """Write a first question in Python, with names that exist here."""
    groups = [column.name for column in card.columns if "group" in column.use]
    grouped = f".group_by({groups[0]!r})" if groups else ""
    return (
        "import sandbox.client as dr\n\n"
        f"data = dr.connect().dataset({card.name!r})\n"
        "data.mock()\n"
        f"question = data{grouped}.measure(dr.count())\n"
        f"question.explain(epsilon={card.per_submission!r})\n"
    )
