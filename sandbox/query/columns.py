"""Finds the column that a name means, in the public schema alone."""

from collections.abc import Iterable
from difflib import get_close_matches

from sandbox.errors import BadInput
from sandbox.model.names import MAX_NAME, ColumnName
from sandbox.model.schema import Column, Schema
from sandbox.query.asked import Named
from sandbox.query.wording import shown


def known_name(named: Named, schema: Schema) -> ColumnName | None:
    """Give the schema's spelling of a name: exact first, else the only one but for case.

    Open and closed columns and the unit are all known; None means that none fits.

    Raises:
        BadInput: `column.ambiguous`, several fit but for case.
    """
    names = _names(schema)
    if named.text in names:
        return ColumnName(named.text)
    folded = named.text.casefold()
    fitting = [name for name in names if name.casefold() == folded]
    if len(fitting) > 1:
        message = f"{shown(named.text)} may mean {_listed(fitting)}; write one of these exactly"
        raise BadInput(message, code="column.ambiguous", place=named.place)
    return fitting[0] if fitting else None


def open_column(named: Named, schema: Schema) -> Column:
    """Give the open column of this name.

    Raises:
        BadInput: `column.unknown`, `column.ambiguous` or `column.closed`.
    """
    name = known_name(named, schema)
    if name is None:
        raise BadInput(_unknown(named, schema), code="column.unknown", place=named.place)
    column = schema.find(name)
    if column is None:
        message = f"Column {shown(name)} is not open to questions"
        raise BadInput(message, code="column.closed", place=named.place)
    return column


def _names(schema: Schema) -> tuple[ColumnName, ...]:
    """Give every name of the schema once."""
    opened = (column.name for column in schema.columns)
    return tuple(dict.fromkeys((*opened, schema.unit, *sorted(schema.closed))))


def _unknown(named: Named, schema: Schema) -> str:
    """Say that there is no such column, and which open ones look like it."""
    opened = {column.name.casefold(): column.name for column in schema.columns}
    close = get_close_matches(named.text[:MAX_NAME].casefold(), opened)
    hint = f"; did you mean {_listed(opened[name] for name in close)}?" if close else ""
    return f"There is no column {shown(named.text)}{hint}"


def _listed(names: Iterable[str]) -> str:
    return ", ".join(shown(name) for name in names)
