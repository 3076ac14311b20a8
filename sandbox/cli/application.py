"""`datarange application`: ask for conditional-open data, and answer those who ask."""

# ruff: noqa: PLC0415  (heavy imports wait for the command that needs them: --help stays quick)

from typing import Annotated

import typer

from sandbox.cli.applying import Revision
from sandbox.cli.command import Most, command
from sandbox.cli.terminal import Outcome, Terminal

app = typer.Typer(help="Apply for a dataset; decide on applications.", no_args_is_help=True)

Id = Annotated[str, typer.Argument(help="An application.")]
Grant = Annotated[bool, typer.Option("--grant/--refuse", help="The decision.")]
Reason = Annotated[str, typer.Option("--reason", help="Why; the applicant reads it.")]
Overdue = Annotated[bool, typer.Option("--overdue", help="Only what nobody answered in time.")]


@command(app, "list")
def list_(terminal: Terminal, *, overdue: Overdue = False, limit: Most = None) -> Outcome:
    """List your applications; all of them for a steward; what is late for an auditor too."""
    from sandbox.cli import application_view
    from sandbox.cli.texts import READ_SO_FAR
    from sandbox.client import connect

    with terminal.counting(READ_SO_FAR) as told:
        if overdue:
            return application_view.overdue(connect().overdue(limit, told))
        return application_view.applications(connect().applications(limit, told))


@command(app, "show")
def show(id: Id) -> Outcome:  # noqa: A002  (what people type)
    """Show an application in full: where it stands, and who has to do what next."""
    from sandbox.cli.application_view import application
    from sandbox.client import connect

    return application(connect().application(id))


@command(app, "decide")
def decide(id: Id, *, grant: Grant, reason: Reason, revision: Revision = None) -> Outcome:  # noqa: A002
    """Grant or refuse an application (stewards); a grant offers an agreement."""
    from sandbox.cli.contracts import decided
    from sandbox.client import connect

    return decided(connect().decide(id, grant, reason, revision=revision))


@command(app, "erase")
def erase(id: Id) -> Outcome:  # noqa: A002
    """Delete the papers of a refused application (stewards); the ledger stays."""
    from sandbox.cli.records import erased
    from sandbox.client import connect

    return erased(connect().erase(f"application/{id}"))
