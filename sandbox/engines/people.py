"""The person column: who a row belongs to becomes a number that says nothing about who.

Names are hashed under the source's key and numbered in the order of their hashes. So the numbers
reveal neither names nor the file's order, and without the key nobody can look up a name.
"""

from dataclasses import dataclass
from hashlib import blake2b
from struct import pack

import polars as pl

from sandbox.engines.categories import canonical_text
from sandbox.engines.columns import HIGH, LOW, PERSON, first_row
from sandbox.errors import BadInput, Place
from sandbox.model.names import ColumnName

DIGEST = 16
"""Bytes of a person's hash (RFC 7693). Two of 10**9 people share one with chance below 2**-68."""
REMEMBERED = 1_000_000
"""Names whose hashes are kept for the next batch, about 50 bytes each."""
_PURPOSE = b"datarange.person"
_NAME = "@name"


class Hashes:
    """Hashes of names under a source's key; remembers some, for most people have several rows."""

    def __init__(self, key: bytes) -> None:
        """Take the source's secret, of at most 64 bytes."""
        self._key = key
        self._known: pl.DataFrame | None = None

    def of(self, names: pl.Series, unit: ColumnName) -> pl.DataFrame:
        """Hash whom each row belongs to; `HIGH` and `LOW`, in the rows' order.

        All calls are for one column, so of one type. Names are compared by their canonical text
        without surrounding spaces: where two spellings may be one person they are counted as one,
        because one person counted as two would be protected half as well.

        Raises:
            BadInput: a row names nobody (`ingest.null_person`, with the row).
        """
        # To Polars 0.0 and -0.0 are equal, and which of them it meets first must not matter.
        rows = pl.DataFrame([(names + 0.0 if names.dtype.is_float() else names).alias(_NAME)])
        new = rows if self._known is None else rows.join(self._known, on=_NAME, how="anti")
        hashed = _hashed(new[_NAME].unique(), rows[_NAME], unit, self._key)
        known = hashed if self._known is None else self._known.vstack(hashed)
        self._known = known if len(known) <= REMEMBERED else None
        return rows.join(known, on=_NAME, how="left", maintain_order="left").select(HIGH, LOW)


@dataclass(frozen=True, slots=True)
class People:
    """Whose each row is."""

    numbers: pl.Series
    """One number a row, dense from 0, in the order of the hashes (UInt32)."""
    hashes: pl.Series
    """One hash a person, by number."""


def number_people(hashed: pl.DataFrame) -> People:
    """Number the people of rows that are sorted by hash."""
    first = hashed.select(
        (pl.col(HIGH).ne_missing(pl.col(HIGH).shift()))
        | (pl.col(LOW).ne_missing(pl.col(LOW).shift()))
    ).to_series()
    words = hashed.filter(first).select(HIGH, LOW).rows()
    return People(
        numbers=(first.cum_sum() - 1).cast(pl.UInt32).alias(PERSON),
        hashes=pl.Series([pack(">QQ", *pair) for pair in words], dtype=pl.Binary),
    )


def _hashed(spellings: pl.Series, names: pl.Series, unit: ColumnName, key: bytes) -> pl.DataFrame:
    """Hash each spelling once, under its canonical text.

    Raises:
        BadInput: as `Hashes.of`; the row is the first among the names.
    """
    text = canonical_text(spellings.cast(pl.String).str.strip_chars())
    nobody = text.is_null() | text.is_in(["", "NaN"])
    if nobody.any():
        raise BadInput(
            f"Column {unit} names the person and is empty in this row",
            code="ingest.null_person",
            place=Place(
                row=first_row(names.is_in(spellings.filter(nobody).implode(), nulls_equal=True)),
                clause="privacy.unit",
            ),
        )
    hashed = pl.Series(
        [
            blake2b(name.encode(), digest_size=DIGEST, key=key, person=_PURPOSE).digest()
            for name in text
        ],
        dtype=pl.Binary,
    )
    return pl.DataFrame({_NAME: spellings, HIGH: _word(hashed, 0), LOW: _word(hashed, 8)})


def _word(hashes: pl.Series, start: int) -> pl.Series:
    return hashes.bin.slice(start, 8).bin.reinterpret(dtype=pl.UInt64, endianness="big")
