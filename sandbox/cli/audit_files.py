"""`datarange audit report` and `registry`: what an auditor files, from an exported ledger alone."""

# ruff: noqa: PLC0415  (heavy imports wait for the command that needs them: --help stays quick)

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from sandbox.cli import texts
from sandbox.cli.audit import Folder, Key
from sandbox.cli.command import command
from sandbox.cli.key_text import key_text
from sandbox.cli.terminal import Outcome, Terminal, printable

Out = Annotated[Path, typer.Option("--out", dir_okay=False, help="The file to write.")]
Source = Annotated[str | None, typer.Option("--source", help="Tell of this source alone.")]
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


def report(  # noqa: PLR0913, PLR0917  (options, all of them named)
    terminal: Terminal,
    folder: Folder,
    key: Key,
    out: Out,
    source: Source = None,
    zone: Zone = "UTC",
    hours: Hours = "8-20",
) -> Outcome:
    """Write one page with verdict, budgets, refusals and claims; exit code 8 if not verified."""
    from sandbox.cli.report.choices import Choices, working_hours
    from sandbox.cli.report.files import write_whole
    from sandbox.cli.report.page import page
    from sandbox.cli.report.reading import read_through

    vkey = key_text(key)
    with terminal.waiting(texts.WORKING):
        audited = read_through(folder, vkey, working_hours(zone, hours), source)
    choices = Choices(terminal.language, vkey, zone, source)
    write_whole(out, [page(audited, choices)])
    return _written(out, verified=audited.report.verified)


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
        require_verified(folder, key_text(key))
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


def register(app: typer.Typer) -> None:
    """Put the commands beside the other commands of `datarange audit`."""
    command(app, "report")(report)
    command(app, "registry")(registry)
