"""Signing in at the organisation's identity provider: there, and back with a code."""

import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from http import HTTPStatus
from typing import cast

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from sandbox.errors import NotFound, NotPermitted, NotSignedIn
from sandbox.flow.sign_in import begin_session
from sandbox.flow.site import Site
from sandbox.model.names import principal_name
from sandbox.model.principal import Role
from sandbox.settings import Identity, Provider
from sandbox.web import browser
from sandbox.web.account_pages import signed_in_page
from sandbox.web.gate import TheGate
from sandbox.web.pages import Words
from sandbox.web.provider import Begun, ProviderClient, Vouched
from sandbox.web.who import TheSite

PATH = "/sign-in/provider"
BACK = "/sign-in/provider/back"
WAITING = 10_000
"""Sign-ins under way; the oldest gives way."""
PATIENCE = 600.0
"""Seconds that somebody may take at the provider."""

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A sign-in under way, and the browser that it is of."""

    begun: Begun
    browser: str
    """SHA-256 of a cookie: an answer that another browser brings is none."""
    since: float


class Desk:
    """Where sign-ins under way wait for their answers; in memory, each is used once."""

    def __init__(self, client: ProviderClient, now: Callable[[], float] = time.monotonic) -> None:
        """Begin with nobody waiting."""
        self.client = client
        self._now = now
        self._lock = threading.Lock()
        self._waiting: OrderedDict[str, _Waiting] = OrderedDict()

    def send(self, cookie: str) -> str:
        """Begin a sign-in; give the address that the browser goes to."""
        begun = self.client.begin()
        with self._lock:
            self._waiting[begun.state] = _Waiting(begun, _digest(cookie), self._now())
            while len(self._waiting) > WAITING:
                self._waiting.popitem(last=False)
        return begun.address

    def receive(self, cookie: str, answer: Mapping[str, str]) -> Vouched:
        """Take an answer back from the browser that was sent, in time, once.

        Raises:
            NotSignedIn: code `provider.state`, or as the client says.
        """
        with self._lock:
            waiting = self._waiting.pop(answer.get("state", ""), None)
        if (
            waiting is None
            or waiting.browser != _digest(cookie)
            or self._now() - waiting.since > PATIENCE
        ):
            raise NotSignedIn("Begin signing in anew", code="provider.state")
        return self.client.finish(waiting.begun, answer)


@router.get(PATH)
def go_to_provider(request: Request, site: TheSite, gate: TheGate) -> Response:
    """Send the browser to the provider."""
    desk = _desk(request, site, gate.identity)
    cookie = secrets.token_hex(32)
    response = RedirectResponse(desk.send(cookie), HTTPStatus.SEE_OTHER)
    browser.set_errand(response, gate, request, cookie)
    return response


@router.get(BACK)
def come_back(request: Request, site: TheSite, gate: TheGate, words: Words) -> Response:
    """Begin a session for whoever the provider vouches for."""
    desk = _desk(request, site, gate.identity)
    answer = dict(request.query_params)
    vouched = desk.receive(browser.errand_secret(gate, request) or "", answer)
    role = role_of(gate.identity.provider, vouched.groups)
    name = principal_name(vouched.name)
    issued = begin_session(site, name, role)
    response = signed_in_page(words, issued.token.principal())
    browser.set_session(response, gate, request, issued.secret)
    browser.clear_errand(response, gate, request)
    return response


def role_of(provider: Provider | None, groups: Iterable[str]) -> Role:
    """Give the role of the first group in the settings that somebody is in.

    Raises:
        NotPermitted: code `role.none`; they are in none.
    """
    theirs = frozenset(groups)
    for group, role in provider.roles if provider else ():
        if group in theirs:
            return Role(role)
    raise NotPermitted("None of your groups has a role at this site", code="role.none")


def _desk(request: Request, site: Site, identity: Identity) -> Desk:
    """Give the site's one desk, made when the first person comes.

    Raises:
        NotFound: code `request.no_such_page`; there is no provider.
    """
    if identity.provider is None:
        raise NotFound("There is nothing here", code="request.no_such_page")
    state = request.app.state
    with _MAKING:
        if not hasattr(state, "desk"):
            base = (identity.public_url or "").rstrip("/")
            state.desk = Desk(ProviderClient(identity.provider, base + BACK, site.clock))
        return cast("Desk", state.desk)


def _digest(cookie: str) -> str:
    return sha256(cookie.encode("utf-8", "replace")).hexdigest()


_MAKING = threading.Lock()
