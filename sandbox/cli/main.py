"""`datarange`: the command line.

Exit codes are those of `sandbox.errors`, and 2 for wrong usage; the README lists them. This module
and all that it imports stay light, so that `--help` is quick; see `sandbox.cli.command`.
"""

import typer

from sandbox.cli import (
    account,
    agreement,
    algorithm,
    application,
    applying,
    audit,
    audit_files,
    dataset,
    demand,
    doctor,
    emergency,
    listing,
    operation,
    policy,
    release,
    site,
    source,
    sql,
    submission,
)
from sandbox.cli.command import command
from sandbox.cli.demo.entry import demo

app = typer.Typer(
    help="Data Range 数据靶场: ask questions of data that may not be handed over.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
operation.register(app)
doctor.register(app)
sql.register(app)
command(app, "demo")(demo)
app.add_typer(dataset.app, name="dataset")
app.add_typer(listing.app, name="catalogue")
app.add_typer(demand.app, name="demand")
app.add_typer(policy.app, name="policy")
app.add_typer(source.app, name="source")
applying.register(application.app)
app.add_typer(application.app, name="application")
app.add_typer(agreement.app, name="agreement")
app.add_typer(submission.app, name="submission")
app.add_typer(algorithm.app, name="algorithm")
app.add_typer(release.app, name="release")
app.add_typer(emergency.app, name="emergency")
app.add_typer(site.app, name="site")
app.add_typer(operation.tokens, name="token")
app.add_typer(account.app, name="account")
audit_files.register(audit.app)
app.add_typer(audit.app, name="audit")


def run() -> None:
    """Run the command that was typed; the console entry point."""
    app(prog_name="datarange")


if __name__ == "__main__":
    run()
