"""`datarange catalogue`: find records, hand lists in, compile them, open and download data."""

# ruff: noqa: PLC0415  (heavy imports wait for the command that needs them: --help stays quick)

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from sandbox.cli import listing_texts as words
from sandbox.cli import texts
from sandbox.cli.command import Most, command
from sandbox.cli.terminal import Outcome, Terminal, printable
from sandbox.errors import BadInput, Place

app = typer.Typer(help="Find records, and keep the catalogue.", no_args_is_help=True)

Openness = Annotated[str | None, typer.Option("--openness", help="unconditional, conditional, ...")]
Grade = Annotated[str | None, typer.Option("--grade", help="L1 to L4.")]
Owner = Annotated[str | None, typer.Option("--owner", help="The body that answers for it.")]
State = Annotated[str | None, typer.Option("--state", help="catalogued, collected or opened.")]
After = Annotated[str | None, typer.Option("--after", help="Where the page before ended.")]
Limit = Annotated[int, typer.Option("--limit", min=1, max=500, help="Records of a page.")]
Name = Annotated[str, typer.Argument(help="A record, as owner/title.")]
Csv = Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="A catalogue in CSV.")]
File = Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="A .csv or .parquet file.")]
Policy = Annotated[
    Path, typer.Option("--policy", exists=True, dir_okay=False, help="Its policy, in YAML.")
]
Output = Annotated[Path, typer.Option("--output", "-o", dir_okay=False, help="Where to write.")]
Form = Annotated[str, typer.Option("--form", help="dcat, sheet or croissant.")]
OneRecord = Annotated[str, typer.Option("--record", help="The record to write as croissant.")]
Body = Annotated[str, typer.Option("--owner", help="A body that answers for data.")]
Reason = Annotated[str, typer.Option("--reason", help="Why; everybody reads it.")]
Keeper = Annotated[str, typer.Option("--keeper", help="Who signs in for it.")]
Parent = Annotated[str | None, typer.Option("--parent", help="The body that compiles its list.")]


@command(app, "search")
def search(  # noqa: PLR0913, PLR0917  (a search lists its filters)
    words_: Annotated[str, typer.Argument(metavar="[WORDS]", help="Words to find.")] = "",
    openness: Openness = None,
    grade: Grade = None,
    owner: Owner = None,
    state: State = None,
    after: After = None,
    limit: Limit = 20,
) -> Outcome:
    """Find records by words and classes, best first."""
    from sandbox.cli.listing_views import found
    from sandbox.client import connect

    asked = {"openness": openness, "grade": grade, "owner": owner, "state": state, "after": after}
    given = {name: value for name, value in asked.items() if value}
    return found(connect().records(words_, limit=limit, **given))


@command(app, "show")
def show(name: Name) -> Outcome:
    """Show a record: its six groups of metadata, its columns and its versions."""
    from sandbox.cli.listing_views import shown
    from sandbox.client import connect

    return shown(connect().record(name))


@command(app, "hidden")
def hidden(terminal: Terminal, limit: Most = None) -> Outcome:
    """List what is hidden of the bodies that you sign in for (owners)."""
    from sandbox.cli.listing_views import listed
    from sandbox.client import connect

    with terminal.counting(texts.READ_SO_FAR) as told:
        return listed(connect().hidden_records(limit, told))


@command(app, "import")
def import_(file: Csv, terminal: Terminal) -> Outcome:
    """Import a catalogue from CSV (owners); every fault is named with line and column."""
    from sandbox.cli.listing_views import merged
    from sandbox.client import connect

    report = None
    try:
        with terminal.errors.status("") as status:
            for said in connect().import_list(file):
                line = words.IMPORTING(terminal.language, done=said.done, total=said.total)
                if terminal.errors.is_terminal:
                    status.update(Text(line, style="dim"))
                report = said.report
    except BadInput as wrong:
        # The site never learns the file's name; whoever typed it wants to read it.
        wrong.place = replace(wrong.place or Place(), file=str(file))
        raise
    assert report is not None  # noqa: S101
    return merged(report)


@command(app, "merge")
def merge(owner: Body) -> Outcome:
    """Compile the lists of a body and of those below it (owners)."""
    from sandbox.cli.listing_views import merged
    from sandbox.client import connect

    return merged(connect().merge(owner))


@command(app, "clashes")
def clashes(terminal: Terminal, limit: Most = None) -> Outcome:
    """Show what is listed in several ways (owners)."""
    from sandbox.cli.listing_views import clashing
    from sandbox.client import connect

    with terminal.counting(texts.READ_SO_FAR) as told:
        return clashing(connect().clashes(limit, told))


@command(app, "resolve")
def resolve(name: Name, owner: Body) -> Outcome:
    """Say whose version of a record stands (the body above all of its sides)."""
    from sandbox.client import connect

    card = connect().resolve(name, owner)
    said = {"name": printable(card.name), "owner": printable(card.owner)}
    return Outcome(card, lambda lang: Text(words.RESOLVED(lang, **said)))


@command(app, "open")
def open_(file: File, policy: Policy) -> Outcome:
    """Open unconditional data for download, or a newer version of them (owners)."""
    from sandbox.client import connect

    card = connect().open_data(file, policy)
    return Outcome(
        card, lambda lang: Text(words.OPENED(lang, name=card.name, snapshot=card.current))
    )


@command(app, "withdraw")
def withdraw(name: Name, reason: Reason) -> Outcome:
    """Take down what is open for download, at once (owners); `open` opens it again."""
    from sandbox.client import connect

    card = connect().withdraw_opening(name, reason)
    return Outcome(card, lambda lang: Text(words.TAKEN_DOWN(lang, name=printable(card.name))))


@command(app, "download")
def download(name: Name, output: Output) -> Outcome:
    """Download unconditional data, as .csv or .parquet."""
    from sandbox.client import connect

    return _written(connect().download(name, output))


@command(app, "export")
def export(output: Output, form: Form = "dcat", record: OneRecord = "") -> Outcome:
    """Export the catalogue as DCAT 3 (JSON-LD) or CSV, or one record as Croissant."""
    from sandbox.client import connect

    return _written(connect().export_catalogue(output, form, record))


@command(app, "owners")
def owners(terminal: Terminal, limit: Most = None) -> Outcome:
    """List the bodies that answer for data."""
    from sandbox.cli import listing_views
    from sandbox.client import connect

    with terminal.counting(texts.READ_SO_FAR) as told:
        return listing_views.owners(connect().owners(limit, told))


@command(app, "owner")
def owner(
    name: Annotated[str, typer.Argument(help="A body that answers for data.")],
    keeper: Keeper,
    parent: Parent = None,
) -> Outcome:
    """Say who signs in for a body, and which body compiles its list (stewards)."""
    from sandbox.cli import listing_views
    from sandbox.client import connect

    return listing_views.owners([connect().add_owner(name, keeper, parent)])


def _written(file: Path) -> Outcome:
    return Outcome(
        {"written": str(file)}, lambda lang: Text(texts.WRITTEN(lang, file=printable(str(file))))
    )
