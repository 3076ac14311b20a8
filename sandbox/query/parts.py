"""Says which exact sums a plan needs: each measure is made of a few, and shares them."""

from sandbox.model.names import ColumnName
from sandbox.model.plan import Measure, MeasureKind, Part, PartKind, Plan
from sandbox.model.schema import Lattice, Schema
from sandbox.query.moments import moment_parts

_CENTRED = frozenset({MeasureKind.MEAN, MeasureKind.VARIANCE, MeasureKind.STDDEV})
"""Kinds with a centred sum and a count among their parts, which other kinds then share."""


def parts_of(plan: Plan, schema: Schema) -> tuple[Part, ...]:
    """Give the plan's parts in the order of its measures, each once: a part is paid for once."""
    return tuple(
        dict.fromkeys(
            part for measure in plan.measures for part in parts_of_measure(measure, plan, schema)
        )
    )


def parts_of_measure(measure: Measure, plan: Plan, schema: Schema) -> tuple[Part, ...]:
    """Give a measure's parts; a mean is a sum centred on the middle of its bounds, and a count.

    A sum that stands beside the mean of its column is made of the mean's two parts: with middle c
    and half-range h of the bounds, sqrt(h**2 + c**2) <= abs(c) + h, so this is never noisier than a
    part of its own, and there is one part less to pay for.
    """
    match measure.kind:
        case MeasureKind.COUNT | MeasureKind.PEOPLE:
            return (_counted(measure),)
        case MeasureKind.SUM | MeasureKind.RATIO:
            sums = (measure.column, *measure.others)
            return tuple(part for one in sums for part in parts_of_sum(one, plan, schema))
        case MeasureKind.MEAN:
            return _centred(measure.column, schema)
        case _:
            return moment_parts(measure, schema)


def _counted(measure: Measure) -> Part:
    if measure.kind is MeasureKind.PEOPLE:
        return Part(PartKind.PEOPLE)
    kind = PartKind.ROWS if measure.column is None else PartKind.PRESENT
    return Part(kind, measure.column)


def parts_of_sum(column: ColumnName | None, plan: Plan, schema: Schema) -> tuple[Part, ...]:
    """Give one part, or the two of the column's mean or variance where that is asked as well."""
    if any(one.kind in _CENTRED and one.column == column for one in plan.measures):
        return _centred(column, schema)
    return (Part(PartKind.SUM, column, centre=0),)


def _centred(column: ColumnName | None, schema: Schema) -> tuple[Part, ...]:
    total = Part(PartKind.SUM, column, centre=lattice_of(column, schema).middle)
    return (total, Part(PartKind.PRESENT, column))


def lattice_of(name: ColumnName | None, schema: Schema) -> Lattice:
    """Give the lattice of a measured column.

    Raises:
        ValueError: the column is not a number of this schema; a compiled plan has none such.
    """
    column = schema.find(name or "")
    if column is None or column.lattice is None:
        raise ValueError("sums and means are of a column on a lattice")
    return column.lattice
