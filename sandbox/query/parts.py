"""Says which exact sums a plan needs: each measure is made of one or two, and shares them."""

from sandbox.model.names import ColumnName
from sandbox.model.plan import Measure, MeasureKind, Part, PartKind, Plan
from sandbox.model.schema import Lattice, Schema


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
        case MeasureKind.COUNT if measure.column is None:
            return (Part(PartKind.ROWS),)
        case MeasureKind.COUNT:
            return (Part(PartKind.PRESENT, measure.column),)
        case MeasureKind.PEOPLE:
            return (Part(PartKind.PEOPLE),)
        case MeasureKind.SUM if not _mean_is_asked(plan, measure.column):
            return (Part(PartKind.SUM, measure.column, centre=0),)
        case MeasureKind.SUM | MeasureKind.MEAN:
            centre = lattice_of(measure, schema).middle
            total = Part(PartKind.SUM, measure.column, centre=centre)
            return (total, Part(PartKind.PRESENT, measure.column))


def _mean_is_asked(plan: Plan, column: ColumnName | None) -> bool:
    return any(one.kind is MeasureKind.MEAN and one.column == column for one in plan.measures)


def lattice_of(measure: Measure, schema: Schema) -> Lattice:
    """Give the lattice of a measured column.

    Raises:
        ValueError: the column is not a number of this schema; a compiled plan has none such.
    """
    column = schema.find(measure.column or "")
    if column is None or column.lattice is None:
        raise ValueError("sums and means are of a column on a lattice")
    return column.lattice
