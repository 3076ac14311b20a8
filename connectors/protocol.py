"""What every source of rows must do, and the one way in which it says no.

A connector gives named columns and nothing more. It neither knows policies nor people, and its
messages never hold a cell: the text of a reader library's error may quote one, so it is dropped.
"""

from collections.abc import Iterator, Sequence
from typing import Protocol

import polars as pl

MAX_NAME = 128
"""Characters of a column's name; the limit of policies, too."""


class ConnectorError(Exception):
    """The source cannot be read as what it claims to be; `code` is stable and dotted."""

    def __init__(
        self, message: str, *, code: str, row: int | None = None, column: str | None = None
    ) -> None:
        """Keep a sentence for the owner and the place; rows count from 1 without the header."""
        super().__init__(message)
        self.message = message
        self.code = code
        self.row = row
        self.column = column


class Connector(Protocol):
    """One table at its source."""

    def columns(self) -> tuple[str, ...]:
        """Give the names of all columns in the source's order; reads no row.

        Raises `ConnectorError`, as `read` does.
        """
        ...

    def read(self, names: Sequence[str]) -> pl.DataFrame:
        """Give these columns with all rows in the source's order; other columns are not kept.

        A column has a plain type (integer, float, decimal, boolean, text, category, date or time)
        and nulls where the source has them. A source without types gives text.
        """
        ...

    def batches(self, names: Sequence[str], rows: int) -> Iterator[pl.DataFrame]:
        """Give what `read` gives, in pieces of at most so many rows, one piece in memory at a time.

        All pieces have one type a column; none is empty, so a table without rows has no piece.
        """
        ...


def check_names(names: Sequence[str]) -> tuple[str, ...]:
    """Accept the column names of a table.

    Raises:
        ConnectorError: there is none (`file.empty`), or one is blank, long or unprintable
            (`file.header`), or stands there twice (`file.duplicate_column`).
    """
    if not names:
        raise ConnectorError("The file has no columns", code="file.empty")
    for position, name in enumerate(names, start=1):
        if not name.strip() or len(name) > MAX_NAME or not name.isprintable():
            raise ConnectorError(
                f"Column {position} needs a printable name of at most {MAX_NAME} characters; "
                "does the file begin with a header?",
                code="file.header",
            )
        if name in names[: position - 1]:
            raise ConnectorError(
                f"Two columns have the name {name}", code="file.duplicate_column", column=name
            )
    return tuple(names)
