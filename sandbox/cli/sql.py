"""`datarange sql`: teach the SQL that questions are asked in."""

import os

import typer
from rich.console import Group, RenderableType
from rich.text import Text

from sandbox.cli import sql_texts as texts
from sandbox.cli.command import command
from sandbox.cli.language import Language, language_of
from sandbox.cli.prose import Prose
from sandbox.cli.terminal import Outcome


def sql() -> Outcome:
    """Teach the SQL that questions are asked in."""
    data = {
        "rules": {name.en: rule.en for name, rule in texts.RULES},
        "examples": [example for _, example in texts.EXAMPLES],
    }
    return Outcome(data, _view)


def register(app: typer.Typer) -> None:
    """Add the command; its `--help` is the whole lesson, in the locale's language."""
    sql.__doc__ = _help(language_of(os.environ))
    command(app, "sql")(sql)


def _view(lang: Language) -> RenderableType:
    parts: list[RenderableType] = [Prose(texts.LEAD(lang)), Text()]
    for name, rule in texts.RULES:
        parts += [Text(name(lang), style="bold"), Prose(rule(lang)), Text()]
    for about, example in texts.EXAMPLES:
        parts += [Text(about(lang), style="bold"), Text(f"  {example}", style="cyan")]
    return Group(*parts)


def _help(lang: Language) -> str:
    """Write the lesson as help is written: lines stay where a backspace says so."""
    rules = (f"\b\n{name(lang)}\n  {rule(lang)}" for name, rule in texts.RULES)
    examples = (f"\b\n{about(lang)}\n  {example}" for about, example in texts.EXAMPLES)
    return "\n\n".join([texts.LEAD(lang), *rules, *examples])
