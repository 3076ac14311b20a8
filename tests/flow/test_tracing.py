"""Traces: a leaked answer leads to the agreement that it was released under."""

import json
from pathlib import Path

import pytest

from sandbox.errors import BadInput, NotFound, NotPermitted
from sandbox.flow.ask import ask
from sandbox.flow.publish import newest_head
from sandbox.flow.trace import trace
from sandbox.ledger.canonical import canonical
from sandbox.ledger.tiles import read_export, write_export
from sandbox.ledger.trace import digest_of
from sandbox.ledger.trace import trace as trace_in
from sandbox.model.principal import Role
from tests.flow.test_budget_tree import asking
from tests.support.town import Town


def test_each_of_two_equal_questions_leads_to_its_own_agreement(town: Town) -> None:
    town.describe()
    people = town.people[Role.RESEARCHER], town.newcomer("second")
    for person in people:
        agreement = town.agree(person)
        saved = ask(town.site, person, asking(1, "0.2", agreement=agreement.id))
        traced = trace(town.site, town.people[Role.STEWARD], digest_of(saved))
        assert traced.agreement == agreement.id
        assert traced.researcher == town.site.pseudonyms.of(person.name)
        assert traced.dataset == "town/clinic"
        assert town.entries()[traced.release]["answer"] == traced.answer
        assert town.entries()[traced.debit]["agreement"] == agreement.id


def test_a_trace_outlives_new_layout_and_missing_receipt_and_needs_no_site(
    town: Town, tmp_path: Path
) -> None:
    town.describe()
    agreement = town.agree()
    saved = ask(town.site, town.people[Role.RESEARCHER], asking(1, "0.2"))
    bare = json.loads(saved)["answer"]
    turned = json.dumps(dict(reversed(bare.items())), indent=3).encode()
    with town.site.books.read() as page:
        write_export(tmp_path / "export", page.log.entries(), newest_head(town.site))
    traced = trace_in(read_export(tmp_path / "export"), digest_of(turned))
    assert traced.agreement == agreement.id
    assert traced == trace(town.site, town.people[Role.AUDITOR], digest_of(saved))


def test_a_changed_answer_leads_nowhere_and_a_table_is_no_answer(town: Town) -> None:
    town.describe()
    town.agree()
    answer = json.loads(ask(town.site, town.people[Role.RESEARCHER], asking(1, "0.2")))["answer"]
    changed = canonical(answer | {"agreement": "another"})
    with pytest.raises(NotFound):
        trace(town.site, town.people[Role.STEWARD], digest_of(changed))
    for wrong in (b"site,count\nnorth,3\n", b"[]", b'{"answer": 3}', b"\xff", b"[" * 100_000):
        with pytest.raises(BadInput) as refused:
            digest_of(wrong)
        assert refused.value.code == "trace.no_answer"


def test_owners_trace_their_own_data_only_and_researchers_nothing(town: Town) -> None:
    town.describe()
    town.agree()
    digest = digest_of(ask(town.site, town.people[Role.RESEARCHER], asking(1, "0.2")))
    assert trace(town.site, town.people[Role.OWNER], digest).answer == digest
    with pytest.raises(NotFound):
        trace(town.site, town.newcomer("village", Role.OWNER), digest)
    for role in (Role.RESEARCHER, Role.ADMINISTRATOR):
        with pytest.raises(NotPermitted):
            trace(town.site, town.people.get(role) or town.newcomer("one", role), digest)
