"""After an emergency: somebody else looks into it, before the next one opens."""

from dataclasses import replace
from datetime import date

import pytest

from sandbox.errors import Conflict, NotFound, NotPermitted
from sandbox.flow.after_action import what_is_next
from sandbox.flow.declare import confirm, declare
from sandbox.flow.review import review
from sandbox.model.emergency import Emergency, review_due
from sandbox.model.names import EmergencyId
from sandbox.model.principal import Principal, Role
from sandbox.wire import NextStep, ReviewForm
from tests.flow.test_emergency import FORM, POLICY, opened
from tests.support.town import Town


def found(emergency: Emergency, outcome: str = "in_order") -> ReviewForm:
    return ReviewForm(f"emergency/{emergency.id}", outcome, "Read every answer that was given")


def known(town: Town, emergency: Emergency) -> Emergency:
    with town.site.books.read() as page:
        return page.emergencies.get(EmergencyId(emergency.id))


@pytest.fixture
def second(town: Town) -> Principal:
    """Let a source have a tranche, and a second steward."""
    town.describe(policy=POLICY)
    return town.newcomer("second-official", Role.STEWARD)


def open_another(town: Town, second: Principal, hours: int = 24) -> Emergency:
    declared = declare(town.site, town.people[Role.STEWARD], replace(FORM, hours=hours))
    return confirm(town.site, second, declared.id)


def test_nothing_opens_before_the_last_one_was_looked_into(town: Town, second: Principal) -> None:
    first = open_another(town, second)
    town.later(hours=24)
    with pytest.raises(Conflict) as waiting:
        open_another(town, second)
    assert waiting.value.code == "emergency.unreviewed"
    assert f"datarange audit review emergency/{first.id}" in waiting.value.message
    review(town.site, town.people[Role.AUDITOR], found(first, "objection"))
    open_another(town, second)
    assert len(town.entries("emergency")) == 2
    town.audit()


def test_a_review_before_the_end_does_not_count(town: Town, second: Principal) -> None:
    first = open_another(town, second)
    review(town.site, town.people[Role.AUDITOR], found(first))
    assert known(town, first).reviewed is None
    town.later(hours=24)
    with pytest.raises(Conflict):
        open_another(town, second)
    review(town.site, town.people[Role.AUDITOR], found(first))
    assert known(town, first).reviewed == town.clock.now()
    open_another(town, second)
    town.audit()


def test_two_that_are_open_together_need_a_review_each(town: Town, second: Principal) -> None:
    both = [open_another(town, second, hours) for hours in (24, 48)]
    town.later(hours=30)
    review(town.site, town.people[Role.AUDITOR], found(both[0]))
    open_another(town, second)
    town.later(hours=20)
    with pytest.raises(Conflict):
        open_another(town, second)
    town.audit()


def test_neither_official_looks_into_their_own(town: Town, second: Principal) -> None:
    emergency = open_another(town, second)
    for moment in (0, 24):
        town.later(hours=moment)
        for official in (town.people[Role.STEWARD], second):
            with pytest.raises(NotPermitted) as own:
                review(town.site, official, found(emergency))
            assert own.value.code == "rule.forbids"
    assert town.entries("review") == []
    review(town.site, town.newcomer("third-official", Role.STEWARD), found(emergency))
    assert known(town, emergency).reviewed is not None
    town.audit()


def test_what_never_opened_is_not_looked_into_and_blocks_nothing(
    town: Town, second: Principal
) -> None:
    never = declare(town.site, town.people[Role.STEWARD], FORM)
    with pytest.raises(NotFound):
        review(town.site, town.people[Role.AUDITOR], found(never))
    town.later(hours=24)
    open_another(town, second)
    town.audit()


@pytest.mark.parametrize(
    ("ends_after", "due"),
    [
        # Tuesday 24 November to Tuesday 8 December 2026: ten working days without a holiday.
        (24, date(2026, 12, 8)),
        # At midnight in Shanghai a day later the tenth day is a day later, too.
        (31, date(2026, 12, 9)),
    ],
)
def test_it_is_due_ten_working_days_after_the_end(
    town: Town, second: Principal, ends_after: int, due: date
) -> None:
    emergency = open_another(town, second, ends_after)
    site = town.site
    clock = review_due(emergency, site.calendar, site.clock.now(), site.zone)
    assert clock is not None
    assert (clock.day, clock.provisional, clock.late) == (due, False, False)
    town.later(days=(due - town.clock.now().date()).days, hours=1)
    clock = review_due(emergency, site.calendar, site.clock.now(), site.zone)
    assert clock is not None
    assert not clock.late
    town.later(days=1)
    clock = review_due(emergency, site.calendar, site.clock.now(), site.zone)
    assert clock is not None
    assert clock.late
    review(site, town.people[Role.AUDITOR], found(emergency))
    clock = review_due(known(town, emergency), site.calendar, site.clock.now(), site.zone)
    assert clock is not None
    assert not clock.late


def test_holidays_put_the_review_off(town: Town, second: Principal) -> None:
    """Spring Festival of 2026 is off from 15 to 23 February; 14 and 28 February are worked."""
    town.clock.time = town.clock.time.replace(month=2, day=12)
    emergency = open_another(town, second, 24)
    clock = review_due(emergency, town.site.calendar, town.site.clock.now(), town.site.zone)
    assert clock is not None
    assert clock.day == date(2026, 3, 5)


def test_an_unopened_one_has_nothing_due(town: Town) -> None:
    town.describe(policy=POLICY)
    declared = declare(town.site, town.people[Role.STEWARD], FORM)
    site = town.site
    assert review_due(declared, site.calendar, site.clock.now(), site.zone) is None


def test_an_open_one_knows_its_entry_in_the_ledger(town: Town) -> None:
    town.describe(policy=POLICY)
    emergency = opened(town)
    (entry,) = town.entries("emergency")
    assert emergency.entry == entry["index"]


def advice(town: Town, emergency: Emergency) -> NextStep:
    site, stands = town.site, known(town, emergency)
    due = review_due(stands, site.calendar, site.clock.now(), site.zone)
    return what_is_next(stands, due, site.clock.now())


def test_everybody_is_told_what_comes_next(town: Town, second: Principal) -> None:
    never = declare(town.site, town.people[Role.STEWARD], FORM)
    assert advice(town, never).command == f"datarange emergency confirm {never.id}"
    emergency = open_another(town, second)
    assert advice(town, emergency).command == f"datarange emergency questions {emergency.id}"
    town.later(hours=24)
    assert (advice(town, never).who, advice(town, never).command) == ("nobody", "")
    waits = advice(town, emergency)
    assert waits.who == "reviewer"
    assert "Review due by 2026-12-08." in waits.text
    assert "复核期限：2026-12-08。" in waits.text_zh
    assert waits.command.startswith(f"datarange audit review emergency/{emergency.id} --outcome")
    town.later(days=15)
    assert "Review OVERDUE since 2026-12-08." in advice(town, emergency).text
    assert "复核已逾期，期限为 2026-12-08。" in advice(town, emergency).text_zh
    review(town.site, town.people[Role.AUDITOR], found(emergency))
    assert advice(town, emergency).who == "nobody"
