"""Builder questions (`where`, `group_by`, `measures`), read into the same `Asked` as SQL."""

import re

from sandbox.errors import BadInput, Place
from sandbox.model.plan import MeasureKind, PersonKind
from sandbox.query.asked import Asked, AskedMeasure, AskedPeople, AskedPerson, Named, Selected
from sandbox.query.syntax import condition
from sandbox.query.tokens import check_text
from sandbox.query.wording import shown
from sandbox.wire import MeasureMessage, PeopleForm, Question

PERSON_KINDS = {
    "count": PersonKind.PRESENT,
    "sum": PersonKind.SUM,
    "min": PersonKind.LEAST,
    "max": PersonKind.GREATEST,
    "distinct": PersonKind.DISTINCT,
    "only": PersonKind.ONLY,
}
"""What a person's rows can be made into, as it is written; a count may be of rows, too."""


def asked_by_builder(question: Question) -> Asked:
    """Read the builder's fields; places name the field: `where.0`, `measures.2.column`.

    Raises:
        BadInput: a condition is not in the SQL subset, or a measure lacks or cannot have a column.
    """
    _check_length(question)
    groups = [_group(text, f"group_by.{index}") for index, text in enumerate(question.group_by)]
    return Asked(
        conditions=tuple(
            condition(text, f"where.{index}") for index, text in enumerate(question.where)
        ),
        group_by=tuple(one.operand for one in groups),
        measures=tuple(
            _measure(measure, f"measures.{index}")
            for index, measure in enumerate(question.measures)
        ),
        people=None if question.people is None else _people(question.people),
        selected=tuple(one for one in groups if one.alias is not None),
    )


def _people(form: PeopleForm) -> AskedPeople:
    return AskedPeople(
        conditions=tuple(
            condition(text, f"people.where.{index}") for index, text in enumerate(form.where)
        ),
        columns=tuple(
            _person(message, f"people.columns.{index}")
            for index, message in enumerate(form.columns)
        ),
        place=Place(clause="people"),
    )


def _person(message: MeasureMessage, clause: str) -> AskedPerson:
    """Read one column of people; only counts may be of no column."""
    kind = PERSON_KINDS.get(message.kind)
    if kind is None:
        text = f"A person has no {shown(message.kind)}; write one of {', '.join(PERSON_KINDS)}"
        raise BadInput(text, code="measure.unknown", place=Place(clause=f"{clause}.kind"))
    if message.others:
        text = "A person's value is made of one column"
        raise BadInput(text, code="measure.columns", place=Place(clause=f"{clause}.others"))
    if message.column is None:
        if kind is not PersonKind.PRESENT:
            text = f"Name the column whose {shown(message.kind)} you want"
            raise BadInput(text, code="measure.no_column", place=Place(clause=f"{clause}.column"))
        return AskedPerson(PersonKind.ROWS, None, message.name or "", Place(clause=clause))
    operand = _named(message.column, f"{clause}.column")
    return AskedPerson(kind, operand, message.name or "", Place(clause=clause))


def _check_length(question: Question) -> None:
    """Hold all conditions, and all else, together to the limit of one SQL text."""
    before = question.people.where if question.people else ()
    people = question.people.columns if question.people else ()
    check_text(" ".join((*before, *question.where)), "where")
    check_text(" ".join(question.group_by), "group_by")
    measured = ((one.column or "", *one.others) for one in (*people, *question.measures))
    check_text(" ".join(text for texts in measured for text in texts), "measures")


def _group(text: str, clause: str) -> Selected:
    """Read what is grouped by, and the name that `AS` gives it."""
    match = _ALIASED.fullmatch(text)
    if match is None:
        return Selected(_named(text, clause))
    quoted = match["quoted"]
    alias = match["alias"] if quoted is None else quoted.replace('""', '"')
    return Selected(_named(match["value"].strip(), clause), alias)


_ALIASED = re.compile(
    r'(?P<value>.*[\s)"])AS\s+(?:"(?P<quoted>(?:[^"]|"")+)"|(?P<alias>[^\W\d]\w*))\s*',
    re.IGNORECASE | re.DOTALL,
)
"""A value with a name of its own: `year(date) AS year`."""


def _named(text: str, clause: str) -> Named:
    check_text(text, clause)
    return Named(text, Place(clause=clause), free=True)


def _measure(message: MeasureMessage, clause: str) -> AskedMeasure:
    """Read one measure; all but counts need a column."""
    known = ", ".join(MeasureKind)
    if message.kind not in tuple(MeasureKind):
        text = f"There is no measure {shown(message.kind)}; write one of {known}"
        raise BadInput(text, code="measure.unknown", place=Place(clause=f"{clause}.kind"))
    kind = MeasureKind(message.kind)
    if kind not in {MeasureKind.COUNT, MeasureKind.PEOPLE} and message.column is None:
        text = f"Name the column whose {kind} you want"
        raise BadInput(text, code="measure.no_column", place=Place(clause=f"{clause}.column"))
    named = () if message.column is None else (_named(message.column, f"{clause}.column"),)
    others = tuple(
        _named(text, f"{clause}.others.{index}") for index, text in enumerate(message.others)
    )
    return AskedMeasure(kind, named + others, message.name, Place(clause=clause))
