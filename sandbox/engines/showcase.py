"""Files of unconditional data on a disk of our own: the open columns, as CSV and as Parquet.

Cells of CSV that a spreadsheet would take for a formula get an apostrophe in front of them; the
Parquet file has every value as it came.
"""

import re
import secrets
import shutil
from collections.abc import Collection, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

import polars as pl

from connectors.forms import open_connector
from connectors.protocol import ConnectorError
from sandbox.engines.shards import to_parquet
from sandbox.engines.staging import staged, sweep, write_durably
from sandbox.errors import BadInput, Place, Unavailable
from sandbox.model.names import SnapshotId
from sandbox.model.record import Version
from sandbox.ports import Clock

FORMS: Final = ("csv", "parquet")
FORMULA: Final = r"^[=+\-@\t\r]"
"""How text begins that a spreadsheet would run."""
NUMBER: Final = r"^[+-]?[0-9]+(\.[0-9]+)?$"

_ID = re.compile(r"[0-9a-f]{32}")
_WAITING = "waiting-"
"""Before the name of a file that is not on record yet: so that an orphan is known as one, also
where the books know of no file at all."""


class DiskShowcase:
    """Implements the port `Showcase` in a folder of its own."""

    def __init__(self, folder: Path, clock: Clock) -> None:
        """Open the showcase, make its folder if need be, and sweep what a killed process left."""
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        sweep(folder)
        self._folder = folder
        names = [one.name for one in folder.iterdir()]
        self._earlier = frozenset(SnapshotId(name) for name in names if _ID.fullmatch(name))
        waiting = [name.removeprefix(_WAITING) for name in names if name.startswith(_WAITING)]
        self._waiting = frozenset(SnapshotId(name) for name in waiting if _ID.fullmatch(name))
        self._clock = clock

    def put(
        self, file: Path, form: str, columns: Sequence[str], closed: Collection[str]
    ) -> Version:
        """Take the open columns of a file; see the port.

        Raises:
            BadInput: the file cannot be read, or its columns are not those of the policy.
            Unavailable: the disk is full or read-only (`showcase.unavailable`).
        """
        table = _read(file, form, columns, closed)
        snapshot = SnapshotId(secrets.token_hex(16))
        try:
            with staged(self._folder / f"{_WAITING}{snapshot}") as work:
                write_durably(work / "data.parquet", to_parquet(table))
                write_durably(work / "data.csv", _inert(table).write_csv().encode())
        except OSError:
            raise Unavailable(
                "The file could not be kept; is the disk full?", code="showcase.unavailable"
            ) from None
        return Version(snapshot, self._clock.now())

    def file(self, snapshot: SnapshotId, form: str) -> Path:
        """Say where a file is; see the port.

        Raises:
            Unavailable: code `showcase.unavailable`.
        """
        if form in FORMS and _ID.fullmatch(snapshot):
            for folder in self._places(snapshot):
                path = folder / f"data.{form}"
                if path.is_file():
                    return path
        raise Unavailable("The file is not at this site", code="showcase.unavailable")

    def keep(self, snapshot: SnapshotId) -> None:
        """Take a file out of waiting; where the disk refuses, the next start does it."""
        waiting, kept = self._places(snapshot)
        with suppress(OSError):
            waiting.rename(kept)

    def discard(self, snapshot: SnapshotId) -> None:
        """Remove a file; quietly if it is gone already."""
        if _ID.fullmatch(snapshot):
            for folder in self._places(snapshot):
                shutil.rmtree(folder, ignore_errors=True)

    def sweep(self, known: Collection[SnapshotId]) -> None:
        """Remove files of earlier runs that no record knows; see the port.

        As in the vault, nothing goes where these may be the wrong books, or a restored copy of old
        ones: where something known is missing, or there are files and nothing at all is known. What
        still waits was never known to any books, but for a kill right behind the record.
        """
        for snapshot in self._waiting:
            (self.keep if snapshot in known else self.discard)(snapshot)
        earlier = self._earlier | self._waiting.intersection(known)
        if known and earlier.issuperset(known):
            for snapshot in earlier.difference(known):
                self.discard(snapshot)

    def _places(self, snapshot: SnapshotId) -> tuple[Path, Path]:
        """Say where a file lies before it is recorded, and where afterwards."""
        return self._folder / f"{_WAITING}{snapshot}", self._folder / snapshot


def _read(file: Path, form: str, columns: Sequence[str], closed: Collection[str]) -> pl.DataFrame:
    """Read the open columns.

    Raises:
        BadInput: what the connector says, or a column is missing or not in the policy.
    """
    try:
        source = open_connector(file, form)
        there = source.columns()
        _check_columns(there, columns, closed)
        return source.read(columns)
    except ConnectorError as error:
        clause = f"columns.{error.column}" if error.column else None
        raise BadInput(
            error.message, code=error.code, place=Place(row=error.row, clause=clause)
        ) from None


def _check_columns(there: Sequence[str], columns: Sequence[str], closed: Collection[str]) -> None:
    """Hold the file's columns against the policy's, both ways.

    Raises:
        BadInput: `ingest.undeclared_column` or `ingest.missing_column`; all are listed.
    """
    known = {*columns, *closed}
    refusals = (
        ("undeclared", [name for name in there if name not in known], "Not in the policy: "),
        ("missing", [name for name in columns if name not in there], "Not in the file: "),
    )
    for kind, names, message in refusals:
        if names:
            raise BadInput(
                message + ", ".join(names),
                code=f"ingest.{kind}_column",
                place=Place(clause=f"columns.{names[0]}"),
            )


def _inert(table: pl.DataFrame) -> pl.DataFrame:
    """Keep a spreadsheet from running a cell; header cells too."""
    texts = [name for name, kind in table.schema.items() if kind == pl.String]
    columns = [
        pl.when(pl.col(name).str.contains(FORMULA) & ~pl.col(name).str.contains(NUMBER))
        .then("'" + pl.col(name))
        .otherwise(pl.col(name))
        .alias(name)
        for name in texts
    ]
    safe = {name: f"'{name}" for name in table.columns if re.match(FORMULA, name)}
    return table.with_columns(columns).rename(safe)
