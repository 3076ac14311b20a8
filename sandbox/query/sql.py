"""The SQL subset: one SELECT of counts, sums and means, read into an `Asked`.

`SELECT [keys,] COUNT(*) | COUNT(column) | COUNT(DISTINCT person) | SUM(column) | AVG(column)
[AS name], ... FROM dataset [WHERE conditions] [GROUP BY keys]`. Everything else is refused with
the place where it stands; nothing that was written is dropped in silence.
"""

from collections.abc import Iterator

from sqlglot import exp

from sandbox.errors import BadInput
from sandbox.model.names import DatasetName
from sandbox.model.plan import MeasureKind
from sandbox.query.asked import Asked, AskedMeasure, Named, Operand, Selected
from sandbox.query.clauses import check_dataset, column_named, conditions_of, operand
from sandbox.query.syntax import Parsed, statement
from sandbox.query.with_people import people_in
from sandbox.query.wording import SUPPORTED, shown

_AGGREGATES: dict[type[exp.Expr], MeasureKind] = {
    exp.Count: MeasureKind.COUNT,
    exp.Sum: MeasureKind.SUM,
    exp.Avg: MeasureKind.MEAN,
    exp.Variance: MeasureKind.VARIANCE,
    exp.Stddev: MeasureKind.STDDEV,
    exp.StddevSamp: MeasureKind.STDDEV,
    exp.CovarSamp: MeasureKind.COVARIANCE,
    exp.Corr: MeasureKind.CORRELATION,
    exp.RegrSlope: MeasureKind.SLOPE,
    exp.RegrIntercept: MeasureKind.INTERCEPT,
}
_OF_MANY = {
    "COVARIANCE": MeasureKind.COVARIANCE,
    "CORRELATION": MeasureKind.CORRELATION,
    "REGRESSION": MeasureKind.REGRESSION,
}
"""Functions that standard SQL has not: matrices, and `REGRESSION(explained, explaining, ...)`."""
_SEVERAL = frozenset(
    {
        MeasureKind.COVARIANCE,
        MeasureKind.CORRELATION,
        MeasureKind.REGRESSION,
        MeasureKind.SLOPE,
        MeasureKind.INTERCEPT,
    }
)
FUNCTIONS = {
    MeasureKind.SUM: "SUM",
    MeasureKind.MEAN: "AVG",
    MeasureKind.VARIANCE: "VAR_SAMP",
    MeasureKind.STDDEV: "STDDEV_SAMP",
    MeasureKind.COVARIANCE: "COVARIANCE",
    MeasureKind.CORRELATION: "CORRELATION",
    MeasureKind.REGRESSION: "REGRESSION",
    MeasureKind.SLOPE: "REGR_SLOPE",
    MeasureKind.INTERCEPT: "REGR_INTERCEPT",
}
"""How a kind is written, where its columns stand between round brackets and no more."""


def asked_in_sql(text: str, dataset: DatasetName) -> Asked:
    """Read a question in SQL about this dataset.

    Raises:
        BadInput: not in the subset, or FROM names another dataset; always with line and column.
    """
    parsed = statement(text)
    select = parsed.tree
    if not isinstance(select, exp.Select):
        parsed.refuse(select)
    parsed.refuse_parts(select, "expressions", "from_", "where", "group", "with_")
    people = people_in(parsed, select, dataset)
    if people is None:
        check_dataset(parsed, select, dataset)
    outputs = [_output(parsed, node) for node in select.expressions]
    return Asked(
        people=people,
        conditions=conditions_of(parsed, select),
        group_by=_group_by(parsed, select, outputs),
        measures=tuple(output for output in outputs if isinstance(output, AskedMeasure)),
        selected=tuple(output for output in outputs if isinstance(output, Selected)),
    )


def _output(parsed: Parsed, node: exp.Expr) -> AskedMeasure | Selected:
    """Read one item of the SELECT list: a measure, or a value to group by."""
    name: str | None = None
    if isinstance(node, exp.Alias):
        parsed.refuse_parts(node, "this", "alias")
        node, name = node.this, node.alias
    if _of_many(node) is None and not isinstance(node, exp.Star):
        if node.find(exp.AggFunc) is None:
            return Selected(operand(parsed, node), name)
        if isinstance(node, exp.Div):
            return _ratio(parsed, node, name)
    return _measure(parsed, node, name)


def _measure(parsed: Parsed, node: exp.Expr, name: str | None = None) -> AskedMeasure:
    """Read an aggregate of a column, or COUNT(*)."""
    kind = _of_many(node) or _AGGREGATES.get(type(node))
    if kind is None or node.this is None:
        parsed.refuse(node)
    if kind in _SEVERAL:
        return AskedMeasure(kind, tuple(_several(parsed, node)), name, parsed.place(node))
    parsed.refuse_parts(node, "this", "big_int")
    argument = node.this
    operands: tuple[Operand, ...] = ()
    if kind is MeasureKind.COUNT and isinstance(argument, exp.Distinct):
        kind, operands = MeasureKind.PEOPLE, (_distinct(parsed, argument),)
    elif not (kind is MeasureKind.COUNT and isinstance(argument, exp.Star)):
        operands = (operand(parsed, argument),)
    return AskedMeasure(kind, operands, name, parsed.place(node))


def _ratio(parsed: Parsed, node: exp.Div, name: str | None) -> AskedMeasure:
    """Read `SUM(column) / SUM(column)`."""
    sums = [_measure(parsed, one.unnest()) for one in (node.this, node.expression)]
    if any(one.kind is not MeasureKind.SUM for one in sums):
        parsed.refuse(node)
    operands = tuple(operand for one in sums for operand in one.operands)
    return AskedMeasure(MeasureKind.RATIO, operands, name, parsed.place(node))


def _several(parsed: Parsed, node: exp.Expr) -> Iterator[Operand]:
    """Read the columns of a function that takes two or more."""
    if isinstance(node, exp.Anonymous):
        parsed.refuse_parts(node, "this", "expressions")
        columns = node.expressions
    else:
        parsed.refuse_parts(node, "this", "expression")
        columns = [node.this, node.expression]
    yield from (operand(parsed, one) for one in columns)


def _of_many(node: exp.Expr) -> MeasureKind | None:
    return _OF_MANY.get(node.name.upper()) if isinstance(node, exp.Anonymous) else None


def _distinct(parsed: Parsed, node: exp.Distinct) -> Named:
    parsed.refuse_parts(node, "expressions")
    if len(node.expressions) != 1:
        parsed.refuse(node)
    return column_named(parsed, node.expressions[0])


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
