"""`datarange emergency`: two stewards open what an owner keeps back for emergencies."""

# ruff: noqa: PLC0415  (heavy imports wait for the command that needs them: --help stays quick)

from typing import Annotated

import typer

from sandbox.cli.command import Most, command
from sandbox.cli.terminal import Outcome, Terminal

app = typer.Typer(help="Declare and confirm emergencies.", no_args_is_help=True)

Source = Annotated[str, typer.Argument(help="A source.")]
Reason = Annotated[
    str, typer.Option("--reason", help="What has happened; those concerned read it.")
]
Hours = Annotated[int, typer.Option("--hours", min=1, help="How long, from now on.")]
Id = Annotated[str, typer.Argument(help="An emergency.")]


@command(app, "declare")
def declare(source: Source, reason: Reason, hours: Hours) -> Outcome:
    """Declare an emergency (stewards); it opens once another steward confirms it."""
    from sandbox.cli.emergency_view import emergency
    from sandbox.client import connect

    return emergency(connect().declare_emergency(source, reason, hours))


@command(app, "confirm")
def confirm(id: Id) -> Outcome:  # noqa: A002  (what people type)
    """Confirm what another steward has declared; the tranche is open from now on."""
    from sandbox.cli.emergency_view import emergency
    from sandbox.client import connect

    return emergency(connect().confirm_emergency(id))


@command(app, "list")
def list_(terminal: Terminal, limit: Most = None) -> Outcome:
    """List emergencies; researchers see open ones, owners those of their sources."""
    from sandbox.cli.emergency_view import emergencies
    from sandbox.cli.texts import READ_SO_FAR
    from sandbox.client import connect

    with terminal.counting(READ_SO_FAR) as told:
        return emergencies(connect().emergencies(limit, told))


@command(app, "questions")
def questions(id: Id) -> Outcome:  # noqa: A002
    """List the questions that an emergency opens, ready to paste."""
    from sandbox.cli.emergency_view import questions as laid_out
    from sandbox.client import connect

    return laid_out(connect().emergency_questions(id))
