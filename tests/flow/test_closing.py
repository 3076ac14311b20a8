"""The end of an agreement is carried out once: key, tokens, work, and a certificate of it."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from sandbox.errors import Conflict, Refused, Unavailable
from sandbox.flow.ask import ask, find_submission, pay
from sandbox.flow.dispose import dispose
from sandbox.flow.end import end_all
from sandbox.ledger.canonical import sha256
from sandbox.model.agreement import Agreement
from sandbox.model.names import AgreementId
from sandbox.model.principal import Role
from sandbox.model.step import Step
from sandbox.model.submission import Submission
from tests.flow.test_budget_tree import asking
from tests.flow.test_expiry import AtStep, expire
from tests.support.town import Town


class PowerCutError(Exception):
    """Stops a transaction where a power cut would."""


def expired(town: Town, _agreement: Agreement) -> None:
    expire(town)
    end_all(town.site)


def disposed(town: Town, agreement: Agreement) -> None:
    dispose(town.site, town.people[Role.RESEARCHER], agreement.id, "All copies are gone")


@pytest.mark.parametrize("end", [expired, disposed])
def test_the_end_destroys_the_key_and_is_certified_once(
    town: Town, end: Callable[[Town, Agreement], None]
) -> None:
    town.describe()
    agreement = town.agree()
    researcher = town.people[Role.RESEARCHER]
    ask(town.site, researcher, asking(1, "0.5"))
    (key,) = (town.folder / "workspaces").iterdir()
    digest = sha256(key.read_bytes())
    end(town, agreement)
    for _ in range(2):
        end_all(town.site)
    (certificate,) = town.entries("certificate")
    assert certificate["agreement"] == agreement.id
    assert certificate["cause"] == end.__name__
    assert (certificate["key"], certificate["stopped"]) == (digest, 0)
    assert not key.exists()
    with town.site.books.read() as page:
        (kept,) = page.submissions
        closed = page.agreements.get(agreement.id).closed
    assert closed == town.clock.now()
    with pytest.raises(Unavailable):
        town.site.workspaces.unseal(agreement.id, kept.id, kept.answer or b"")
    with pytest.raises(Conflict):
        find_submission(town.site, researcher, kept.id)
    town.audit()


def test_nothing_is_closed_before_its_time(town: Town) -> None:
    town.describe()
    agreement = town.agree()
    town.clock.time = town.clock.time.replace(month=12, day=31, hour=23, minute=59)
    end_all(town.site)
    assert town.entries("certificate") == []
    ask(town.site, town.people[Role.RESEARCHER], asking(1, "0.5", agreement=agreement.id))
    town.later(minutes=1)
    end_all(town.site)
    assert len(town.entries("certificate")) == 1


@pytest.mark.parametrize("step", [Step.RESERVED, Step.PLACED, Step.EXECUTED, Step.MEASURED])
def test_work_of_an_agreement_that_is_closed_meanwhile_is_stopped_and_gives_nothing(
    town: Town, step: Step
) -> None:
    town.describe()
    agreement = town.agree()
    site = replace(town.site, onlooker=AtStep(step, lambda: expired(town, agreement)))
    with pytest.raises(Conflict) as stopped:
        ask(site, town.people[Role.RESEARCHER], asking(1, "0.5"))
    assert stopped.value.code == "agreement.over"
    (certificate,) = town.entries("certificate")
    assert certificate["stopped"] == 1
    has_read = step in {Step.EXECUTED, Step.MEASURED}
    assert len(town.entries("failure")) == has_read
    assert len(town.entries("cancellation")) == (not has_read)
    assert town.entries("release") == []
    assert (town.account(f"agreement/{agreement.id}").spent > 0) == has_read
    town.audit()


def test_what_nobody_came_back_for_is_stopped_too(town: Town) -> None:
    town.describe()
    town.agree()
    researcher = town.people[Role.RESEARCHER]
    pay(town.site, researcher, asking(1, "0.2"))
    cut = replace(town.site, onlooker=AtStep(Step.BEGUN, _cut))
    with pytest.raises(PowerCutError):
        ask(cut, researcher, asking(2, "0.2"))
    expire(town)
    end_all(town.site)
    (certificate,) = town.entries("certificate")
    assert certificate["stopped"] == 2
    assert len(town.entries("failure")) == len(town.entries("cancellation")) == 1
    town.audit()


@pytest.mark.parametrize("step", [Step.DESTROYED, Step.CERTIFIED])
def test_a_cut_within_the_end_leaves_it_to_the_next_round(town: Town, step: Step) -> None:
    town.describe()
    agreement = town.agree()
    researcher = town.people[Role.RESEARCHER]
    ask(town.site, researcher, asking(1, "0.5"))
    expire(town)
    with pytest.raises(PowerCutError):
        end_all(replace(town.site, onlooker=AtStep(step, _cut)))
    assert town.entries("certificate") == []
    assert list((town.folder / "workspaces").iterdir()) == []
    with pytest.raises(Conflict):
        find_submission(town.site, researcher, _only(town).id)
    end_all(town.site)
    (certificate,) = town.entries("certificate")
    with town.site.books.read() as page:
        assert certificate["key"] == page.agreements.get(AgreementId(agreement.id)).workspace
    town.audit()


def test_a_clock_that_is_set_back_opens_nothing_again(town: Town) -> None:
    town.describe()
    agreement = town.agree()
    researcher = town.people[Role.RESEARCHER]
    ask(town.site, researcher, asking(1, "0.5"))
    expired(town, agreement)
    town.later(days=-400)
    for number in (1, 2):
        with pytest.raises(Refused) as refused:
            ask(town.site, researcher, asking(number, "0.5", agreement=agreement.id))
        assert {reason.code for reason in refused.value.reasons} == {"agreement.ended"}
    with pytest.raises(Conflict):
        find_submission(town.site, researcher, _only(town).id)


def _only(town: Town) -> Submission:
    with town.site.books.read() as page:
        (submission,) = page.submissions
    return submission


def _cut() -> None:
    raise PowerCutError
