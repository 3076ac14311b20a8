"""Where a command's words go: text for people or JSON for programs, on any terminal."""

import codecs
import json
import os
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, is_dataclass
from io import TextIOWrapper
from typing import Any

from rich.console import Console, ConsoleOptions, RenderableType
from rich.segment import Segment
from rich.text import Text

from policies.signs import UNSEEN, visible
from sandbox.cli.language import Language, Phrase

SPELLINGS = {
    "ε": "epsilon",
    "δ": "delta",
    "ρ": "rho",
    "±": "+/-",
    "→": "->",
    "✓": "ok",
    "✗": "x",
    "●": "*",
    "×": "x",
    "–": "-",
    "·": "-",
    "…": "...",
    "≤": "<=",
    "’": "'",
    "“": '"',
    "”": '"',
}
"""How a sign is written where the encoding lacks it."""

PIPE_WIDTH = 100
"""Columns where nobody is watching: wide enough for tables, the same in every log."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a command has to say, for programs and for people, and how it ended."""

    data: object
    """A wire message, or plain JSON values; `--json` prints it."""
    view: Callable[[Language], RenderableType]
    exit_code: int = 0


class Terminal:
    """Standard output and error of one command, in its language and form."""

    def __init__(self, language: Language, *, json: bool) -> None:
        """Make both streams safe for text that their encoding lacks."""
        codecs.register_error("datarange", _spelled)
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, TextIOWrapper):
                stream.reconfigure(errors="datarange")
        self.language = language
        self.json = json
        self.people = _console(stderr=False)
        """For what was asked for."""
        self.errors = _console(stderr=True)
        """For what went wrong, so that a pipe carries results only."""

    @contextmanager
    def waiting(self, phrase: Phrase) -> Iterator[None]:
        """Show somebody who watches that something takes a while."""
        # Asked of the stream: rich takes a pipe for a terminal where colours are forced.
        if self.json or not sys.stderr.isatty():
            yield
            return
        with self.errors.status(Text(phrase(self.language), style="dim"), spinner="line"):
            yield

    @contextmanager
    def counting(self, phrase: Phrase) -> Iterator[Callable[[int], None]]:
        """Show somebody who watches how many things have come; the phrase names their `count`."""
        if self.json or not sys.stderr.isatty():
            yield _untold
            return
        with self.errors.status(Text(phrase(self.language, count=0), style="dim")) as status:

            def told(count: int) -> None:
                status.update(Text(phrase(self.language, count=count), style="dim"))

            yield told

    def show(self, outcome: Outcome) -> None:
        """Print an outcome in the form that was asked for."""
        if self.json:
            self.show_json(outcome.data)
        else:
            view = outcome.view(self.language)
            # Plain text is left to the terminal to wrap, so that keys and paths can be copied.
            self.people.print(view, soft_wrap=isinstance(view, Text))

    def show_json(self, data: object) -> None:
        """Print one JSON value on a line of its own."""
        unicode = (sys.stdout.encoding or "").lower().startswith("utf")
        text = json.dumps(_plain(data), ensure_ascii=not unicode)
        sys.stdout.write(UNSEEN.sub(_escaped, text) + "\n")
        sys.stdout.flush()


def _untold(count: int) -> None:
    """Say nothing: nobody watches."""


def printable(text: str) -> str:
    """Make text of other people's safe to show: a terminal obeys what nobody sees.

    Carriage returns go too, for what follows one is written over the line.
    """
    return visible(text.replace("\r\n", "\n")).replace("\t", " ")


class SafeConsole(Console):
    """Shows nothing that a terminal would obey, whatever a view has forgotten to make printable."""

    def render(
        self, renderable: RenderableType, options: ConsoleOptions | None = None
    ) -> Iterator[Segment]:
        """Render, with every unseen sign of a text replaced; the console's own codes stay."""
        for text, style, control in super().render(renderable, options):
            yield Segment(text if control else visible(text), style, control)


def _console(*, stderr: bool) -> Console:
    stream = sys.stderr if stderr else sys.stdout
    width = None if stream.isatty() or os.environ.get("COLUMNS") else PIPE_WIDTH
    return SafeConsole(stderr=stderr, highlight=False, markup=False, emoji=False, width=width)


def _escaped(found: re.Match[str]) -> str:
    """Write a sign that is in a string of JSON as JSON does, for a terminal may be listening."""
    return json.dumps(found[0])[1:-1] if found[0] != "\x7f" else "\\u007f"


def _plain(data: object) -> Any:  # noqa: ANN401  (JSON has no narrower type)
    if is_dataclass(data) and not isinstance(data, type):
        return asdict(data)
    if isinstance(data, list | tuple):
        return [_plain(item) for item in data]
    return data


def _spelled(error: UnicodeError) -> tuple[str, int]:
    """Spell what cannot be encoded; a question mark stands for anything else."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    missing = error.object[error.start : error.end]
    return "".join(SPELLINGS.get(sign, "?") for sign in missing), error.end
