"""Turns operands into columns of the table: a stored column, or one derived for an expression."""

from collections.abc import Iterator

from sqlglot import exp

from sandbox.model.schema import Column
from sandbox.query.asked import Named, Operand
from sandbox.query.sql import column_named
from sandbox.query.workbench import Workbench


def column_of(operand: Operand, bench: Workbench) -> Column:
    """Give the column that holds an operand's values.

    Raises:
        BadInput: a column that is unknown or closed, or an expression outside the subset.
    """
    if not isinstance(operand, Named):
        operand.refuse(operand.tree)
    return bench.column(operand)


def names_in(operand: Operand) -> Iterator[Named]:
    """Give the columns that an operand names, in the order of the tree.

    Raises:
        BadInput: a name with a table before it.
    """
    if isinstance(operand, Named):
        yield operand
    else:
        for node in operand.tree.find_all(exp.Column):
            yield column_named(operand, node)
