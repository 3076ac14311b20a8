"""`datarange policy`: what an owner does with a policy before anything is published."""

# ruff: noqa: PLC0415  (heavy imports wait for the command that needs them: --help stays quick)

from pathlib import Path
from typing import Annotated

import typer

from sandbox.cli.command import command
from sandbox.cli.terminal import Outcome

app = typer.Typer(help="Check release policies.", no_args_is_help=True)

File = Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="A policy in YAML.")]


@command(app, "check")
def check(file: File) -> Outcome:
    """Check a release policy and list every error with its line."""
    from sandbox.cli import policy_file

    return policy_file.check(file)
