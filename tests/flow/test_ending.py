"""Ends: disposal, reviews, and the deletion of papers that the ledger outlives."""

from pathlib import Path

import pytest

from sandbox.errors import BadInput, Conflict, NotFound, NotPermitted, Refused
from sandbox.flow.apply import apply
from sandbox.flow.ask import ask
from sandbox.flow.decide import decide
from sandbox.flow.dispose import dispose
from sandbox.flow.erase import BLANK, erase
from sandbox.flow.publish import newest_head
from sandbox.flow.review import review
from sandbox.flow.workspace import opened
from sandbox.ledger.canonical import canonical
from sandbox.ledger.note import verifier_key
from sandbox.ledger.tiles import write_export
from sandbox.ledger.verify import verify_export
from sandbox.model.agreement import AgreementState
from sandbox.model.principal import Role
from sandbox.wire import ReviewForm
from tests.flow.test_budget_tree import asking
from tests.support.town import Town


def test_disposal_ends_an_agreement_and_nothing_is_asked_under_it_again(town: Town) -> None:
    town.describe()
    agreement = town.agree()
    researcher = town.people[Role.RESEARCHER]
    ended = dispose(town.site, researcher, agreement.id, "All copies are gone")
    assert ended.state is AgreementState.ENDED
    with pytest.raises(Refused) as refused:
        ask(town.site, researcher, asking(1, "0.5", agreement=agreement.id))
    assert {reason.code for reason in refused.value.reasons} >= {"agreement.ended"}
    with pytest.raises(Conflict):
        dispose(town.site, researcher, agreement.id, "Again")
    assert len(town.entries("disposal")) == 1
    town.audit()


def test_only_the_researcher_disposes_and_only_with_a_statement(town: Town) -> None:
    town.describe()
    agreement = town.agree()
    with pytest.raises(NotFound):
        dispose(town.site, town.newcomer("second"), agreement.id, "Gone")
    with pytest.raises(NotPermitted):
        dispose(town.site, town.people[Role.STEWARD], agreement.id, "Gone")
    with pytest.raises(BadInput):
        dispose(town.site, town.people[Role.RESEARCHER], agreement.id, "  ")
    assert town.entries("disposal") == []


def test_a_review_is_of_something_and_by_somebody(town: Town) -> None:
    town.describe()
    agreement = town.agree()
    auditor = town.people[Role.AUDITOR]
    for subject in ("ledger", "source/town/clinic", f"agreement/{agreement.id}"):
        index = review(town.site, auditor, ReviewForm(subject, "in_order", "Looked through"))
        assert town.entries()[index]["subject"] == subject
    for wrong in ("source/town/nowhere", "agreement/none", "everything", "source/"):
        with pytest.raises(NotFound):
            review(town.site, auditor, ReviewForm(wrong, "in_order", "Looked through"))
    with pytest.raises(BadInput):
        review(town.site, auditor, ReviewForm("ledger", "fine", "Looked through"))
    with pytest.raises(NotPermitted):
        review(town.site, town.people[Role.RESEARCHER], ReviewForm("ledger", "in_order", "Me"))
    town.audit()


def test_the_ledger_verifies_after_papers_are_deleted(town: Town, tmp_path: Path) -> None:
    town.describe()
    agreement = town.agree(scenario="A paper on Wednesdays")
    researcher = town.people[Role.RESEARCHER]
    answer = ask(town.site, researcher, asking(1, "0.5"))
    with pytest.raises(Refused):
        ask(town.site, researcher, asking(1, "0.9"))
    before = newest_head(town.site)
    with pytest.raises(Conflict) as used:
        erase(town.site, town.people[Role.STEWARD], f"agreement/{agreement.id}")
    assert used.value.code == "erasure.in_use"
    town.later(days=60)
    erased = erase(town.site, town.people[Role.STEWARD], f"agreement/{agreement.id}")
    # Application, assessment, consent and decision, one paid and one refused request.
    assert erased.payloads == 6
    with town.site.books.read() as page:
        kept = [payload for payload in page.openings if b"Wednesdays" in payload]
        application = page.applications.get(agreement.application)
        signed = page.agreements.get(agreement.id)
        (submission,) = page.submissions
        leaves = list(page.log.entries())
    assert kept == []
    assert application.scenario == signed.clauses.scenario == BLANK
    pseudonym = town.site.pseudonyms.of(researcher.name)
    named = (application.applicant, signed.researcher, submission.researcher)
    assert {str(name) for name in named} == {pseudonym}
    assert opened(town.site, submission) in answer
    write_export(tmp_path / "export", leaves, newest_head(town.site))
    vkey = verifier_key(town.site.origin, town.site.ledger_signer.public)
    assert verify_export(tmp_path / "export", vkey).verified
    assert before.splitlines()[0] == newest_head(town.site).splitlines()[0]


def test_a_refused_application_can_be_forgotten_and_a_granted_one_not_alone(town: Town) -> None:
    town.describe()
    steward = town.people[Role.STEWARD]
    application = apply(town.site, town.people[Role.RESEARCHER], town.form())
    with pytest.raises(Conflict):
        erase(town.site, steward, f"application/{application.id}")
    decide(town.site, steward, application.id, grant=False, reason="Not now")
    assert erase(town.site, steward, f"application/{application.id}").payloads == 2
    assert erase(town.site, steward, f"application/{application.id}").payloads == 0
    for wrong in ("application/none", "agreement/none", "source/town/clinic", ""):
        with pytest.raises(NotFound):
            erase(town.site, steward, wrong)
    with pytest.raises(NotPermitted):
        erase(town.site, town.people[Role.OWNER], f"application/{application.id}")
    town.audit()


def test_no_name_of_a_person_is_in_the_ledger(town: Town) -> None:
    town.describe()
    names = ["zhang.wei", "steward-of-the-town"]
    researcher, steward = town.newcomer(names[0]), town.newcomer(names[1], Role.STEWARD)
    town.people[Role.STEWARD] = steward
    agreement = town.agree(researcher, scenario="A paper by zhang.wei")
    ask(town.site, researcher, asking(1, "0.5"))
    dispose(town.site, researcher, agreement.id, "zhang.wei has deleted all")
    review(town.site, steward, ReviewForm("ledger", "objection", "zhang.wei was late"))
    erase(town.site, steward, f"agreement/{agreement.id}")
    written = b"".join(canonical(entry) for entry in town.entries())
    assert not [name for name in names if name.encode() in written]
