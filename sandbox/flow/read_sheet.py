"""Read a catalogue from CSV: every fault with its line and column, no record unless all are right.

A line is a record with its first column; the lines after it that repeat its name add columns to it
and leave the record's own cells empty, or repeat them. Headings and classes may be English or
Chinese.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from sandbox.flow.sheet_record import Cells, column_from, record_from
from sandbox.flow.sheet_rows import SheetFault, encoding_of, refuse, rows
from sandbox.flow.sheet_words import CELLS, HEADINGS, RECORD_CELLS
from sandbox.model.names import PrincipalName
from sandbox.model.record import MAX_COLUMNS, Record, RecordColumn, RecordFaults

MAX_FAULTS = 200
"""Faults that are named; who has more has made one mistake often."""
MAX_RECORDS = 500_000


@dataclass(slots=True)
class _Draft:
    """A record whose columns are still coming."""

    line: int
    cells: Cells
    columns: list[RecordColumn] = field(default_factory=list)
    misread: bool = False
    """Whether a column was left out for its faults."""


class Sheet:
    """One CSV file; whoever goes through it twice reads it twice."""

    def __init__(self, path: Path, keeper: PrincipalName) -> None:
        """Find out how it is written and what its header says.

        Raises:
            BadInput: code `sheet.encoding` or `sheet.faults`.
        """
        self._path = path
        self._keeper = keeper
        self._encoding = encoding_of(path)
        self._faults: list[SheetFault] = []
        with path.open(encoding=self._encoding, newline="") as file:
            _, cells = next(rows(file), (1, []))
        self._header = tuple(HEADINGS.get(cell.strip().casefold(), "") for cell in cells)
        self._check_header()

    def check(self) -> int:
        """Go through the whole file; give how many records it has.

        Raises:
            BadInput: code `sheet.faults`; the message has a line for each fault.
        """
        seen: dict[str, int] = {}
        for draft in self._drafts():
            first = seen.setdefault(draft.cells["name"], draft.line)
            if first != draft.line:
                self._note(draft.line, "name", f"Line {first} has this name already")
            try:
                record_from(draft.cells, tuple(draft.columns), self._keeper)
            except RecordFaults as wrong:
                self._note_each(draft.line, wrong, besides="columns" if draft.misread else "")
            if len(seen) > MAX_RECORDS:
                self._note(draft.line, "name", f"There are more than {MAX_RECORDS} records")
            if len(self._faults) > MAX_FAULTS:
                break
        if not seen and not self._faults:
            self._note(2, "name", "There is no record")
        refuse(self._faults, MAX_FAULTS)
        return len(seen)

    def records(self) -> Iterator[Record]:
        """Give the records of a file that was checked."""
        for draft in self._drafts():
            yield record_from(draft.cells, tuple(draft.columns), self._keeper)

    def _check_header(self) -> None:
        for index, name in enumerate(self._header[: len(CELLS) + 1]):
            if not name or name in self._header[:index]:
                message = "There is no such heading, or it stands here twice"
                self._faults.append(SheetFault(1, index + 1, name, message))
        if "name" not in self._header:
            self._faults.append(SheetFault(1, 1, "name", "The heading name 数据集标识 is missing"))
        refuse(self._faults, MAX_FAULTS)

    def _drafts(self) -> Iterator[_Draft]:
        """Gather the lines of each record."""
        draft: _Draft | None = None
        for line, cells in self._lines():
            if draft is None or cells["name"] != draft.cells["name"]:
                if draft is not None:
                    yield draft
                draft = _Draft(line, cells)
            else:
                self._check_repeated(line, cells, draft)
            self._add_column(line, cells, draft)
        if draft is not None:
            yield draft

    def _lines(self) -> Iterator[tuple[int, Cells]]:
        """Give the lines below the header, each with a cell for every heading."""
        with self._path.open(encoding=self._encoding, newline="") as file:
            lines = rows(file)
            next(lines, None)
            for line, values in lines:
                if len(values) == len(self._header):
                    yield line, dict(zip(self._header, map(str.strip, values), strict=True))
                elif len(self._faults) > MAX_FAULTS:
                    return
                else:
                    wanted = f"This line has {len(values)} cells and the header {len(self._header)}"
                    self._faults.append(SheetFault(line, 1, "", wanted))

    def _check_repeated(self, line: int, cells: Cells, draft: _Draft) -> None:
        for name in RECORD_CELLS:
            if cells.get(name) and cells[name] != draft.cells[name]:
                self._note(line, name, f"Line {draft.line} says something else of this record")

    def _add_column(self, line: int, cells: Cells, draft: _Draft) -> None:
        if not cells.get("column"):
            return
        if len(draft.columns) >= MAX_COLUMNS:
            self._note(line, "column", f"The record has more than {MAX_COLUMNS} columns")
            return
        try:
            draft.columns.append(column_from(cells))
        except RecordFaults as wrong:
            draft.misread = True
            self._note_each(line, wrong)

    def _note_each(self, line: int, wrong: RecordFaults, besides: str = "") -> None:
        """Note the faults, but for those that only follow from others."""
        for fault in wrong.faults:
            if fault.field != besides:
                self._note(line, fault.field, fault.message)

    def _note(self, line: int, name: str, message: str) -> None:
        heading = {"columns": "column"}.get(name, name)
        column = self._header.index(heading) + 1 if heading in self._header else 1
        if len(self._faults) <= MAX_FAULTS:
            self._faults.append(SheetFault(line, column, name, message))
