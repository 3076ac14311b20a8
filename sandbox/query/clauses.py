"""Clauses of every SELECT of the subset: what is named, FROM which dataset, WHERE what holds."""

from sqlglot import exp

from sandbox.errors import BadInput
from sandbox.model.names import DatasetName
from sandbox.query.asked import Named, Operand
from sandbox.query.syntax import Parsed
from sandbox.query.wording import shown


def operand(parsed: Parsed, node: exp.Expr) -> Operand:
    """Read what stands for a value: a column's name, else an expression, whatever is in it.

    Raises:
        BadInput: a column with a table before it.
    """
    return column_named(parsed, node) if isinstance(node, exp.Column) else parsed.part(node)


def column_named(parsed: Parsed, node: exp.Expr) -> Named:
    """Read a column's name.

    Raises:
        BadInput: the node is something else, or a name with a table before it.
    """
    if not isinstance(node, exp.Column) or not isinstance(node.this, exp.Identifier):
        parsed.refuse(node.this if isinstance(node, exp.Column) else node)
    if node.table:
        message = "Write a column's name alone, without the dataset before it"
        raise BadInput(message, code="sql.qualified", place=parsed.place(node))
    return Named(node.name, parsed.place(node))


def check_dataset(parsed: Parsed, select: exp.Select, dataset: DatasetName) -> None:
    """Let FROM name the dataset that is asked, in full or by its last part.

    Raises:
        BadInput: code `sql.no_dataset` or `sql.other_dataset`, or FROM is something else.
    """
    source = select.args.get("from_")
    title = dataset.rpartition("/")[2]
    if source is None:
        message = f'Name the dataset: FROM "{title}"'
        raise BadInput(message, code="sql.no_dataset", place=parsed.place(select))
    table = source.this
    if not isinstance(table, exp.Table) or not isinstance(table.this, exp.Identifier):
        parsed.refuse(table.this if isinstance(table, exp.Table) else table)
    parsed.refuse_parts(table, "this")
    if table.name.casefold() not in {title, dataset}:
        message = f'This question is of {dataset}; write FROM "{title}", not {shown(table.name)}'
        raise BadInput(message, code="sql.other_dataset", place=parsed.place(table))


def conditions_of(parsed: Parsed, select: exp.Select) -> tuple[Parsed, ...]:
    """Give what stands in WHERE."""
    where = select.args.get("where")
    return (Parsed(where.this, parsed.source),) if where else ()
