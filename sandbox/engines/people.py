"""The person column: who a row belongs to becomes a number that says nothing about who.

Names are hashed under the source's key and numbered in the order of their hashes. So the numbers
reveal neither names nor the file's order, and without the key nobody can look up a name.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import blake2b

import polars as pl

from sandbox.engines.categories import canonical_text
from sandbox.engines.columns import PERSON, first_row
from sandbox.errors import BadInput, Place
from sandbox.model.names import ColumnName

DIGEST = 16
"""Bytes of a person's hash (RFC 7693). Two of 10**9 people share one with chance below 2**-68."""
_PURPOSE = b"datarange.person"


@dataclass(frozen=True, slots=True)
class People:
    """Whose each row is."""

    numbers: pl.Series
    """One number a row, dense from 0, in the order of the hashes (UInt32)."""
    hashes: pl.Series
    """One hash a person, by number."""


def number_people(names: pl.Series, unit: ColumnName, key: bytes) -> People:
    """Hash and number the people that the rows belong to.

    Names are compared by their canonical text without surrounding spaces: where two spellings may
    be one person they are counted as one, because one person counted as two would be protected
    half as well.

    Raises:
        BadInput: a row names nobody (`ingest.null_person`, with the row).
    """
    spellings = names.unique()
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
    hashed = pl.Series(_hashes(text, key), dtype=pl.Binary)
    numbers = hashed.rank("dense").cast(pl.UInt32) - 1
    return People(
        numbers=names.replace_strict(spellings, numbers, return_dtype=pl.UInt32).alias(PERSON),
        hashes=hashed.unique().sort(),
    )


def _hashes(names: Iterable[str], key: bytes) -> list[bytes]:
    return [
        blake2b(name.encode(), digest_size=DIGEST, key=key, person=_PURPOSE).digest()
        for name in names
    ]
