"""Where a question's table is put together while it is compiled: stored columns, then derived."""

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from sandbox.model.names import ColumnName
from sandbox.model.plan import Derived
from sandbox.model.schema import FIRST_DAY, LAST_DAY, MAX_STEPS, Column, Lattice, Schema
from sandbox.model.value import Divided, Linear, Value
from sandbox.query.asked import Named
from sandbox.query.bounds import OutOfReach, range_of
from sandbox.query.columns import open_column

DERIVED = "@"
"""Begins the names of derived columns; no stored column's name does."""
USES = frozenset({"group", "filter", "measure"})
"""What a derived column may be used for; the policy judges the stored ones that it is made of."""


class Workbench:
    """The table so far. Equal values are derived once, under one name."""

    def __init__(self, schema: Schema) -> None:
        """Start with the open columns of a dataset, or of a table of people."""
        self._schema = schema
        self._derived: dict[ColumnName, Derived] = {}
        self.factors: dict[ColumnName, tuple[tuple[str, Column], ...]] = {}
        """What products are made of, each factor with its text."""

    @property
    def table(self) -> Schema:
        """Give all columns that there are by now."""
        columns = (*self._schema.columns, *(one.column for one in self._derived.values()))
        return replace(self._schema, columns=columns)

    @property
    def derived(self) -> tuple[Derived, ...]:
        """Give the derived columns, each after those that it is made of."""
        return tuple(self._derived.values())

    def column(self, named: Named) -> Column:
        """Give the column of this name.

        Raises:
            BadInput: `column.unknown`, `column.ambiguous` or `column.closed`.
        """
        return open_column(named, self._schema)

    def number(
        self, text: str, value: Value, resolution: Fraction, *, days: bool = False
    ) -> Column:
        """Derive a number: `text` is its canonical SQL, one step of it is `resolution`.

        Dates have steps of a day; those beyond the calendar are out of reach.

        Where its bounds lie beyond `MAX_STEPS` it is put on steps so much coarser, rounded to the
        nearest, that they do not: at worst by one part in 2**31 of the greatest value.

        Raises:
            OutOfReach: an integer on the way could overflow.
        """
        bounds = self.bounds(value)
        by = -(-max(map(abs, bounds)) // MAX_STEPS)
        if days and not FIRST_DAY <= bounds[0] <= bounds[1] <= LAST_DAY:
            raise OutOfReach("days lie in the years 1 to 9999")
        if by > 1:
            value = Divided(Linear(by // 2, ((1, value),)), by)
            bounds, resolution = self.bounds(value), resolution * by
        lattice = Lattice(*bounds, resolution, days)
        return self._add(Column(_name(text), USES, lattice=lattice), value)

    def keys(self, text: str, value: Value, keys: Sequence[str]) -> Column:
        """Derive a category: the value is the code of one of these keys."""
        return self._add(Column(_name(text), USES, keys=tuple(keys)), value)

    def bounds(self, value: Value) -> tuple[int, int]:
        """Give the least and greatest integer of a value; (0, 0) where it is always null.

        Raises:
            OutOfReach: an integer on the way could overflow.
        """
        columns = {column.name: column for column in self.table.columns}
        return range_of(value, columns) or (0, 0)

    def _add(self, column: Column, value: Value) -> Column:
        self._derived.setdefault(column.name, Derived(column, value))
        return self._derived[column.name].column


def _name(text: str) -> ColumnName:
    return ColumnName(DERIVED + text)
