"""`datarange dataset`: hand data in, and look at the catalogue."""

# ruff: noqa: PLC0415  (heavy imports wait for the command that needs them: --help stays quick)

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from sandbox.cli.command import Most, command
from sandbox.cli.terminal import Outcome, Terminal
from sandbox.errors import BadInput, Place

app = typer.Typer(help="Hand data in, and look at the catalogue.", no_args_is_help=True)

File = Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="A .csv or .parquet file.")]
PolicyFile = Annotated[
    Path, typer.Option("--policy", exists=True, dir_okay=False, help="Its release policy, in YAML.")
]
Policy = Annotated[
    Path, typer.Argument(exists=True, dir_okay=False, help="A release policy, in YAML.")
]
Key = Annotated[
    Path | None, typer.Option("--key", help="The owner's Ed25519 key; made if missing.")
]
Search = Annotated[str | None, typer.Option("--search", help="A word to find.")]
Name = Annotated[str, typer.Argument(help="A dataset, as owner/title.")]
Rows = Annotated[int, typer.Option("--rows", min=1, max=1000, help="How many rows to invent.")]


@command(app, "add")
def add(file: File, policy: PolicyFile, key: Key = None) -> Outcome:
    """Sign a policy and hand it in with a file; say in plain words what was dropped or changed."""
    from sandbox.cli import policy_file
    from sandbox.cli.catalogue import added
    from sandbox.cli.terms import require_meant
    from sandbox.client import connect
    from sandbox.client.signing_key import default_path, make_if_missing

    checked = policy_file.check(policy)
    if checked.exit_code:
        return checked
    range_, own = connect(), make_if_missing(key or default_path("owner"))
    terms = range_.terms(policy, own)
    require_meant(policy, terms)
    try:
        return added(range_.add_dataset(file, policy, own, terms))
    except BadInput as wrong:
        # The site never learns the files' names; whoever typed them wants to read the right one.
        blamed = policy if wrong.code.startswith(("policy.", "record.")) else file
        wrong.place = replace(wrong.place or Place(), file=str(blamed))
        raise


@command(app, "terms")
def terms(policy: Policy, key: Key = None) -> Outcome:
    """Show what `add` would sign; signs nothing, and is free."""
    from sandbox.cli import policy_file
    from sandbox.cli.terms import require_meant, terms_of
    from sandbox.client import connect
    from sandbox.client.signing_key import default_path, make_if_missing

    checked = policy_file.check(policy)
    if checked.exit_code:
        return checked
    asked = connect().terms(policy, make_if_missing(key or default_path("owner")))
    require_meant(policy, asked)
    return terms_of(policy, asked)


@command(app, "list")
def list_(terminal: Terminal, search: Search = None, limit: Most = None) -> Outcome:
    """List the catalogue."""
    from sandbox.cli.catalogue import listed
    from sandbox.cli.texts import READ_SO_FAR
    from sandbox.client import connect

    with terminal.counting(READ_SO_FAR) as told:
        return listed(connect().datasets(search, limit, told))


@command(app, "show")
def show(name: Name) -> Outcome:
    """Show a dataset's terms and columns."""
    from sandbox.cli.catalogue import shown
    from sandbox.client import connect

    return shown(connect().dataset(name).card)


@command(app, "mock")
def mock(name: Name, rows: Rows = 5) -> Outcome:
    """Show invented rows of the right shape, to develop on."""
    from sandbox.cli.catalogue import mocked
    from sandbox.client import connect

    return mocked(name, connect().dataset(name).mock(rows).rows(named=True))
