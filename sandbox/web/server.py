"""How a site speaks HTTP: where it listens, with how many files, and how it stops."""

import resource
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import uvicorn
from fastapi import FastAPI

from sandbox.errors import Unavailable
from sandbox.settings import Settings

FAREWELL = 30
"""Seconds that requests under way may take after the site was told to stop."""
BACKLOG = 256
"""Connections that may wait to be taken."""

MAX_FILES = 65536
"""Files and connections that a site opens at once, where the operating system lets it."""


class HttpServer(uvicorn.Server):
    """Uvicorn, which says when it takes connections and any signal would stop it gently."""

    def __init__(self, config: uvicorn.Config, on_ready: Callable[[], None]) -> None:
        """Remember whom to tell."""
        super().__init__(config)
        self._on_ready = on_ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Take connections, then say so: earlier, Ctrl-C would tear a half-started loop."""
        for listener in sockets or ():
            # Else each reply on a kept connection waits 40 ms for the client to acknowledge its
            # head (RFC 896 meets RFC 1122, section 4.2.3.2); what is accepted inherits this.
            listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        await super().startup(sockets=sockets)
        self._on_ready()


def http_server(app: FastAPI, on_ready: Callable[[], None] = lambda: None) -> HttpServer:
    """Configure what speaks HTTP; whoever calls runs it."""
    config = uvicorn.Config(
        app,
        # Addresses in an access log name people and submissions; errors are logged by ourselves.
        access_log=False,
        log_config=None,
        log_level="warning",
        server_header=False,
        proxy_headers=False,
        lifespan="off",
        ws="none",
        timeout_graceful_shutdown=FAREWELL,
    )
    return HttpServer(config, on_ready)


@contextmanager
def listening(settings: Settings) -> Iterator[socket.socket]:
    """Take the address.

    Raises:
        Unavailable: code `site.address`.
    """
    address = (settings.host, settings.port)
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        listener = socket.create_server(address, family=family, backlog=BACKLOG)
    except OSError as cause:
        raise Unavailable(
            f"The address {settings.host}, port {settings.port}, cannot be listened on",
            code="site.address",
        ) from cause
    with listener:
        yield listener


def address(settings: Settings, listener: socket.socket) -> str:
    """Say where people find the site, with the port that was taken."""
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    return f"http://{host}:{listener.getsockname()[1]}"


def allow_many_files() -> None:
    """Let a thousand connections not take the files that the books need."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != resource.RLIM_INFINITY and soft < MAX_FILES:
        wanted = MAX_FILES if hard == resource.RLIM_INFINITY else min(MAX_FILES, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, wanted), hard))
