"""Values on shelves come back as they were put, in order, one a key, on every store."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest

from sandbox.errors import Conflict, NotFound
from sandbox.model.agreement import Agreement, Clauses
from sandbox.model.application import Application
from sandbox.model.cost import Accounting
from sandbox.model.dataset import Dataset
from sandbox.model.emergency import Emergency
from sandbox.model.names import (
    AgreementId,
    ApplicationId,
    DatasetName,
    Digest,
    EmergencyId,
    PrincipalName,
    SourceName,
    SubmissionId,
    TokenId,
)
from sandbox.model.principal import Role
from sandbox.model.source import Caps, Source
from sandbox.model.submission import Submission, SubmissionState
from sandbox.model.token import Token
from sandbox.ports import Books

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


class Undone(Exception):
    """Raised in a block so that nothing of it stays."""


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
    person = Token(TokenId("1"), PrincipalName("r1"), Role.RESEARCHER, NOON)
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
        page.tokens.add(person.id, person)
    with books.read() as page:
        assert list(page.applications) == [application]
        assert list(page.agreements) == [agreement]
        assert list(page.tokens) == [person]


def test_a_key_is_taken_once(books: Books, submission: Submission) -> None:
    with books.write() as page:
        page.submissions.add(submission.id, submission)
    with pytest.raises(Conflict) as refusal, books.write() as page:
        page.submissions.add(submission.id, replace(submission, debit=8))
    assert refusal.value.code == "books.exists"
    with books.read() as page:
        assert page.submissions.get(submission.id) == submission


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

    def remove_and_raise() -> None:
        with books.write() as page:
            page.openings.remove(Digest("a"))
            raise Undone

    with pytest.raises(Undone):
        remove_and_raise()
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
