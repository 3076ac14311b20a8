"""What a policy makes public of a dataset: the schema that questions are compiled against."""

from policies.columns import ColumnClause
from policies.privacy import Privacy
from policies.schema import Policy
from sandbox.model.names import ColumnName
from sandbox.model.schema import Column, Lattice, Partition, Schema


def schema_of(policy: Policy) -> Schema:
    """Give the open columns in the policy's order; bounds become whole lattice steps.

    Raises:
        ValueError: bounds that are no multiple of the resolution; a policy that loads has none.
    """
    clauses = policy.columns.items()
    return Schema(
        unit=ColumnName(policy.privacy.unit.column),
        max_rows=policy.privacy.unit.max_rows,
        columns=tuple(_column(name, clause) for name, clause in clauses if clause.is_open),
        closed=frozenset(ColumnName(name) for name, clause in clauses if not clause.is_open),
        partition=_partition(policy.privacy),
    )


def _partition(privacy: Privacy) -> Partition | None:
    if privacy.partition is None:
        return None
    return Partition(ColumnName(privacy.partition.column), privacy.partition.max_parts)


def _column(name: str, clause: ColumnClause) -> Column:
    return Column(
        name=ColumnName(name),
        use=frozenset(clause.use),
        keys=tuple(clause.keys),
        lattice=_lattice(clause),
    )


def _lattice(clause: ColumnClause) -> Lattice | None:
    if clause.bounds is None:
        return None
    low, high = (bound / clause.resolution for bound in clause.bounds)
    if low.denominator != 1 or high.denominator != 1:
        raise ValueError("bounds are whole multiples of the resolution")
    days = clause.type == "date"
    return Lattice(low.numerator, high.numerator, clause.resolution, days)
