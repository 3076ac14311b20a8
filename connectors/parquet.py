"""Apache Parquet with plain columns, read by Polars and held to what the footer itself says.

Only the Parquet schema counts. What writers embed beside it is not trusted: pandas' index and
types are ignored, Arrow's extension types are read as their storage, statistics are not used.
"""

import os
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import polars as pl

from connectors.footer import FooterError, top_level_names
from connectors.probe import in_order, scan, survives
from connectors.protocol import ConnectorError, check_names

MAX_FOOTER = 2**26
"""Bytes of a footer that are read at all; thousands of columns take one megabyte."""

_DAMAGED = "The file is damaged inside; copy or export it again"
_MAGIC = b"PAR1"
_TAIL = 8
"""Bytes behind the footer: its length, then the magic."""
_PLAIN = (
    pl.Boolean,
    pl.Categorical,
    pl.Date,
    pl.Datetime,
    pl.Enum,
    pl.Null,
    pl.String,
    pl.Time,
)


class ParquetFile:
    """A Parquet file at a path."""

    def __init__(self, path: Path) -> None:
        """Name the file; nothing is read yet."""
        self._path = path

    def columns(self) -> tuple[str, ...]:
        """Read the names in the footer.

        Raises:
            ConnectorError: not Parquet, cut off, damaged, or a name does not do.
        """
        try:
            return check_names(top_level_names(_footer(self._path)))
        except FooterError:
            raise ConnectorError(_DAMAGED, code="file.damaged") from None

    def read(self, names: Sequence[str]) -> pl.DataFrame:
        """Read these columns with their types.

        Raises:
            ConnectorError: as `columns`, or a column is nested or of no plain type.
        """
        with _quiet():
            return self._scan(names).collect(engine="streaming")

    def batches(self, names: Sequence[str], rows: int) -> Iterator[pl.DataFrame]:
        """Read these columns with their types, so many rows at a time.

        Raises:
            ConnectorError: as `read`.
        """
        pieces = in_order(self._scan(names), rows)
        while (piece := _next(pieces)) is not None:
            yield from piece.iter_slices(rows)

    def _scan(self, names: Sequence[str]) -> pl.LazyFrame:
        """Look at the columns' types, once it is known that reading ends well.

        Raises:
            ConnectorError: as `read`.
        """
        self.columns()
        if not survives(self._path, names):
            raise ConnectorError(_DAMAGED, code="file.damaged")
        with _quiet():
            table = scan(self._path.resolve(), names)
            _check_types(table.collect_schema())
        return table


def _footer(path: Path) -> bytes:
    """Cut the footer out of a file.

    Raises:
        ConnectorError: the file is empty, of another form, or its end is missing.
    """
    with path.open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        if size == 0:
            raise ConnectorError("The file is empty", code="file.empty")
        file.seek(0)
        if file.read(len(_MAGIC)) != _MAGIC:
            raise ConnectorError("This is no Parquet file", code="file.not_parquet")
        file.seek(max(0, size - _TAIL))
        tail = file.read(_TAIL)
        length = int.from_bytes(tail[:4], "little")
        if not tail.endswith(_MAGIC) or length > size - _TAIL - len(_MAGIC):
            raise ConnectorError(
                "The end of the file is missing; copy or export it again", code="file.truncated"
            )
        if length > MAX_FOOTER:
            raise ConnectorError(_DAMAGED, code="file.damaged")
        file.seek(size - _TAIL - length)
        return file.read(length)


@contextmanager
def _quiet() -> Iterator[None]:
    """Turn whatever Polars says of a damaged file into our own words.

    Raises:
        ConnectorError: code `file.damaged`.
    """
    with warnings.catch_warnings():
        # Polars warns of each unregistered Arrow extension type, which we want as its storage.
        warnings.simplefilter("ignore", UserWarning)
        try:
            yield
        except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError):
            raise ConnectorError(_DAMAGED, code="file.damaged") from None


def _next(pieces: Iterator[pl.DataFrame]) -> pl.DataFrame | None:
    """Give the next piece, or None behind the last.

    Raises:
        ConnectorError: code `file.damaged`.
    """
    with _quiet():
        return next(pieces, None)


def _check_types(schema: pl.Schema) -> None:
    """Let plain types through.

    Raises:
        ConnectorError: code `file.nested` or `file.column_type`, naming the column.
    """
    for name, kind in schema.items():
        if kind.is_nested():
            raise ConnectorError(
                f"Column {name} holds lists or structures; flatten it first",
                code="file.nested",
                column=name,
            )
        if not (kind.is_numeric() or isinstance(kind, _PLAIN)):
            raise ConnectorError(
                f"Column {name} is neither number, text, truth value nor date",
                code="file.column_type",
                column=name,
            )
