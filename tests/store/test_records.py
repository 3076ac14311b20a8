"""Records are found by their words in Chinese and English, alike in every store."""

from collections.abc import Iterator
from contextlib import closing

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policies.classes import Grade, Openness
from sandbox.model.finding import Wanted
from sandbox.model.names import ColumnName, DatasetName, OwnerName, SnapshotId
from sandbox.model.paging import Mark, mark
from sandbox.model.record import Record, RecordColumn, RecordState, Version
from sandbox.ports import Books
from sandbox.store.memory import MemoryBooks
from sandbox.store.sql_books import SqlBooks
from sandbox.store.words import MAX_INDEXED, words_of
from tests.support.listed import BUSES, listed
from tests.support.postgres import PostgresServer
from tests.support.town import HandClock


def wide(text: str) -> str:
    """Write ASCII letters as wide as Chinese ones."""
    return "".join(chr(ord(letter) + 0xFEE0) for letter in text)


SCHOOLS = listed(
    "education/schools",
    owner=OwnerName("区教育局"),
    title="Schools",
    title_zh="学校名录",
    description="Schools beside a bus line.",
    description_zh="学校附近的公交线路",
    keywords=("学校",),
    grade=Grade.L1,
    columns=(RecordColumn(ColumnName(wide("POSTCODE")), Openness.CONDITIONAL),),
)
CLOSED = listed(
    "traffic/cameras",
    title_zh="摄像头点位",
    title="Cameras",
    keywords=("道路",),
    description="Where they stand.",
    description_zh="点位坐标",
    openness=Openness.CLOSED,
    columns=(RecordColumn(ColumnName("place"), Openness.CLOSED),),
)


def put(books: Books, *records: Record) -> None:
    with books.write() as page:
        for record in records:
            page.records.add(record.name, record)


def names(books: Books, **wanted: object) -> list[str]:
    with books.read() as page:
        return [one.name for one in page.records.search(Wanted(**wanted)).records]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("公交", ["traffic/buses", "education/schools"]),
        ("公交线路信息", ["traffic/buses"]),
        ("线", ["traffic/buses", "education/schools"]),
        ("学校", ["education/schools"]),
        ("bus", ["traffic/buses", "education/schools"]),
        ("BUS LINES", ["traffic/buses"]),
        ("sch", ["education/schools"]),
        ("postcode", ["education/schools"]),
        (wide("post"), ["education/schools"]),
        ("乘车卡号", ["traffic/buses"]),
        ("交公", []),
        ("ools", []),
        ("b", []),
        ("bus 摄像头", []),
        ("traffic/buses", ["traffic/buses"]),
    ],
)
def test_words_are_found_in_both_languages_title_first(
    books: Books, text: str, expected: list[str]
) -> None:
    put(books, SCHOOLS, BUSES, CLOSED)
    assert names(books, text=text) == expected


@pytest.mark.parametrize(
    "text", ['"', "' OR 1=1 --", "NEAR(", "* : ^ -", "\ue000", "\0", "&|!<->", "\u202e", "\ud800"]
)
def test_signs_that_mean_something_to_a_database_mean_nothing(books: Books, text: str) -> None:
    put(books, BUSES)
    assert names(books, text=text) == []
    assert names(books, text=f"{text} bus {text}") == (
        ["traffic/buses"] if "OR" not in text and "NEAR" not in text else []
    )


def test_no_text_can_pass_for_a_filter(books: Books) -> None:
    facet = next(word for word in words_of(CLOSED).everything if "\ue000" in word)
    put(books, listed("a/b", title=facet, keywords=(facet,)), BUSES)
    assert names(books, openness=Openness.CLOSED) == []
    assert names(books, text=facet) != ["traffic/buses"]


def test_a_search_is_narrowed_by_what_the_record_is(books: Books) -> None:
    opened = BUSES.with_version(Version(SnapshotId("0" * 32), HandClock().now()))
    put(books, opened, SCHOOLS, CLOSED)
    assert names(books) == ["traffic/buses", "education/schools", "traffic/cameras"]
    assert names(books, openness=Openness.CLOSED) == ["traffic/cameras"]
    assert names(books, grade=Grade.L1) == ["education/schools"]
    assert names(books, owner=OwnerName("区教育局"), text="公交") == ["education/schools"]
    assert names(books, owner=OwnerName("区")) == []
    assert names(books, state=RecordState.OPENED) == ["traffic/buses"]
    assert names(books, state=RecordState.OPENED, grade=Grade.L1) == []


def test_a_hidden_record_is_never_found_and_one_that_hides_is_found_no_more(books: Books) -> None:
    put(books, CLOSED, BUSES)
    with books.write() as page:
        page.records.replace(
            CLOSED.name,
            listed(CLOSED.name, openness=Openness.CLOSED, columns=CLOSED.columns, listed=False),
        )
    assert names(books) == ["traffic/buses"]
    assert names(books, text="cameras") == names(books, openness=Openness.CLOSED) == []
    assert names(books, hidden=True) == names(books, hidden=True, text="cameras") == [CLOSED.name]
    assert names(books, hidden=True, owner=OwnerName("区教育局")) == []


def test_a_record_is_found_by_its_newest_words_alone(books: Books) -> None:
    put(books, BUSES)
    with books.write() as page:
        page.records.replace(BUSES.name, listed(BUSES.name, title="Trams"))
    assert names(books, text="trams") == ["traffic/buses"]
    assert names(books, text="bus lines") == []


@pytest.mark.parametrize("text", ["", "公交"])
@pytest.mark.parametrize("limit", [1, 2, 3, 7, 20])
def test_pages_follow_each_other_without_gap_or_repeat(books: Books, text: str, limit: int) -> None:
    many = [listed(f"a/n{n}", title_zh="公交" if n % 3 else "地铁") for n in range(10)]
    put(books, *many)
    seen: list[str] = []
    after: Mark | None = None
    for _ in range(20):
        with books.read() as page:
            found = page.records.search(Wanted(text, after=after, limit=limit))
        assert len(found.records) <= limit
        seen += [one.name for one in found.records]
        if found.next is None:
            break
        after = mark(str(found.next))
    whole = [one.name for one in many]
    if text:
        whole.sort(key=lambda name: int(name[3:]) % 3 == 0)
    assert seen == whole


def test_a_common_word_is_paged_like_a_rare_one(
    books: Books, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(books, *(listed(f"a/n{n}", title_zh="公交" if n % 3 else "地铁") for n in range(10)))
    rare = names(books, text="公交")
    monkeypatch.setattr("sandbox.store.word_index.RARE", 2)
    assert names(books, text="公交") == rare
    assert names(books, text="公交", after=Mark(0, 4), limit=1) in (["a/n4"], ["a/n5"])


def test_a_record_with_more_text_than_fits_is_found_by_its_title(books: Books) -> None:
    columns = tuple(
        RecordColumn(ColumnName(f"{n:0100d}"), Openness.CONDITIONAL, "x" * 60 + str(n))
        for n in range(5000)
    )
    put(books, listed("a/b", columns=columns))
    words = words_of(listed("a/b", columns=columns))
    assert sum(len(word.encode()) for word in words.everything) < MAX_INDEXED + 1000
    assert names(books, text="bus lines") == ["a/b"]


@pytest.fixture(scope="module")
def both(
    tmp_path_factory: pytest.TempPathFactory, server: PostgresServer
) -> Iterator[tuple[SqlBooks, SqlBooks]]:
    from tests.support.books import open_books  # noqa: PLC0415  (needs the server's extra)

    file = str(tmp_path_factory.mktemp("records") / "books.db")
    with closing(open_books(file)) as one, closing(open_books(server.new_database())) as other:
        yield one, other


SIGNS = st.text("公交线路ab1 ǅßﬁⅫ가あ々𠮷\u0301-'\"*:&", max_size=8)


@settings(max_examples=60)
@given(texts=st.lists(st.tuples(SIGNS, SIGNS), min_size=1, max_size=5), asked=SIGNS)
def test_all_stores_find_the_same(
    both: tuple[SqlBooks, SqlBooks], texts: list[tuple[str, str]], asked: str
) -> None:
    found = []
    for books in (MemoryBooks(), *both):
        with books.write() as page:
            for n in range(5):
                title, rest = texts[n % len(texts)]
                record = listed(f"a/n{n}", title_zh=title or "x", description=rest or "x")
                known = page.records.find(DatasetName(record.name))
                (page.records.replace if known else page.records.add)(record.name, record)
        found.append(names(books, text=asked))
    assert found[0] == found[1] == found[2]
