"""`datarange demo` on the command line."""

# ruff: noqa: PLC0415  (heavy imports wait for the command that needs them: --help stays quick)

import signal
from pathlib import Path
from types import FrameType
from typing import Annotated

import typer
from rich.text import Text

from sandbox.cli.terminal import Outcome, Terminal

FOLDER = Path(".demo")

Folder = Annotated[
    Path, typer.Option("--folder", help="Everything is written here, anew each time.")
]


def demo(terminal: Terminal, folder: Folder = FOLDER) -> Outcome:
    """Tell the whole story on real data: four people, one site, two minutes to read."""
    from sandbox.cli.demo.story import tell

    for ending in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(ending, _interrupt)
    return Outcome(tell(terminal, folder), lambda _: Text(""))


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    """End as after Ctrl-C, so that the site is stopped too."""
    raise KeyboardInterrupt
