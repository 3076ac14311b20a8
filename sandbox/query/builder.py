"""Builder questions (`where`, `group_by`, `measures`), read into the same `Asked` as SQL."""

from sandbox.errors import BadInput, Place
from sandbox.model.plan import MeasureKind
from sandbox.query.asked import Asked, AskedMeasure, Named
from sandbox.query.syntax import condition
from sandbox.query.tokens import check_text
from sandbox.query.wording import shown
from sandbox.wire import MeasureMessage, Question


def asked_by_builder(question: Question) -> Asked:
    """Read the builder's fields; places name the field: `where.0`, `measures.2.column`.

    Raises:
        BadInput: a condition is not in the SQL subset, or a measure lacks or cannot have a column.
    """
    _check_length(question)
    return Asked(
        conditions=tuple(
            condition(text, f"where.{index}") for index, text in enumerate(question.where)
        ),
        group_by=tuple(
            _named(text, f"group_by.{index}") for index, text in enumerate(question.group_by)
        ),
        measures=tuple(
            _measure(measure, f"measures.{index}")
            for index, measure in enumerate(question.measures)
        ),
    )


def _check_length(question: Question) -> None:
    """Hold all conditions together to the limit of one SQL text."""
    check_text(" ".join(question.where), "where")


def _named(text: str, clause: str) -> Named:
    check_text(text, clause)
    return Named(text, Place(clause=clause), free=True)


def _measure(message: MeasureMessage, clause: str) -> AskedMeasure:
    """Read one measure; sums and means need a column, counts may have one."""
    known = ", ".join(MeasureKind)
    if message.kind not in tuple(MeasureKind):
        text = f"There is no measure {shown(message.kind)}; write one of {known}"
        raise BadInput(text, code="measure.unknown", place=Place(clause=f"{clause}.kind"))
    kind = MeasureKind(message.kind)
    if kind in {MeasureKind.SUM, MeasureKind.MEAN} and message.column is None:
        text = f"Name the column whose {kind} you want"
        raise BadInput(text, code="measure.no_column", place=Place(clause=f"{clause}.column"))
    named = () if message.column is None else (_named(message.column, f"{clause}.column"),)
    return AskedMeasure(kind, named, message.name, Place(clause=clause))
