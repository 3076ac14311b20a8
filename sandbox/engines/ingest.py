"""Turning an owner's file into bounded rows: validate, put on lattices, bound people.

A batch of rows is in memory at a time, then a range of people's hashes at a time, so a file may be
larger than memory. What is kept does not depend on how the file was cut into batches.

Errors here are for the owner alone and may depend on rows: they name a row, never its content.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl

from connectors.forms import open_connector
from connectors.protocol import Connector, ConnectorError
from sandbox.engines import changes
from sandbox.engines.categories import codes
from sandbox.engines.changes import LeftOut, in_all, of_values
from sandbox.engines.columns import HIGH, LOW, PERSON, RESERVED
from sandbox.engines.contributions import bound_rows
from sandbox.engines.dates import days
from sandbox.engines.numbers import steps
from sandbox.engines.partition import bound_parts, several_parts
from sandbox.engines.people import Hashes, number_people
from sandbox.engines.runs import Runs
from sandbox.engines.shards import Piece
from sandbox.errors import BadInput, Place
from sandbox.model.dataset import Change, IngestReport
from sandbox.model.schema import MAX_ROWS, Column, Schema

BATCH_ROWS = 250_000
"""Rows that are read, checked and encoded together."""

Told = Callable[[int, int], None]
"""Hears how many rows were read so far, and how many of these are in their place."""
_NOTHING = LeftOut()


class Ingest:
    """One file on its way into a snapshot: `read` it, then take its `pieces`, then `report`."""

    def __init__(self, schema: Schema, key: bytes, runs: Runs, told: Told) -> None:
        """Start with nothing; `key` is the source's."""
        self._schema = schema
        self._key = key
        self._runs = runs
        self._told = told
        self._columns: tuple[str, ...] = ()
        self._rows = 0
        self._values: Counter[tuple[str, str | None]] = Counter()
        self._kept = _Kept()

    @property
    def rows(self) -> int:
        """Rows read."""
        return self._rows

    def read(self, file: Path, form: str, batch_rows: int) -> None:
        """Check and encode a file, batch after batch, and leave the rows with the runs.

        Raises:
            BadInput: the file cannot be read, does not match the schema, or a row is wrong. Where
                several rows are, it is one of the first batch that has any.
        """
        hashes = Hashes(self._key)
        with _connected():
            source: Connector = open_connector(file, form)
            self._columns = source.columns()
            check_columns(self._columns, self._schema)
            needed = [self._schema.unit, *(column.name for column in self._schema.columns)]
            for batch in source.batches(needed, batch_rows):
                self._take(batch, hashes)
        check_size(self._rows)

    def pieces(self, bits: int) -> Iterator[Piece]:
        """Bound the people of each of `2**bits` ranges of hashes in turn; ranges may be empty."""
        people, placed = 0, 0
        for number in range(2**bits):
            rows = self._runs.range(number, bits)
            placed += len(rows)
            if len(rows):
                piece, kept = _bounded(rows, number, people, self._schema, self._key)
                people += len(piece.hashes)
                self._kept += kept
                yield piece
            self._told(self._rows, placed)

    def report(self) -> IngestReport:
        """Say what became of the rows, once all pieces were taken."""
        schema, kept = self._schema, self._kept
        closed = (
            changes.closed_column(name, self._rows)
            for name in self._columns
            if name in schema.closed
        )
        values = (change for column in schema.columns for change in of_values(column, self._values))
        return IngestReport(
            rows_read=self._rows,
            rows_kept=kept.rows,
            people=kept.people,
            changes=(*closed, *values, *kept.changes(schema)),
        )

    def _take(self, batch: pl.DataFrame, hashes: Hashes) -> None:
        """Encode one batch.

        Raises:
            BadInput: a row of it is wrong; the place is the row in the file.
        """
        with _counting_from(self._rows):
            hashed = hashes.of(batch.drop_in_place(self._schema.unit), self._schema.unit)
            placed = [
                _placed(batch.drop_in_place(column.name), column) for column in self._schema.columns
            ]
        self._runs.add(hashed.hstack([values for values, _ in placed]))
        self._values += in_all(change for _, found in placed for change in found)
        self._rows += len(hashed)
        check_size(self._rows)
        self._told(self._rows, 0)


@dataclass(frozen=True, slots=True)
class _Kept:
    """What became of people's rows, added up over ranges of people."""

    rows: int = 0
    people: int = 0
    parts_lost: LeftOut = _NOTHING
    rows_lost: LeftOut = _NOTHING
    in_several: int = 0

    def __add__(self, other: "_Kept") -> "_Kept":
        return _Kept(
            self.rows + other.rows,
            self.people + other.people,
            self.parts_lost + other.parts_lost,
            self.rows_lost + other.rows_lost,
            self.in_several + other.in_several,
        )

    def changes(self, schema: Schema) -> Iterator[Change]:
        """Tell the owner."""
        partition = schema.partition
        if partition and (lost := self.parts_lost).people:
            yield changes.parts_left_out(partition.column, lost.rows, lost.people, partition.most)
        if (lost := self.rows_lost).people:
            yield changes.dropped_rows(lost.rows, lost.people, schema.max_rows)
        if partition and self.in_several:
            yield changes.people_in_parts(partition.column, self.in_several)


def check_columns(columns: tuple[str, ...], schema: Schema) -> None:
    """Hold the file's columns against the schema's, both ways.

    Raises:
        BadInput: columns of the file are not in the policy (`ingest.undeclared_column`), open ones
            are not in the file (`ingest.missing_column`), or have names that snapshots keep for
            themselves (`ingest.reserved_column`). All are listed, the place is the first's.
    """
    needed = [schema.unit, *(column.name for column in schema.columns)]
    known = schema.closed.union(needed)
    refusals = (
        (
            "undeclared",
            [name for name in columns if name not in known],
            "Not in the policy: {}; name it in the policy; `use: []` keeps it closed",
        ),
        (
            "missing",
            [name for name in needed if name not in columns],
            "In the policy and not in the file: {}",
        ),
        (
            "reserved",
            [column.name for column in schema.columns if column.name.startswith(RESERVED)],
            f"An open column's name cannot begin with {RESERVED}; rename {{}}",
        ),
    )
    for kind, names, message in refusals:
        if names:
            raise BadInput(
                message.format(", ".join(names)),
                code=f"ingest.{kind}_column",
                place=Place(clause=f"columns.{names[0]}"),
            )


def check_size(rows: int) -> None:
    """Let a table through that has rows, and not more than sums are safe for.

    Raises:
        BadInput: no row (`ingest.empty`), or too many (`ingest.too_many_rows`).
    """
    if rows == 0:
        raise BadInput("The file has no rows", code="ingest.empty")
    if rows > MAX_ROWS:
        raise BadInput(f"A snapshot has at most {MAX_ROWS} rows", code="ingest.too_many_rows")


@contextmanager
def _connected() -> Iterator[None]:
    """Turn what a connector says into an error of ours.

    Raises:
        BadInput: with the connector's code and place.
    """
    try:
        yield
    except ConnectorError as error:
        clause = f"columns.{error.column}" if error.column else None
        raise BadInput(
            error.message, code=error.code, place=Place(row=error.row, clause=clause)
        ) from None


@contextmanager
def _counting_from(rows: int) -> Iterator[None]:
    """Name the row of the file where an error names the row of a batch.

    Raises:
        BadInput: with the place so moved.
    """
    try:
        yield
    except BadInput as error:
        if error.place and error.place.row:
            error.place = replace(error.place, row=error.place.row + rows)
        raise


def _placed(values: pl.Series, column: Column) -> tuple[pl.Series, tuple[Change, ...]]:
    """Turn values into codes or lattice steps, and say what had to be changed."""
    if column.lattice is None:
        return codes(values, column)
    read = days if column.lattice.days else steps
    return read(values, column.name, column.lattice)


def _bounded(
    rows: pl.DataFrame, number: int, first: int, schema: Schema, key: bytes
) -> tuple[Piece, _Kept]:
    """Number the people of a range from `first` on and bound each one's parts, then rows.

    Rows of lost parts take no place from the others.
    """
    people = number_people(rows.select(HIGH, LOW))
    table = rows.drop(HIGH, LOW).insert_column(0, people.numbers)
    within, parts_lost = bound_parts(table, people.hashes, schema.partition, key)
    bounded, rows_lost = bound_rows(within, people.hashes, schema.max_rows, key)
    several = several_parts(bounded, schema.partition)
    kept = _Kept(len(bounded), len(people.hashes), parts_lost, rows_lost, several)
    return Piece(number, first, bounded.with_columns(pl.col(PERSON) + first), people.hashes), kept
