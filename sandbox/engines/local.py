"""The local engine: one streaming pass of Polars over each shard of a snapshot, a few at a time.

All rows of a person lie in one shard, so even counts of distinct people add up over shards, and
memory is for as many shards as there are processors. Sums are exact: a snapshot has at most
MAX_ROWS rows and a step lies at most MAX_STEPS from zero, so no Int64 sum passes 2**62; centring
happens afterwards, in Python's integers.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from math import prod
from pathlib import Path

import polars as pl

from sandbox.engines.columns import PERSON
from sandbox.engines.opening import Snapshots, readable
from sandbox.engines.persons import people
from sandbox.engines.places import Places
from sandbox.engines.predicates import expression
from sandbox.engines.values import derived
from sandbox.model.bounded_sum import BoundedSum
from sandbox.model.names import ColumnName
from sandbox.model.plan import Part, PartKind, Plan
from sandbox.model.schema import Column, Schema
from sandbox.model.submission import PricedPlan, Reservation
from sandbox.settings import MAX_WAITING, PROCESSORS

_CELL = "@cell"
"""Row-major index of a row's group; null where a key is null, for such rows are in no group."""


class LocalEngine:
    """Implements the port `Engine` over a `DiskVault`'s folder, in this process."""

    def __init__(
        self, folder: Path, *, running: int = PROCESSORS, waiting: int = MAX_WAITING
    ) -> None:
        """Serve the snapshots of a vault; each is verified once, when it is first asked of.

        So many computations run at once, and so many more wait for them.
        """
        self._places = Places(running, waiting)
        self._snapshots = Snapshots(folder)

    def place(self) -> AbstractContextManager[None]:
        """Hold a place to compute in, waiting in the queue if need be; reads no row.

        Raises:
            Unavailable: the queue is full (`engine.busy`), said at once, on entering.
        """
        return self._places.one()

    def add_up(self, reservation: Reservation, priced: PricedPlan) -> BoundedSum:
        """Give each part for each group; absent groups are 0.

        Raises:
            Unavailable: the snapshot is missing, damaged or of another schema
                (`snapshot.unreadable`); never because of what a row holds.
        """
        with readable():
            shards = self._snapshots.shards(reservation.snapshot, priced.schema)
            sums = side_by_side([group_sums(rows, priced) for rows in shards])
        return BoundedSum(priced.parts, priced.sensitivities, vectors(pl.concat(sums), priced))


def side_by_side(sums: Sequence[pl.LazyFrame]) -> list[pl.DataFrame]:
    """Compute each shard's sums, as many shards at a time as there are processors.

    A shard by itself leaves processors idle while its file is opened and its groups are merged.
    Integers add up to the same in any order, so it does not show which shard was done first.
    """
    with ThreadPoolExecutor(min(PROCESSORS, len(sums)), "shards") as threads:
        return list(threads.map(_collected, sums))


def _collected(sums: pl.LazyFrame) -> pl.DataFrame:
    return sums.collect(engine="streaming")


def group_sums(rows: pl.LazyFrame, priced: PricedPlan) -> pl.LazyFrame:
    """Derive, filter, group and add up one shard; a row for each group that occurs, all Int64."""
    plan = priced.plan
    if plan.people is not None:
        rows = people(rows, plan.people)
    rows = derived(rows, plan.derived)
    kept = rows if plan.where is None else rows.filter(expression(plan.where))
    sums = [
        _sum(kind, column).cast(pl.Int64).alias(_name(kind, column))
        for kind, column in _needed(priced.parts)
    ]
    if not plan.group_by:
        return kept.select(pl.lit(0, dtype=pl.Int64).alias(_CELL), *sums)
    return kept.group_by(_cell(plan, priced.table).alias(_CELL)).agg(sums)


def vectors(sums: pl.DataFrame, priced: PricedPlan) -> tuple[Sequence[int], ...]:
    """Add the shards' sums and lay them out, one vector a part, row-major in the plan's keys."""
    occupied = sums.drop_nulls(_CELL).group_by(_CELL).sum()
    cells = occupied[_CELL].to_list()
    width = prod(column.cells for column in _keys(priced.plan, priced.table))
    return tuple(_dense(cells, _values(occupied, part), width) for part in priced.parts)


def _keys(plan: Plan, schema: Schema) -> list[Column]:
    """Look up the columns that groups are made by; KeyError where no planner would let one."""
    columns = {column.name: column for column in schema.columns}
    return [columns[name] for name in plan.group_by]


def _cell(plan: Plan, schema: Schema) -> pl.Expr:
    """Number the groups from 0: `((i1 * s2) + i2) * s3 + i3`, with each key counted from 0.

    One integer groups faster than several columns do, and a bare column faster than arithmetic.
    """
    first, *others = _keys(plan, schema)
    cell = _index(first)
    for column in others:
        cell = cell.cast(pl.Int64) * column.cells + _index(column)
    return cell


def _index(column: Column) -> pl.Expr:
    """Count a key from 0."""
    values = pl.col(column.name)
    return values if column.lattice is None else values - column.lattice.low


def _needed(parts: Sequence[Part]) -> dict[tuple[PartKind, ColumnName | None], None]:
    """List what has to be added up for the parts, each thing once: a centred sum needs a count."""
    return {
        (kind, part.column): None
        for part in parts
        for kind in (
            (PartKind.PRESENT, PartKind.SUM) if part.kind is PartKind.SUM else (part.kind,)
        )
    }


def _sum(kind: PartKind, column: ColumnName | None) -> pl.Expr:
    """Give the expression over one group's rows."""
    match kind:
        case PartKind.ROWS:
            return pl.len()
        case PartKind.PEOPLE:
            return pl.col(PERSON).n_unique()
        case PartKind.PRESENT:
            return pl.col(column or "").count()
        case PartKind.SUM:
            return pl.col(column or "").sum()
        case PartKind.BLOCKS | PartKind.RANKS:
            raise ValueError("a question has no blocks")


def _name(kind: PartKind, column: ColumnName | None) -> str:
    return f"{kind}:{column or ''}"


def _values(sums: pl.DataFrame, part: Part) -> list[int]:
    """Read a part's numbers, one a group that occurs."""
    values: list[int] = sums[_name(part.kind, part.column)].to_list()
    if part.kind is not PartKind.SUM:
        return values
    present = sums[_name(PartKind.PRESENT, part.column)].to_list()
    return [value - part.centre * rows for value, rows in zip(values, present, strict=True)]


def _dense(cells: Sequence[int], values: Sequence[int], width: int) -> list[int]:
    vector = [0] * width
    for cell, value in zip(cells, values, strict=True):
        vector[cell] = value
    return vector
