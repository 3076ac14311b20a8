"""`datarange agreement`: read and sign what binds both sides."""

# ruff: noqa: PLC0415  (heavy imports wait for the command that needs them: --help stays quick)

from pathlib import Path
from typing import Annotated

import typer

from sandbox.cli.command import command
from sandbox.cli.terminal import Outcome

app = typer.Typer(help="Read and sign agreements.", no_args_is_help=True)

Id = Annotated[str, typer.Argument(help="An agreement.")]
Key = Annotated[Path | None, typer.Option("--key", help="The key that you applied with.")]


@command(app, "list")
def list_() -> Outcome:
    """List agreements with their budgets."""
    from sandbox.cli.contracts import agreements
    from sandbox.client import connect

    return agreements(connect().agreements())


@command(app, "show")
def show(id: Id) -> Outcome:  # noqa: A002  (what people type)
    """Show an agreement's text, signatures and budget."""
    from sandbox.cli.contracts import agreement
    from sandbox.client import connect

    return agreement(connect().agreement(id))


@command(app, "sign")
def sign(id: Id, key: Key = None) -> Outcome:  # noqa: A002  (what people type)
    """Check the site's signature and add yours; the budget opens."""
    from sandbox.cli.contracts import agreement
    from sandbox.client import connect

    return agreement(connect().sign(id, key=key))
