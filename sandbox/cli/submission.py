"""`datarange submission`: ask questions; see their cost and error before paying."""

# ruff: noqa: PLC0415  (heavy imports wait for the command that needs them: --help stays quick)

from typing import Annotated

import typer

from sandbox.cli.command import command
from sandbox.cli.terminal import Outcome

app = typer.Typer(help="Ask questions of a dataset.", no_args_is_help=True)

Dataset = Annotated[str, typer.Argument(help="A dataset, as owner/title.")]
Sql = Annotated[str | None, typer.Option("--sql", help="The question in SQL.")]
Measures = Annotated[
    list[str],
    typer.Option(
        "--measure",
        help="count, people, mean:COLUMN, ratio:A,B, regression:Y,X1,X2 and so on; repeatable.",
    ),
]
Where = Annotated[list[str], typer.Option("--where", help="A condition in SQL; repeatable.")]
GroupBy = Annotated[list[str], typer.Option("--group-by", help="A column; repeatable.")]
Epsilon = Annotated[str | None, typer.Option("--epsilon", help="Privacy of this answer alone.")]
Rho = Annotated[str | None, typer.Option("--rho", help="The cost itself, under zcdp.")]
Agreement = Annotated[str | None, typer.Option("--agreement", help="Which one pays.")]
Purpose = Annotated[str | None, typer.Option("--purpose", help="What for; else the agreement's.")]
Emergency = Annotated[
    str | None, typer.Option("--emergency", help="An open emergency, whose tranche pays.")
]
Accuracy = Annotated[
    str | None,
    typer.Option("--accuracy", help="Instead of a price: the half-width to be had, or 5% of it."),
]
Force = Annotated[bool, typer.Option("--force", help="Ask even where noise will drown the answer.")]
Id = Annotated[str, typer.Argument(help="A submission.")]


@command(app, "explain")
def explain(  # noqa: PLR0913  (a question lists its parts)
    *,
    dataset: Dataset,
    sql: Sql = None,
    measure: Measures = [],  # noqa: B006  (typer copies it)
    where: Where = [],  # noqa: B006
    group_by: GroupBy = [],  # noqa: B006
    epsilon: Epsilon = None,
    rho: Rho = None,
    agreement: Agreement = None,
    purpose: Purpose = None,
    emergency: Emergency = None,
    accuracy: Accuracy = None,
) -> Outcome:
    """Show a question's cost, noise and limits; free, and reads no row."""
    from sandbox.cli.answers import explained
    from sandbox.cli.asking import aimed, limits, query
    from sandbox.client import connect

    range_ = connect()
    asked = query(range_.dataset(dataset), sql, measure, where, group_by)
    half_width, relative = aimed(accuracy)
    explanation = asked.explain(
        epsilon, rho, purpose, agreement, emergency, accuracy=half_width, relative=relative
    )
    # In an emergency the tranche pays, which is not the researcher's to see.
    own = limits(range_, dataset, agreement) if emergency is None else []
    return explained(explanation, own)


@command(app, "ask")
def ask(  # noqa: PLR0913
    *,
    dataset: Dataset,
    sql: Sql = None,
    measure: Measures = [],  # noqa: B006
    where: Where = [],  # noqa: B006
    group_by: GroupBy = [],  # noqa: B006
    epsilon: Epsilon = None,
    rho: Rho = None,
    agreement: Agreement = None,
    purpose: Purpose = None,
    emergency: Emergency = None,
    accuracy: Accuracy = None,
    force: Force = False,
) -> Outcome:
    """Ask a question and pay for it; the same question again costs nothing."""
    from sandbox.cli.answers import answered
    from sandbox.cli.asking import aimed, query
    from sandbox.client import connect

    asked = query(connect().dataset(dataset), sql, measure, where, group_by)
    half_width, relative = aimed(accuracy)
    answer = asked.release(
        epsilon,
        rho,
        purpose,
        agreement,
        emergency,
        accuracy=half_width,
        relative=relative,
        force=force,
    )
    return answered(answer)


@command(app, "show")
def show(id: Id) -> Outcome:  # noqa: A002  (what people type)
    """Show an answer that was paid for before; costs nothing."""
    from sandbox.cli.answers import answered
    from sandbox.client import connect

    return answered(connect().answer(id))
