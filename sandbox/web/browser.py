"""Browsers: a cookie nobody's script reads, and forms that only our own pages can send.

A session is a fresh secret of ours at each sign-in; what a browser brings along is never taken for
one (fixation). The cookie is HttpOnly and SameSite=Strict, and each form carries a digest of the
secret behind it, which no other site can know (forgery). Programs use tokens: the API reads no
cookie.
"""

import hmac
import re
import secrets
from collections.abc import Mapping
from hashlib import sha256
from typing import Annotated
from urllib.parse import parse_qsl, urlsplit

from fastapi import Depends, Request, Response

from sandbox.errors import BadInput, NotPermitted, NotSignedIn
from sandbox.model.principal import Principal
from sandbox.model.token import SESSION, Means
from sandbox.web.body import limited_body
from sandbox.web.gate import Gate, TheGate
from sandbox.web.who import TheSite

MAX_FORM = 16 * 1024
"""Bytes of a form."""
MAX_LONG_FORM = 256 * 1024
"""Bytes of a form with texts: five of 4000 Chinese characters, each of nine bytes in a form."""
MAX_FIELDS = 20
FORM_KEY = "form_key"
"""The field that proves where a form comes from."""

_FORM = re.compile(r"application/x-www-form-urlencoded(\s*;.*)?", re.IGNORECASE)
_SESSION, _VISIT, _ERRAND = "datarange-session", "datarange-visit", "datarange-errand"


def is_secure(gate: Gate, request: Request) -> bool:
    """Say whether browsers reach this site by https."""
    scheme = urlsplit(gate.identity.public_url or str(request.base_url)).scheme
    return scheme == "https"


def session_secret(gate: Gate, request: Request) -> str | None:
    """Give the session that a browser brings."""
    return request.cookies.get(_named(_SESSION, gate, request))


def visit_secret(gate: Gate, request: Request) -> str:
    """Give what a browser without a session is known by, or something new."""
    brought = request.cookies.get(_named(_VISIT, gate, request), "")
    return brought if re.fullmatch(r"[0-9a-f]{64}", brought) else secrets.token_hex(32)


def set_visit(response: Response, gate: Gate, request: Request, secret: str) -> None:
    """Let the browser be known until it signs in."""
    _set(response, _named(_VISIT, gate, request), secret, is_secure(gate, request), None)


def set_session(response: Response, gate: Gate, request: Request, secret: str) -> None:
    """Sign the browser in; what it was known by before is gone."""
    seconds = int(SESSION.total_seconds())
    _set(response, _named(_SESSION, gate, request), secret, is_secure(gate, request), seconds)
    response.delete_cookie(_named(_VISIT, gate, request), secure=is_secure(gate, request))


def clear_session(response: Response, gate: Gate, request: Request) -> None:
    """Sign the browser out."""
    response.delete_cookie(_named(_SESSION, gate, request), secure=is_secure(gate, request))


def errand_secret(gate: Gate, request: Request) -> str | None:
    """Give what ties a browser to the sign-in that it was sent to a provider for."""
    return request.cookies.get(_named(_ERRAND, gate, request))


def set_errand(response: Response, gate: Gate, request: Request, secret: str) -> None:
    """Tie a browser to a sign-in; Lax, for it comes back from the provider's site."""
    secure = is_secure(gate, request)
    response.set_cookie(
        _named(_ERRAND, gate, request), secret, secure=secure, httponly=True, samesite="lax"
    )


def clear_errand(response: Response, gate: Gate, request: Request) -> None:
    """Forget the errand, which is done."""
    response.delete_cookie(_named(_ERRAND, gate, request), secure=is_secure(gate, request))


def form_key(secret: str) -> str:
    """Give what a form must carry: it follows from a cookie that other sites cannot read."""
    return hmac.new(secret.encode("utf-8", "replace"), b"datarange form", sha256).hexdigest()


async def read_form(request: Request) -> Mapping[str, str]:
    """Read a short form."""
    return await _fields_of(request, MAX_FORM)


async def read_long_form(request: Request) -> Mapping[str, str]:
    """Read a form with texts that people write."""
    return await _fields_of(request, MAX_LONG_FORM)


async def _fields_of(request: Request, most: int) -> Mapping[str, str]:
    """Read a form's fields, each at most once.

    Raises:
        BadInput: code `request.malformed` or `request.content_type`.
    """
    if not _FORM.fullmatch(request.headers.get("content-type", "").strip()):
        raise BadInput("A form is sent as a form", code="request.content_type")
    body = await limited_body(request, most)
    try:
        pairs = parse_qsl(
            body.decode(), keep_blank_values=True, errors="strict", max_num_fields=MAX_FIELDS
        )
    except ValueError:
        raise BadInput("The form cannot be read", code="request.malformed") from None
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise BadInput("The form has a field twice", code="request.malformed")
    return fields


Fields = Annotated[Mapping[str, str], Depends(read_form)]
LongFields = Annotated[Mapping[str, str], Depends(read_long_form)]


def require_own_form(request: Request, fields: Mapping[str, str], secret: str) -> None:
    """Take forms from our own pages only.

    Raises:
        NotPermitted: code `form.foreign`.
    """
    came = request.headers.get("sec-fetch-site", "same-origin")
    key = fields.get(FORM_KEY, "").encode("utf-8", "replace")
    if came != "same-origin" or not hmac.compare_digest(key, form_key(secret).encode()):
        raise NotPermitted("Load the page again and send the form from it", code="form.foreign")


def person(request: Request, site: TheSite, gate: TheGate) -> Principal:
    """Find whose browser this is.

    Raises:
        NotSignedIn: nobody's, or no longer.
    """
    secret = session_secret(gate, request)
    if secret is None:
        raise NotSignedIn("Sign in first", code="token.missing")
    return gate.admit(site, secret, Means.SESSION)


Person = Annotated[Principal, Depends(person)]


def _named(name: str, gate: Gate, request: Request) -> str:
    """Name a cookie so that, by https, no other host may set it (RFC 6265bis, `__Host-`)."""
    return f"__Host-{name}" if is_secure(gate, request) else name


def _set(response: Response, name: str, value: str, secure: bool, seconds: int | None) -> None:  # noqa: FBT001
    response.set_cookie(
        name, value, max_age=seconds, path="/", secure=secure, httponly=True, samesite="strict"
    )
