"""One way to a site: HTTP with a bearer token that is never shown and never sent in the clear."""

import ipaddress
import json
import re
import weakref
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, is_dataclass
from pathlib import Path
from types import GenericAlias
from typing import BinaryIO, TypeVar, cast
from urllib.parse import parse_qsl, quote, urlsplit

import httpx

from sandbox.client.replies import message_of, raise_problem
from sandbox.errors import BadInput, Unavailable

T = TypeVar("T")

API = "/api/v1"
MAX_PORT = 2**16
MAX_PAGE = 500
"""Things on one page, at most; as `sandbox.model.paging` says."""
Progress = Callable[[int], None]
"""Is told how many things there are so far."""
_HOST = re.compile(r"[\w.:-]+")
PATIENCE = httpx.Timeout(600.0, connect=10.0)
"""Seconds: an answer waits for its tick and for other writers; a connection does not."""


class Connection:
    """Sends requests to one site and turns its problems into exceptions."""

    def __init__(self, url: str, token: str | None, *, private: bool = False) -> None:
        """Check the address; nothing is sent yet. `private` is said by whoever sends a password.

        Raises:
            BadInput: code `site.url`, not an address; `site.insecure`, the token would cross a
                network unencrypted.
        """
        address = _address(url)
        on_this_machine = _is_loopback(address.host)
        if (token or private) and address.scheme != "https" and not on_this_machine:
            raise BadInput(
                "A token is sent over https only, except to this machine", code="site.insecure"
            )
        self.url = url.rstrip("/")
        self._host = address.host
        self._http = httpx.Client(
            base_url=self.url,
            headers=_authorization(token),
            timeout=PATIENCE,
            # A proxy named in the environment would read a token on its way to this machine.
            trust_env=not on_this_machine,
        )
        # Notebooks do not close things: the sockets go with the last object that needs them.
        weakref.finalize(self, self._http.close)

    def __repr__(self) -> str:
        """Show the address, never the token."""
        return f"Connection({self.url!r})"

    def get(self, kind: type[T], path: str, **query: str | int) -> T:
        """Get a message from a path below the API."""
        return message_of(kind, self.raw("GET", API + path, query=query))

    def all(
        self,
        kind: type[T],
        path: str,
        limit: int | None = None,
        told: Progress | None = None,
        **query: str,
    ) -> list[T]:
        """Get a list, page after page until its end or until there are `limit` things.

        `told` is called with the number of things there are so far. Of a link to the next page
        nothing is followed but its mark, so that a site sends nobody anywhere else.

        Raises:
            Unavailable: code `site.foreign_answer`; the pages go round in a ring.
        """
        found: list[T] = []
        asked: dict[str, str | int] = {**query}
        while limit is None or len(found) < limit:
            if limit is not None:
                asked["limit"] = min(limit - len(found), MAX_PAGE)
            reply = self._reply("GET", API + path, query=asked)
            found += message_of(
                cast("type[tuple[T, ...]]", GenericAlias(tuple, (kind, ...))), reply.content
            )
            if told is not None:
                told(len(found))
            following = _mark_of(reply)
            if following is None:
                break
            if following == asked.get("after"):
                raise Unavailable("The site's pages do not end", code="site.foreign_answer")
            asked["after"] = following
        return found[:limit]

    def post(self, kind: type[T], path: str, message: object) -> T:
        """Send a message and read the reply."""
        return message_of(kind, self.send(path, message))

    def put(self, kind: type[T], path: str) -> T:
        """Bring about what a path names, once or again, and read the reply."""
        return message_of(kind, self.raw("PUT", API + path))

    def delete(self, kind: type[T], path: str) -> T:
        """Delete what a path names and read the reply."""
        return message_of(kind, self.raw("DELETE", API + path))

    def send(self, path: str, message: object) -> bytes:
        """Send a message and give the reply's bytes as they came."""
        return self.hand_in(path, message).content

    def hand_in(self, path: str, message: object) -> httpx.Response:
        """Send a message that a site may take without having its answer yet (status 202)."""
        if not is_dataclass(message) or isinstance(message, type):
            raise TypeError("a message is a dataclass of sandbox.wire")
        return self._reply("POST", API + path, body=json.dumps(asdict(message)).encode())

    def upload(self, kind: type[T], path: str, file: Path) -> T:
        """Stream a file as a request's body.

        Raises:
            BadInput: code `file.unreadable`.
        """
        try:
            with file.open("rb") as content:
                reply = self.raw("POST", API + path, body=content)
        except OSError as cause:
            raise BadInput("The file cannot be read", code="file.unreadable") from cause
        return message_of(kind, reply)

    def raw(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, str | int] | None = None,
        body: bytes | BinaryIO | None = None,
    ) -> bytes:
        """Send one request and give the reply's body.

        Raises:
            Unavailable: code `site.unreachable`; any other error is the site's own.
        """
        return self._reply(method, path, query=query, body=body).content

    def lines(self, path: str, body: bytes) -> Iterator[bytes]:
        """Send a message and give the reply's lines as they come.

        Raises:
            Unavailable: code `site.unreachable`; any other error is the site's own.
        """
        headers = {"content-type": "application/json"}
        with (
            self._reaching(),
            self._http.stream("POST", API + path, content=body, headers=headers) as reply,
        ):
            if not reply.is_success:
                raise_problem(reply.read())
            for line in reply.iter_lines():
                yield line.encode()

    def save(self, path: str, file: Path, query: Mapping[str, str]) -> Path:
        """Write a reply to a file as it comes; a reply that breaks off leaves none.

        Raises:
            BadInput: code `file.unwritable`.
            Unavailable: code `site.unreachable`; any other error is the site's own.
        """
        part = file.with_name(f".{file.name}.part")
        try:
            with self._reaching(), self._http.stream("GET", API + path, params=query) as reply:
                if not reply.is_success:
                    raise_problem(reply.read())
                with part.open("wb") as written:
                    for block in reply.iter_bytes():
                        written.write(block)
            return part.rename(file)
        except OSError as cause:
            raise BadInput("The file cannot be written", code="file.unwritable") from cause
        finally:
            part.unlink(missing_ok=True)

    def limited(self, path: str, limit: int) -> bytes:
        """Get a file of at most `limit` bytes from a site that need not be trusted.

        Raises:
            Unavailable: code `site.foreign_answer`, it is longer; or `site.unreachable`.
        """
        content = bytearray()
        with self._reaching(), self._http.stream("GET", path) as reply:
            for block in reply.iter_bytes():
                content += block
                if len(content) > limit:
                    raise Unavailable(
                        "The site answers at greater length than the ledger's format allows",
                        code="site.foreign_answer",
                    )
        if not reply.is_success:
            raise_problem(bytes(content))
        return bytes(content)

    def _reply(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, str | int] | None = None,
        body: bytes | BinaryIO | None = None,
    ) -> httpx.Response:
        kind = "application/json" if isinstance(body, bytes) else "application/octet-stream"
        headers = {"content-type": kind} if body is not None else {}
        with self._reaching():
            reply = self._http.request(
                method, path, params=query or None, content=body, headers=headers
            )
        if not reply.is_success:
            raise_problem(reply.content)
        return reply

    @contextmanager
    def _reaching(self) -> Iterator[None]:
        try:
            yield
        except httpx.HTTPError:
            # Without the cause: it holds the request, and the request holds the token.
            raise Unavailable(
                f"No site answers at {self._host}; is it running?", code="site.unreachable"
            ) from None


def _mark_of(reply: httpx.Response) -> str | None:
    """Give the mark of the page after this one, if there is one (RFC 8288)."""
    link = reply.links.get("next", {}).get("url", "")
    return next((value for name, value in parse_qsl(urlsplit(link).query) if name == "after"), None)


def segment(text: str) -> str:
    """Escape a name for a path; slashes stay, so that a dataset's name reads as it is."""
    return quote(text, safe="/")


def _address(url: str) -> httpx.URL:
    """Read an address by the parser that will also connect to it.

    Raises:
        BadInput: code `site.url`; the message leaves the address out, which may hold a password.
    """
    try:
        address = httpx.URL(url)
    except (httpx.InvalidURL, ValueError):
        address = httpx.URL("")
    extras = address.userinfo or address.query or address.fragment
    port_fits = address.port is None or 0 < address.port < MAX_PORT
    known = address.scheme in {"http", "https"} and _HOST.fullmatch(address.host)
    if not known or extras or not port_fits:
        raise BadInput("A site's address reads http://host:port or https://host", code="site.url")
    return address


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _authorization(token: str | None) -> dict[str, str]:
    """Build the header, after a look at the token: httpx would quote a bad one in its error."""
    if token is None:
        return {}
    if not token.isascii() or not token.isprintable() or " " in token or not token:
        raise BadInput("A token has ASCII letters, digits and '-' only", code="token.malformed")
    return {"authorization": f"Bearer {token}"}
