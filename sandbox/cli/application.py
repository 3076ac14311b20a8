"""`datarange application`: ask for conditional-open data, and answer those who ask."""

# ruff: noqa: PLC0415  (heavy imports wait for the command that needs them: --help stays quick)

from pathlib import Path
from typing import Annotated

import typer

from sandbox.cli.command import command
from sandbox.cli.terminal import Outcome

app = typer.Typer(help="Apply for a dataset; decide on applications.", no_args_is_help=True)

Dataset = Annotated[str, typer.Argument(help="A dataset, as owner/title.")]
Purpose = Annotated[str, typer.Option("--purpose", help="One of the policy's purposes.")]
Scenario = Annotated[str, typer.Option("--scenario", help="Where and how results will be used.")]
Safeguards = Annotated[str, typer.Option("--safeguards", help="How you will keep them safe.")]
Starts = Annotated[str, typer.Option("--starts", help="First day, as 2026-11-30.")]
Ends = Annotated[str, typer.Option("--ends", help="Last day, inclusive.")]
Key = Annotated[Path | None, typer.Option("--key", help="Your Ed25519 key; made if missing.")]
Id = Annotated[str, typer.Argument(help="An application.")]
Grant = Annotated[bool, typer.Option("--grant/--refuse", help="The decision.")]
Reason = Annotated[str, typer.Option("--reason", help="Why; the applicant reads it.")]


@command(app, "apply")
def apply(  # noqa: PLR0913  (an application lists its fields)
    *,
    dataset: Dataset,
    purpose: Purpose,
    scenario: Scenario,
    safeguards: Safeguards,
    starts: Starts,
    ends: Ends,
    key: Key = None,
) -> Outcome:
    """Apply for a dataset (researchers)."""
    from sandbox.cli.contracts import application
    from sandbox.client import connect

    return application(
        connect().apply(dataset, purpose, scenario, safeguards, starts, ends, key=key)
    )


@command(app, "list")
def list_() -> Outcome:
    """List your applications; all of them for a steward."""
    from sandbox.cli.contracts import applications
    from sandbox.client import connect

    return applications(connect().applications())


@command(app, "show")
def show(id: Id) -> Outcome:  # noqa: A002  (what people type)
    """Show an application in full: what a steward decides on."""
    from sandbox.cli.contracts import application
    from sandbox.client import connect

    return application(connect().application(id))


@command(app, "decide")
def decide(id: Id, *, grant: Grant, reason: Reason) -> Outcome:  # noqa: A002
    """Grant or refuse an application (stewards); a grant offers an agreement."""
    from sandbox.cli.contracts import decided
    from sandbox.client import connect

    return decided(connect().decide(id, grant, reason))


@command(app, "erase")
def erase(id: Id) -> Outcome:  # noqa: A002
    """Delete the papers of a refused application (stewards); the ledger stays."""
    from sandbox.cli.records import erased
    from sandbox.client import connect

    return erased(connect().erase(f"application/{id}"))
