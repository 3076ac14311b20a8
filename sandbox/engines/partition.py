"""At most so many parts a person: what lets the budgets of parts be spent side by side.

Which parts of a person stay depends on that person's rows alone, so adding or removing somebody
changes nobody else's. Rows whose key is missing are in no part: only questions about everybody
see them, so they stay.
"""

from hashlib import blake2b

import polars as pl

from sandbox.engines.changes import LeftOut
from sandbox.engines.columns import CODES, PERSON
from sandbox.engines.contributions import choose
from sandbox.model.names import ColumnName
from sandbox.model.schema import Partition

_PURPOSE = b"datarange.parts"


def bound_parts(
    table: pl.DataFrame, hashes: pl.Series, partition: Partition | None, key: bytes
) -> tuple[pl.DataFrame, LeftOut]:
    """Keep the rows of at most `most` parts of each person, chosen under the key, in their order.

    `hashes` has one entry a person, by number.
    """
    if partition is None:
        return table, LeftOut()
    column, most = partition.column, partition.most
    wide = _parts(table, column).filter(pl.col(column).list.len() > most)
    if wide.is_empty():
        return table, LeftOut()
    left_out = _left_out(wide, hashes, partition, key)
    bounded = table.join(left_out, on=[PERSON, column], how="anti", maintain_order="left")
    return bounded, LeftOut(len(table) - len(bounded), len(wide))


def several_parts(table: pl.DataFrame, partition: Partition | None) -> int:
    """Count the people who are in more than one part."""
    if partition is None:
        return 0
    sizes = _parts(table, partition.column)[partition.column].list.len()
    return int((sizes > 1).sum())


def _parts(table: pl.DataFrame, column: ColumnName) -> pl.DataFrame:
    """List each person's parts, in the order of their codes; people in none are left out."""
    pairs = table.select(PERSON, column).drop_nulls().unique().sort(PERSON, column)
    return pairs.group_by(PERSON, maintain_order=True).agg(column)


def _left_out(
    wide: pl.DataFrame, hashes: pl.Series, partition: Partition, key: bytes
) -> pl.DataFrame:
    """Choose the parts that these people keep, and give the others: a row a person and part."""
    seed = blake2b(key=key, person=_PURPOSE).digest()
    lost = [
        (person, part)
        for person, parts in wide.iter_rows()
        for part in _others(seed + hashes[person], parts, partition.most)
    ]
    return pl.DataFrame(lost, schema={PERSON: pl.UInt32, partition.column: CODES}, orient="row")


def _others(seed: bytes, parts: list[int], most: int) -> list[int]:
    kept = set(choose(seed, len(parts), most))
    return [part for position, part in enumerate(parts) if position not in kept]
