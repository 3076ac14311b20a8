"""Reads WITH, which in this subset does one thing: it makes rows into people.

`WITH name AS (SELECT person, aggregates AS names FROM dataset [WHERE conditions] GROUP BY person)
SELECT ... FROM name ...`
"""

from typing import NoReturn

from sqlglot import exp

from sandbox.errors import BadInput
from sandbox.model.names import DatasetName
from sandbox.model.plan import PersonKind
from sandbox.query.asked import AskedPeople, AskedPerson, Named
from sandbox.query.clauses import check_dataset, column_named, conditions_of, operand
from sandbox.query.syntax import Parsed
from sandbox.query.wording import PEOPLE_FIRST, shown

_KINDS: dict[type[exp.Expr], PersonKind] = {
    exp.Count: PersonKind.PRESENT,
    exp.Sum: PersonKind.SUM,
    exp.Min: PersonKind.LEAST,
    exp.Max: PersonKind.GREATEST,
    exp.AnyValue: PersonKind.ONLY,
}


def people_in(parsed: Parsed, select: exp.Select, dataset: DatasetName) -> AskedPeople | None:
    """Read the step before a SELECT, if there is one; FROM then names its table.

    Whether it groups by the person is seen when it is compiled, where the unit is known.

    Raises:
        BadInput: it is anything else; with line and column.
    """
    clause = select.args.get("with_")
    if clause is None:
        return None
    parsed.refuse_parts(clause, "expressions")
    (step, *more) = clause.expressions
    if more:
        _refuse(parsed, more[0])
    parsed.refuse_parts(step, "this", "alias")
    inner = step.this
    if not isinstance(inner, exp.Select) or step.args["alias"].args.get("columns"):
        _refuse(parsed, step)
    parsed.refuse_parts(inner, "expressions", "from_", "where", "group")
    group = inner.args.get("group")
    if group is None or len(group.expressions) != 1:
        _refuse(parsed, clause)
    check_dataset(parsed, inner, dataset)
    _check_source(parsed, select, step.alias)
    parsed.refuse_parts(group, "expressions")
    person = column_named(parsed, group.expressions[0])
    columns = [_column(parsed, node) for node in inner.expressions]
    return AskedPeople(
        conditions=conditions_of(parsed, inner),
        columns=tuple(one for one in columns if one is not None),
        place=parsed.place(inner),
        by=(person, *_bare(parsed, inner)),
    )


def _bare(parsed: Parsed, inner: exp.Select) -> tuple[Named, ...]:
    """Give the columns that are selected as they are: the person's, and no other."""
    return tuple(column_named(parsed, one) for one in inner.expressions if _is_bare(one))


def _is_bare(node: exp.Expr) -> bool:
    return isinstance(node, exp.Column)


def _column(parsed: Parsed, node: exp.Expr) -> AskedPerson | None:
    """Read one aggregate with its name; a bare column is none."""
    if _is_bare(node):
        return None
    if not isinstance(node, exp.Alias):
        message = "Name what a person's rows are made into: SUM(column) AS name"
        raise BadInput(message, code="people.unnamed", place=parsed.place(node))
    parsed.refuse_parts(node, "this", "alias")
    aggregate = node.this
    kind = _KINDS.get(type(aggregate))
    if kind is None:
        _refuse(parsed, aggregate)
    parsed.refuse_parts(aggregate, "this", "big_int")
    place, argument = parsed.place(node), aggregate.this
    if kind is PersonKind.PRESENT and isinstance(argument, exp.Star):
        return AskedPerson(PersonKind.ROWS, None, node.alias, place)
    if kind is PersonKind.PRESENT and isinstance(argument, exp.Distinct):
        parsed.refuse_parts(argument, "expressions")
        if len(argument.expressions) != 1:
            _refuse(parsed, argument)
        kind, argument = PersonKind.DISTINCT, argument.expressions[0]
    return AskedPerson(kind, operand(parsed, argument), node.alias, place)


def _check_source(parsed: Parsed, select: exp.Select, name: str) -> None:
    """Let FROM name the table of people, and nothing beside it."""
    source = select.args.get("from_")
    table = source.this if source else None
    if not isinstance(table, exp.Table) or table.name.casefold() != name.casefold():
        message = f"The question is about the people of WITH; write FROM {shown(name)}"
        raise BadInput(message, code="sql.with", place=parsed.place(table or select))
    parsed.refuse_parts(table, "this")


def _refuse(parsed: Parsed, node: exp.Expr) -> NoReturn:
    raise BadInput(PEOPLE_FIRST, code="sql.with", place=parsed.place(node))
