"""Transactions: whoever writes writes alone, whoever reads keeps their view, on every store."""

import io
import threading
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

import pytest

from sandbox.errors import NotFound, Unavailable
from sandbox.model.account import Account
from sandbox.model.cost import PrivacyCost
from sandbox.model.names import (
    AccountId,
    Digest,
    SubmissionId,
)
from sandbox.model.submission import Submission
from sandbox.ports import Books, Page
from tests.support.books import spend

ACCOUNT = AccountId("source/spent/from")


class Interruption(BaseException):
    """What no step of the flow catches."""


def test_what_is_unknown_is_said_to_be_unknown(books: Books, submission: Submission) -> None:
    with books.write() as page:
        assert page.submissions.find(submission.id) is None
        assert list(page.submissions) == []
        for unknown in (
            lambda: page.submissions.get(submission.id),
            lambda: page.submissions.replace(submission.id, submission),
            lambda: page.accounts.get(AccountId("source/none")),
            lambda: page.openings.remove(Digest("none")),
            lambda: page.log.entry(0),
            lambda: page.log.root(1),
            lambda: page.log.inclusion(0, 1),
        ):
            with pytest.raises(NotFound) as refusal:
                unknown()
            assert refusal.value.code == "books.unknown"


@pytest.mark.parametrize(
    "key", ["nul\0", "half of a pair \ud800", "'; DROP TABLE entry", "x" * 9999]
)
def test_a_key_that_nobody_could_have_written_is_unknown(books: Books, key: str) -> None:
    with books.read() as page:
        assert page.submissions.find(SubmissionId(key)) is None
        assert page.accounts.find(AccountId(key)) is None


@pytest.mark.parametrize("stop", [ValueError, Interruption])
def test_a_block_that_raises_leaves_no_trace(
    books: Books, source: Account, submission: Submission, stop: type[BaseException]
) -> None:
    with books.write() as page:
        page.accounts.open(source)
        page.log.append({"kind": "site"})
        before = page.log.root(1)

    def fail(page: Page) -> None:
        spend(page, source.id, PrivacyCost(Fraction(1, 2)))
        page.submissions.add(submission.id, submission)
        page.log.append({"kind": "debit"})
        raise stop

    def fail_in_a_block() -> None:
        with books.write() as page:
            fail(page)

    with pytest.raises(stop):
        fail_in_a_block()
    with pytest.raises(stop):
        books.transact(fail)
    with books.read() as page:
        assert page.accounts.get(source.id) == source
        assert page.submissions.find(submission.id) is None
        assert page.log.size() == 1
        assert page.log.root(1) == before
    with books.write() as page:
        assert page.log.append({"kind": "debit"}) == 1


def test_a_reader_keeps_the_view_it_began_with(books: Books, source: Account) -> None:
    with books.read() as page:
        assert page.accounts.find(source.id) is None
        with books.write() as other:
            other.accounts.open(source)
            other.log.append({"kind": "policy"})
        assert page.accounts.find(source.id) is None
        assert page.log.size() == 0
    with books.read() as page:
        assert page.accounts.get(source.id) == source


def test_a_writer_sees_what_it_wrote_and_a_reader_does_not_yet(
    books: Books, source: Account
) -> None:
    with books.write() as page:
        page.accounts.open(source)
        assert page.accounts.get(source.id) == source
        with books.read() as other:
            assert other.accounts.find(source.id) is None


@pytest.mark.parametrize(
    "attempt",
    [
        lambda page: page.openings.add(Digest("1"), b"new"),
        lambda page: page.openings.replace(Digest("0"), b"new"),
        lambda page: page.accounts.open(replace(page.accounts.get(ACCOUNT), id="source/other")),
        lambda page: page.openings.remove(Digest("0")),
        lambda page: spend(page, ACCOUNT, PrivacyCost(Fraction(0))),
        lambda page: page.log.append({"kind": "debit"}),
    ],
    ids=["add", "replace", "open", "remove", "move", "append"],
)
def test_writing_through_a_page_for_reading_is_an_error(
    books: Books, source: Account, attempt: Callable[[Page], object]
) -> None:
    with books.write() as page:
        page.accounts.open(replace(source, id=ACCOUNT))
        page.openings.add(Digest("0"), b"old")
    with books.read() as page, pytest.raises(io.UnsupportedOperation):
        attempt(page)


def test_writers_take_turns(books: Books, source: Account) -> None:
    with books.write() as page:
        page.accounts.open(source)

    def spend_once(page: Page) -> int:
        spend(page, source.id, PrivacyCost(Fraction(1, 40)))
        return page.log.append({"kind": "debit"})

    given: list[int] = []

    def spend_five_times() -> None:
        for _ in range(2):
            with books.write() as page:
                given.append(spend_once(page))
        given.extend(books.transact(spend_once) for _ in range(3))

    threads = [threading.Thread(target=spend_five_times) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with books.read() as page:
        assert page.accounts.get(source.id).remaining == 0
        assert page.log.size() == 40
    assert sorted(given) == list(range(40))


def test_a_writer_gives_up_when_another_never_ends(books: Books) -> None:
    with books.write(), pytest.raises(Unavailable) as refusal, books.write():
        pytest.fail("two writers at once")
    assert refusal.value.code == "books.unavailable"
    with books.write() as page:
        assert page.log.append({"kind": "site"}) == 0
