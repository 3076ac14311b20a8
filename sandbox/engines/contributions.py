"""At most so many rows a person: the bound that every sensitivity rests on.

Which rows of a person stay depends on that person's rows alone, so adding or removing somebody
changes nobody else's. This is the stability that contribution bounding needs: Wilson et al. 2020,
"Differentially Private SQL with Bounded User Contribution", section 3.
"""

from hashlib import blake2b, shake_256
from heapq import nsmallest
from struct import iter_unpack

import polars as pl

from sandbox.engines.changes import LeftOut
from sandbox.engines.columns import PERSON

_PURPOSE = b"datarange.rows"
_POSITION = "@position"
"""A row's place among the rows of its person, in the file's order, from 0."""


def bound_rows(
    table: pl.DataFrame, hashes: pl.Series, max_rows: int, key: bytes
) -> tuple[pl.DataFrame, LeftOut]:
    """Sort rows by person and keep at most `max_rows` of each, chosen under the key.

    `hashes` has one entry a person, by number.
    """
    ordered = table.sort(PERSON, maintain_order=True)
    sizes = ordered.group_by(PERSON).len("rows").filter(pl.col("rows") > max_rows).sort(PERSON)
    if sizes.is_empty():
        return ordered, LeftOut()
    seed = blake2b(key=key, person=_PURPOSE).digest()
    chosen = [
        (person, position)
        for person, rows in sizes.iter_rows()
        for position in choose(seed + hashes[person], rows, max_rows)
    ]
    bounded = _keep(ordered, sizes, chosen)
    return bounded, LeftOut(len(ordered) - len(bounded), len(sizes))


def choose(seed: bytes, rows: int, keep: int) -> list[int]:
    """Choose `keep` of a person's positions, uniformly for whoever does not know the seed.

    Each position draws 64 bits from SHAKE256 (FIPS 202); the smallest draws win.
    """
    draws = [draw for (draw,) in iter_unpack("<Q", shake_256(seed).digest(8 * rows))]
    return nsmallest(keep, range(rows), key=draws.__getitem__)


def _keep(
    ordered: pl.DataFrame, sizes: pl.DataFrame, chosen: list[tuple[int, int]]
) -> pl.DataFrame:
    """Leave out the rows that were not chosen of the people in `sizes`."""
    kept = pl.DataFrame(chosen, schema={PERSON: pl.UInt32, _POSITION: pl.UInt32}, orient="row")
    many = ordered.join(sizes, on=PERSON, how="semi")
    numbered = many.with_columns(
        pl.int_range(pl.len(), dtype=pl.UInt32).over(PERSON).alias(_POSITION)
    )
    few = ordered.join(sizes, on=PERSON, how="anti")
    bounded = numbered.join(kept, on=[PERSON, _POSITION], how="semi").drop(_POSITION)
    return pl.concat([few, bounded]).sort(PERSON, maintain_order=True)
