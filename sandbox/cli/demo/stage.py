"""Where the story is told: chapters, what people type, tables, and facts for programs."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, NoReturn

from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.rule import Rule
from rich.text import Text

from sandbox.cli import texts
from sandbox.cli.demo import narration
from sandbox.cli.demo.cast import Cast
from sandbox.cli.demo.folder import Folder
from sandbox.cli.demo.hosting import PYTHON, environment
from sandbox.cli.language import Language, Phrase
from sandbox.cli.prose import Prose
from sandbox.cli.terminal import Terminal
from sandbox.errors import DataRangeError

COLOURS = {"owner": "yellow", "steward": "magenta", "researcher": "cyan", "auditor": "green"}
INDENT = 2
"""Columns to the left of everything but headings."""


@dataclass(slots=True)
class Stage:
    """One telling; silent under `--json`, where only the facts are printed at the end."""

    terminal: Terminal
    folder: Folder
    facts: dict[str, Any] = field(default_factory=dict)
    """What happened, for programs and tests."""

    @property
    def lang(self) -> Language:
        """The reader's language."""
        return self.terminal.language

    @property
    def console(self) -> Console:
        """Where people read."""
        return self.terminal.people

    def chapter(self, number: int, title: Phrase, text: Phrase) -> None:
        """Open one of the six chapters."""
        heading = narration.CHAPTER(self.lang, number=number, title=title(self.lang))
        self.gap()
        if not self.terminal.json:
            self.console.print(Rule(Text(heading, style="bold"), align="left", style="dim"))
        self.say(text)

    def say(self, phrase: Phrase, style: str = "", **parts: object) -> None:
        """Say a sentence."""
        self.show(Prose(phrase(self.lang, **parts), style=style))

    def show(self, thing: RenderableType) -> None:
        """Show a table, a text or anything else that can be laid out."""
        if not self.terminal.json:
            self.console.print(Padding.indent(thing, INDENT))

    def gap(self) -> None:
        """Leave a line empty."""
        if not self.terminal.json:
            self.console.print()

    def typed(self, role: str, line: str, prompt: str = ">>>") -> None:
        """Show what somebody types."""
        who = texts.ROLES[role](self.lang)
        self.gap()
        self.show(Text.assemble((who, f"bold {COLOURS[role]}"), f" {prompt} ", (line, "bold")))

    @contextmanager
    def waiting(self, phrase: Phrase) -> Iterator[None]:
        """Show that something takes a while."""
        if self.terminal.json or not self.console.is_terminal:
            yield
            return
        with self.console.status(Text(phrase(self.lang), style="dim")):
            yield

    def command(self, role: str, cast: Cast | None, *words: str) -> int:
        """Type a command and run it for real, with the cast's site or with none; give its exit."""
        self.typed(role, f"datarange {' '.join(map(_quoted, words))}", prompt="$")
        who = cast.environment_of(role) if cast else {}
        with self.waiting(narration.RUNNING):
            finished = subprocess.run(  # noqa: S603  (our own program)
                [*PYTHON, "-m", "sandbox.cli.main", *words, "--lang", self.lang.value],
                cwd=self.folder.root,
                env=environment(self.folder, **self._look(), **who),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                encoding="utf-8",
                check=False,
            )
        self.show(Text.from_ansi(finished.stdout.rstrip("\n")))
        return finished.returncode

    def _look(self) -> dict[str, str]:
        """Have a child write as wide and as colourful as we do."""
        look = {"COLUMNS": str(self.console.width - INDENT), "PYTHONIOENCODING": "utf-8"}
        if self.console.is_terminal and "NO_COLOR" not in os.environ:
            look["FORCE_COLOR"] = "1"
        return look


def expect(wanted: int, code: int) -> None:
    """Stop the story if a command did not end as told.

    Raises:
        DataRangeError: code `demo.broken`.
    """
    if code != wanted:
        broken(f"a command ended with exit code {code} instead of {wanted}")


def broken(what: str) -> NoReturn:
    """Stop the story: the product did not do what the story says.

    Raises:
        DataRangeError: code `demo.broken`.
    """
    raise DataRangeError(f"The demo does not hold: {what}", code="demo.broken")


def _quoted(word: str) -> str:
    """Quote for a reader; `shlex.quote` would quote Chinese too."""
    return f'"{word}"' if " " in word or not word.isascii() else word
