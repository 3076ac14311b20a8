"""What all commands share: `--json`, `--lang`, one place for results and one for failures."""

import functools
import inspect
import os
from collections.abc import Callable
from typing import Annotated, Any

import typer

from sandbox.cli import failure, texts
from sandbox.cli.language import Language, language_of
from sandbox.cli.terminal import Outcome, Terminal

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]
InLanguage = Annotated[
    Language | None, typer.Option("--lang", help="Language for people; else the locale's.")
]

Most = Annotated[
    int | None,
    typer.Option("--limit", min=1, help="Show at most so many; else all, page after page."),
]

Step = Callable[..., Outcome]
"""A command's body: translates its options, delegates, and returns what is to be said."""


def command(app: typer.Typer, name: str) -> Callable[[Step], Step]:
    """Make a step a command of the app, with the options that all commands have.

    A step with a parameter `terminal` is given it: for what must be said before the end.
    """

    def register(step: Step) -> Step:
        app.command(name)(_with_output_options(step))
        return step

    return register


def _with_output_options(step: Step) -> Callable[..., None]:
    parameters = inspect.signature(step).parameters
    own = [each for each in parameters.values() if each.name != "terminal"]

    @functools.wraps(step)
    def told(*, as_json: bool, lang: Language | None, **given: object) -> None:
        terminal = Terminal(lang or language_of(os.environ), json=as_json)
        if "terminal" in parameters:
            given["terminal"] = terminal
        raise typer.Exit(run(step, given, terminal))

    shared = [
        inspect.Parameter("as_json", inspect.Parameter.KEYWORD_ONLY, default=False),
        inspect.Parameter("lang", inspect.Parameter.KEYWORD_ONLY, default=None),
    ]
    kinds = {"as_json": AsJson, "lang": InLanguage}
    visible = [each.replace(kind=inspect.Parameter.KEYWORD_ONLY) for each in own]
    shared = [each.replace(annotation=kinds[each.name]) for each in shared]
    told.__signature__ = inspect.Signature([*visible, *shared])  # type: ignore[attr-defined]
    told.__annotations__ = {each.name: each.annotation for each in own} | kinds
    return told


def run(step: Step, given: dict[str, Any], terminal: Terminal) -> int:
    """Run a step and say how it went; give the exit code."""
    try:
        outcome = _outcome(step, given, terminal)
        terminal.show(outcome)
    except (typer.Exit, typer.TyperException, BrokenPipeError):
        raise
    except Exception as error:  # noqa: BLE001  (people get words, never a traceback)
        return failure.tell(terminal, error)
    return outcome.exit_code


def _outcome(step: Step, given: dict[str, Any], terminal: Terminal) -> Outcome:
    """Wait visibly for a step, unless it has things of its own to say before the end."""
    if "terminal" in given:
        return step(**given)
    with terminal.waiting(texts.WORKING):
        return step(**given)
