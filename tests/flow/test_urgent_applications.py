"""An application that names an open emergency is answered within 24 hours, holidays or not."""

from datetime import UTC, datetime, timedelta

import pytest

from sandbox.errors import BadInput, Conflict, NotFound
from sandbox.flow.apply import apply
from sandbox.flow.deadline import clock_of, overdue
from sandbox.flow.declare import confirm, declare
from sandbox.flow.draft import draft, edit, submit
from sandbox.flow.supplement import resubmit, supplement
from sandbox.model.application import Application
from sandbox.model.deadline import ClockStage, Deadline
from sandbox.model.emergency import Emergency
from sandbox.model.names import ApplicationId
from sandbox.model.principal import Principal, Role
from sandbox.wire import EmergencyForm
from tests.flow.test_emergency import POLICY, opened
from tests.support.town import Town

FRIDAY = datetime(2026, 9, 25, 8, 0, tzinfo=UTC)
"""Four in the afternoon in Shanghai, on the first of three days off."""


def researcher(town: Town) -> Principal:
    return town.people[Role.RESEARCHER]


@pytest.fixture
def emergency(town: Town) -> Emergency:
    town.clock.time = FRIDAY
    town.describe(policy=POLICY)
    return opened(town)


def urgent(town: Town, emergency: str) -> Application:
    return apply(town.site, researcher(town), town.form(emergency=emergency))


def clock(town: Town, application: Application) -> Deadline:
    with town.site.books.read() as page:
        return clock_of(town.site, page.applications.get(ApplicationId(application.id)))


def test_it_is_due_a_day_later_whatever_day_that_is(town: Town, emergency: Emergency) -> None:
    application = urgent(town, emergency.id)
    due = clock(town, application)
    assert due.until == FRIDAY + timedelta(hours=24)
    assert (due.until.isoformat(), due.due.isoformat()) == (
        "2026-09-26T16:00:00+08:00",
        "2026-09-26",
    )
    assert not due.provisional
    usual = apply(town.site, researcher(town), town.form())
    assert clock(town, usual).until is None
    assert clock(town, usual).due > due.due + timedelta(days=5)


def test_it_warns_at_half_time_and_is_overdue_after_the_last_moment(
    town: Town, emergency: Emergency
) -> None:
    application = urgent(town, emergency.id)
    for hours, stage in (
        (0, ClockStage.RUNNING),
        (11, ClockStage.RUNNING),
        (1, ClockStage.HALF_TIME),
        (12, ClockStage.HALF_TIME),
    ):
        town.later(hours=hours)
        assert clock(town, application).stage is stage
    assert clock(town, application).used_hours == 24
    steward = town.people[Role.STEWARD]
    assert overdue(town.site, steward).values == ()
    town.later(microseconds=1)
    ((late, due),) = overdue(town.site, steward).values
    assert (late.id, due.stage) == (application.id, ClockStage.OVERDUE)
    town.later(days=100)
    with town.site.books.read() as page:
        stands = page.applications.get(ApplicationId(application.id))
    assert stands.state.value == "submitted", "nothing is granted by silence"


def test_a_supplement_stops_the_hours(town: Town, emergency: Emergency) -> None:
    application = urgent(town, emergency.id)
    town.later(hours=10)
    supplement(town.site, town.people[Role.STEWARD], application.id, "Which laptops?")
    town.later(hours=30)
    stands = clock(town, application)
    assert (stands.stage, stands.used_hours) == (ClockStage.PAUSED, 10)
    resubmit(town.site, researcher(town), application.id, town.form())
    goes_on = clock(town, application)
    assert (goes_on.stage, goes_on.used_hours) == (ClockStage.RUNNING, 10)
    assert goes_on.until == FRIDAY + timedelta(hours=24 + 30)
    town.later(hours=2)
    assert clock(town, application).stage is ClockStage.HALF_TIME


def test_it_keeps_its_clock_after_the_emergency(town: Town, emergency: Emergency) -> None:
    town.later(hours=23)
    application = urgent(town, emergency.id)
    town.later(hours=5)
    assert town.clock.now() > emergency.ends
    assert clock(town, application).until == FRIDAY + timedelta(hours=23 + 24)


def test_a_decision_stops_it(town: Town, emergency: Emergency) -> None:
    application = urgent(town, emergency.id)
    town.grant(application.id)
    town.later(days=2)
    assert clock(town, application).stage is ClockStage.STOPPED
    town.audit()


def test_a_draft_may_wait_and_is_judged_when_it_is_received(
    town: Town, emergency: Emergency
) -> None:
    begun = draft(town.site, researcher(town), town.form(emergency=emergency.id))
    assert clock(town, begun).stage is ClockStage.NOT_STARTED
    town.later(hours=24)
    with pytest.raises(Conflict) as over:
        submit(town.site, researcher(town), begun.id)
    assert over.value.code == "emergency.over"
    edit(town.site, researcher(town), begun.id, town.form())
    submit(town.site, researcher(town), begun.id)
    assert clock(town, begun).until is None


def test_what_is_no_open_emergency_of_these_data_hurries_nobody(
    town: Town, emergency: Emergency
) -> None:
    declared = declare(
        town.site, town.people[Role.STEWARD], EmergencyForm("town/clinic", "A fire", 24)
    )
    for unknown in ("no-such", declared.id):
        with pytest.raises(NotFound) as none:
            urgent(town, unknown)
        assert none.value.code == "emergency.unknown"
    other = POLICY.replace("town/clinic", "town/ward").replace("FROM clinic", "FROM ward")
    town.describe(policy=other)
    for datasets in (("town/ward", ()), ("town/clinic", ("town/ward",))):
        with pytest.raises(BadInput) as elsewhere:
            apply(
                town.site,
                researcher(town),
                town.form(dataset=datasets[0], further=datasets[1], emergency=emergency.id),
            )
        assert elsewhere.value.code == "emergency.other_source"
    with pytest.raises(BadInput) as unreadable:
        urgent(town, "\u202e")
    assert unreadable.value.code == "application.emergency"
    assert town.entries("application") == []
    confirm(town.site, town.newcomer("third", Role.STEWARD), declared.id)
    urgent(town, declared.id)


def test_a_supplement_does_not_carry_the_hours_to_other_data(
    town: Town, emergency: Emergency
) -> None:
    other = POLICY.replace("town/clinic", "town/ward").replace("FROM clinic", "FROM ward")
    town.describe(policy=other)
    application = urgent(town, emergency.id)
    supplement(town.site, town.people[Role.STEWARD], application.id, "Which data?")
    with pytest.raises(BadInput) as elsewhere:
        resubmit(town.site, researcher(town), application.id, town.form(dataset="town/ward"))
    assert elsewhere.value.code == "emergency.other_source"


def test_an_urgent_one_is_found_behind_a_page_of_others_that_are_not_late(
    town: Town, emergency: Emergency
) -> None:
    for _ in range(2):
        apply(town.site, researcher(town), town.form())
    late = urgent(town, emergency.id)
    town.later(hours=25)
    steward, found, after = town.people[Role.STEWARD], [], None
    for _ in range(3):
        page = overdue(town.site, steward, after, 1)
        found += [one.id for one, _ in page.values]
        after = page.next
    assert found == [late.id]
