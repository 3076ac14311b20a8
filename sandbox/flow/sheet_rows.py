"""A CSV file as lines of cells, in UTF-8 or GB18030, of limited size in every direction."""

import codecs
import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from sandbox.errors import BadInput, Place

MAX_LINE = 2**18
"""Characters of one line: an endless one would fill the memory before it could be refused."""
BLOCK = 2**20
"""Bytes that are looked at in one go."""

_FOREIGN_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_BE)


@dataclass(frozen=True, slots=True)
class SheetFault:
    """One fault, where a person finds it in a spreadsheet."""

    line: int
    column: int
    field: str
    message: str

    def __str__(self) -> str:
        """Write it the way compilers do."""
        return f"line {self.line}:{self.column} {self.field}: {self.message}"


def refuse(faults: Sequence[SheetFault], most: int) -> None:
    """Raise all faults at once, if there are any, and name `most` of them.

    Raises:
        BadInput: code `sheet.faults`; the place is the first one's.
    """
    if not faults:
        return
    ordered = sorted(faults, key=lambda fault: (fault.line, fault.column))
    lines = [str(fault) for fault in ordered[:most]]
    if len(faults) > most:
        lines.append("and more of the kind")
    first = ordered[0]
    raise BadInput(
        "\n".join(lines),
        code="sheet.faults",
        place=Place(line=first.line, column=first.column, clause=first.field or None),
    )


def encoding_of(path: Path) -> str:
    """Find out how a file is written; every byte is looked at.

    Raises:
        BadInput: code `sheet.encoding`; neither UTF-8 nor GB18030.
    """
    with path.open("rb") as file:
        is_foreign = file.read(4).startswith(_FOREIGN_MARKS)
    for name in ("utf-8-sig", "gb18030"):
        if not is_foreign and _decodes(path, name):
            return name
    raise BadInput(
        "The file is neither in UTF-8 nor in GB18030; in a spreadsheet, save it as 'CSV UTF-8'",
        code="sheet.encoding",
    )


def rows(file: TextIO) -> Iterator[tuple[int, list[str]]]:
    """Give each record of a CSV file that is not blank, with the line that it begins in.

    Raises:
        BadInput: code `sheet.faults`; quotes do not match, or a line or cell is endless.
    """
    reader = csv.reader(_lines(file), strict=True)
    while True:
        begins = reader.line_num + 1
        try:
            cells = next(reader, None)
        except csv.Error:
            most = csv.field_size_limit()
            message = f"Quotes or line ends do not match here, or a cell has more than {most} signs"
            refuse([SheetFault(begins, 1, "", message)], 1)
            return
        if cells is None:
            return
        if cells:
            yield begins, cells


def _lines(file: TextIO) -> Iterator[str]:
    for number, line in enumerate(iter(lambda: file.readline(MAX_LINE), ""), start=1):
        if len(line) == MAX_LINE:
            refuse([SheetFault(number, 1, "", f"The line has more than {MAX_LINE} signs")], 1)
        if "\0" in line:
            refuse([SheetFault(number, 1, "", "Text holds no NUL; is this a CSV file?")], 1)
        yield line


def _decodes(path: Path, name: str) -> bool:
    decoder = codecs.getincrementaldecoder(name)()
    try:
        with path.open("rb") as file:
            while block := file.read(BLOCK):
                decoder.decode(block)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True
