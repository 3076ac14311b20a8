"""Turns operands into columns of the table: a stored column, or one derived for an expression."""

import re
from collections.abc import Iterator

from sqlglot import exp

from sandbox.model.schema import Column, Schema
from sandbox.query.asked import Named, Operand
from sandbox.query.clauses import column_named
from sandbox.query.columns import known_name
from sandbox.query.expressions import compile_value
from sandbox.query.syntax import condition
from sandbox.query.workbench import Workbench


def column_of(operand: Operand, bench: Workbench) -> Column:
    """Give the column that holds an operand's values.

    Raises:
        BadInput: a column that is unknown or closed, or an expression outside the subset.
    """
    operand = _read(operand, bench.table)
    if isinstance(operand, Named):
        return bench.column(operand)
    return compile_value(operand, bench)


def uses_in(operand: Operand, use: str, schema: Schema) -> Iterator[tuple[Named, str]]:
    """List the columns that an operand names with their uses; what CASE tests is a filter.

    Raises:
        BadInput: a name with a table before it, or an operand of the builder that is no SQL.
    """
    operand = _read(operand, schema)
    if isinstance(operand, Named):
        yield operand, use
        return
    waiting: list[tuple[exp.Expr, str]] = [(operand.tree, use)]
    while waiting:
        node, its_use = waiting.pop()
        if isinstance(node, exp.Column):
            yield column_named(operand, node), its_use
            continue
        tested = _tested(node)
        parts = node.iter_expressions(reverse=True)
        waiting += [(part, "filter" if part is tested else its_use) for part in parts]


def _tested(node: exp.Expr) -> exp.Expr | None:
    """Give the part of a choice that is tested and not chosen."""
    part = None
    if isinstance(node, exp.Case | exp.If):
        part = node.args.get("this")
    elif isinstance(node, exp.Nullif):
        part = node.args.get("expression")
    return part if isinstance(part, exp.Expr) else None


def _read(operand: Operand, schema: Schema) -> Operand:
    """Read what the builder wrote as an expression, unless a column has this very name.

    Raises:
        BadInput: it is neither.
    """
    if not isinstance(operand, Named) or not operand.free or known_name(operand, schema):
        return operand
    if not _OPERATORS.search(operand.text):
        return operand
    parsed = condition(operand.text, operand.place.clause or "")
    tree = parsed.tree.unnest()
    return column_named(parsed, tree) if isinstance(tree, exp.Column) else parsed


_OPERATORS = re.compile(r"[-+*/()\"]|\b(?:case|date)\b", re.IGNORECASE)
"""One of these is in whatever is more than a name."""
