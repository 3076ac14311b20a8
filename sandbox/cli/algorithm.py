"""`datarange algorithm`: run a program of one's own beside the data."""

# ruff: noqa: PLC0415  (heavy imports wait for the command that needs them: --help stays quick)

from enum import StrEnum
from math import ceil
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sandbox.cli.command import command
from sandbox.cli.terminal import Outcome, Terminal

if TYPE_CHECKING:
    from sandbox.client import Submission

app = typer.Typer(
    help="Run a program of your own beside the data; only noised statistics come out.",
    no_args_is_help=True,
)


class FrameName(StrEnum):
    """What a program is given; `sandbox.model.program.Frame`, without its imports."""

    POLARS = "polars"
    PANDAS = "pandas"


File = Annotated[
    Path, typer.Argument(exists=True, dir_okay=False, help="The program, sent as the file is.")
]
Function = Annotated[
    str, typer.Option("--function", help="Takes one block of rows, returns a dict of outputs.")
]
Dataset = Annotated[str, typer.Option("--dataset", help="A dataset, as owner/title.")]
Outputs = Annotated[
    list[str],
    typer.Option(
        "--outputs",
        help="NAME=LOW:HIGH, or with more: NAME=-1:1,shape=2x3,default=0,statistic=median; "
        "repeatable.",
    ),
]
Modules = Annotated[
    list[Path],
    typer.Option("--module", exists=True, help="A file or package that goes along; repeatable."),
]
Frame = Annotated[FrameName, typer.Option("--frame", help="What the function is given.")]
Columns = Annotated[
    list[str], typer.Option("--columns", help="A column it is given, else all; repeatable.")
]
Blocks = Annotated[
    int | None, typer.Option("--blocks", min=1, help="Groups of people; else the site chooses.")
]
Seconds = Annotated[
    str | None, typer.Option("--seconds", help="What each block takes; else the site's usual time.")
]
Epsilon = Annotated[str | None, typer.Option("--epsilon", help="Privacy of this answer alone.")]
Rho = Annotated[str | None, typer.Option("--rho", help="The cost itself, under zcdp.")]
Agreement = Annotated[str | None, typer.Option("--agreement", help="Which one pays.")]
Purpose = Annotated[str | None, typer.Option("--purpose", help="What for; else the agreement's.")]
Wait = Annotated[bool, typer.Option("--wait/--no-wait", help="Wait for the answer.")]


@command(app, "explain")
def explain(  # noqa: PLR0913  (a program's parts)
    *,
    file: File,
    function: Function,
    dataset: Dataset,
    outputs: Outputs,
    module: Modules = [],  # noqa: B006  (typer copies it)
    frame: Frame = FrameName.POLARS,
    columns: Columns = [],  # noqa: B006
    blocks: Blocks = None,
    seconds: Seconds = None,
    epsilon: Epsilon = None,
    rho: Rho = None,
    agreement: Agreement = None,
    purpose: Purpose = None,
) -> Outcome:
    """Show a program's blocks, noise, cost and what speaks against it; free, and reads no row."""
    from sandbox.cli.algorithm_view import foretold
    from sandbox.cli.asking import limits
    from sandbox.cli.program_file import Asked, form_of
    from sandbox.client import connect

    asked = Asked(
        *(dataset, function, outputs, columns, frame.value, blocks, seconds),
        agreement=agreement,
        purpose=purpose,
        epsilon=epsilon,
        rho=rho,
    )
    form, range_ = form_of(file, module, asked), connect()
    forecast = range_.dataset(dataset).session.forecast(form)
    return foretold(forecast, limits(range_, dataset, agreement))


@command(app, "mock")
def mock(  # noqa: PLR0913
    *,
    file: File,
    function: Function,
    dataset: Dataset,
    outputs: Outputs,
    module: Modules = [],  # noqa: B006
    frame: Frame = FrameName.POLARS,
    columns: Columns = [],  # noqa: B006
    blocks: Blocks = None,
    seconds: Seconds = None,
) -> Outcome:
    """Run a program over invented rows, with everything that it says; exit code 3 if it fails."""
    from sandbox.cli.algorithm_view import tried
    from sandbox.cli.program_file import Asked, form_of
    from sandbox.client import connect

    asked = Asked(dataset, function, outputs, columns, frame.value, blocks, seconds)
    form = form_of(file, module, asked)
    return tried(connect().dataset(dataset).session.run_on_mock(form))


@command(app, "submit")
def submit(  # noqa: PLR0913
    terminal: Terminal,
    *,
    file: File,
    function: Function,
    dataset: Dataset,
    outputs: Outputs,
    module: Modules = [],  # noqa: B006
    frame: Frame = FrameName.POLARS,
    columns: Columns = [],  # noqa: B006
    blocks: Blocks = None,
    seconds: Seconds = None,
    epsilon: Epsilon = None,
    rho: Rho = None,
    agreement: Agreement = None,
    purpose: Purpose = None,
    wait: Wait = True,
) -> Outcome:
    """Pay for a program and have it run; the same one again costs nothing, and is collected."""
    from sandbox.cli.program_file import Asked, form_of
    from sandbox.client import Submission, connect

    asked = Asked(
        *(dataset, function, outputs, columns, frame.value, blocks, seconds),
        agreement=agreement,
        purpose=purpose,
        epsilon=epsilon,
        rho=rho,
    )
    form = form_of(file, module, asked)
    return _collected(terminal, Submission(connect().dataset(dataset).session, form), wait=wait)


@command(app, "environment")
def environment() -> Outcome:
    """List the libraries that a program may import, and what holds it."""
    from sandbox.cli.algorithm_view import listed
    from sandbox.client import connect

    return listed(connect().environment)


def _collected(terminal: Terminal, submission: "Submission", *, wait: bool) -> Outcome:
    """Show the answer, or until when it runs."""
    from sandbox.cli.algorithm_texts import COMES_IN
    from sandbox.cli.algorithm_view import accepted
    from sandbox.cli.answers import answered

    if not wait and submission.seconds_left:
        return accepted(submission)
    with terminal.counting(COMES_IN) as told:
        return answered(submission.wait(lambda left: told(ceil(left))))
