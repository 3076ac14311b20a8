"""Waiting for one's turn: a site rehearses no program while another one runs or waits."""

import sys
from collections.abc import Callable
from time import monotonic, sleep
from typing import TypeVar

from sandbox.errors import Unavailable

T = TypeVar("T")
Waited = Callable[[float], None]
"""Is told, every few seconds, how many seconds have passed so far."""
TAKEN = "engine.rehearsal"
"""What a site says meanwhile."""
STEP = 2.0
"""Seconds from one try to the next."""
PATIENCE = 600.0
"""Seconds after which waiting ends; programs over many blocks take longer than that."""


def in_turn(tried: Callable[[], T], told: Waited | None = None) -> T:
    """Try until the site is free, and show how long that takes.

    `told` hears the seconds instead of whoever reads a terminal or notebook.

    Raises:
        Unavailable: code `engine.rehearsal_waited`, it was not free for ten minutes; any other
            error is the site's own.
    """
    line = _Line()
    try:
        return _tried(tried, told or line.show)
    finally:
        line.end()


def _tried(tried: Callable[[], T], tell: Waited) -> T:
    began = monotonic()
    while True:
        try:
            return tried()
        except Unavailable as cause:
            waited = monotonic() - began
            if cause.code != TAKEN:
                raise
            if waited >= PATIENCE:
                raise Unavailable(
                    "Other programs ran here for ten minutes, and rehearsals have the machine to "
                    "themselves; try again later",
                    code="engine.rehearsal_waited",
                ) from cause
            tell(waited)
            sleep(STEP)


class _Line:
    """One line in a terminal and under a notebook's cell; nothing in a pipe."""

    def __init__(self) -> None:
        self._open = False

    def show(self, waited: float) -> None:
        if sys.stdout.isatty() or "ipykernel" in sys.modules:
            words = f"Waiting for other programs 正在等候其他程序运行结束: {waited:4.0f} s"
            sys.stdout.write(f"\r{words} ")
            sys.stdout.flush()
            self._open = True

    def end(self) -> None:
        if self._open:
            sys.stdout.write("\n")
            self._open = False
