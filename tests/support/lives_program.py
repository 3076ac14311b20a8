"""A site of many lives, each a fork of this process, all behind one socket.

Usage: lives_program.py FOLDER [BOOKS]. Everything is imported once, so that a life begins within a
tenth of a second. The socket outlives them all: who comes between two lives waits for the next.
Nothing of a site is touched before a fork, for threads would not survive it.

The address is printed first. Orders are lines on standard input. `live` starts a life, `live STEP`
one that kills itself when an answer has passed the step, `live STEP COUNT` when so many have: each
prints `born PID` when it takes connections. `bury` waits until it has ended and prints `dead`.

So that a debit is given back, a life that ends at that step has one place to compute in, nobody may
wait for it, and whoever has it keeps it.
"""

import os
import signal
import socket
import sys
import threading
from dataclasses import replace
from pathlib import Path

from sandbox.assembly import create_app, http_server, open_site, sole_user
from sandbox.engines.local import LocalEngine
from sandbox.flow.found import found  # what a life imports later, imported once for all
from sandbox.model.step import Step
from sandbox.settings import Settings
from sandbox.store import postgres
from sandbox.web import app, uploads

IMPORTED = (found, postgres, app, uploads)


class Executioner:
    """Kills its own process when enough answers have passed a step."""

    def __init__(self, step: Step, count: int) -> None:
        self._step = step
        self._left = count
        self._lock = threading.Lock()

    def passed(self, step: Step) -> None:
        """Count down."""
        if step is Step.PLACED and self._step is Step.CANCELLED:
            threading.Event().wait()
        with self._lock:
            self._left -= step is self._step
            if self._left == 0:
                os.kill(os.getpid(), signal.SIGKILL)


def say(line: str) -> None:
    """Tell the test, from whichever process."""
    os.write(sys.stdout.fileno(), f"{line}\n".encode())


def live(settings: Settings, listener: socket.socket, order: list[str]) -> None:
    """Serve until killed."""
    with sole_user(settings.data):
        site = open_site(settings)
        if order:
            step, count = Step(order[0]), int(order[1]) if order[1:] else 1
            site = replace(site, onlooker=Executioner(step, count))
            if step is Step.CANCELLED:
                engine = LocalEngine(settings.data / "snapshots", running=1, waiting=0)
                site = replace(site, engine=engine)
        born = f"born {os.getpid()}"
        server = http_server(create_app(settings, site), lambda: say(born))
        server.run(sockets=[listener])


def main(folder: str, books: str | None = None) -> None:
    """Follow orders until there are no more."""
    settings = Settings(Path(folder), books=books)
    child = 0
    with socket.create_server(("127.0.0.1", 0), backlog=1024) as listener:
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
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
