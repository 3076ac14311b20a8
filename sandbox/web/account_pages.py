"""Pages to sign in, to see one's tokens, to issue and revoke them, and to sign out."""

from http import HTTPStatus

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from sandbox.errors import BadInput, NotSignedIn, Place, TooMany
from sandbox.flow.revoke import Issued, issue, own_tokens, revoke
from sandbox.flow.sign_in import sign_in_browser
from sandbox.model.principal import Principal
from sandbox.web import browser
from sandbox.web.account_words import CHINESE, ENGLISH, TERMS
from sandbox.web.browser import Fields, Person
from sandbox.web.desk_faults import faults_of
from sandbox.web.gate import Gate, TheGate
from sandbox.web.pages import Words, render_page
from sandbox.web.tokens import token_card
from sandbox.web.who import TheSite
from sandbox.web.words import CHINESE as IN_CHINESE

NOTHING: Fields = {}

router = APIRouter(include_in_schema=False)


@router.get("/sign-in")
def show_sign_in(request: Request, gate: TheGate, words: Words) -> Response:
    """Show the form; the browser is known from here on, so that nobody else can send it."""
    return _sign_in_page(request, gate, words)


@router.post("/sign-in")
def sign_in(
    request: Request, fields: Fields, site: TheSite, gate: TheGate, words: Words
) -> Response:
    """Begin a session for a name and a password; where it leads is never the form's to say."""
    browser.require_own_form(request, fields, browser.visit_secret(gate, request))
    name, said = fields.get("name", ""), _said(words)
    try:
        with gate.trying(request, name):
            issued = sign_in_browser(site, name, fields.get("password", ""))
    except NotSignedIn as wrong:
        return _sign_in_page(request, gate, words, said["wrong"], wrong.status, name)
    except TooMany as many:
        text = said["too_many"].format(seconds=many.wait)
        page = _sign_in_page(request, gate, words, text, many.status, name)
        page.headers["retry-after"] = str(many.wait)
        return page
    response = RedirectResponse("/me", HTTPStatus.SEE_OTHER)
    browser.set_session(response, gate, request, issued.secret)
    return response


@router.get("/me")
def show_account(request: Request, site: TheSite, gate: TheGate, words: Words) -> Response:
    """Show whose browser this is, and their tokens; others are sent to sign in."""
    try:
        person = browser.person(request, site, gate)
    except NotSignedIn:
        return RedirectResponse("/sign-in", HTTPStatus.SEE_OTHER)
    return _account_page(request, site, gate, words, person)


@router.post("/me/tokens")
def issue_token(
    request: Request,
    person: Person,
    fields: Fields,
    site: TheSite,
    gate: TheGate,
    words: Words,
) -> Response:
    """Issue a token, and show it this once."""
    _require_own(request, gate, fields)
    try:
        issued = issue(site, person, _days(fields.get("days", "")), fields.get("label", ""))
    except BadInput as wrong:
        return _account_page(request, site, gate, words, person, written=fields, wrong=wrong)
    return _account_page(request, site, gate, words, person, issued)


@router.post("/me/tokens/{id}/revocation")
def revoke_token(
    request: Request,
    id: str,  # noqa: A002  (the field's name)
    person: Person,
    fields: Fields,
    site: TheSite,
    gate: TheGate,
) -> Response:
    """Shut a token out."""
    _require_own(request, gate, fields)
    revoke(site, person, id)
    return RedirectResponse("/me", HTTPStatus.SEE_OTHER)


@router.post("/sign-out")
def sign_out(
    request: Request, person: Person, fields: Fields, site: TheSite, gate: TheGate
) -> Response:
    """End this browser's session, here and in the books."""
    _require_own(request, gate, fields)
    if person.token is not None:
        revoke(site, person, person.token)
    response = RedirectResponse("/", HTTPStatus.SEE_OTHER)
    browser.clear_session(response, gate, request)
    return response


def signed_in_page(words: dict[str, str], person: Principal) -> HTMLResponse:
    """Say who has signed in, with a link: a cookie that is Strict is not sent on the way back."""
    return _page("signed_in.html", words, name=person.name, role=person.role.value)


def _account_page(  # noqa: PLR0913  (what a page shows)
    request: Request,
    site: TheSite,
    gate: Gate,
    words: dict[str, str],
    person: Principal,
    issued: Issued | None = None,
    *,
    written: Fields = NOTHING,
    wrong: BadInput | None = None,
) -> HTMLResponse:
    now = site.clock.now()
    own = [token_card(each, now) for each in own_tokens(site, person)]
    expires = issued.token.expires if issued else None
    page = _page(
        "me.html",
        words,
        faults=faults_of(wrong, chinese=words is IN_CHINESE) if wrong else (),
        days=written.get("days", "30"),
        label=written.get("label", ""),
        name=person.name,
        role=person.role.value,
        tokens=own,
        current=person.token,
        secret=issued.secret if issued else "",
        secret_expires="" if expires is None else expires.date().isoformat(),
        form_key=browser.form_key(browser.session_secret(gate, request) or ""),
    )
    page.status_code = wrong.status if wrong else HTTPStatus.OK
    return page


def _sign_in_page(
    request: Request,
    gate: Gate,
    words: dict[str, str],
    said: str = "",
    status: int = HTTPStatus.OK,
    name: str = "",
) -> HTMLResponse:
    """Show the form, with the name that was tried; a password is never sent back."""
    visit = browser.visit_secret(gate, request)
    page = _page(
        "sign_in.html",
        words,
        said=said,
        name=name,
        form_key=browser.form_key(visit),
        provider=gate.identity.provider is not None,
    )
    page.status_code = status
    browser.set_visit(page, gate, request, visit)
    return page


def _page(template: str, words: dict[str, str], **values: object) -> HTMLResponse:
    """Render a page that no cache may keep."""
    said = _said(words)
    page = render_page(template, words, s=said, t=TERMS[words["lang"]], **values)
    page.headers["cache-control"] = "no-store"
    return page


def _said(words: dict[str, str]) -> dict[str, str]:
    return CHINESE if words is IN_CHINESE else ENGLISH


def _require_own(request: Request, gate: Gate, fields: Fields) -> None:
    browser.require_own_form(request, fields, browser.session_secret(gate, request) or "")


def _days(written: str) -> int:
    """Read the days of a form.

    Raises:
        BadInput: code `token.days`.
    """
    if not written.isascii() or not written.isdigit() or len(written) > 3:  # noqa: PLR2004
        raise BadInput("Write a number of days", code="token.days", place=Place(clause="days"))
    return int(written)
