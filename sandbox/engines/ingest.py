"""Turning an owner's file into bounded rows: validate, put on lattices, bound people.

Errors here are for the owner alone and may depend on rows: they name a row, never its content.
"""

from pathlib import Path

import polars as pl

from connectors.forms import open_connector
from connectors.protocol import Connector, ConnectorError
from sandbox.engines import changes
from sandbox.engines.categories import codes
from sandbox.engines.columns import RESERVED
from sandbox.engines.contributions import bound_rows
from sandbox.engines.dates import days
from sandbox.engines.numbers import steps
from sandbox.engines.partition import bound_parts, several_parts
from sandbox.engines.people import People, number_people
from sandbox.errors import BadInput, Place
from sandbox.model.dataset import Change, IngestReport
from sandbox.model.schema import MAX_ROWS, Column, Schema


def bounded_table(
    file: Path, form: str, schema: Schema, key: bytes
) -> tuple[pl.DataFrame, IngestReport]:
    """Read a file into a snapshot's rows, sorted by person; `key` is the source's.

    All open columns are held in memory; `benchmarks/README.md` says how much that is.

    Raises:
        BadInput: the file cannot be read, does not match the schema, or a row is wrong.
    """
    columns, rows = _read(file, form, schema)
    check_size(len(rows))
    people = number_people(rows.drop_in_place(schema.unit), schema.unit, key)
    placed = [_placed(rows.drop_in_place(column.name), column) for column in schema.columns]
    table = pl.DataFrame([people.numbers, *(values for values, _ in placed)])
    bounded, left_out = _bounded(table, people, schema, key)
    closed = (changes.closed_column(name, len(table)) for name in columns if name in schema.closed)
    report = IngestReport(
        rows_read=len(table),
        rows_kept=len(bounded),
        people=len(people.hashes),
        changes=(*closed, *(change for _, found in placed for change in found), *left_out),
    )
    return bounded, report


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


def _read(file: Path, form: str, schema: Schema) -> tuple[tuple[str, ...], pl.DataFrame]:
    """Give the file's column names, and the rows of the unit and the open columns.

    Raises:
        BadInput: what the connector says, or the columns do not match.
    """
    try:
        source: Connector = open_connector(file, form)
        columns = source.columns()
        check_columns(columns, schema)
        return columns, source.read([schema.unit, *(column.name for column in schema.columns)])
    except ConnectorError as error:
        clause = f"columns.{error.column}" if error.column else None
        raise BadInput(
            error.message, code=error.code, place=Place(row=error.row, clause=clause)
        ) from None


def _placed(values: pl.Series, column: Column) -> tuple[pl.Series, tuple[Change, ...]]:
    """Turn values into codes or lattice steps, and say what had to be changed."""
    if column.lattice is None:
        return codes(values, column)
    read = days if column.lattice.days else steps
    return read(values, column.name, column.lattice)


def _bounded(
    table: pl.DataFrame, people: People, schema: Schema, key: bytes
) -> tuple[pl.DataFrame, tuple[Change, ...]]:
    """Bound each person's parts, then rows: rows of lost parts take no place from the others."""
    within, parts = bound_parts(table, people.hashes, schema.partition, key)
    bounded, rows = bound_rows(within, people.hashes, schema.max_rows, key)
    return bounded, (*parts, *rows, *several_parts(bounded, schema.partition))
