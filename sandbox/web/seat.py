"""Where somebody sits at their desk: whose browser it is, in which language, and how pages go out.

Every failure on the way is a page too: whoever has no session is sent to sign in.
"""

from collections.abc import Callable, Coroutine, Mapping
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import Depends, Request
from fastapi.routing import APIRoute
from starlette.responses import HTMLResponse, RedirectResponse, Response

from sandbox.errors import DataRangeError, NotSignedIn
from sandbox.model.principal import Principal
from sandbox.web import browser
from sandbox.web.account_words import TERMS as ROLES
from sandbox.web.desk_faults import faults_of
from sandbox.web.desk_terms import TERMS
from sandbox.web.desk_words import CHINESE, ENGLISH
from sandbox.web.gate import TheGate
from sandbox.web.pages import Words, render_page
from sandbox.web.paging import TheMarks
from sandbox.web.who import TheSite
from sandbox.web.words import CHINESE as IN_CHINESE
from sandbox.web.words import words_for


class Seat:
    """One request to a desk."""

    def __init__(
        self, request: Request, site: TheSite, gate: TheGate, words: Words, marks: TheMarks
    ) -> None:
        """Find whose browser this is.

        Raises:
            NotSignedIn: nobody's, or no longer.
        """
        self.site = site
        self.person: Principal = browser.person(request, site, gate)
        self.words = words
        self.marks = marks
        self.chinese = words is IN_CHINESE
        self._secret = browser.session_secret(gate, request) or ""
        self._request = request

    @property
    def lang(self) -> str:
        """The language, as an address names it."""
        return "zh" if self.chinese else "en"

    def require_own(self, fields: Mapping[str, str]) -> None:
        """Take forms from our own pages only.

        Raises:
            NotPermitted: code `form.foreign`.
        """
        browser.require_own_form(self._request, fields, self._secret)

    def page(self, template: str, status: int = HTTPStatus.OK, **values: object) -> HTMLResponse:
        """Fill a template; no cache may keep what comes of it."""
        shown = _rendered(
            template,
            self.words,
            status,
            person=self.person,
            form_key=browser.form_key(self._secret),
            **values,
        )
        shown.headers["cache-control"] = "no-store"
        return shown

    def go(self, path: str) -> Response:
        """Send the browser to a page of ours, so that a form is not sent twice."""
        return RedirectResponse(f"{path}?lang={self.lang}", HTTPStatus.SEE_OTHER)


TheSeat = Annotated[Seat, Depends()]


class PageRoute(APIRoute):
    """A route whose refusals are pages."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Wrap the framework's own."""
        answer = super().get_route_handler()

        async def shown(request: Request) -> Response:
            try:
                return await answer(request)
            except NotSignedIn:
                return RedirectResponse("/sign-in", HTTPStatus.SEE_OTHER)
            except DataRangeError as error:
                if error.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
                    raise
                return problem_page(request, error)

        return shown


def problem_page(request: Request, error: DataRangeError) -> Response:
    """Say in the reader's language what was refused."""
    accepted = request.headers.get("accept-language", "")
    words = words_for(request.query_params.get("lang", ""), accepted)
    faults = faults_of(error, chinese=words is IN_CHINESE)
    shown = _rendered("desk_problem.html", words, error.status, faults=faults)
    shown.headers["cache-control"] = "no-store"
    return shown


def _rendered(template: str, words: dict[str, str], status: int, **values: object) -> HTMLResponse:
    chinese = words is IN_CHINESE
    page = render_page(
        template,
        words,
        d=CHINESE if chinese else ENGLISH,
        t=TERMS[words["lang"]],
        roles=ROLES[words["lang"]],
        lang="zh" if chinese else "en",
        **values,
    )
    page.status_code = status
    return page
