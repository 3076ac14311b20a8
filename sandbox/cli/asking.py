"""What somebody typed becomes a question; and what limits it."""

from collections.abc import Sequence

from sandbox.client import Dataset, Query, Range
from sandbox.client.price import Number
from sandbox.errors import BadInput, Place
from sandbox.model.cost import fraction
from sandbox.wire import AccountCard, MeasureMessage, Question

KINDS = (
    "count",
    "people",
    "sum",
    "mean",
    "variance",
    "stddev",
    "covariance",
    "correlation",
    "regression",
    "ratio",
)
SEVERAL = KINDS[-4:]
"""Kinds of several columns, written with commas; of a regression the explained one first."""
IN_FORCE = "in_force"
"""State of an agreement that may pay."""


def query(
    dataset: Dataset,
    sql: str | None,
    measures: Sequence[str],
    where: Sequence[str],
    group_by: Sequence[str],
) -> Query:
    """Build a question from SQL, or from measures with filters and groups.

    Raises:
        BadInput: code `question.form`, both or neither are given; `question.measure`.
    """
    if bool(sql) == bool(measures):
        raise BadInput("Give either --sql or --measure", code="question.form")
    if sql and (where or group_by):
        raise BadInput("With --sql, conditions and groups stand in the SQL", code="question.form")
    question = Question(
        dataset=dataset.card.name,
        sql=sql,
        where=tuple(where),
        group_by=tuple(group_by),
        measures=tuple(_measure(index, text) for index, text in enumerate(measures)),
    )
    return Query(dataset.session, question)


def limits(range_: Range, dataset: str, agreement: str | None) -> list[AccountCard]:
    """Read what limits the agreement that would pay; nothing where it is not clear which one."""
    cards = range_.agreements() if agreement is None else []
    could = [one.id for one in cards if one.state == IN_FORCE and dataset in one.datasets]
    named = could if agreement is None else [agreement]
    return range_.agreement_accounts(named[0]) if len(named) == 1 else []


def aimed(accuracy: str | None) -> tuple[Number | None, bool]:
    """Read `20` as a half-width, and `5%` as a share of the number's usual size.

    Raises:
        BadInput: it is no number.
    """
    if accuracy is None or not accuracy.endswith("%"):
        return accuracy, False
    return fraction(accuracy.removesuffix("%"), "accuracy") / 100, True


def _measure(index: int, text: str) -> MeasureMessage:
    kind, colon, columns = text.partition(":")
    if kind not in KINDS or (colon and not columns):
        raise BadInput(
            "A measure is count, people, or a kind with its columns: mean:COLUMN, ratio:A,B",
            code="question.measure",
            place=Place(clause=f"measures.{index}"),
        )
    column, *others = columns.split(",") if kind in SEVERAL else [columns]
    return MeasureMessage(kind, column or None, others=tuple(others))
