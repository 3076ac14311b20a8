"""A site of many lives, each a fork of this process, all behind one socket.

Usage: lives_program.py FOLDER [BOOKS]; if PROGRAMS in its environment names `runsc` or `bwrap`,
programs of strangers are run in boxes of that. Everything is imported once, so that a life begins
within a tenth of a second. The socket outlives them all: who comes between two lives waits for the
next. Nothing of a site is touched before a fork, for threads would not survive it.

The address is printed first. Orders are lines on standard input. `live` starts a life, which prints
`born PID` when it takes connections; `live kill STEP COUNT` one that kills itself when answers have
passed the step so many times; `live fill STEP COUNT` one whose disk is full from then on, until
somebody removes the file `filler`. `bury` waits until a life has ended and prints `dead`.

So that a debit is given back, a life that ends at that step has one place to compute in, nobody may
wait for it, and whoever has it keeps it.
"""

import os
import signal
import socket
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from sandbox.assembly import create_app, open_site, sole_user
from sandbox.engines.blocks import BlockEngine
from sandbox.engines.local_workers import LocalWorkers
from sandbox.flow.found import found  # what a life imports later, imported once for all
from sandbox.flow.site import Site
from sandbox.isolation.bubblewrap import Bubblewrap
from sandbox.isolation.gvisor import Gvisor
from sandbox.model.step import Step
from sandbox.settings import Settings
from sandbox.store import postgres
from sandbox.web import app, uploads
from sandbox.web.rounds import making_rounds
from sandbox.web.server import http_server

IMPORTED = (found, postgres, app, uploads)


class Fate:
    """Strikes when enough answers have passed a step."""

    def __init__(self, step: Step, count: int, strike: Callable[[], None]) -> None:
        self._step = step
        self._left = count
        self._strike = strike
        self._lock = threading.Lock()

    def passed(self, step: Step) -> None:
        """Count down."""
        if step is Step.PLACED and self._step is Step.CANCELLED:
            threading.Event().wait()
        if step is self._step:
            with self._lock:
                self._left -= 1
                if self._left == 0:
                    self._strike()


def fated(site: Site, folder: Path, what: str, step: Step, count: int) -> Site:
    """Give the site that something will befall."""
    strikes = {
        "kill": lambda: os.kill(os.getpid(), signal.SIGKILL),
        "fill": lambda: fill(folder / "filler"),
    }
    return replace(site, onlooker=Fate(step, count, strikes[what]))


def blocks(site: Site, settings: Settings) -> BlockEngine:
    """Hold programs as tests do, without a self-test at each birth."""
    program = Path(os.environ["PROGRAMS"])
    held = Gvisor(program) if program.name == "runsc" else Bubblewrap(program)
    workers = LocalWorkers(held, 2)
    return BlockEngine(settings.data / "snapshots", workers, held, site.chance)


def fill(file: Path) -> None:
    """Write until there is no room on the disk."""
    with file.open("wb", buffering=0) as filler, suppress(OSError):
        while True:
            filler.write(bytes(2**20))


def say(line: str) -> None:
    """Tell the test, from whichever process."""
    os.write(sys.stdout.fileno(), f"{line}\n".encode())


def live(settings: Settings, listener: socket.socket, order: list[str]) -> None:
    """Serve until killed."""
    if Step.CANCELLED in order:
        settings = replace(settings, max_running=1, max_waiting=0)
    with sole_user(settings.data):
        site = open_site(settings)
        if "PROGRAMS" in os.environ:
            site = replace(site, blocks=blocks(site, settings))
        if order:
            what, step, count = order
            site = fated(site, settings.data, what, Step(step), int(count))
        born = f"born {os.getpid()}"
        server = http_server(create_app(settings, site), lambda: say(born))
        with making_rounds(site):
            server.run(sockets=[listener])


def main(folder: str, books: str | None = None) -> None:
    """Follow orders until there are no more."""
    settings = Settings(Path(folder), books=books)
    child = 0
    with socket.create_server(("127.0.0.1", 0), backlog=1024) as listener:
        say(f"http://127.0.0.1:{listener.getsockname()[1]}")
        for line in sys.stdin:
            match line.split():
                case ["live", *order]:
                    child = os.fork()
                    if child == 0:
                        live(settings, listener, order)
                        os._exit(1)
                case ["bury"]:
                    os.waitpid(child, 0)
                    child = 0
                    say("dead")
                case _:
                    sys.exit(f"not an order: {line}")
    if child:
        os.kill(child, signal.SIGKILL)


main(*sys.argv[1:])
