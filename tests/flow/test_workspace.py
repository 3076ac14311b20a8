"""What a site keeps of answers is sealed; without the key nothing opens and nothing is spent."""

from dataclasses import replace

import pytest

from sandbox.errors import Unavailable
from sandbox.flow.ask import ask
from sandbox.flow.workspace import begin_workspaces
from sandbox.model.principal import Role
from sandbox.model.step import Step
from sandbox.ports import Page
from tests.flow.test_budget_tree import asking
from tests.flow.test_expiry import AtStep
from tests.support.town import Town


def answer_of(reply: bytes) -> bytes:
    return reply.removeprefix(b'{"answer":').rpartition(b',"receipt":')[0]


def test_the_books_hold_no_answer_that_opens_without_the_key(town: Town) -> None:
    town.describe()
    agreement = town.agree()
    researcher = town.people[Role.RESEARCHER]
    reply = ask(town.site, researcher, asking(1, "0.5"))
    with town.site.books.read() as page:
        (kept,) = page.submissions
    assert kept.sealed
    assert answer_of(reply) not in (kept.answer or b"")
    assert ask(town.site, researcher, asking(1, "0.5")) == reply
    town.site.workspaces.destroy(agreement.id)
    with pytest.raises(Unavailable) as shut:
        ask(town.site, researcher, asking(1, "0.5"))
    assert shut.value.code == "workspace.key_missing"


def test_without_its_key_an_agreement_spends_nothing(town: Town) -> None:
    town.describe()
    agreement = town.agree()
    town.site.workspaces.destroy(agreement.id)
    with pytest.raises(Unavailable) as shut:
        ask(town.site, town.people[Role.RESEARCHER], asking(1, "0.5"))
    assert shut.value.code == "workspace.key_missing"
    assert town.entries("debit") == []


def test_a_key_lost_during_a_run_loses_the_answer_and_not_the_right_to_one(town: Town) -> None:
    town.describe()
    agreement = town.agree()
    researcher = town.people[Role.RESEARCHER]
    lost = AtStep(Step.EXECUTED, lambda: town.site.workspaces.destroy(agreement.id))
    with pytest.raises(Unavailable) as shut:
        ask(replace(town.site, onlooker=lost), researcher, asking(1, "0.5"))
    assert shut.value.code == "workspace.key_missing"
    assert town.entries("release") == []
    town.site.workspaces.begin(agreement.id)
    ask(town.site, researcher, asking(1, "0.5"))
    assert len(town.entries("debit")) == len(town.entries("release")) == 1
    town.audit()


def test_plain_answers_of_older_books_open_and_are_sealed_at_the_next_start(town: Town) -> None:
    town.describe()
    town.agree()
    researcher = town.people[Role.RESEARCHER]
    reply = ask(town.site, researcher, asking(1, "0.5"))
    with town.site.books.write() as page:
        _make_old(page, answer_of(reply))
    assert ask(town.site, researcher, asking(1, "0.5")) == reply
    for _ in range(2):
        begin_workspaces(town.site)
    with town.site.books.read() as page:
        (kept,) = page.submissions
        (agreement,) = page.agreements
    assert kept.sealed
    assert agreement.workspace == town.site.workspaces.begin(agreement.id)
    assert ask(town.site, researcher, asking(1, "0.5")) == reply


def _make_old(page: Page, answer: bytes) -> None:
    """Write what a version without workspaces would have written."""
    (agreement,) = page.agreements
    page.agreements.replace(agreement.id, replace(agreement, workspace=None))
    (kept,) = page.submissions
    page.submissions.replace(kept.id, replace(kept, answer=answer, sealed=False))
