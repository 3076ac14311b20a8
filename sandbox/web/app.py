"""The application: routes, problem documents and pages over one site."""

from http import HTTPStatus
from importlib.metadata import version
from pathlib import Path

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from sandbox.errors import DataRangeError, NotSignedIn
from sandbox.flow.site import Site
from sandbox.settings import LOCAL, MAX_UPLOAD, Identity
from sandbox.web import (
    account_pages,
    agreements,
    algorithms,
    applications,
    catalogue,
    datasets,
    demands,
    desk_moves,
    desk_pages,
    emergencies,
    emergency_pages,
    listing,
    listing_pages,
    listing_work,
    log,
    logins,
    openapi,
    pages,
    policies,
    questions,
    records,
    sources,
    tokens,
)
from sandbox.web.body import bad_request
from sandbox.web.envelope import LOG, Envelope
from sandbox.web.gate import Gate
from sandbox.web.problems import of_routing, problem_headers, problem_response
from sandbox.web.running import Running
from sandbox.web.seat import problem_page
from sandbox.web.uploads import Uploads

API = "/api/v1"
SIGNED_IN = (
    *(datasets, policies, sources, applications, agreements),
    *(questions, algorithms, emergencies, records, tokens, logins, catalogue),
    *(listing_work, listing, demands),
)
"""Routes for whoever has a token; owners' stand before the catalogue's, whose paths are wider."""


def build(
    site: Site, uploads: Path, *, max_upload: int = MAX_UPLOAD, identity: Identity = LOCAL
) -> FastAPI:
    """Build the application; `uploads` is an existing folder that nobody else writes to."""
    app = FastAPI(
        title="Data Range",
        version=version("datarange"),
        summary="Questions of data that may not be handed over",
        # Ours has more in it; and the framework's pages would load scripts from another network.
        openapi_url=None,
        redirect_slashes=False,
        responses=openapi.REFUSALS,
    )
    app.state.site = site
    app.state.gate = Gate(identity)
    app.state.running = Running(site)
    app.state.uploads = Uploads(uploads, max_upload)
    for routes in SIGNED_IN:
        app.include_router(routes.router, prefix=API)
    for routes in (catalogue, algorithms, listing, demands):
        app.include_router(routes.public, prefix=API)
    app.include_router(log.router)
    app.include_router(pages.router)
    app.include_router(listing_pages.router)
    app.include_router(account_pages.router)
    app.include_router(desk_pages.router)
    app.include_router(desk_moves.router)
    app.include_router(emergency_pages.router)
    if identity.provider is not None:
        # Authlib is loaded by sites that have a provider only.
        from sandbox.web import provider_pages  # noqa: PLC0415

        app.include_router(provider_pages.router)
    app.add_route(openapi.PATH, openapi.serve(app), include_in_schema=False)
    _catch(app)
    app.add_middleware(Envelope, content_policy=pages.CONTENT_POLICY)
    return app


def _refusal(request: Request, error: DataRangeError) -> Response:
    """Show people a page, and programs a problem document: browsers ask for HTML by name."""
    is_page = not request.url.path.startswith((API, "/log/"))
    if not is_page or "text/html" not in request.headers.get("accept", ""):
        return problem_response(error)
    if isinstance(error, NotSignedIn):
        return RedirectResponse("/sign-in", HTTPStatus.SEE_OTHER)
    shown = problem_page(request, error)
    shown.headers.update(problem_headers(error))
    return shown


def _catch(app: FastAPI) -> None:
    @app.exception_handler(DataRangeError)
    def refuse(request: Request, error: DataRangeError) -> Response:
        if error.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            # The class of the cause helps the operator; its text may quote a row.
            LOG.error("%s %s", error.code, type(error.__cause__ or error).__name__)
        return _refusal(request, error)

    @app.exception_handler(RequestValidationError)
    def refuse_parameter(request: Request, error: RequestValidationError) -> Response:
        return _refusal(request, bad_request(error.errors()[0]))

    @app.exception_handler(HTTPException)
    def refuse_route(_request: Request, error: HTTPException) -> Response:
        return of_routing(error)
