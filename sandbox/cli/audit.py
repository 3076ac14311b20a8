"""`datarange audit`: take the ledger home, check it without trusting the site, and witness it.

`verify` and `show` of a folder need the folder alone: no network, no site, and of this product no
more than `sandbox.ledger`.
"""

# ruff: noqa: PLC0415  (heavy imports wait for the command that needs them: --help stays quick)

import json
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from sandbox.cli import texts
from sandbox.cli.command import command
from sandbox.cli.key_text import key_text
from sandbox.cli.tables import number
from sandbox.cli.terminal import Outcome, Terminal, printable


class ReviewResult(StrEnum):
    """What a review finds."""

    IN_ORDER = "in_order"
    OBJECTION = "objection"


app = typer.Typer(
    help="Export the ledger, verify it offline, witness it, review.", no_args_is_help=True
)

Folder = Annotated[Path, typer.Argument(exists=True, file_okay=False, help="An export.")]
NewFolder = Annotated[Path, typer.Argument(help="A folder that does not exist yet.")]
Source = Annotated[
    str, typer.Argument(help="An export's folder, or a running site's URL (needs DATARANGE_TOKEN).")
]
SiteUrl = Annotated[str, typer.Argument(metavar="SOURCE", help="A running site's URL.")]
Key = Annotated[
    str, typer.Option("--key", help="The ledger's verifier key (C2SP), or a file that holds it.")
]
Older = Annotated[
    list[Path] | None,
    typer.Option(
        "--older",
        exists=True,
        dir_okay=False,
        help="A checkpoint of earlier, which the ledger must still agree with; repeatable.",
    ),
]
Witnesses = Annotated[
    list[str] | None,
    typer.Option(
        "--witness",
        help="A witness's verifier key, or its file; the head must carry their co-signature. "
        "Repeatable.",
    ),
]
Witnessed = Annotated[
    bool, typer.Option("--witnessed", help="Up to the newest head that enough have co-signed.")
]
SecretKey = Annotated[
    Path, typer.Option("--key", exists=True, dir_okay=False, help="The witness's private key.")
]
NewKey = Annotated[Path, typer.Argument(help="A file that does not exist yet.")]
WitnessName = Annotated[
    str, typer.Option("--name", help="Name of the key, such as witness.example/w1.")
]
StateFile = Annotated[
    Path, typer.Option("--state", help="File that keeps the last head seen; one for each ledger.")
]
LogKey = Annotated[
    str | None,
    typer.Option(
        "--log", help="The ledger's verifier key; without it the site's first word is kept."
    ),
]

CertificateFile = Annotated[
    Path, typer.Argument(exists=True, dir_okay=False, help="A disposal certificate's JSON.")
]
Subject = Annotated[str, typer.Argument(help="ledger, source/NAME, agreement/ID or emergency/ID.")]
ReviewOutcome = Annotated[ReviewResult, typer.Option("--outcome", help="What you have found.")]
Statement = Annotated[
    str, typer.Option("--statement", help="What you looked into; the ledger commits to it.")
]


@command(app, "export")
def export(folder: NewFolder, *, witnessed: Witnessed = False) -> Outcome:
    """Fetch the whole ledger from the site into a new folder."""
    from sandbox.client import connect

    connect().export_ledger(folder, witnessed=witnessed)
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
def verify(source: Source, key: Key, older: Older = None, witness: Witnesses = None) -> Outcome:
    """Replay every debit, release and balance of a ledger; exit code 8 if anything is wrong."""
    from sandbox.cli.audit_ahead import leaves_of
    from sandbox.cli.audit_report import outcome_of
    from sandbox.cli.audit_source import open_source, signed_heads
    from sandbox.ledger.verify import Demand, verify_log

    vkey = key_text(key)
    witnesses = [key_text(one) for one in witness or ()]
    demand = Demand(signed_heads(older or (), vkey), witnesses)
    log = open_source(source, witnessed=bool(witnesses))
    return outcome_of(verify_log(log, vkey, demand, leaves_of(source, log)))


@command(app, "show")
def show(folder: Folder, terminal: Terminal) -> Outcome:
    """Print an export's entries, one JSON value a line."""
    from sandbox.ledger.tiles import read_export

    for entry in read_export(folder).entries():
        terminal.show_json(json.loads(entry))
    raise typer.Exit


@command(app, "witness-key")
def witness_key(file: NewKey, name: WitnessName) -> Outcome:
    """Make a witness's key; prints the verifier key for `datarange up` and for auditors."""
    from sandbox.client.witness_key import create

    public = create(file, name).public
    return Outcome({"file": str(file), "key": public}, lambda _: Text(public))


@command(app, "witness")
def witness(source: SiteUrl, key: SecretKey, state: StateFile, log: LogKey = None) -> Outcome:
    """Co-sign a site's head if the ledger only grew since last time; else exit code 8."""
    from sandbox.client import witness as witnessing
    from sandbox.client.log import connection_to
    from sandbox.client.witness_key import load

    secret = load(key)
    now = datetime.now(UTC)  # noqa: TID251  (the witness's own clock, on its own machine)
    log_key = None if log is None else key_text(log)
    head = witnessing.witness(connection_to(source), secret, state, now, log_key)
    return Outcome(
        {"origin": head.origin, "size": head.size, "root": head.root.hex(), "key": secret.public},
        lambda lang: Text(
            texts.COSIGNED(lang, size=number(head.size), origin=printable(head.origin))
        ),
    )


@command(app, "certificate")
def certificate(file: CertificateFile, key: Key) -> Outcome:
    """Check an agreement's disposal certificate offline; exit code 8 if it does not hold."""
    from sandbox.cli.records import certified
    from sandbox.ledger.canonical import parse
    from sandbox.ledger.certificate import verify_certificate
    from sandbox.wire import DisposalCertificate, read

    parsed = parse(file.read_bytes())
    document = parsed if isinstance(parsed, dict) else {}
    verify_certificate(document, key_text(key))
    return certified(read(DisposalCertificate, document))


@command(app, "review")
def review(subject: Subject, outcome: ReviewOutcome, statement: Statement) -> Outcome:
    """Put on record what you have found (auditors and stewards)."""
    from sandbox.cli.records import reviewed
    from sandbox.client import connect

    return reviewed(connect().review(subject, outcome.value, statement))
