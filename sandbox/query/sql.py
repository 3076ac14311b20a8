"""The SQL subset: one SELECT of counts, sums and means, read into an `Asked`.

`SELECT [keys,] COUNT(*) | COUNT(column) | COUNT(DISTINCT person) | SUM(column) | AVG(column)
[AS name], ... FROM dataset [WHERE conditions] [GROUP BY keys]`. Everything else is refused with
the place where it stands; nothing that was written is dropped in silence.
"""

from sqlglot import exp

from sandbox.errors import BadInput
from sandbox.model.names import DatasetName
from sandbox.model.plan import MeasureKind
from sandbox.query.asked import Asked, AskedMeasure, Named, Operand, Selected
from sandbox.query.syntax import Parsed, statement
from sandbox.query.wording import SUPPORTED, shown

_AGGREGATES: dict[type[exp.Expr], MeasureKind] = {
    exp.Count: MeasureKind.COUNT,
    exp.Sum: MeasureKind.SUM,
    exp.Avg: MeasureKind.MEAN,
}


def asked_in_sql(text: str, dataset: DatasetName) -> Asked:
    """Read a question in SQL about this dataset.

    Raises:
        BadInput: not in the subset, or FROM names another dataset; always with line and column.
    """
    parsed = statement(text)
    select = parsed.tree
    if not isinstance(select, exp.Select):
        parsed.refuse(select)
    parsed.refuse_parts(select, "expressions", "from_", "where", "group")
    _check_dataset(parsed, select, dataset)
    outputs = [_output(parsed, node) for node in select.expressions]
    return Asked(
        conditions=_conditions(parsed, select),
        group_by=_group_by(parsed, select, outputs),
        measures=tuple(output for output in outputs if isinstance(output, AskedMeasure)),
        selected=tuple(output for output in outputs if isinstance(output, Selected)),
    )


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


def _check_dataset(parsed: Parsed, select: exp.Select, dataset: DatasetName) -> None:
    """Let FROM name the dataset that is asked, in full or by its last part."""
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


def _output(parsed: Parsed, node: exp.Expr) -> AskedMeasure | Selected:
    """Read one item of the SELECT list: a measure, or a value to group by."""
    name: str | None = None
    if isinstance(node, exp.Alias):
        parsed.refuse_parts(node, "this", "alias")
        node, name = node.this, node.alias
    if node.find(exp.AggFunc) is None and not isinstance(node, exp.Star):
        return Selected(operand(parsed, node), name)
    return _measure(parsed, node, name)


def _measure(parsed: Parsed, node: exp.Expr, name: str | None = None) -> AskedMeasure:
    """Read an aggregate of a column, or COUNT(*)."""
    kind = _AGGREGATES.get(type(node))
    if kind is None or node.this is None:
        parsed.refuse(node)
    parsed.refuse_parts(node, "this", "big_int")
    argument = node.this
    operands: tuple[Operand, ...] = ()
    if kind is MeasureKind.COUNT and isinstance(argument, exp.Distinct):
        kind, operands = MeasureKind.PEOPLE, (_distinct(parsed, argument),)
    elif not (kind is MeasureKind.COUNT and isinstance(argument, exp.Star)):
        operands = (operand(parsed, argument),)
    return AskedMeasure(kind, operands, name, parsed.place(node))


def _distinct(parsed: Parsed, node: exp.Distinct) -> Named:
    parsed.refuse_parts(node, "expressions")
    if len(node.expressions) != 1:
        parsed.refuse(node)
    return column_named(parsed, node.expressions[0])


def _conditions(parsed: Parsed, select: exp.Select) -> tuple[Parsed, ...]:
    where = select.args.get("where")
    return (Parsed(where.this, parsed.source),) if where else ()


def _group_by(
    parsed: Parsed, select: exp.Select, outputs: list[AskedMeasure | Selected]
) -> tuple[Operand, ...]:
    group = select.args.get("group")
    if group is None:
        return ()
    parsed.refuse_parts(group, "expressions")
    if not group.expressions:
        message = f"Name the columns to group by; {SUPPORTED}"
        raise BadInput(message, code="sql.unsupported", place=parsed.place(select))
    return tuple(_grouped(parsed, node, outputs) for node in group.expressions)


def _grouped(parsed: Parsed, node: exp.Expr, outputs: list[AskedMeasure | Selected]) -> Operand:
    """Read what is grouped by; a whole number means the output at that place, counted from 1."""
    if not isinstance(node, exp.Literal) or node.is_string:
        return operand(parsed, node)
    places = {str(place): output for place, output in enumerate(outputs, start=1)}
    output = places.get(node.name)
    if not isinstance(output, Selected):
        message = f"GROUP BY {shown(node.name)} names no column of the SELECT list"
        raise BadInput(message, code="sql.not_grouped", place=parsed.place(node))
    return output.operand
