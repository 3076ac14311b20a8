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
from typing import Any

from sandbox.cli.demo.folder import Folder
from sandbox.errors import Place, Unavailable

START = 60.0
"""Seconds that a site may take to answer; importing OpenDP alone can take 6."""
STOP = 15.0
"""Seconds that a site may take to stop before it is killed."""


@dataclass(slots=True)
class Hosted:
    """A site that answers."""

    url: str
    tokens: Mapping[str, str]
    """By role, on the first start; empty later."""
    process: subprocess.Popen[str]

    def stop(self) -> int:
        """Stop it the way Ctrl-C does; give its exit code."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        return self.process.wait(STOP)


@contextmanager
def hosted(folder: Folder, command: Sequence[str]) -> Iterator[Hosted]:
    """Run `python COMMAND` until the block ends; it prints one JSON line when it is ready.

    Raises:
        Unavailable: code `demo.site`; it did not start, and its log says why.
    """
    with folder.log.open("ab") as log:
        leash = [sys.executable, "-m", "sandbox.cli.demo.leash", str(os.getpid())]
        process = subprocess.Popen(  # noqa: S603  (our own program)
            [*leash, sys.executable, *command],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            env=environment(folder),
            # In a session of its own Ctrl-C reaches the demo alone, which then stops the site.
            start_new_session=True,
        )
    try:
        ready = _first_line(process, folder.log)
        yield Hosted(ready["url"], ready["tokens"], process)
    finally:
        _end(process)


def environment(folder: Folder, **more: str) -> dict[str, str]:
    """Give child processes our environment, without anybody's real site, and the folder's tmp."""
    inherited = {
        key: value for key, value in os.environ.items() if not key.startswith("DATARANGE_")
    }
    return inherited | {"TMPDIR": str(folder.temporary), "PYTHONUTF8": "1"} | more


def _first_line(process: subprocess.Popen[str], log: Path) -> dict[str, Any]:
    assert process.stdout is not None  # noqa: S101  (it is a pipe, see above)
    with selectors.DefaultSelector() as selector:
        selector.register(process.stdout, selectors.EVENT_READ)
        line = process.stdout.readline() if selector.select(START) else ""
    try:
        return dict(json.loads(line))
    except ValueError:
        raise Unavailable(
            "The demo's site did not start; its log says why",
            code="demo.site",
            place=Place(file=str(log)),
        ) from None


def _end(process: subprocess.Popen[str]) -> None:
    if process.poll() is None:
        process.terminate()
    try:
        process.wait(STOP)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    if process.stdout:
        process.stdout.close()
