"""Compiles groups: which columns make the cells of an answer, and under which headings."""

from math import prod

from sandbox.errors import BadInput
from sandbox.model.names import MAX_NAME, ColumnName
from sandbox.model.schema import Column, Schema
from sandbox.query.asked import Asked, Named, Operand, Selected, place_of
from sandbox.query.columns import known_name
from sandbox.query.operands import column_of
from sandbox.query.wording import shown
from sandbox.query.workbench import Workbench
from sandbox.query.written import readable

MAX_CELLS = 100_000
"""Groups of one answer; noise is drawn, and shown, for each."""
MAX_GROUPS = 8
"""Columns to group by."""


def compile_groups(
    asked: Asked, bench: Workbench
) -> tuple[tuple[ColumnName, ...], tuple[str, ...]]:
    """Give the group columns and, in the same order, their headings.

    Raises:
        BadInput: too many columns or cells, a column or heading twice, or an output of the SELECT
            list that is not grouped by.
    """
    if len(asked.group_by) > MAX_GROUPS:
        message = f"A question groups by at most {MAX_GROUPS} columns"
        place = place_of(asked.group_by[MAX_GROUPS])
        raise BadInput(message, code="plan.too_many_groups", place=place)
    columns: list[Column] = []
    for operand in grouped(asked, bench.table):
        column = column_of(operand, bench)
        _refuse_twice(column, columns, operand)
        columns.append(column)
        _refuse_cells(columns, operand)
    names = tuple(column.name for column in columns)
    return names, _headings(asked.selected, names, bench)


def grouped(asked: Asked, schema: Schema) -> tuple[Operand, ...]:
    """Give what is grouped by, each alias replaced by what it names.

    Raises:
        BadInput: `column.ambiguous`, the name is that of a column and of another output.
    """
    return tuple(_behind_alias(operand, asked.selected, schema) for operand in asked.group_by)


def _behind_alias(operand: Operand, selected: tuple[Selected, ...], schema: Schema) -> Operand:
    if not isinstance(operand, Named):
        return operand
    folded = operand.text.casefold()
    fitting = [one for one in selected if one.alias and one.alias.casefold() == folded]
    if not fitting:
        return operand
    known = known_name(operand, schema)
    behind = fitting[0].operand
    if known is not None and isinstance(behind, Named) and known_name(behind, schema) == known:
        return operand
    if known is not None or len(fitting) > 1:
        message = f"{shown(operand.text)} may mean several columns; give the output another name"
        raise BadInput(message, code="column.ambiguous", place=operand.place)
    return behind


def _refuse_twice(column: Column, columns: list[Column], operand: Operand) -> None:
    if column in columns:
        message = f"The question groups by {shown(readable(column.name))} twice"
        raise BadInput(message, code="plan.duplicate_name", place=place_of(operand))


def _refuse_cells(columns: list[Column], operand: Operand) -> None:
    cells = prod(column.cells for column in columns)
    if cells > MAX_CELLS:
        message = f"An answer has at most {MAX_CELLS} cells; these groups make {cells}"
        raise BadInput(message, code="plan.too_many_cells", place=place_of(operand))


def _headings(
    selected: tuple[Selected, ...], names: tuple[ColumnName, ...], bench: Workbench
) -> tuple[str, ...]:
    """Name each group column as the SELECT list does, else after itself."""
    headings: dict[str, str] = {name: readable(name) for name in names}
    for one in selected:
        name = column_of(one.operand, bench).name
        if name not in headings:
            message = (
                f"{shown(readable(name))} is neither in GROUP BY nor inside an aggregate; "
                "add it to GROUP BY"
            )
            raise BadInput(message, code="sql.not_grouped", place=place_of(one.operand))
        if one.alias is not None:
            headings[name] = _fit(one)
    given = tuple(headings[name] for name in names)
    _refuse_same(given, selected)
    return given


def _fit(one: Selected) -> str:
    alias = one.alias or ""
    if not alias.isprintable() or not 0 < len(alias) <= MAX_NAME:
        message = f"A column's name in the answer has 1 to {MAX_NAME} printable characters"
        raise BadInput(message, code="plan.bad_name", place=place_of(one.operand))
    return alias


def _refuse_same(headings: tuple[str, ...], selected: tuple[Selected, ...]) -> None:
    for one in selected:
        if one.alias is not None and headings.count(one.alias) > 1:
            message = f"Two columns of the answer would be named {shown(one.alias)}; rename one"
            raise BadInput(message, code="plan.duplicate_name", place=place_of(one.operand))
