"""Lists are read a page at a time, and by label without reading anything else; on every store."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.model import label
from sandbox.model.application import Application
from sandbox.model.application import ApplicationState as State
from sandbox.model.dataset import Dataset
from sandbox.model.label import Label
from sandbox.model.names import ApplicationId, DatasetName, PrincipalName, TokenId
from sandbox.model.paging import MAX_PAGE, Mark, mark
from sandbox.model.principal import Role
from sandbox.model.token import Token
from sandbox.ports import Books, Page
from sandbox.store.memory import MemoryBooks

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
MEI, LI = PrincipalName("mei"), PrincipalName("李")


def application(number: int, **changes: object) -> Application:
    asked = Application(
        id=ApplicationId(f"a{number}"),
        applicant=MEI if number % 2 else LI,
        dataset=DatasetName("health/hie"),
        purpose="public-health-research",
        scenario="用于研究",
        safeguards="none",
        starts=NOON.date(),
        ends=NOON.date(),
        public_key="",
        received=NOON + timedelta(hours=number),
    )
    return replace(asked, **changes)  # type: ignore[arg-type]


def put(books: Books, count: int) -> None:
    with books.write() as page:
        for number in range(count):
            asked = application(number)
            page.applications.add(asked.id, asked)


def walked(page: Page, limit: int, named: Label | None, *, newest: bool = False) -> list[str]:
    found: list[str] = []
    after = None
    while True:
        stretch = page.applications.stretch(after, limit, label=named, newest=newest)
        assert len(stretch.values) <= limit
        found += [one.id for one in stretch.values]
        if stretch.next is None:
            return found
        after = mark(str(stretch.next))


@pytest.mark.parametrize("limit", [1, 2, 3, 7, 8])
@pytest.mark.parametrize("newest", [False, True])
def test_pages_together_are_the_list(books: Books, limit: int, newest: bool) -> None:  # noqa: FBT001
    put(books, 7)
    every, mine = [f"a{n}" for n in range(7)], ["a1", "a3", "a5"]
    with books.read() as page:
        for named, expected in ((None, every), (label.whose(MEI), mine)):
            wanted = expected[::-1] if newest else expected
            assert walked(page, limit, named, newest=newest) == wanted


def test_a_page_stays_where_it_is_while_the_list_grows(books: Books) -> None:
    put(books, 4)
    with books.write() as page:
        first = page.applications.stretch(limit=2)
        late = application(9)
        page.applications.add(late.id, late)
    with books.read() as page:
        rest = page.applications.stretch(first.next, 10)
    assert [one.id for one in rest.values] == ["a2", "a3", "a9"]


def test_what_is_taken_away_moves_no_page(books: Books) -> None:
    tokens = [Token(TokenId(str(n)), MEI, Role.RESEARCHER, NOON) for n in range(5)]
    with books.write() as page:
        for token in tokens:
            page.tokens.add(token.id, token)
        first = page.tokens.stretch(limit=2, label=label.whose(MEI))
        plain = page.tokens.stretch(limit=2)
        page.tokens.remove(tokens[0].id)
        page.tokens.remove(tokens[3].id)
    with books.read() as page:
        for after, named in ((first.next, label.whose(MEI)), (plain.next, None)):
            rest = page.tokens.stretch(after, 10, label=named).values
            assert [one.id for one in rest] == ["2", "4"]
        assert [one.id for one in page.tokens.labelled(label.whose(MEI))] == ["1", "2", "4"]


def test_labels_follow_what_a_thing_becomes(books: Books, dataset: Dataset) -> None:
    asked = application(1, state=State.DRAFT, private=True)
    owner = label.owned_by(dataset.owner)
    waits = label.unanswered_by(dataset.owner)
    with books.write() as page:
        page.datasets.add(dataset.name, dataset)
        page.applications.add(asked.id, asked)

    def named(*labels: Label) -> list[bool]:
        with books.read() as page:
            return [any(page.applications.labelled(each)) for each in labels]

    shown = (label.whose(MEI), label.SHOWN, owner, waits, label.UNDECIDED, label.PAUSED)
    assert named(*shown) == [True, False, False, False, False, False]
    steps = (
        (State.SUBMITTED, [True, True, True, True, True, False]),
        (State.SUPPLEMENT_REQUESTED, [True, True, True, False, False, True]),
        (State.REFUSED, [True, True, True, False, False, False]),
    )
    for state, expected in steps:
        with books.write() as page:
            page.applications.replace(asked.id, replace(asked, state=state, private=False))
        assert named(*shown) == expected
    with books.write() as page:
        page.applications.replace(asked.id, replace(asked, applicant=PrincipalName("0" * 64)))
    assert named(label.whose(MEI)) == [False]


def test_what_was_received_first_waits_first_whenever_it_was_begun(books: Books) -> None:
    with books.write() as page:
        for number in (5, 2, 9):
            asked = application(number)
            page.applications.add(asked.id, asked)
        assert walked(page, 1, label.UNDECIDED) == ["a2", "a5", "a9"]
        assert walked(page, 2, label.UNDECIDED, newest=True) == ["a9", "a5", "a2"]


def test_a_label_that_no_text_in_sql_could_be_finds_nothing(books: Books) -> None:
    put(books, 1)
    with books.read() as page:
        for name in ("a\0", "\ud800", "' OR 1=1 --", "%"):
            assert not page.applications.stretch(label=label.whose(PrincipalName(name))).values


@pytest.mark.parametrize("limit", [0, -1, MAX_PAGE + 1])
def test_no_page_is_everything(books: Books, limit: int) -> None:
    with books.read() as page, pytest.raises(ValueError, match="a page has"):
        page.applications.stretch(limit=limit)


@given(st.builds(Mark, st.integers(0, 10**18 - 1), st.integers(0, 10**18 - 1)))
def test_a_mark_reads_back(there: Mark) -> None:
    assert mark(str(there)) == there


@given(st.lists(st.integers(0, 50), unique=True, max_size=12), st.integers(1, 13))
def test_however_a_list_is_cut_it_is_the_same_list(numbers: list[int], limit: int) -> None:
    books = MemoryBooks()
    with books.write() as page:
        for number in numbers:
            asked = application(number)
            page.applications.add(asked.id, asked)
        for newest in (False, True):
            order = sorted(numbers, reverse=newest)
            assert walked(page, limit, label.UNDECIDED, newest=newest) == [f"a{n}" for n in order]
