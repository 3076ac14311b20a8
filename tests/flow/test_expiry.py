"""Expiry: once an agreement is over nothing comes out, wherever a question stands just then."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import pytest

from sandbox.errors import Conflict, Refused
from sandbox.flow.ask import ask, find_submission
from sandbox.flow.dispose import dispose
from sandbox.model.principal import Role
from sandbox.model.step import Step
from tests.flow.test_budget_tree import asking
from tests.support.town import Town


@dataclass(frozen=True, slots=True)
class AtStep:
    """Does something at the moment when an answer passes a step."""

    step: Step
    deed: Callable[[], object]

    def passed(self, step: Step) -> None:
        if step is self.step:
            self.deed()


def expire(town: Town) -> None:
    town.later(days=400)


ENDS = {
    Step.RESERVED: "cancellation",
    Step.PLACED: "cancellation",
    Step.EXECUTED: "failure",
    Step.MEASURED: "failure",
}
"""What becomes of a debit whose agreement ends after a step; unread rows cost nothing."""


@pytest.mark.parametrize("step", ENDS)
def test_nothing_paid_for_in_time_comes_out_after_the_end(town: Town, step: Step) -> None:
    town.describe()
    town.agree()
    site = replace(town.site, onlooker=AtStep(step, lambda: expire(town)))
    with pytest.raises(Conflict) as stopped:
        ask(site, town.people[Role.RESEARCHER], asking(1, "0.5"))
    assert stopped.value.code == "agreement.over"
    assert town.entries("release") == []
    (stopped_at,) = town.entries(ENDS[step])
    assert stopped_at["code"] == "agreement.over"
    town.audit()


@pytest.mark.parametrize("step", ENDS)
def test_nothing_comes_out_after_a_disposal_meanwhile(town: Town, step: Step) -> None:
    town.describe()
    agreement = town.agree()
    researcher = town.people[Role.RESEARCHER]

    def end() -> None:
        dispose(town.site, researcher, agreement.id, "All copies are gone")

    with pytest.raises(Conflict) as stopped:
        ask(
            replace(town.site, onlooker=AtStep(step, end)),
            researcher,
            asking(1, "0.5", agreement=agreement.id),
        )
    assert stopped.value.code == "agreement.over"
    assert town.entries("release") == []
    assert len(town.entries("debit")) == len(town.entries(ENDS[step])) == 1
    (certificate,) = town.entries("certificate")
    assert (certificate["cause"], certificate["stopped"]) == ("disposed", 1)
    town.audit()


def test_after_the_end_nothing_is_paid_or_collected(town: Town) -> None:
    town.describe()
    agreement = town.agree()
    researcher = town.people[Role.RESEARCHER]
    ask(town.site, researcher, asking(1, "0.5", agreement=agreement.id))
    expire(town)
    with pytest.raises(Refused) as refused:
        ask(town.site, researcher, asking(1, "0.2", agreement=agreement.id))
    assert {reason.code for reason in refused.value.reasons} == {"agreement.expired"}
    (submission,) = [entry["submission"] for entry in town.entries("release")]
    with pytest.raises(Conflict) as held:
        find_submission(town.site, researcher, submission)
    assert held.value.code == "agreement.over"
    assert len(town.entries("debit")) == 1
