"""From the cells of a line to a record: everything that is wrong with them, at once."""

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from sandbox.errors import BadInput
from sandbox.flow.sheet_words import ACCESS, GRADES, LISTED, OPENNESS, SEPARATORS
from sandbox.model.names import ColumnName, DatasetName, OwnerName, PrincipalName, dataset_name
from sandbox.model.record import FieldFault, Record, RecordColumn, RecordFaults, missing_from

V = TypeVar("V")
Cells = Mapping[str, str]

_TEXTS = (
    *("owner", "contact", "theme", "conditions", "update", "origin"),
    *("title", "title_zh", "description", "description_zh"),
)


def record_from(cells: Cells, columns: tuple[RecordColumn, ...], keeper: PrincipalName) -> Record:
    """Make a record of its line's cells and of the columns that follow it.

    Raises:
        RecordFaults: it cannot be; a fault's field is the cell's heading.
    """
    faults: list[FieldFault] = []
    listed = _one("listed", LISTED, cells.get("listed", ""), faults)
    fields: dict[str, Any] = {name: cells.get(name, "") for name in _TEXTS}
    fields |= {
        "columns": columns,
        "keywords": _parts(cells.get("keywords", "")),
        "access": _each("access", ACCESS, cells.get("access", ""), faults),
        "openness": _one("openness", OPENNESS, cells.get("openness", ""), faults),
        "grade": _one("grade", GRADES, cells.get("grade", ""), faults),
    }
    known = {fault.field for fault in faults}
    faults += [fault for fault in missing_from(fields) if fault.field not in known]
    name = _name(cells["name"], faults)
    if name is None or faults:
        raise RecordFaults(tuple(faults))
    fields["owner"] = OwnerName(fields["owner"])
    return Record(name=name, keeper=keeper, listed=listed is not False, **fields)


def column_from(cells: Cells) -> RecordColumn:
    """Make a column of a line's cells.

    Raises:
        RecordFaults: its openness is missing or unknown.
    """
    faults: list[FieldFault] = []
    openness = _one("column_openness", OPENNESS, cells.get("column_openness", ""), faults)
    if openness is None:
        raise RecordFaults(
            tuple(faults) or (FieldFault("column_openness", "The column lacks its openness"),)
        )
    return RecordColumn(
        ColumnName(cells["column"]),
        openness,
        cells.get("column_description", ""),
        cells.get("column_description_zh", ""),
    )


def _name(text: str, faults: list[FieldFault]) -> DatasetName | None:
    try:
        return dataset_name(text)
    except BadInput as wrong:
        faults.append(FieldFault("name", wrong.message))
        return None


def _one(name: str, words: Mapping[str, V], text: str, faults: list[FieldFault]) -> V | None:
    word = words.get(text.casefold())
    if word is None and text:
        faults.append(FieldFault(name, f"Write one of: {', '.join(words)}"))
    return word


def _each(name: str, words: Mapping[str, V], text: str, faults: list[FieldFault]) -> tuple[V, ...]:
    read = (_one(name, words, part, faults) for part in _parts(text))
    return _distinct(word for word in read if word is not None)


def _parts(text: str) -> tuple[str, ...]:
    parts = (part.strip() for part in SEPARATORS.split(text))
    return _distinct(part for part in parts if part)


def _distinct(values: Iterable[V]) -> tuple[V, ...]:
    return tuple(dict.fromkeys(values))
