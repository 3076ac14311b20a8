"""What handlers are given: the site, and whoever the bearer token belongs to."""

from typing import Annotated, cast

from fastapi import Depends, Request, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from sandbox.errors import NotSignedIn
from sandbox.flow.site import Site
from sandbox.model.principal import Principal
from sandbox.model.token import Means
from sandbox.web.gate import TheGate

_BEARER = HTTPBearer(auto_error=False, description="A token of this site")


async def _site(request: Request) -> Site:  # noqa: RUF029  (else FastAPI would hop to a thread)
    return cast("Site", request.app.state.site)


TheSite = Annotated[Site, Depends(_site)]


def _caller(
    site: TheSite,
    gate: TheGate,
    credentials: Annotated[HTTPAuthorizationCredentials | None, Security(_BEARER)],
) -> Principal:
    """Find the caller.

    Raises:
        NotSignedIn: there is no token, or nobody has it.
    """
    if credentials is None:
        raise NotSignedIn("Sign in with a token of this site", code="token.missing")
    return gate.admit(site, credentials.credentials, Means.TOKEN)


Caller = Annotated[Principal, Depends(_caller)]
