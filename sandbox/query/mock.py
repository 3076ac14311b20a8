"""Invented rows to develop on, made from the public schema and a seed alone; nothing real in them.

The numbers only have to look like the dataset's and come out the same again, so a hash stands in
for a generator; no noise of any answer comes from here.
"""

from collections.abc import Iterator
from hashlib import shake_256
from itertools import islice

from sandbox.errors import BadInput, Place
from sandbox.model.schema import Column, Schema
from sandbox.query.cells import KeyValue, step_value
from sandbox.wire import MockTable

MAX_MOCK_ROWS = 10_000
_WORD = 8
"""Bytes of hash for one choice."""


def mock_table(schema: Schema, rows: int, seed: int) -> MockTable:
    """Invent a table: the unit's column, then each open column in the schema's order.

    People have 1 to `max_rows` rows, numbers lie on their lattice, and where there are at least
    as many rows as keys, every key appears.

    Raises:
        BadInput: `mock.rows`, not between 1 and 10,000.
    """
    if not 1 <= rows <= MAX_MOCK_ROWS:
        message = f"A mock table has 1 to {MAX_MOCK_ROWS} rows"
        raise BadInput(message, code="mock.rows", place=Place(clause="rows"))
    columns: dict[str, list[str | float | int | None]] = {
        schema.unit: list(islice(_people(schema, rows, seed), rows))
    }
    for column in schema.columns:
        columns[column.name] = list(_values(column, rows, seed))
    return MockTable(columns)


def _people(schema: Schema, rows: int, seed: int) -> Iterator[str]:
    """Name each person as often as they have rows."""
    for number, word in enumerate(_words(seed, "people", rows), start=1):
        yield from [f"mock-{number}"] * (1 + word % schema.max_rows)


def _values(column: Column, rows: int, seed: int) -> Iterator[KeyValue]:
    """Deal keys out evenly in a shuffled order; take numbers anywhere on the lattice."""
    words = _words(seed, f"column {column.name}", rows)
    if column.lattice is None:
        shuffled = sorted(range(rows), key=words.__getitem__)
        return (column.keys[place % len(column.keys)] for place in shuffled)
    lattice = column.lattice
    return (step_value(lattice, lattice.low + word % column.cells) for word in words)


def _words(seed: int, purpose: str, count: int) -> list[int]:
    """Give large integers that look random and depend on seed and purpose alone."""
    stream = shake_256(f"{seed} {purpose}".encode()).digest(_WORD * count)
    return [int.from_bytes(stream[start : start + _WORD]) for start in range(0, len(stream), _WORD)]
