"""Owners' keys: no policy and no cap without them, whoever holds the token."""

import base64
from dataclasses import replace
from fractions import Fraction

import pytest

from sandbox.errors import Conflict, NotFound, NotPermitted, NotVerified
from sandbox.flow.ask import ask
from sandbox.flow.describe import describe
from sandbox.flow.recap import change_caps
from sandbox.flow.rekey import change_key
from sandbox.ledger import entries
from sandbox.ledger.signing import key_message
from sandbox.model.account import source_account
from sandbox.model.names import SourceName
from sandbox.model.principal import Role
from sandbox.wire import KeyForm
from tests.flow.test_budget_tree import asking, refused_by
from tests.support.town import POLICY, KeySigner, Town

SOURCE = source_account(SourceName("town/clinic"))
PURE = POLICY.replace("ACCOUNTING", "pure").replace(
    "per_agreement: {epsilon: 1}", "per_agreement: {epsilon: 2}"
)


def capped(epsilon: str) -> str:
    """The policy with another cap of the source."""
    return PURE.replace("budget: {epsilon: 2", f"budget: {{epsilon: {epsilon}")


def public(key: KeySigner) -> str:
    return base64.b64encode(key.public).decode()


def key_form(
    old: KeySigner, new: KeySigner, change: int, origin: str = "test.example/range"
) -> KeyForm:
    """Both signatures under a change of keys."""
    terms = entries.key_terms(
        origin=origin,
        subject=SOURCE,
        change=change,
        old_key=public(old),
        new_key=public(new),
    )
    return KeyForm(
        public(new),
        *(base64.b64encode(key.sign(key_message(terms))).decode() for key in (old, new)),
    )


def test_a_policy_with_other_caps_waits_for_the_signed_change(town: Town) -> None:
    town.describe(policy=PURE)
    with pytest.raises(Conflict) as fixed:
        town.describe(policy=capped("3"))
    assert fixed.value.code == "budget.cap_fixed"
    town.recap(capped("3"))
    town.describe(policy=capped("3"))
    assert town.account(SOURCE).cap == town.audit()[SOURCE].cap == 3
    assert [entry["version"] for entry in town.entries("policy")] == [0, 1]


def test_a_raised_cap_gives_room_and_its_entry_says_from_what_to_what(town: Town) -> None:
    town.describe(policy=PURE)
    town.agree()
    other = town.newcomer("second")
    town.agree(other)
    for asker in (town.people[Role.RESEARCHER], other):
        ask(town.site, asker, asking(1, "1"))
    assert refused_by(town, other, asking(2, "0.5")) == ["privacy.budget"]
    town.recap(capped("2.5"))
    ask(town.site, other, asking(2, "0.5"))
    (change,) = town.entries("cap_change")
    assert (change["before"]["source"], change["after"]["source"]) == ("2", "2.5")
    assert town.audit()[SOURCE].spent == Fraction(5, 2)


def test_no_cap_falls_below_what_is_spent(town: Town) -> None:
    town.describe(policy=PURE)
    town.agree()
    ask(town.site, town.people[Role.RESEARCHER], asking(1, "1"))
    spent = PURE.replace("per_agreement: {epsilon: 2}", "per_agreement: {epsilon: 0.5}").replace(
        "per_submission: {epsilon: 1}", "per_submission: {epsilon: 0.5}"
    )
    for clause in (
        "budget: {epsilon: 0.9, delta: 1e-9}",
        "budget: {epsilon: 2, delta: 1e-9}\n  per_person: {epsilon: 0.9}",
        "budget: {epsilon: 1.5, delta: 1e-9}\n  emergency: {epsilon: 0.6}",
    ):
        with pytest.raises(Conflict) as below:
            town.recap(spent.replace("budget: {epsilon: 2, delta: 1e-9}", clause))
        assert below.value.code == "budget.cap_below_spent"
    town.recap(spent.replace("budget: {epsilon: 2,", "budget: {epsilon: 1,"))
    assert refused_by(town, town.people[Role.RESEARCHER], asking(2, "0.1")) == ["privacy.budget"]
    town.audit()


def test_a_day_that_is_spent_cannot_be_capped_below_that(town: Town) -> None:
    rationed = PURE.replace("  per_submission: {epsilon: 1}", "  per_submission: {epsilon: 0.5}")
    town.describe(policy=rationed.replace("  unit:", "  per_period: {day: 1}\n  unit:"))
    town.agree()
    ask(town.site, town.people[Role.RESEARCHER], asking(1, "0.5"))
    ask(town.site, town.people[Role.RESEARCHER], asking(2, "0.5"))
    lower = rationed.replace("  unit:", "  per_period: {day: 0.75}\n  unit:")
    with pytest.raises(Conflict) as below:
        town.recap(lower)
    assert below.value.code == "budget.cap_below_spent"
    town.later(days=1)
    town.recap(lower)
    town.audit()


def test_the_token_alone_changes_nothing(town: Town) -> None:
    town.describe(policy=PURE)
    thief = KeySigner()
    owner = town.people[Role.OWNER]
    genuine = town.owner_key
    town.owner_key = thief
    with pytest.raises(NotPermitted) as other_key:
        town.recap(capped("6"))
    assert other_key.value.code == "owner.key"
    with pytest.raises(NotPermitted):
        town.describe(policy=PURE)
    forged = base64.b64encode(thief.sign(b"anything")).decode()
    with pytest.raises(NotVerified):
        change_caps(town.site, owner, capped("6"), public(genuine), forged)
    file = town.folder / "clinic.csv"
    with pytest.raises(NotVerified):
        describe(town.site, owner, PURE, file, "csv", public(genuine), forged)
    assert town.account(SOURCE).cap == 2
    assert town.entries("cap_change") == []


def test_a_signature_under_one_raise_does_not_serve_twice(town: Town) -> None:
    town.describe(policy=PURE)
    raised = town.entries("policy")
    town.recap(capped("3"))
    (change,) = town.entries("cap_change")
    town.recap(PURE)
    with pytest.raises(NotVerified):
        change_caps(
            town.site,
            town.people[Role.OWNER],
            capped("3"),
            change["owner_key"],
            change["signature"],
        )
    assert town.account(SOURCE).cap == 2
    assert town.entries("policy") == raised
    town.audit()


def test_an_old_policy_is_not_put_in_force_again_by_its_old_signature(town: Town) -> None:
    town.describe(policy=PURE)
    first = town.entries("policy")[0]
    town.describe(policy=PURE.replace("keys: [north, south]", "keys: [north]"))
    with pytest.raises(NotVerified):
        describe(
            town.site,
            town.people[Role.OWNER],
            PURE,
            town.folder / "clinic.csv",
            "csv",
            first["owner_key"],
            first["signature"],
        )


def test_caps_that_are_the_same_and_sources_that_are_not_there_are_no_change(town: Town) -> None:
    town.describe(policy=PURE)
    key, signature = town.signed(PURE)
    with pytest.raises(Conflict) as unchanged:
        change_caps(town.site, town.people[Role.OWNER], PURE, key, signature)
    assert unchanged.value.code == "budget.unchanged"
    elsewhere = PURE.replace("dataset: town/clinic", "dataset: town/other")
    with pytest.raises(NotFound):
        change_caps(town.site, town.people[Role.OWNER], elsewhere, key, signature)


def test_the_accounting_of_a_source_is_for_good(town: Town) -> None:
    town.describe(policy=PURE)
    with pytest.raises(Conflict) as fixed:
        town.describe("zcdp")
    assert fixed.value.code == "budget.accounting_fixed"


def test_a_key_names_its_successor_and_is_no_longer_heard(town: Town) -> None:
    town.describe(policy=PURE)
    owner, old, new = town.people[Role.OWNER], town.owner_key, KeySigner()
    form = key_form(old, new, 1)
    for wrong in (
        replace(form, old_signature=form.new_signature),
        replace(form, new_signature=form.old_signature),
        key_form(old, new, 2),
    ):
        with pytest.raises(NotVerified):
            change_key(town.site, owner, "town/clinic", wrong)
    change_key(town.site, owner, "town/clinic", form)
    with pytest.raises(NotPermitted):
        town.recap(capped("3"))
    town.owner_key = new
    town.recap(capped("3"))
    town.describe(policy=capped("3"))
    assert [entry["change"] for entry in town.entries("cap_change")] == [2]
    town.audit()


def test_another_owner_changes_neither_caps_nor_key(town: Town) -> None:
    town.describe(policy=PURE)
    other = town.newcomer("second", Role.OWNER)
    with pytest.raises(NotFound):
        change_key(town.site, other, "town/clinic", key_form(town.owner_key, KeySigner(), 1))
    with pytest.raises(NotFound):
        change_caps(town.site, other, capped("3"), public(town.owner_key), "")


def test_a_clock_set_back_behind_a_lowered_cap_finds_the_day_full(town: Town) -> None:
    rationed = PURE.replace("  per_submission: {epsilon: 1}", "  per_submission: {epsilon: 0.5}")
    town.describe(policy=rationed.replace("  unit:", "  per_period: {day: 1}\n  unit:"))
    town.agree()
    researcher = town.people[Role.RESEARCHER]
    for number in (1, 2):
        ask(town.site, researcher, asking(number, "0.5"))
    town.later(days=1)
    town.recap(rationed.replace("  unit:", "  per_period: {day: 0.5}\n  unit:"))
    town.later(days=-1)
    assert refused_by(town, researcher, asking(3, "0.1")) == ["privacy.per_period.day"]
    town.audit()
