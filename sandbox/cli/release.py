"""`datarange release`: what became of an answer after it was released."""

# ruff: noqa: PLC0415  (heavy imports wait for the command that needs them: --help stays quick)

from pathlib import Path
from typing import Annotated

import typer

from sandbox.cli.command import command
from sandbox.cli.terminal import Outcome

app = typer.Typer(help="Trace released answers to their agreements.", no_args_is_help=True)

Saved = Annotated[
    Path, typer.Argument(exists=True, dir_okay=False, help="An answer's JSON, as it was saved.")
]
Export = Annotated[
    Path | None,
    typer.Option(
        "--export",
        exists=True,
        file_okay=False,
        help="Look in this export of the ledger, not at the site; `audit verify` checks it.",
    ),
]


@command(app, "trace")
def trace(file: Saved, export: Export = None) -> Outcome:
    """Say which agreement an answer was released under (owners, stewards, auditors)."""
    from sandbox.cli.records import traced

    saved = file.read_bytes()
    if export is None:
        from sandbox.client import connect

        return traced(connect().trace(saved))
    from sandbox.ledger.tiles import read_export
    from sandbox.ledger.trace import digest_of
    from sandbox.ledger.trace import trace as trace_in

    return traced(trace_in(read_export(export), digest_of(saved)))


@app.callback()
def release() -> None:
    """Keep `trace` a subcommand, though it is the only one."""
