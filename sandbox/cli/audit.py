"""`datarange audit`: take the ledger home and check it without trusting the site.

All but `export` and `key` need the folder alone: no network, no site, and of this product no more
than `sandbox.ledger`.
"""

# ruff: noqa: PLC0415  (heavy imports wait for the command that needs them: --help stays quick)

import json
from enum import StrEnum
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
Out = Annotated[Path, typer.Option("--out", dir_okay=False, help="The file to write.")]
Source = Annotated[str | None, typer.Option("--source", help="Tell of this source alone.")]
Delta = Annotated[
    str | None, typer.Option("--delta", help="Also read ρ as ε at this δ, as in 1e-9.")
]
Zone = Annotated[str, typer.Option("--timezone", help="Where people work, as in Asia/Shanghai.")]
Hours = Annotated[str, typer.Option("--hours", help="When they work, Monday to Friday.")]


class CuratorType(StrEnum):
    """What an owner is, as the registry tells them apart."""

    GOVERNMENT = "Government"
    INDUSTRY = "Industry"
    NONPROFIT = "Nonprofit"


Curator = Annotated[
    CuratorType | None,
    typer.Option("--curator-type", help="What the owners are; the registry requires it."),
]
Region = Annotated[str | None, typer.Option("--region", help="Where the data are from.")]
Sector = Annotated[str | None, typer.Option("--sector", help="Industry, in the registry's words.")]
OptionalKey = Annotated[
    str | None,
    typer.Option("--key", help="Verify the ledger first, and write nothing if it fails."),
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


@command(app, "report")
def report(  # noqa: PLR0913, PLR0917  (options, all of them named)
    terminal: Terminal,
    folder: Folder,
    key: Key,
    out: Out,
    source: Source = None,
    delta: Delta = None,
    zone: Zone = "UTC",
    hours: Hours = "8-20",
) -> Outcome:
    """Write one page with verdict, budgets, refusals and claims; exit code 8 if not verified."""
    from sandbox.cli.report.choices import Choices, implied, working_hours
    from sandbox.cli.report.files import write_whole
    from sandbox.cli.report.page import page
    from sandbox.cli.report.reading import read_through

    vkey, at = _key_text(key), implied(delta)
    audited = read_through(folder, vkey, working_hours(zone, hours), source)
    choices = Choices(terminal.language, vkey, zone, at, source)
    write_whole(out, [page(audited, choices)])
    return _written(out, verified=audited.report.verified)


@command(app, "registry")
def registry(
    folder: Folder,
    out: Out,
    key: OptionalKey = None,
    curator_type: Curator = None,
    region: Region = None,
    sector: Sector = None,
) -> Outcome:
    """Write each release as a record of the OpenDP deployments registry, in JSON.

    `REGISTRY.md` beside the code says which fields no ledger can fill.
    """
    from sandbox.cli.report.files import write_whole
    from sandbox.cli.report.reading import parsed_entries, require_verified
    from sandbox.cli.report.registry import Known, as_json
    from sandbox.cli.report.registry import registry as records

    if key is not None:
        require_verified(folder, _key_text(key))
    known = Known(curator_type.value if curator_type else None, region, sector)
    write_whole(out, as_json(records(parsed_entries(folder), known)))
    return _written(out)


def _written(file: Path, *, verified: bool = True) -> Outcome:
    """Say where the file is; an unverified ledger is said to be so, here too."""
    from sandbox.errors import NotVerified

    said = texts.WRITTEN if verified else texts.WRITTEN_UNVERIFIED
    return Outcome(
        {"file": str(file), "verified": verified},
        lambda lang: Text(
            said(lang, file=printable(str(file))), style="" if verified else "bold red"
        ),
        0 if verified else NotVerified.exit_code,
    )


def _key_text(given: str) -> str:
    """Take the key itself, or read it from the file of this name."""
    file = Path(given)
    try:
        return file.read_text(encoding="ascii").strip() if file.is_file() else given
    except (OSError, ValueError):
        return given
