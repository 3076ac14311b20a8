"""`datarange source`: what may be lost of people's privacy, and the key that decides on it."""

# ruff: noqa: PLC0415  (heavy imports wait for the command that needs them: --help stays quick)

from pathlib import Path
from typing import Annotated

import typer

from sandbox.cli.command import Most, command
from sandbox.cli.terminal import Outcome, Terminal

app = typer.Typer(help="Look at sources; change their caps and keys.", no_args_is_help=True)

Name = Annotated[str, typer.Argument(help="A source; a dataset's name, if its policy names none.")]
Policy = Annotated[
    Path, typer.Argument(exists=True, dir_okay=False, help="A release policy with other caps.")
]
Key = Annotated[
    Path | None, typer.Option("--key", help="The key that the source is in the care of.")
]
NewKey = Annotated[
    Path, typer.Option("--new", help="The key that follows it; made if missing. Keep a copy.")
]
Yes = Annotated[bool, typer.Option("--yes", help="Sign without being asked.")]


@command(app, "list")
def list_(terminal: Terminal, limit: Most = None) -> Outcome:
    """List your sources; all of them for stewards and auditors."""
    from sandbox.cli.budgets import sources
    from sandbox.cli.texts import READ_SO_FAR
    from sandbox.client import connect

    with terminal.counting(READ_SO_FAR) as told:
        return sources(connect().sources(limit, told))


@command(app, "show")
def show(name: Name) -> Outcome:
    """Show a source's caps, its owner's key, and what each account has spent."""
    from sandbox.cli.budgets import source
    from sandbox.client import connect

    return source(connect().source(name))


@command(app, "cap")
def cap(terminal: Terminal, policy: Policy, key: Key = None, *, yes: Yes = False) -> Outcome:
    """Change a source's caps to a policy's, signed by the owner's key; shows them, then asks."""
    from sandbox.cli import policy_file
    from sandbox.cli.budgets import changed_caps
    from sandbox.cli.confirming import require_consent
    from sandbox.cli.terms import require_meant
    from sandbox.client import connect

    checked = policy_file.check(policy)
    if checked.exit_code:
        return checked
    range_ = connect()
    terms = range_.terms(policy, key)
    require_meant(policy, terms)
    require_consent(terminal, terms, given=yes)
    return changed_caps(range_.change_caps(policy, key, terms))


@command(app, "key")
def key(name: Name, new: NewKey, key: Key = None) -> Outcome:
    """Put a source in the care of a new key; the old one and the new one sign."""
    from sandbox.cli.budgets import changed_key
    from sandbox.client import connect

    return changed_key(connect().change_key(name, new, key))
