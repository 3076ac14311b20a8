"""A13: show the same people again under another name, version, account or contract, and ask anew.

The source's budget counts people. Whatever is published or agreed on over them, what the source
has left stays as it was, in the books and by the auditor's rules, and the next answer is paid from
there.
"""

from collections.abc import Callable
from fractions import Fraction

import pytest

from sandbox.errors import Conflict, Refused
from sandbox.flow.ask import ask
from sandbox.model.account import source_account
from sandbox.model.names import AgreementId, SourceName
from sandbox.model.principal import Principal, Role
from sandbox.wire import MeasureMessage, Question
from tests.support.town import CSV, POLICY, Town

CLINIC, COPY = "town/clinic", "town/visits"
SOURCE = source_account(SourceName(CLINIC))
PEOPLE = POLICY.replace("ACCOUNTING", "pure")
AGAIN = PEOPLE.replace(f"dataset: {CLINIC}", f"dataset: {COPY}, source: {CLINIC}")
PARTED = PEOPLE.replace(
    "  per_agreement: {epsilon: 1}",
    "  per_agreement: {epsilon: 2}\n  partition: {column: site, max_parts: 1}",
)
Asker = tuple[Principal, AgreementId, str]
"""Who asks, under which agreement, about which dataset."""


def counting(asker: Asker, epsilon: str, where: str = "age >= 0") -> Question:
    measures = (MeasureMessage("count"),)
    return Question(asker[2], asker[1], where=(where,), measures=measures, epsilon=epsilon)


def agreed(town: Town, dataset: str, name: str | None = None) -> Asker:
    """Sign an agreement, as the researcher of always or as somebody new."""
    asker = town.people[Role.RESEARCHER] if name is None else town.newcomer(name)
    return asker, town.agree(asker, dataset=dataset).id, dataset


def newer_snapshot(town: Town) -> Asker:
    town.describe(policy=PEOPLE, csv=CSV + "p999,north,1,1,x\n")
    return agreed(town, CLINIC)


def newer_policy(town: Town) -> Asker:
    town.describe(policy=PEOPLE.replace("title: Visits", "title: More visits"))
    return agreed(town, CLINIC)


def other_name(town: Town) -> Asker:
    town.describe(policy=AGAIN)
    return agreed(town, COPY)


def view(town: Town) -> Asker:
    cost = "{use: [measure], bounds: [0, 100], resolution: 0.5}"
    town.describe(policy=AGAIN.replace(cost, "{use: []}").replace("north, south", "south"))
    return agreed(town, COPY)


def other_rows_of_the_same_people(town: Town) -> Asker:
    rows = "".join(f"p{number},south,{number % 90},1,x\n" for number in range(100))
    town.describe(policy=AGAIN, csv="person,site,age,cost,name\n" + rows)
    return agreed(town, COPY)


def second_account(town: Town) -> Asker:
    return agreed(town, CLINIC, "colluder")


def second_agreement(town: Town) -> Asker:
    return agreed(town, CLINIC)


def everything_at_once(town: Town) -> Asker:
    for way in (newer_snapshot, other_name, newer_policy, view):
        way(town)
    return agreed(town, COPY, "colluder")


WAYS: tuple[Callable[[Town], Asker], ...] = (
    newer_snapshot,
    newer_policy,
    other_name,
    view,
    other_rows_of_the_same_people,
    second_account,
    second_agreement,
    everything_at_once,
)


def remaining(town: Town) -> Fraction:
    """What the source has left, by the books and by the ledger."""
    left = town.account(SOURCE).remaining
    assert town.audit()[SOURCE].remaining == left
    return left


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_no_way_to_publish_or_agree_again_opens_a_new_budget(
    way: Callable[[Town], Asker], town: Town
) -> None:
    town.describe(policy=PEOPLE)
    first = agreed(town, CLINIC)
    ask(town.site, first[0], counting(first, "1"))
    assert remaining(town) == 1
    second = way(town)
    assert remaining(town) == 1
    ask(town.site, second[0], counting(second, "0.75"))
    assert remaining(town) == Fraction(1, 4)
    third = agreed(town, second[2], "colluder-with-an-agreement-of-their-own")
    with pytest.raises(Refused) as refused:
        ask(town.site, third[0], counting(third, "0.5"))
    assert {reason.clause for reason in refused.value.reasons} == {"privacy.budget"}
    assert remaining(town) == Fraction(1, 4)


@pytest.mark.parametrize(
    "again",
    [
        PEOPLE.replace(f"dataset: {CLINIC}", f"dataset: {CLINIC}, source: town/others"),
        AGAIN.replace("budget: {epsilon: 2", "budget: {epsilon: 4"),
    ],
    ids=["a source of its own", "a larger cap"],
)
def test_a_policy_cannot_take_a_dataset_out_of_its_source_or_bring_a_budget_along(
    again: str, town: Town
) -> None:
    town.describe(policy=PEOPLE)
    with pytest.raises(Conflict) as refused:
        town.describe(policy=again)
    assert refused.value.code in {"source.fixed", "budget.cap_fixed"}
    assert remaining(town) == 2


def test_a_newer_snapshot_does_not_empty_its_parts_accounts_into_the_budget(town: Town) -> None:
    """People may have moved between parts: what both snapshots lost adds up."""
    town.describe(policy=PARTED)
    asker = agreed(town, CLINIC)
    ask(town.site, asker[0], counting(asker, "0.5", "site = 'north'"))
    ask(town.site, asker[0], counting(asker, "0.5", "site = 'south'"))
    assert remaining(town) == Fraction(3, 2)
    town.describe(policy=PARTED, csv=CSV + "p999,north,1,1,x\n")
    assert remaining(town) == Fraction(3, 2)
    ask(town.site, asker[0], counting(asker, "0.5", "site = 'south'"))
    assert remaining(town) == 1


def test_declaring_a_partition_later_forgets_nothing(town: Town) -> None:
    whole = PARTED.replace("  partition: {column: site, max_parts: 1}\n", "")
    town.describe(policy=whole)
    asker = agreed(town, CLINIC)
    ask(town.site, asker[0], counting(asker, "0.5"))
    town.describe(policy=PARTED)
    assert remaining(town) == Fraction(3, 2)
    for site in ("north", "south"):
        ask(town.site, asker[0], counting(asker, "0.75", f"site = '{site}'"))
    assert remaining(town) == Fraction(3, 4)
    town.describe(policy=whole)
    assert remaining(town) == Fraction(3, 4)
