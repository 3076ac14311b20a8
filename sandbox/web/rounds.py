"""Rounds: what a server does by itself while it serves; agreements that are over are closed."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from sandbox.errors import Unavailable
from sandbox.flow.end import end_all
from sandbox.flow.site import Site
from sandbox.web.envelope import LOG

EVERY = 60.0
"""Seconds from one round to the next. Nothing comes out of what is over meanwhile."""


@contextmanager
def making_rounds(site: Site, every: float = EVERY) -> Iterator[None]:
    """Make a round at once, and one each `every` seconds until the block ends."""
    stopped = threading.Event()

    def go() -> None:
        _round(site)
        while not stopped.wait(every):
            _round(site)

    walker = threading.Thread(target=go, name="rounds", daemon=True)
    walker.start()
    try:
        yield
    finally:
        stopped.set()
        walker.join()


def _round(site: Site) -> None:
    """Close what is over; what cannot be written now is tried again in the next round."""
    try:
        end_all(site)
    except Unavailable as refused:
        LOG.error("%s at the end of an agreement", refused.code)
    except Exception as fault:  # noqa: BLE001  (a round that fails must not be the last one)
        # Not logged with its text, as in the envelope.
        LOG.error("internal %s at the end of an agreement", type(fault).__name__)
