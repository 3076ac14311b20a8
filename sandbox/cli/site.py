"""`datarange site`: the site's own key, for whoever has its folder."""

# ruff: noqa: PLC0415  (heavy imports wait for the command that needs them: --help stays quick)

import typer
from rich.text import Text

from sandbox.cli import texts
from sandbox.cli.command import command
from sandbox.cli.language import Language
from sandbox.cli.operation import Books, Site
from sandbox.cli.terminal import Outcome

app = typer.Typer(help="Look after the site itself.", no_args_is_help=True)


@command(app, "rekey")
def rekey(data: Site, books: Books = None) -> Outcome:
    """Give the site a new key to sign agreements with; on its machine, while it is stopped."""
    from sandbox.assembly import rekey as rekeyed_site
    from sandbox.assembly import sole_user
    from sandbox.settings import Settings

    with sole_user(data):
        done = rekeyed_site(Settings(data, books=books))

    def view(lang: Language) -> Text:
        said = Text(texts.SITE_REKEYED(lang) + "\n").append(done.key.public, "bold")
        if done.reoffered:
            said.append("\n" + texts.REOFFERED(lang, count=done.reoffered))
        return said

    return Outcome(
        {
            "site_key": done.key.public,
            "changes": done.key.changes,
            "reoffered": done.reoffered,
        },
        view,
    )
