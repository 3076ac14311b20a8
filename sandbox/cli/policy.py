"""`datarange policy`: what an owner does with a policy before anything is published."""

# ruff: noqa: PLC0415  (heavy imports wait for the command that needs them: --help stays quick)

from pathlib import Path
from typing import Annotated

import typer

from sandbox.cli.command import command
from sandbox.cli.terminal import Outcome

app = typer.Typer(help="Check and preview release policies.", no_args_is_help=True)

File = Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="A policy in YAML.")]

Epsilon = Annotated[
    str | None, typer.Option("--epsilon", help="Price of one answer; else the dearest allowed.")
]
Rate = Annotated[str, typer.Option("--per-week", help="Answers a week; 0.5 is one in two weeks.")]


@command(app, "check")
def check(file: File) -> Outcome:
    """Check a release policy and list every error with its line."""
    from sandbox.cli import policy_file

    return policy_file.check(file)


@command(app, "preview")
def preview(*, file: File, epsilon: Epsilon = None, per_week: Rate = "20") -> Outcome:
    """Show what could be asked under a policy, with what error, and how long its budget lasts."""
    from sandbox.cli.policy_preview import previewed

    return previewed(file, epsilon, per_week)
