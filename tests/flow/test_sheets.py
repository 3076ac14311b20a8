"""Catalogues come in from CSV whole or not at all, and every fault has its line and column."""

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policies.classes import Access, Openness
from sandbox.errors import BadInput
from sandbox.flow.export_records import sheet, stream
from sandbox.flow.read_sheet import MAX_FAULTS, Sheet
from sandbox.model.names import ColumnName, PrincipalName
from sandbox.model.principal import Role
from sandbox.model.record import Record, RecordColumn
from tests.support.listed import listed
from tests.support.sheets import CHINESE, ENGLISH, hand_in, line
from tests.support.town import Town

KEEPER = PrincipalName("owner")


def refused(town: Town, text: str | bytes) -> BadInput:
    with pytest.raises(BadInput) as refusal:
        hand_in(town, town.people[Role.OWNER], text)
    with town.site.books.read() as page:
        assert not [*page.records, *page.proposals, *page.owners]
    return refusal.value


@pytest.mark.parametrize("header", [CHINESE, ENGLISH])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_list_is_read_in_every_encoding_and_heading(
    town: Town, header: str, encoding: str
) -> None:
    more = "city/buses" + "," * 12 + "司机,不予开放,姓名\n"
    text = header + line() + more + "\n" + line("city/trams", title="有轨电车")
    taken = hand_in(town, town.people[Role.OWNER], text.encode(encoding))
    assert (taken.total, taken.done, taken.merged.published, taken.waiting) == (2, 2, 2, 0)
    with town.site.books.read() as page:
        buses, trams = page.records
    assert (buses.title_zh, trams.title_zh) == ("公交线路", "有轨电车")
    assert buses.keywords == ("公交", "线路")
    assert buses.access == (Access.API, Access.ALGORITHM)
    assert [(one.name, one.openness) for one in buses.columns] == [
        ("编号", Openness.CONDITIONAL),
        ("司机", Openness.CLOSED),
    ]


def test_all_faults_are_named_with_line_and_column_and_nothing_is_imported(town: Town) -> None:
    text = (
        CHINESE
        + line()
        + line("Bad Name", openness="半开放", contact="")
        + line("city/c", column_openness="?", grade="L9")
        + line("city/buses", title="again")
        + "city/d,too,few\n"
        + line("city/e", title="a\u202eb")
    )
    wrong = refused(town, text)
    assert wrong.code == "sheet.faults"
    assert wrong.place is not None
    assert (wrong.place.line, wrong.place.column) == (3, 1)
    places = [said.split(" ")[1] for said in wrong.message.splitlines()]
    assert places == ["3:1", "3:7", "3:8", "4:10", "4:14", "5:1", "6:1", "7:2"]
    assert "半开放" not in wrong.message


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("", "1:1"),
        ("name\n", "2:1"),
        ("title\na\n", "1:1"),
        ("name,name\n", "1:2"),
        ("name,<script>\n", "1:2"),
        (CHINESE + '"city/a,"x\n', "2:1"),
        (CHINESE + "a\0b\n", "2:1"),
        (CHINESE + line("city/a") + '"' + "x" * 140_000 + '"\n', "3:1"),
        (CHINESE + "x" * 300_000 + "\n", "2:1"),
        (CHINESE + "\n" * 3 + "," * 1000 + "\n", "5:1"),
    ],
)
def test_what_is_no_list_is_refused_with_its_line(town: Town, text: str, where: str) -> None:
    wrong = refused(town, text)
    assert wrong.place is not None
    assert f"{wrong.place.line}:{wrong.place.column}" == where


def test_a_header_of_a_million_columns_is_refused_at_once(town: Town) -> None:
    assert len(refused(town, "name," * 40_000 + "\n").message) < 20_000
    assert refused(town, "a" + "," * 1_000_000 + "\n").code == "sheet.faults"


def test_a_list_that_is_wrong_in_every_line_names_a_bounded_number_of_faults(town: Town) -> None:
    wrong = refused(town, CHINESE + "".join(line(f"Bad {n}") for n in range(5000)))
    assert len(wrong.message.splitlines()) == MAX_FAULTS + 1
    wrong = refused(town, CHINESE + "a,b\n" * 5000)
    assert len(wrong.message.splitlines()) == MAX_FAULTS + 1


@pytest.mark.parametrize("bytes_", ["公交".encode("utf-16"), b"\xff\xff\xff", b"name\n\x81\n"])
def test_another_encoding_is_refused(town: Town, bytes_: bytes) -> None:
    assert refused(town, bytes_).code == "sheet.encoding"


def test_the_same_list_again_changes_nothing(town: Town) -> None:
    owner = town.people[Role.OWNER]
    assert hand_in(town, owner, CHINESE + line()).merged.published == 1
    again = hand_in(town, owner, CHINESE + line())
    assert (again.merged.published, again.merged.unchanged) == (0, 1)
    newer = hand_in(town, owner, CHINESE + line(title="公交站点"))
    assert (newer.merged.published, newer.merged.unchanged) == (1, 0)


def test_progress_is_told_between_batches(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sandbox.flow.compile_list.BATCH", 2)
    from sandbox.flow.compile_list import take_list  # noqa: PLC0415  (after the change)

    file = town.folder / "five.csv"
    file.write_text(CHINESE + "".join(line(f"city/n{n}") for n in range(5)))
    told = [(one.done, one.total) for one in take_list(town.site, town.people[Role.OWNER], file)]
    assert told == [(0, 5), (2, 5), (4, 5), (5, 5)]


def test_an_export_is_inert_in_a_spreadsheet_and_comes_in_again(town: Town) -> None:
    hostile = [f"{sign}cmd()" for sign in "=+-@"]
    record = listed(
        "a/b",
        title_zh=hostile[0],
        description_zh=hostile[1] + '\n"<script>,',
        theme=hostile[2],
        contact=hostile[3],
        keywords=("=1", "b"),
        columns=(RecordColumn(ColumnName("=x"), Openness.CONDITIONAL, hostile[0]),),
    )
    with town.site.books.write() as page:
        page.records.add(record.name, record)
    text = "".join(sheet(stream(town.site)))
    cells = [cell for row in csv.reader(io.StringIO(text)) for cell in row]
    assert not [cell for cell in cells if cell[:1] in set("=+-@\t\r")]
    file = town.folder / "again.csv"
    file.write_text(text, newline="")
    (again,) = _read(file)
    assert again.title_zh == f"'{hostile[0]}"
    assert again.description_zh == f"'{hostile[1]}\n\"<script>,"


def _read(file: Path) -> list[Record]:
    read = Sheet(file, KEEPER)
    read.check()
    return list(read.records())


WORDS = st.text(
    st.characters(exclude_categories=["C", "Z"], exclude_characters="=+-@;；、|'\ufeff"),
    min_size=1,
    max_size=20,
)


@settings(max_examples=50)
@given(words=st.lists(WORDS, min_size=8, max_size=8))
def test_every_record_comes_back_from_its_export(
    tmp_path_factory: pytest.TempPathFactory, words: list[str]
) -> None:
    record = listed(
        "a/b",
        title=words[0],
        title_zh=words[1],
        description=words[2] + "\n" + words[3],
        keywords=tuple(dict.fromkeys(words[4:6])),
        theme=words[6],
        conditions=words[7],
    )
    file = tmp_path_factory.mktemp("sheets") / "list.csv"
    file.write_text("".join(sheet(iter([record]))), newline="")
    assert _read(file) == [record]
