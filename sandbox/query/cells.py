"""The cells of an answer, in the order that engine and answer share.

For groups of sizes s1, s2, ..., the cell of indices i1, i2, ... is `(i1 * s2 + i2) * s3 + ...`:
row-major, each index counting a column's keys as declared, or its lattice steps upward. All cells
appear, whether anybody is in them or not.
"""

from collections.abc import Sequence
from itertools import product
from math import prod

from sandbox.model.day import written_date
from sandbox.model.plan import Plan
from sandbox.model.schema import Column, Lattice, Schema

KeyValue = str | int | float

MAX_JSON_INTEGER = 2**53 - 1
"""Greatest integer of I-JSON (RFC 7493, section 2.2)."""


def cells(plan: Plan, schema: Schema) -> int:
    """Count the cells; without groups there is one."""
    return prod(column.cells for column in group_columns(plan, schema))


def key_rows(plan: Plan, schema: Schema) -> list[tuple[KeyValue, ...]]:
    """Give each cell's keys, in the order of cells; numbers are in their column's unit."""
    return list(product(*(column_values(column) for column in group_columns(plan, schema))))


def group_columns(plan: Plan, schema: Schema) -> tuple[Column, ...]:
    """Give the plan's group columns.

    Raises:
        ValueError: one is not in the schema; a compiled plan has none such.
    """
    found = {column.name: column for column in schema.columns}
    if not set(plan.group_by) <= found.keys():
        raise ValueError("groups are open columns of the schema")
    return tuple(found[name] for name in plan.group_by)


def column_values(column: Column) -> Sequence[KeyValue]:
    """Give what a column may hold, in the order of its codes or steps."""
    if column.lattice is None:
        return column.keys
    lattice = column.lattice
    return [step_value(lattice, step) for step in range(lattice.low, lattice.high + 1)]


def step_value(lattice: Lattice, step: int) -> KeyValue:
    """Show a step in the column's unit, as an integer where every step is one that JSON carries.

    Days are shown as dates.
    """
    if lattice.days:
        return written_date(step)
    whole = lattice.resolution.denominator == 1
    if whole and abs(step) * lattice.resolution <= MAX_JSON_INTEGER:
        return step * lattice.resolution.numerator
    return lattice.value(step)
