"""Dealing: people are split into disjoint blocks, and each block is written down by itself.

What is written of a block is a function of the rows in it and of the public schema alone: people
are numbered anew within it, and nothing of the other blocks, of the snapshot's size or of where a
row stood shows in the bytes. So taking one person away changes the bytes of one block.
"""

import io
from array import array
from collections.abc import Sequence

import polars as pl
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import ChaCha20

from sandbox.engines.columns import PERSON
from sandbox.model.algorithm import Algorithm
from sandbox.model.names import ColumnName
from sandbox.model.schema import Column, Lattice, Schema

KEY = 32
"""Bytes of a key; a fresh one for each submission, and never written down."""
_NONCE = bytes(16)
"""A key is used once."""
_WORD = 8
"""Bytes of key stream that a person draws: no block is likelier than another by 2**-50."""
EXACT = 2**53
"""Integers up to here are doubles too."""
_BLOCK = "@block"


def deal(
    rows: pl.DataFrame, drawn: Sequence[int], algorithm: Algorithm, schema: Schema
) -> list[bytes]:
    """Give each block's rows as an Arrow IPC stream; a block may be empty.

    `rows` has the person's number, sorted by it, and the algorithm's columns as codes and steps;
    `drawn` has the block of each person.
    """
    blocks = pl.Series(_BLOCK, drawn, dtype=pl.UInt32)
    dealt = pl.DataFrame({_BLOCK: blocks.gather(rows[PERSON])}).with_row_index()
    places = dict(dealt.group_by(_BLOCK).agg("index").iter_rows())
    # Gathered one by one: a slice of a larger table carries bits of its neighbours' rows along, in
    # the last byte of what says where a column is null.
    return [
        stream(rows[sorted(places.get(number, ()))], algorithm.columns, schema)
        for number in range(algorithm.blocks)
    ]


def draws(key: bytes, people: int, blocks: int) -> list[int]:
    """Give each person's block, by number.

    For whoever does not know the key it is independent of everybody else's and of how many people
    there are: ChaCha20 (RFC 8439) as a keyed function of the number.
    """
    drawn = Cipher(ChaCha20(key, _NONCE), mode=None).encryptor().update(bytes(_WORD * people))
    return [word % blocks for word in array("Q", drawn)]


def stream(block: pl.DataFrame, columns: tuple[ColumnName, ...], schema: Schema) -> bytes:
    """Write one block: whose each row is, then its columns in the words of the public schema.

    People are numbered from 0 in this block. Numbers are 64-bit integers where all steps of their
    lattice are, else doubles; categories are text, dates are dates; null stays null.
    """
    persons = block[PERSON].rank("dense").cast(pl.Int64) - 1
    known = {column.name: column for column in schema.columns}
    return written(
        block.select(persons.alias(schema.unit), *(_shown(known[name]) for name in columns))
    )


def written(block: pl.DataFrame) -> bytes:
    """Write a block as it is handed to a box."""
    buffer = io.BytesIO()
    block.rechunk().write_ipc_stream(buffer, compression="uncompressed")
    return buffer.getvalue()


def _shown(column: Column) -> pl.Expr:
    stored = pl.col(column.name)
    if column.lattice is None:
        codes = range(len(column.keys))
        return stored.replace_strict(codes, column.keys, return_dtype=pl.String)
    if column.lattice.days:
        return stored.cast(pl.Int32).cast(pl.Date)
    above, below = column.lattice.resolution.as_integer_ratio()
    if is_whole(column.lattice):
        return stored * above
    values = stored.cast(pl.Float64)
    # Divided by a column: division by one number is done as multiplication, and 7.3 comes out odd.
    return values * float(above) / (values * 0 + float(below))


def is_whole(lattice: Lattice) -> bool:
    """Tell whether every value is an integer that a double holds too."""
    reach = max(abs(lattice.low), abs(lattice.high)) * lattice.resolution
    return lattice.resolution.denominator == 1 and reach <= EXACT
