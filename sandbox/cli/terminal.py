"""Where a command's words go: text for people or JSON for programs, on any terminal."""

import codecs
import json
import os
import sys
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, is_dataclass
from io import TextIOWrapper
from typing import Any

from rich.console import Console, RenderableType
from rich.text import Text

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
        sys.stdout.write(json.dumps(_plain(data), ensure_ascii=not unicode) + "\n")
        sys.stdout.flush()


def printable(text: str) -> str:
    """Make text of other people's safe to show: a terminal obeys control characters."""
    return "".join(
        sign if sign == "\n" or unicodedata.category(sign) != "Cc" else "\N{REPLACEMENT CHARACTER}"
        for sign in text
    )


def _console(*, stderr: bool) -> Console:
    stream = sys.stderr if stderr else sys.stdout
    width = None if stream.isatty() or os.environ.get("COLUMNS") else PIPE_WIDTH
    return Console(stderr=stderr, highlight=False, markup=False, emoji=False, width=width)


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
