"""Comma-separated text by RFC 4180 in UTF-8, read strictly: what is ambiguous is refused.

Python's parser is the only one that sees the bytes. Polars' own is faster, but it fills short
rows with nulls, and two parsers could read one file differently. Every cell is text and an empty
cell is empty text; blank lines are no rows.
"""

import csv
from collections.abc import Iterator, Sequence
from itertools import count, cycle, islice
from pathlib import Path
from typing import BinaryIO

import polars as pl

from connectors.protocol import ConnectorError, check_names

MAX_LINE = 2**20
"""Bytes of one line: an endless one would fill the memory before anything could be refused."""
BATCH = 4_000
"""Rows that exist as Python objects at a time; more makes the garbage collector slow."""

_BOM = b"\xef\xbb\xbf"


class CsvFile:
    """A CSV file with a header, at a path."""

    def __init__(self, path: Path) -> None:
        """Name the file; nothing is read yet."""
        self._path = path

    def columns(self) -> tuple[str, ...]:
        """Read the header.

        Raises:
            ConnectorError: the file is empty, or its first line is not a header.
        """
        with self._path.open("rb") as file:
            return _header(_records(file))

    def read(self, names: Sequence[str]) -> pl.DataFrame:
        """Read these columns as text.

        Raises:
            ConnectorError: the file is not UTF-8 or not well-formed; `row` says where.
        """
        nothing = pl.DataFrame(schema=dict.fromkeys(names, pl.String))
        return pl.concat([nothing, *self._pieces(names, BATCH)], rechunk=False)

    def batches(self, names: Sequence[str], rows: int) -> Iterator[pl.DataFrame]:
        """Read these columns as text, so many rows at a time.

        Raises:
            ConnectorError: as `read`.
        """
        whole, rest = divmod(rows, BATCH)
        sizes = [BATCH] * whole + [rest] * (rest > 0)
        pieces = self._pieces(names, *sizes)
        while batch := list(islice(pieces, len(sizes))):
            yield pl.concat(batch, rechunk=True)

    def _pieces(self, names: Sequence[str], *sizes: int) -> Iterator[pl.DataFrame]:
        """Cut the rows into pieces of these sizes in turn; the last one may be smaller.

        Raises:
            ConnectorError: as `read`.
        """
        with self._path.open("rb") as file:
            records = _records(file)
            header = _header(records)
            rows = _even(records, len(header))
            for size in cycle(sizes):
                piece = list(islice(rows, size))
                if not piece:
                    return
                yield _frame(piece, header, names)


def _header(records: Iterator[list[str]]) -> tuple[str, ...]:
    """Take the first record as column names.

    Raises:
        ConnectorError: there is none, or its names do not do.
    """
    return check_names(next(records, []))


def _even(records: Iterator[list[str]], width: int) -> Iterator[list[str]]:
    """Let records of the header's width through.

    Raises:
        ConnectorError: code `file.ragged`, at the first record of another width.
    """
    for row, record in enumerate(records, start=1):
        if len(record) != width:
            raise ConnectorError(
                f"This row has {len(record)} cells and the header {width}",
                code="file.ragged",
                row=row,
            )
        yield record


def _frame(
    batch: Sequence[Sequence[str]], header: Sequence[str], names: Sequence[str]
) -> pl.DataFrame:
    """Turn records into text columns and keep those asked for."""
    cells = list(zip(*batch, strict=True))
    return pl.DataFrame(
        {name: cells[header.index(name)] for name in names},
        schema=dict.fromkeys(names, pl.String),
    )


def _records(file: BinaryIO) -> Iterator[list[str]]:
    """Parse records that are not blank, the header first.

    Raises:
        ConnectorError: not UTF-8 text, or quotes do not match; `row` counts the header as 0.
    """
    parser = filter(None, csv.reader(_lines(file), strict=True))
    for row in count():
        try:
            record = next(parser, None)
        except ConnectorError as error:
            error.row = row or None
            raise
        except csv.Error:
            raise ConnectorError(
                "Quotes or line ends do not match here, or a cell has more than "
                f"{csv.field_size_limit()} characters",
                code="file.malformed",
                row=row or None,
            ) from None
        if record is None:
            return
        yield record


def _lines(file: BinaryIO) -> Iterator[str]:
    """Decode line by line, so that an error has a row.

    Raises:
        ConnectorError: not UTF-8, a NUL, or a line without end.
    """
    if file.read(len(_BOM)) != _BOM:
        file.seek(0)
    for line in iter(lambda: file.readline(MAX_LINE), b""):
        if len(line) == MAX_LINE:
            raise ConnectorError(f"A line has more than {MAX_LINE} bytes", code="file.line_length")
        try:
            text = line.decode()
        except UnicodeDecodeError:
            raise ConnectorError(
                "The file is not in UTF-8; in a spreadsheet, save it as 'CSV UTF-8'",
                code="file.encoding",
            ) from None
        if "\0" in text:
            raise ConnectorError("Text holds no NUL; is this a CSV file?", code="file.nul")
        yield text
