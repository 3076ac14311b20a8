"""Rehearsals: a program over invented rows, in the same kind of box, with everything it says.

The rows come from the public schema alone, so there is nothing to protect; but the box is the same,
for the machine is.
"""

import time
from collections.abc import Iterator, Mapping, Sequence

import polars as pl

from sandbox.engines.dealing import is_whole, written
from sandbox.engines.warming import warm_modules
from sandbox.isolation.box import Box
from sandbox.isolation.job import packed
from sandbox.isolation.limits import Limits
from sandbox.isolation.outputs import is_usable, length, read
from sandbox.isolation.plan import BackEnd
from sandbox.model.algorithm import Algorithm
from sandbox.model.names import ColumnName
from sandbox.model.rehearsal import Rehearsal
from sandbox.model.schema import Column, Schema
from sandbox.ports import Json

BLOCKS = 2
"""A second one shows whether the first was luck."""


def limits_of(algorithm: Algorithm) -> Limits:
    """Say what each box of an algorithm may use."""
    return Limits(wall=float(algorithm.seconds), memory=algorithm.memory)


def invented(
    rows: Mapping[str, Sequence[Json]], columns: Sequence[ColumnName], schema: Schema
) -> Iterator[bytes]:
    """Deal invented rows out to blocks, in the form that real ones have."""
    known = {column.name: column for column in schema.columns}
    table = pl.DataFrame(
        [
            pl.Series(schema.unit, rows[schema.unit]).rank("dense").cast(pl.Int64) - 1,
            *(_invented(rows[name], known[name]) for name in columns),
        ]
    )
    person = pl.col(schema.unit)
    for number in range(BLOCKS):
        block = table.filter(person % BLOCKS == number).with_columns(person // BLOCKS)
        yield written(block.sort(schema.unit, maintain_order=True))


def rehearse(back_end: BackEnd, algorithm: Algorithm, block: bytes) -> Rehearsal:
    """Run a program over one block, and hear it out.

    Raises:
        Unavailable: no box starts.
    """
    outputs, limits = algorithm.program.outputs, limits_of(algorithm)
    with Box(back_end, limits, warm=warm_modules(algorithm.program), heard=True) as box:
        box.warm_up()
        began = time.monotonic()
        answer = box.answer(packed(algorithm.program, block), length(outputs))
        took = time.monotonic() - began
    return Rehearsal(
        values=read(outputs, answer),
        usable=is_usable(outputs, answer),
        seconds=took,
        said=box.errors(),
    )


def _invented(values: Sequence[Json], column: Column) -> pl.Series:
    if column.lattice is not None and column.lattice.days:
        return pl.Series(column.name, values, dtype=pl.String).str.to_date()
    return pl.Series(column.name, values, dtype=_type(column))


def _type(column: Column) -> type[pl.DataType]:
    if column.lattice is None:
        return pl.String
    return pl.Int64 if is_whole(column.lattice) else pl.Float64
