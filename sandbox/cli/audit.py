"""`datarange audit`: take the ledger home and check it without trusting the site.

`verify` and `show` need the folder alone: no network, no site, and of this product no more than
`sandbox.ledger`.
"""

# ruff: noqa: PLC0415  (heavy imports wait for the command that needs them: --help stays quick)

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from sandbox.cli import texts
from sandbox.cli.command import command
from sandbox.cli.terminal import Outcome, Terminal, printable

app = typer.Typer(help="Export the ledger and verify it offline.", no_args_is_help=True)

Folder = Annotated[Path, typer.Argument(exists=True, file_okay=False, help="An export.")]
NewFolder = Annotated[Path, typer.Argument(help="A folder that does not exist yet.")]
Key = Annotated[
    str, typer.Option("--key", help="The ledger's verifier key (C2SP), or a file that holds it.")
]


@command(app, "export")
def export(folder: NewFolder) -> Outcome:
    """Fetch the whole ledger from the site into a new folder."""
    from sandbox.client import connect

    connect().export_ledger(folder)
    return Outcome(
        {"folder": str(folder)},
        lambda lang: Text(texts.EXPORTED(lang, folder=printable(str(folder)))),
    )


@command(app, "key")
def key() -> Outcome:
    """Print the key that the site's ledger is verified with; better get it on paper."""
    from sandbox.client import connect

    card = connect().site
    return Outcome(card, lambda _: Text(card.ledger_key))


@command(app, "verify")
def verify(folder: Folder, key: Key) -> Outcome:
    """Replay every debit, release and balance of an export; exit code 8 if anything is wrong."""
    from sandbox.cli.audit_report import outcome_of
    from sandbox.ledger.verify import verify_export

    return outcome_of(verify_export(folder, _key_text(key)))


@command(app, "show")
def show(folder: Folder, terminal: Terminal) -> Outcome:
    """Print an export's entries, one JSON value a line."""
    from sandbox.ledger.tiles import read_export

    for entry in read_export(folder).entries():
        terminal.show_json(json.loads(entry))
    raise typer.Exit


def _key_text(given: str) -> str:
    """Take the key itself, or read it from the file of this name."""
    file = Path(given)
    try:
        return file.read_text(encoding="ascii").strip() if file.is_file() else given
    except (OSError, ValueError):
        return given
