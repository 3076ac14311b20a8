"""`datarange demand`: ask for data that are not listed, and answer whoever asks."""

# ruff: noqa: PLC0415  (heavy imports wait for the command that needs them: --help stays quick)

from typing import Annotated

import typer

from sandbox.cli.command import Most, command
from sandbox.cli.terminal import Outcome, Terminal

app = typer.Typer(help="Ask for data that are not listed.", no_args_is_help=True)

Owner = Annotated[str, typer.Option("--owner", help="The body that should answer.")]
Data = Annotated[str, typer.Option("--data", help="Which data are missed; everybody reads it.")]
Use = Annotated[str, typer.Option("--use", help="What they would be used for.")]
State = Annotated[
    str | None, typer.Option("--state", help="asked, accepted, refused or open; else all.")
]
Id = Annotated[str, typer.Argument(help="A demand.")]
Answer = Annotated[str, typer.Option("--answer", help="accepted, refused or open.")]
Reason = Annotated[str, typer.Option("--reason", help="Why; a refusal needs it.")]
Record = Annotated[str | None, typer.Option("--record", help="Where the data are open already.")]


@command(app, "ask")
def ask(owner: Owner, data: Data, use: Use) -> Outcome:
    """Ask a body for data that are not listed (researchers)."""
    from sandbox.cli.listing_views import demanded
    from sandbox.client import connect

    return demanded([connect().demand(owner, data, use)])


@command(app, "list")
def list_(terminal: Terminal, state: State = None, limit: Most = None) -> Outcome:
    """Show the demand list; anybody may."""
    from sandbox.cli.listing_views import demanded
    from sandbox.cli.texts import READ_SO_FAR
    from sandbox.client import connect

    with terminal.counting(READ_SO_FAR) as told:
        return demanded(connect().demands(state, limit, told))


@command(app, "answer")
def answer(
    id: Id,  # noqa: A002  (what people type)
    answer: Answer,
    reason: Reason = "",
    record: Record = None,
) -> Outcome:
    """Answer a demand, once (the body that was asked)."""
    from sandbox.cli.listing_views import demanded
    from sandbox.client import connect

    return demanded([connect().answer_demand(id, answer, reason, record)])
