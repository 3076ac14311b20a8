"""What the port promises of books, held by every store."""

import io
import json
import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest

from sandbox.errors import BadInput, Conflict, NotFound, Unavailable
from sandbox.ledger.canonical import canonical
from sandbox.ledger.tree import check_inclusion, leaf_hash
from sandbox.model.account import Account
from sandbox.model.agreement import Agreement, Clauses
from sandbox.model.application import Application
from sandbox.model.cost import Accounting, PrivacyCost
from sandbox.model.dataset import Dataset
from sandbox.model.emergency import Emergency
from sandbox.model.names import (
    AccountId,
    AgreementId,
    ApplicationId,
    DatasetName,
    Digest,
    EmergencyId,
    PrincipalName,
    SourceName,
    SubmissionId,
)
from sandbox.model.principal import Principal, Role
from sandbox.model.source import Caps, Source
from sandbox.model.submission import Submission, SubmissionState
from sandbox.ports import Books, Json, Page
from tests.support.books import spend

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
ACCOUNT = AccountId("source/spent/from")


class Interruption(BaseException):
    """What no step of the flow catches."""


def test_a_value_is_read_back_as_it_was_written(books: Books, submission: Submission) -> None:
    with books.write() as page:
        page.submissions.add(submission.id, submission)
    with books.read() as page:
        assert page.submissions.get(submission.id) == submission
        assert page.submissions.find(submission.id) == submission


def test_a_dataset_comes_back_with_its_policy(books: Books, dataset: Dataset) -> None:
    with books.write() as page:
        page.datasets.add(dataset.name, dataset)
    with books.read() as page:
        assert page.datasets.get(dataset.name) == dataset


def test_applications_agreements_and_people_have_shelves_too(books: Books) -> None:
    day = NOON.date()
    person = Principal(PrincipalName("r1"), Role.RESEARCHER, NOON)
    application = Application(
        id=ApplicationId("1"),
        applicant=person.name,
        dataset=DatasetName("health/hie"),
        purpose="public-health-research",
        scenario="用于研究",
        safeguards="none",
        starts=day,
        ends=day,
        public_key="",
        received=NOON,
    )
    agreement = Agreement(
        id=AgreementId("1"),
        application=application.id,
        researcher=person.name,
        researcher_key="",
        steward=PrincipalName("s1"),
        site_key="",
        clauses=Clauses((application.dataset,), "p", "s", "s", day, day, "d", "f"),
        digest=Digest("0" * 64),
        site_signature="",
        offered=NOON,
    )
    with books.write() as page:
        page.applications.add(application.id, application)
        page.agreements.add(agreement.id, agreement)
        page.principals.add(Digest("1"), person)
    with books.read() as page:
        assert list(page.applications) == [application]
        assert list(page.agreements) == [agreement]
        assert list(page.principals) == [person]


def test_a_key_is_taken_once(books: Books, submission: Submission) -> None:
    with books.write() as page:
        page.submissions.add(submission.id, submission)
    with pytest.raises(Conflict) as refusal, books.write() as page:
        page.submissions.add(submission.id, replace(submission, debit=8))
    assert refusal.value.code == "books.exists"
    with books.read() as page:
        assert page.submissions.get(submission.id) == submission


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


def test_values_keep_the_order_in_which_they_were_added(
    books: Books, submission: Submission
) -> None:
    for name in ("b", "a", "c"):
        with books.write() as page:
            page.submissions.add(SubmissionId(name), replace(submission, id=SubmissionId(name)))
    released = replace(submission, id=SubmissionId("b"), state=SubmissionState.RELEASED)
    with books.write() as page:
        page.submissions.replace(released.id, released)
    with books.read() as page:
        assert [(kept.id, kept.state.value) for kept in page.submissions] == [
            ("b", "released"),
            ("a", "reserved"),
            ("c", "reserved"),
        ]


def test_shelves_do_not_share_keys(books: Books, submission: Submission) -> None:
    with books.write() as page:
        page.submissions.add(submission.id, submission)
        page.openings.add(Digest(submission.id), b"\x00\xff")
        assert page.openings.get(Digest(submission.id)) == b"\x00\xff"
        assert page.submissions.get(submission.id) == submission


def test_sources_and_emergencies_have_shelves_too(books: Books) -> None:
    source = Source(
        name=SourceName("health/hie"),
        owner=PrincipalName("health"),
        owner_key="",
        accounting=Accounting.PURE,
        caps=Caps(Fraction(4), Fraction("1e-9"), day=Fraction(1, 3), emergency=Fraction(1)),
    )
    emergency = Emergency(
        id=EmergencyId("e1"),
        source=source.name,
        reason="疫情",
        declared=NOON,
        declared_by=PrincipalName("s1"),
        ends=NOON + timedelta(days=2),
    )
    with books.write() as page:
        page.sources.add(source.name, source)
        page.emergencies.add(emergency.id, emergency)
    confirmed = replace(emergency, confirmed=NOON, confirmed_by=PrincipalName("s2"))
    with books.write() as page:
        page.sources.replace(source.name, replace(source, changes=1))
        page.emergencies.replace(emergency.id, confirmed)
    with books.read() as page:
        assert list(page.sources) == [replace(source, changes=1)]
        assert list(page.emergencies) == [confirmed]


def test_an_opening_can_be_removed_and_the_rest_stays(books: Books, submission: Submission) -> None:
    first, second, third = map(Digest, "abc")
    with books.write() as page:
        for key in (first, second, third):
            page.openings.add(key, key.encode())
        page.submissions.add(submission.id, submission)
        page.log.append({"opens to": third})
    with books.write() as page:
        page.openings.remove(third)
        assert page.openings.find(third) is None
    with books.write() as page:
        with pytest.raises(NotFound) as refusal:
            page.openings.remove(third)
        assert refusal.value.code == "books.unknown"
        page.openings.add(third, b"again")
    with books.read() as page:
        assert list(page.openings) == [b"a", b"b", b"again"]
        assert page.submissions.get(submission.id) == submission
        assert page.log.size() == 1


def test_a_removal_that_is_undone_removes_nothing(books: Books) -> None:
    with books.write() as page:
        page.openings.add(Digest("a"), b"kept")

    def remove_and_stop() -> None:
        with books.write() as page:
            page.openings.remove(Digest("a"))
            raise Interruption

    with pytest.raises(Interruption):
        remove_and_stop()
    with books.read() as page:
        assert page.openings.get(Digest("a")) == b"kept"


def test_values_may_be_replaced_while_they_are_gone_through(
    books: Books, submission: Submission
) -> None:
    with books.write() as page:
        for name in map(SubmissionId, "abc"):
            page.submissions.add(name, replace(submission, id=name))
        for kept in page.submissions:
            page.submissions.replace(kept.id, replace(kept, release=9))
        assert [kept.release for kept in page.submissions] == [9, 9, 9]


@pytest.mark.parametrize("stop", [ValueError, Interruption])
def test_a_block_that_raises_leaves_no_trace(
    books: Books, source: Account, submission: Submission, stop: type[BaseException]
) -> None:
    with books.write() as page:
        page.accounts.open(source)
        page.log.append({"kind": "site"})
        before = page.log.root(1)

    def fail() -> None:
        with books.write() as page:
            spend(page, source.id, PrivacyCost(Fraction(1, 2)))
            page.submissions.add(submission.id, submission)
            page.log.append({"kind": "debit"})
            raise stop

    with pytest.raises(stop):
        fail()
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

    def spend_five_times() -> None:
        for _ in range(5):
            with books.write() as page:
                spend(page, source.id, PrivacyCost(Fraction(1, 40)))
                page.log.append({"kind": "debit"})

    threads = [threading.Thread(target=spend_five_times) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with books.read() as page:
        assert page.accounts.get(source.id).remaining == 0
        assert page.log.size() == 40


def test_a_writer_gives_up_when_another_never_ends(books: Books) -> None:
    with books.write(), pytest.raises(Unavailable) as refusal, books.write():
        pytest.fail("two writers at once")
    assert refusal.value.code == "books.unavailable"
    with books.write() as page:
        assert page.log.append({"kind": "site"}) == 0


def test_entries_carry_their_own_index(books: Books) -> None:
    entry: dict[str, Json] = {"kind": "debit", "cost": {"rho": "3/8"}, "index": 99}
    with books.write() as page:
        assert [page.log.append(entry) for _ in range(3)] == [0, 1, 2]
    with books.read() as page:
        assert list(page.log.entries()) == [canonical({**entry, "index": i}) for i in range(3)]
        assert list(page.log.entries(1, 2)) == [page.log.entry(1)]
        assert list(page.log.entries(2)) == [page.log.entry(2)]
        assert list(page.log.entries(3)) == []
    assert entry["index"] == 99


def test_roots_and_proofs_hold_for_every_size(
    books: Books, merkle_root: Callable[[Sequence[bytes]], bytes]
) -> None:
    with books.write() as page:
        for number in range(33):
            page.log.append({"kind": "debit", "number": number})
    with books.read() as page:
        entries = list(page.log.entries())
        for size in range(len(entries) + 1):
            root = page.log.root(size)
            assert root == merkle_root(entries[:size])
            for index in range(size):
                proof = page.log.inclusion(index, size)
                check_inclusion(leaf_hash(entries[index]), index, size, proof, root)


@pytest.mark.parametrize(("index", "size"), [(1, 1), (-1, 1), (0, 3), (0, -1)])
def test_there_is_no_proof_beyond_the_log(books: Books, index: int, size: int) -> None:
    with books.write() as page:
        page.log.append({"kind": "site"})
        page.log.append({"kind": "policy"})
        with pytest.raises(NotFound):
            page.log.inclusion(index, size)


def test_an_entry_holds_65535_bytes_and_no_more(books: Books) -> None:
    frame = len(canonical({"index": 0, "text": ""}))
    with books.write() as page:
        with pytest.raises(BadInput) as refusal:
            page.log.append({"text": "x" * (65_536 - frame)})
        assert refusal.value.code == "ledger.entry_too_long"
        assert page.log.size() == 0
        page.log.append({"text": "x" * (65_535 - frame)})
        assert len(page.log.entry(0)) == 65_535


def test_a_long_log_streams_in_order(books: Books) -> None:
    with books.write() as page:
        for number in range(2500):
            page.log.append({"number": number})
    with books.read() as page:
        numbers = [json.loads(entry)["number"] for entry in page.log.entries(100, 2400)]
    assert numbers == list(range(100, 2400))
