"""What surrounds every reply: security headers, and a stop for exceptions nobody expected."""

import logging

from starlette.datastructures import MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sandbox.web.problems import internal_fault, problem_response

LOG = logging.getLogger("sandbox.web")


class Envelope:
    """ASGI middleware around the whole application.

    It stands inside the framework's own error middleware, which would write a traceback, and a
    traceback quotes values.
    """

    def __init__(self, app: ASGIApp, content_policy: str) -> None:
        """Take the application and the value of `Content-Security-Policy`."""
        self._app = app
        self._headers = {
            "content-security-policy": content_policy,
            "cross-origin-opener-policy": "same-origin",
            "cross-origin-resource-policy": "same-origin",
            "permissions-policy": "camera=(), geolocation=(), microphone=()",
            "referrer-policy": "no-referrer",
            "x-content-type-options": "nosniff",
            "x-frame-options": "DENY",
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on; whatever happens, one reply goes out."""
        begun = False

        async def enveloped(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                self._seal(MutableHeaders(scope=message))
            await send(message)

        try:
            await self._app(scope, receive, enveloped)
        except ClientDisconnect:
            return
        except Exception as fault:  # noqa: BLE001  (the last stop before the network)
            # Not logged with its text: a message of a library may quote a row.
            LOG.error("internal %s", type(fault).__name__)  # noqa: TRY400
            if not begun:
                await problem_response(internal_fault())(scope, receive, enveloped)

    def _seal(self, headers: MutableHeaders) -> None:
        headers.update(self._headers)
        headers.setdefault("cache-control", "no-store")
