"""People of names, numbered as ingest numbers them, for rows in any order."""

import polars as pl

from sandbox.engines.columns import HIGH, LOW
from sandbox.engines.people import Hashes, People, number_people
from sandbox.model.names import ColumnName


def numbered_people(names: pl.Series, unit: ColumnName, key: bytes) -> People:
    """Hash and number whom each row belongs to; numbers are in the rows' order."""
    hashed = Hashes(key).of(names, unit).with_row_index("@row")
    ordered = hashed.sort(HIGH, LOW)
    people = number_people(ordered)
    numbers = pl.DataFrame([ordered["@row"], people.numbers]).sort("@row")
    return People(numbers[people.numbers.name], people.hashes)
