"""A record of the catalogue (数据目录): what is said of a dataset before anybody may ask of it.

Six groups of metadata make a record: description, openness, way of access, grade, conditions of
use, update cycle. One that lacks a group does not exist, so it can be neither listed nor opened.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from policies.classes import Access, Grade, Openness
from policies.signs import misleads
from sandbox.errors import BadInput, Place
from sandbox.model.names import (
    ColumnName,
    DatasetName,
    Digest,
    OwnerName,
    PrincipalName,
    SnapshotId,
)

MAX_LABEL = 128
"""Characters of a short text: a title, a keyword, the name of an office."""
MAX_PROSE = 4000
MAX_KEYWORDS = 50
MAX_COLUMNS = 10_000
LINE_ENDS = frozenset("\n\r\t")


class RecordState(StrEnum):
    """How far a record has come."""

    CATALOGUED = "catalogued"
    """Listed, without data 已编目."""
    COLLECTED = "collected"
    """The data are at the site and stay closed, or closed again 已归集."""
    OPENED = "opened"
    """The data are at the site and open in the record's way 已开放."""


@dataclass(frozen=True, slots=True)
class FieldFault:
    """What is wrong with one field of a record."""

    field: str
    """`contact`, `openness`, `columns.age.description`."""
    message: str


class RecordFaults(BadInput):
    """A record that cannot be; `faults` names everything that is wrong with it."""

    def __init__(self, faults: tuple[FieldFault, ...]) -> None:
        """Keep the faults; the message has a line for each."""
        super().__init__(
            "\n".join(f"{fault.field}: {fault.message}" for fault in faults),
            code="record.incomplete",
            place=Place(clause=faults[0].field),
        )
        self.faults = faults


@dataclass(frozen=True, slots=True)
class RecordColumn:
    """One column, with an openness of its own."""

    name: ColumnName
    openness: Openness
    description: str = ""
    description_zh: str = ""


@dataclass(frozen=True, slots=True)
class Version:
    """One snapshot of the data, as it was taken in."""

    snapshot: SnapshotId
    created: datetime


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """That and why an owner took down what was open for download."""

    at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Record:
    """What the catalogue says of one dataset.

    Titles, descriptions and conditions may be in either language; one of the two is enough.
    """

    name: DatasetName
    owner: OwnerName
    """The accountable body 数据开放主体."""
    keeper: PrincipalName
    """Who listed it."""
    contact: str
    """The office to turn to."""
    theme: str
    keywords: tuple[str, ...]
    openness: Openness
    access: tuple[Access, ...]
    grade: Grade
    conditions: str
    """On which conditions the data may be used 开放条件."""
    update: str
    """How often a new snapshot comes 更新频率."""
    columns: tuple[RecordColumn, ...]
    title: str = ""
    title_zh: str = ""
    description: str = ""
    description_zh: str = ""
    origin: str = ""
    """The region that the data were obtained from; empty for one's own."""
    listed: bool = True
    """Whether anybody else sees it; only closed data may be hidden."""
    policy: Digest | None = None
    """The policy that the record follows; None while it is only catalogued."""
    versions: tuple[Version, ...] = field(default=())
    """Oldest first; the last is current."""
    withdrawn: Withdrawn | None = None
    """None unless the owner took down what was open and has not opened it again."""

    def __post_init__(self) -> None:
        """Refuse a record that lacks a group, or holds what no record may.

        Raises:
            RecordFaults: code `record.incomplete`; all faults at once.
        """
        faults = tuple(faults_of(self))
        if faults:
            raise RecordFaults(faults)

    @property
    def state(self) -> RecordState:
        """How far it has come; it follows from the data and their openness."""
        if not self.versions:
            return RecordState.CATALOGUED
        is_closed = self.openness is Openness.CLOSED or self.withdrawn is not None
        return RecordState.COLLECTED if is_closed else RecordState.OPENED

    @property
    def current(self) -> Version | None:
        """The version that is asked of, or downloaded; none once that was withdrawn."""
        return self.versions[-1] if self.versions and self.withdrawn is None else None

    @property
    def open_columns(self) -> tuple[RecordColumn, ...]:
        """The columns that are not closed."""
        return tuple(one for one in self.columns if one.openness is not Openness.CLOSED)

    def with_version(self, version: Version) -> "Record":
        """Give the record with a newer snapshot."""
        return replace(self, versions=(*self.versions, version), withdrawn=None)


REQUIRED: Mapping[str, str] = {
    "owner": "the accountable body 数据开放主体",
    "contact": "the office to turn to 联系部门",
    "theme": "the theme 所属主题",
    "keywords": "keywords 关键词",
    "openness": "the openness 开放类别",
    "access": "the way of access 开放方式",
    "grade": "the security grade 数据分级",
    "conditions": "the conditions of use 开放条件",
    "update": "the update cycle 更新频率",
    "columns": "the columns 字段",
}
"""What each group needs besides a title and a description in one language."""
_EITHER = {"title": "a title 名称", "description": "a description 说明"}
_LABELS = ("owner", "contact", "theme", "update", "title", "title_zh", "origin")
_PROSE = ("description", "description_zh", "conditions")


def missing_from(fields: Mapping[str, object]) -> list[FieldFault]:
    """Name every group, or part of one, that is not there."""
    faults = [
        FieldFault(name, f"The record lacks {what}")
        for name, what in REQUIRED.items()
        if not fields.get(name)
    ]
    faults += [
        FieldFault(name, f"The record lacks {what}")
        for name, what in _EITHER.items()
        if not fields.get(name) and not fields.get(f"{name}_zh")
    ]
    return faults


def faults_of(record: Record) -> list[FieldFault]:
    """Name everything that is wrong with a record."""
    fields = {name: getattr(record, name) for name in (*REQUIRED, *_LABELS, *_PROSE)}
    faults = missing_from(fields)
    for name in _LABELS:
        faults += text_faults(name, str(fields[name]), MAX_LABEL)
    for name in _PROSE:
        faults += text_faults(name, str(fields[name]), MAX_PROSE, LINE_ENDS)
    for word in record.keywords:
        faults += text_faults("keywords", word, MAX_LABEL)
    return faults + _shape_faults(record) + _column_faults(record)


def text_faults(
    name: str, text: str, longest: int, allowed: frozenset[str] = frozenset()
) -> list[FieldFault]:
    """Find text that is too long, or that would not be shown as it is."""
    if len(text) > longest:
        return [FieldFault(name, f"The text has more than {longest} characters")]
    if misleads(text) or any(sign in text for sign in LINE_ENDS - allowed):
        return [
            FieldFault(name, "Control characters and signs that turn the text have no place here")
        ]
    return []


def _shape_faults(record: Record) -> list[FieldFault]:
    faults = []
    if not record.listed and record.openness is not Openness.CLOSED:
        faults.append(FieldFault("listed", "Only closed data may be hidden"))
    if len(record.keywords) > MAX_KEYWORDS:
        faults.append(FieldFault("keywords", f"There are more than {MAX_KEYWORDS} keywords"))
    if len(record.columns) > MAX_COLUMNS:
        faults.append(FieldFault("columns", f"There are more than {MAX_COLUMNS} columns"))
    if record.openness is Openness.CLOSED and record.open_columns:
        faults.append(FieldFault("columns", "A closed record has closed columns only"))
    return faults


def _column_faults(record: Record) -> list[FieldFault]:
    faults: list[FieldFault] = []
    seen: set[str] = set()
    for column in record.columns[:MAX_COLUMNS]:
        if column.name in seen:
            faults.append(FieldFault("columns", "The column stands here already"))
        seen.add(column.name)
        faults += text_faults("column", column.name, MAX_LABEL)
        faults += text_faults("column_description", column.description, MAX_PROSE, LINE_ENDS)
        faults += text_faults("column_description_zh", column.description_zh, MAX_PROSE, LINE_ENDS)
    return faults
