"""The budget tree in the flow: a debit fits everywhere or nowhere, and the ledger says the same."""

from dataclasses import replace
from datetime import UTC, date, datetime
from fractions import Fraction

import pytest

from sandbox.errors import Refused
from sandbox.flow.ask import ask
from sandbox.model.account import agreement_account, person_account, source_account
from sandbox.model.names import SourceName
from sandbox.model.principal import Principal, Role
from sandbox.wire import MeasureMessage, Question
from tests.support.town import CSV, POLICY, Town

SOURCE = source_account(SourceName("town/clinic"))
PURE = POLICY.replace("ACCOUNTING", "pure")


def with_privacy(clauses: str, policy: str = PURE) -> str:
    """Add clauses to the privacy clause."""
    return policy.replace("  per_submission:", f"  {clauses}\n  per_submission:")


PARTITIONED = with_privacy("partition: {column: site, max_parts: 1}").replace(
    "per_agreement: {epsilon: 1}", "per_agreement: {epsilon: 2}"
)
ROWS = "person,site,age,cost,name\n" + "".join(
    f"p{n},{'north' if n % 2 else 'south'},{n % 90},{n % 70}.5,x\n" for n in range(100)
)


def asking(number: int, epsilon: str, site: str = "", agreement: str | None = None) -> Question:
    """A question of its own for each number, of one site or of all."""
    where = (f"age >= {number}", *((f"site = '{site}'",) if site else ()))
    measures = (MeasureMessage("count"),)
    return Question("town/clinic", agreement, where=where, measures=measures, epsilon=epsilon)


def refused_by(town: Town, researcher: Principal, question: Question) -> list[str]:
    """The clauses that say no."""
    with pytest.raises(Refused) as refused:
        ask(town.site, researcher, question)
    assert {reason.code for reason in refused.value.reasons} == {"budget.exceeded"}
    return [reason.clause for reason in refused.value.reasons]


def test_a_debit_moves_agreement_person_and_source_alike(town: Town) -> None:
    town.describe("pure")
    agreement = town.agree()
    researcher = town.people[Role.RESEARCHER]
    ask(town.site, researcher, asking(1, "0.25"))
    person = person_account(SourceName("town/clinic"), town.site.pseudonyms.of(researcher.name))
    for name in (agreement_account(agreement.id), person, SOURCE):
        assert town.account(name).spent == Fraction(1, 4)
        assert town.audit()[name].spent == Fraction(1, 4)


def test_a_second_agreement_opens_no_new_budget_for_its_researcher(town: Town) -> None:
    town.describe(policy=with_privacy("per_person: {epsilon: 1}"))
    first, second = town.agree(), town.agree()
    researcher = town.people[Role.RESEARCHER]
    ask(town.site, researcher, asking(1, "0.5", agreement=first.id))
    ask(town.site, researcher, asking(2, "0.5", agreement=second.id))
    for agreement in (first, second):
        assert refused_by(town, researcher, asking(3, "0.25", agreement=agreement.id)) == [
            "privacy.per_person"
        ]
    other = town.newcomer("second")
    town.agree(other)
    ask(town.site, other, asking(3, "0.25"))
    town.audit()


def test_a_day_a_month_and_a_quarter_ration_the_source_and_the_life_time_still_counts(
    town: Town,
) -> None:
    policy = with_privacy("per_period: {day: 0.25, month: 0.5, quarter: 0.75}").replace(
        "per_submission: {epsilon: 1}", "per_submission: {epsilon: 0.25}"
    )
    town.describe(policy=policy)
    town.agree(ends="2027-12-31")
    researcher = town.people[Role.RESEARCHER]
    town.clock.time = datetime(2027, 1, 1, 12, tzinfo=UTC)
    told: dict[date, set[str]] = {}
    while town.clock.time.year == 2027:
        try:
            ask(town.site, researcher, asking(town.clock.time.timetuple().tm_yday % 90, "0.25"))
            told[town.clock.time.date()] = set()
        except Refused as refused:
            told[town.clock.time.date()] = {reason.clause for reason in refused.reasons}
        town.later(days=7)
    answered = [day.isoformat() for day, clauses in told.items() if not clauses]
    assert answered == ["2027-01-01", "2027-01-08", "2027-02-05", "2027-04-02"]
    assert told[date(2027, 1, 15)] == {"privacy.per_period.month"}
    assert told[date(2027, 2, 12)] == {"privacy.per_period.quarter"}
    # The agreement has 1 for its whole life, whatever later periods would still give.
    assert told[date(2027, 12, 31)] == {"agreement.budget"}
    assert {name for name in town.audit() if name.startswith("period/")} >= {
        f"period/town/clinic/{span}" for span in ("2027-01-01", "2027-01", "2027-Q1", "2027-Q2")
    }


def test_twice_in_one_day_is_once_too_often(town: Town) -> None:
    policy = with_privacy("per_period: {day: 0.5}").replace(
        "per_submission: {epsilon: 1}", "per_submission: {epsilon: 0.5}"
    )
    town.describe(policy=policy)
    town.agree()
    researcher = town.people[Role.RESEARCHER]
    ask(town.site, researcher, asking(1, "0.5"))
    assert refused_by(town, researcher, asking(2, "0.01")) == ["privacy.per_period.day"]
    town.later(days=1)
    ask(town.site, researcher, asking(2, "0.01"))
    town.audit()


def test_what_is_kept_back_for_emergencies_is_not_spent_without_one(town: Town) -> None:
    policy = with_privacy("emergency: {epsilon: 0.75}").replace(
        "per_agreement: {epsilon: 1}", "per_agreement: {epsilon: 2}"
    )
    town.describe(policy=policy)
    town.agree()
    researcher = town.people[Role.RESEARCHER]
    ask(town.site, researcher, asking(1, "1"))
    ask(town.site, researcher, asking(2, "0.25"))
    assert refused_by(town, researcher, asking(3, "0.01")) == ["privacy.budget"]
    assert town.audit()[SOURCE].spent == Fraction(5, 4)


def test_the_source_pays_for_the_dearest_part_alone(town: Town) -> None:
    town.describe(policy=PARTITIONED, csv=ROWS)
    town.agree()
    researcher = town.people[Role.RESEARCHER]
    ask(town.site, researcher, asking(1, "0.5", "north"))
    ask(town.site, researcher, asking(1, "0.25", "south"))
    assert town.account(SOURCE).spent == Fraction(1, 2)
    ask(town.site, researcher, asking(1, "0.125"))
    assert town.account(SOURCE).spent == Fraction(5, 8)
    ask(town.site, researcher, asking(2, "0.5", "south"))
    assert town.account(SOURCE).spent == Fraction(7, 8)
    assert town.audit()[SOURCE].spent == Fraction(7, 8)
    assert [entry["parts"] for entry in town.entries("debit")] == [
        ["north"],
        ["south"],
        None,
        ["south"],
    ]


def test_a_person_who_may_be_in_both_parts_pays_for_both(town: Town) -> None:
    town.describe(
        policy=PARTITIONED.replace("max_parts: 1", "max_parts: 2").replace(
            "keys: [north, south]", "keys: [north, south, east]"
        )
    )
    town.agree()
    researcher = town.people[Role.RESEARCHER]
    ask(town.site, researcher, asking(1, "0.5", "north"))
    ask(town.site, researcher, asking(1, "0.25", "south"))
    ask(town.site, researcher, asking(1, "0.125", "east"))
    assert town.account(SOURCE).spent == Fraction(3, 4)
    assert town.audit()[SOURCE].spent == Fraction(3, 4)


def test_asking_less_never_costs_the_source_more_than_asking_everything(town: Town) -> None:
    town.describe(
        policy=PARTITIONED.replace("max_parts: 1", "max_parts: 2").replace(
            "keys: [north, south]", "keys: [north, south, east]"
        )
    )
    town.agree()
    both = replace(asking(1, "0.5"), where=("site IN ('north', 'south')",))
    ask(town.site, town.people[Role.RESEARCHER], both)
    assert town.account(SOURCE).spent == town.audit()[SOURCE].spent == Fraction(1, 2)
    assert town.entries("debit")[0]["parts"] is None


def test_a_new_snapshot_starts_no_part_anew_for_people_who_moved(town: Town) -> None:
    town.describe(policy=PARTITIONED, csv=ROWS)
    town.agree()
    researcher = town.people[Role.RESEARCHER]
    ask(town.site, researcher, asking(1, "0.5", "north"))
    moved = ROWS.replace("north", "west").replace("south", "north")
    town.describe(policy=PARTITIONED, csv=moved.replace("west", "south"))
    ask(town.site, researcher, asking(1, "0.5", "south"))
    assert town.account(SOURCE).spent == 1
    assert town.audit()[SOURCE].spent == 1


def test_parts_cannot_take_the_source_past_its_cap(town: Town) -> None:
    town.describe(policy=PARTITIONED, csv=ROWS)
    askers = [town.newcomer(name) for name in ("second", "third")]
    for asker in askers:
        town.agree(asker)
        ask(town.site, asker, asking(len(asker.name), "1", "north"))
    assert town.account(SOURCE).spent == 2
    assert refused_by(town, askers[0], asking(1, "0.1", "north")) == ["privacy.budget"]
    assert refused_by(town, askers[0], asking(1, "0.1")) == ["privacy.budget"]
    for asker in askers:
        ask(town.site, asker, asking(len(asker.name), "1", "south"))
    fresh = town.newcomer("fourth")
    town.agree(fresh)
    assert refused_by(town, fresh, asking(1, "0.1", "south")) == ["privacy.budget"]
    assert town.account(SOURCE).spent == town.audit()[SOURCE].spent == 2


def test_a_plain_question_still_costs_everybody_where_nothing_is_declared(town: Town) -> None:
    town.describe("pure", CSV)
    town.agree()
    for part in ("north", "south"):
        ask(town.site, town.people[Role.RESEARCHER], asking(1, "0.5", part))
    assert town.account(SOURCE).spent == 1
