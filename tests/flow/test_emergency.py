"""Emergencies: two officials, one tranche, a few hours; the source's cap stays where it is."""

from dataclasses import replace
from fractions import Fraction

import pytest

from sandbox.errors import BadInput, Conflict, NotFound, NotPermitted, Refused
from sandbox.flow.ask import ask
from sandbox.flow.declare import MAX_HOURS, confirm, declare
from sandbox.model.account import source_account
from sandbox.model.emergency import Emergency
from sandbox.model.names import SourceName
from sandbox.model.principal import Role
from sandbox.wire import EmergencyForm
from tests.flow.test_budget_tree import asking, with_privacy
from tests.support.town import Town

SOURCE = source_account(SourceName("town/clinic"))
POLICY = with_privacy("emergency: {epsilon: 0.75}")
FORM = EmergencyForm("town/clinic", "A flood at the river", 24)


def opened(town: Town) -> Emergency:
    declared = declare(town.site, town.people[Role.STEWARD], FORM)
    return confirm(town.site, town.newcomer("second-official", Role.STEWARD), declared.id)


def test_an_emergency_spends_the_tranche_and_nothing_else(town: Town) -> None:
    town.describe(policy=POLICY)
    agreement = town.agree()
    researcher = town.people[Role.RESEARCHER]
    ask(town.site, researcher, asking(1, "1"))
    emergency = opened(town)
    ask(town.site, researcher, replace(asking(2, "0.5"), emergency=emergency.id))
    assert town.account("emergency/town/clinic").spent == Fraction(1, 2)
    assert town.account(f"agreement/{agreement.id}").spent == 1
    assert town.account(SOURCE).spent == Fraction(3, 2)
    with pytest.raises(Refused) as refused:
        ask(town.site, researcher, replace(asking(3, "0.5"), emergency=emergency.id))
    assert {reason.clause for reason in refused.value.reasons} == {"privacy.emergency"}
    assert town.audit()[SOURCE].spent == Fraction(3, 2)


def test_what_an_emergency_has_spent_is_kept_back_no_longer(town: Town) -> None:
    policy = POLICY.replace("per_agreement: {epsilon: 1}", "per_agreement: {epsilon: 2}")
    town.describe(policy=policy)
    town.agree()
    researcher = town.people[Role.RESEARCHER]
    emergency = opened(town)
    ask(town.site, researcher, replace(asking(2, "0.75"), emergency=emergency.id))
    ask(town.site, researcher, asking(3, "1"))
    ask(town.site, researcher, asking(4, "0.25"))
    assert town.audit()[SOURCE].spent == town.account(SOURCE).cap == 2


def test_one_official_alone_opens_nothing(town: Town) -> None:
    town.describe(policy=POLICY)
    town.agree()
    steward = town.people[Role.STEWARD]
    declared = declare(town.site, steward, FORM)
    with pytest.raises(NotPermitted) as same:
        confirm(town.site, steward, declared.id)
    assert same.value.code == "emergency.same_person"
    with pytest.raises(Refused) as refused:
        ask(
            town.site,
            town.people[Role.RESEARCHER],
            replace(asking(1, "0.5"), emergency=declared.id),
        )
    assert {reason.code for reason in refused.value.reasons} == {"emergency.not_open"}
    assert town.entries("emergency") == []


def test_an_emergency_is_over_by_itself(town: Town) -> None:
    town.describe(policy=POLICY)
    town.agree()
    emergency = opened(town)
    town.later(hours=24)
    with pytest.raises(Refused):
        ask(
            town.site,
            town.people[Role.RESEARCHER],
            replace(asking(1, "0.5"), emergency=emergency.id),
        )
    late = declare(town.site, town.people[Role.STEWARD], FORM)
    town.later(hours=25)
    with pytest.raises(Conflict) as over:
        confirm(town.site, town.newcomer("third-official", Role.STEWARD), late.id)
    assert over.value.code == "emergency.over"
    town.audit()


def test_the_ledger_names_both_officials_by_pseudonym(town: Town) -> None:
    town.describe(policy=POLICY)
    opened(town)
    (entry,) = town.entries("emergency")
    assert entry["by"] == [
        town.site.pseudonyms.of(name)
        for name in (town.people[Role.STEWARD].name, "second-official")
    ]
    assert "flood" not in str(entry)


def test_nonsense_is_not_declared(town: Town) -> None:
    town.describe(policy=POLICY)
    steward = town.people[Role.STEWARD]
    for wrong in ({"hours": 0}, {"hours": MAX_HOURS + 1}, {"reason": " "}, {"reason": "x" * 9999}):
        with pytest.raises(BadInput):
            declare(town.site, steward, replace(FORM, **wrong))
    with pytest.raises(NotFound):
        declare(town.site, steward, replace(FORM, source="town/nowhere"))
    with pytest.raises(NotFound):
        confirm(town.site, steward, "no-such")
    with pytest.raises(NotPermitted):
        declare(town.site, town.people[Role.RESEARCHER], FORM)


def test_a_source_without_a_tranche_has_no_emergencies(town: Town) -> None:
    town.describe()
    with pytest.raises(NotPermitted) as none:
        declare(town.site, town.people[Role.STEWARD], FORM)
    assert none.value.code == "emergency.no_tranche"
