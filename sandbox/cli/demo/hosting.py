"""A real site in a process of its own: started, stopped as Ctrl-C does, never left behind."""

import json
import os
import selectors
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sandbox.cli.demo.folder import Folder
from sandbox.errors import Place, Unavailable

PYTHON = (sys.executable, "-P")
"""This Python; it imports nothing from the folder where the demo happens to stand."""
START = 120.0
"""Seconds that a site may take to answer; importing OpenDP alone takes 6 on a busy machine."""
STOP = 15.0
"""Seconds that a site may take to stop before it is killed."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where a site answers."""

    url: str
    tokens: Mapping[str, str]
    """By role, on the first start, and again when they have expired."""


@dataclass(frozen=True, slots=True)
class Hosted:
    """A site's process."""

    process: subprocess.Popen[str]
    log: Path

    def ready(self) -> Address:
        """Wait until it answers.

        Raises:
            Unavailable: code `demo.site`; it does not, and its log says why.
        """
        try:
            line = json.loads(self._first_line())
            return Address(line["url"], line["tokens"])
        except (ValueError, KeyError):
            raise Unavailable(
                "The demo's site did not start; its log says why",
                code="demo.site",
                place=Place(file=str(self.log)),
            ) from None

    def begin(self) -> Address:
        """Let a process go on that waits for the end of its input (`sandbox.cli.demo.later`)."""
        if self.process.stdin:
            self.process.stdin.close()
        return self.ready()

    def stop(self) -> int:
        """Stop it the way Ctrl-C does; give its exit code."""
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(STOP)

    def end(self) -> None:
        """Stop it in any case."""
        if self.process.poll() is None:
            self.process.terminate()
        try:
            self.process.wait(STOP)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe:
                pipe.close()

    def _first_line(self) -> str:
        if self.process.stdout is None:
            return ""
        with selectors.DefaultSelector() as selector:
            selector.register(self.process.stdout, selectors.EVENT_READ)
            return self.process.stdout.readline() if selector.select(START) else ""


@contextmanager
def hosted(folder: Folder, command: Sequence[str]) -> Iterator[Hosted]:
    """Run `python COMMAND` until the block ends; it prints one JSON line when it answers."""
    leash = [*PYTHON, "-m", "sandbox.cli.demo.leash", str(os.getpid())]
    with folder.log.open("ab") as log:
        process = subprocess.Popen(  # noqa: S603  (our own program)
            [*leash, *PYTHON, *command],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            env=environment(folder),
            # In a session of its own Ctrl-C reaches the demo alone, which then stops the site.
            start_new_session=True,
        )
    site = Hosted(process, folder.log)
    try:
        yield site
    finally:
        site.end()


def environment(folder: Folder, **more: str) -> dict[str, str]:
    """Give child processes our environment, without anybody's real site, and the folder's tmp."""
    inherited = {
        key: value for key, value in os.environ.items() if not key.startswith("DATARANGE_")
    }
    return inherited | {"TMPDIR": str(folder.temporary), "PYTHONUTF8": "1"} | more
