"""`datarange agreement`: read, sign, end and report on what binds both sides."""

# ruff: noqa: PLC0415  (heavy imports wait for the command that needs them: --help stays quick)

from pathlib import Path
from typing import Annotated

import typer

from sandbox.cli.command import Most, command
from sandbox.cli.terminal import Outcome, Terminal

app = typer.Typer(help="Read, sign and end agreements; report on your use.", no_args_is_help=True)

Id = Annotated[str, typer.Argument(help="An agreement.")]
Statement = Annotated[
    str, typer.Option("--statement", help="What you have deleted, returned or kept, and how.")
]
Use = Annotated[
    str, typer.Option("--statement", help="What you used the results for: publications, others.")
]
Key = Annotated[Path | None, typer.Option("--key", help="The key that you applied with.")]

Out = Annotated[
    Path | None,
    typer.Option("--out", dir_okay=False, help="Save it here, for `datarange audit certificate`."),
]


@command(app, "list")
def list_(terminal: Terminal, limit: Most = None) -> Outcome:
    """List agreements: state, budget, and until when feedback on use is due."""
    from sandbox.cli.contracts import agreements
    from sandbox.cli.texts import READ_SO_FAR
    from sandbox.client import connect

    with terminal.counting(READ_SO_FAR) as told:
        return agreements(connect().agreements(limit, told))


@command(app, "show")
def show(id: Id) -> Outcome:  # noqa: A002  (what people type)
    """Show an agreement's text and budget; a researcher sees every limit of today."""
    from sandbox.cli.agreements import shown
    from sandbox.client import connect

    range_ = connect()
    card = range_.agreement(id)
    is_own = range_.me.role == "researcher"
    return shown(card, range_.agreement_accounts(id) if is_own else [])


@command(app, "sign")
def sign(id: Id, key: Key = None) -> Outcome:  # noqa: A002  (what people type)
    """Check the site's signature and add yours; the budget opens."""
    from sandbox.cli.contracts import agreement
    from sandbox.client import connect

    return agreement(connect().sign(id, key=key))


@command(app, "dispose")
def dispose(id: Id, statement: Statement) -> Outcome:  # noqa: A002
    """Declare that you have disposed of the data (researchers); the agreement ends with that."""
    from sandbox.cli.agreements import disposed
    from sandbox.client import connect

    return disposed(connect().dispose(id, statement))


@command(app, "feedback")
def feedback(id: Id, statement: Use = "") -> Outcome:  # noqa: A002
    """Report on your use (researchers), or read what was reported (stewards, owners)."""
    from sandbox.cli.agreements import filed, reported
    from sandbox.client import connect

    range_ = connect()
    return filed(range_.report(id, statement)) if statement else reported(range_.feedback(id))


@command(app, "certificate")
def certificate(id: Id, out: Out = None) -> Outcome:  # noqa: A002
    """Get the disposal certificate of an agreement that has ended, and check it."""
    from sandbox.cli.records import certified
    from sandbox.client import connect

    found = connect().certificate(id)
    found.verify()
    if out is not None:
        found.save(out)
    return certified(found.message)


@command(app, "erase")
def erase(id: Id) -> Outcome:  # noqa: A002
    """Delete the papers of an agreement that is over (stewards); the ledger stays."""
    from sandbox.cli.records import erased
    from sandbox.client import connect

    return erased(connect().erase(f"agreement/{id}"))
