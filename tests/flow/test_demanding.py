"""Data that are missed are asked for in public, and their owner has to answer."""

from dataclasses import replace

import pytest

from sandbox.errors import BadInput, Conflict, DataRangeError, NotFound, NotPermitted
from sandbox.flow.demand import MAX_WAITING, answer_demand, demand, demands
from sandbox.model.demand import Demand, DemandState
from sandbox.model.names import PrincipalName
from sandbox.model.principal import Role
from sandbox.web.record_cards import demand_card
from sandbox.wire import DemandAnswer, DemandForm
from tests.support.town import Town


@pytest.fixture
def asked(town: Town) -> Demand:
    town.describe()
    form = DemandForm("town", "Bus lines 公交线路", "planning\nof routes")
    return demand(town.site, town.people[Role.RESEARCHER], form)


def test_a_demand_is_public_without_who_asked(town: Town, asked: Demand) -> None:
    (seen,) = demands(town.site).values
    assert seen == asked
    card = demand_card(seen)
    assert (card.state, card.data, card.owner) == ("asked", "Bus lines 公交线路", "town")
    assert "researcher" not in str(card)


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        (DemandAnswer("accepted"), DemandState.ACCEPTED),
        (DemandAnswer("refused", "not ours"), DemandState.REFUSED),
        (DemandAnswer("open", record="town/clinic"), DemandState.OPEN),
    ],
)
def test_the_owner_answers_once(
    town: Town, asked: Demand, answer: DemandAnswer, state: DemandState
) -> None:
    owner = town.people[Role.OWNER]
    town.later(days=1)
    answered = answer_demand(town.site, owner, asked.id, answer)
    assert (answered.state, answered.answered) == (state, town.clock.now())
    assert demands(town.site, state.value).values == (answered,)
    assert demands(town.site, "asked").values == ()
    with pytest.raises(Conflict):
        answer_demand(town.site, owner, asked.id, DemandAnswer("accepted"))


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (DemandAnswer("refused"), BadInput),
        (DemandAnswer("refused", "  "), BadInput),
        (DemandAnswer("refused", "a\u202eb"), BadInput),
        (DemandAnswer("asked"), BadInput),
        (DemandAnswer("maybe"), BadInput),
        (DemandAnswer("open"), BadInput),
        (DemandAnswer("accepted", record="town/clinic"), BadInput),
        (DemandAnswer("open", record="town/nowhere"), NotFound),
    ],
)
def test_an_answer_without_what_belongs_to_it_is_none(
    town: Town, asked: Demand, answer: DemandAnswer, kind: type[DataRangeError]
) -> None:
    with pytest.raises(kind):
        answer_demand(town.site, town.people[Role.OWNER], asked.id, answer)
    assert demands(town.site, "asked").values == (asked,)


def test_only_researchers_ask_and_only_the_body_that_was_asked_answers(
    town: Town, asked: Demand
) -> None:
    stranger = replace(town.people[Role.OWNER], name=PrincipalName("stranger"))
    with pytest.raises(NotPermitted):
        answer_demand(town.site, stranger, asked.id, DemandAnswer("accepted"))
    with pytest.raises(NotPermitted):
        answer_demand(town.site, town.people[Role.STEWARD], asked.id, DemandAnswer("accepted"))
    with pytest.raises(NotPermitted):
        demand(town.site, town.people[Role.OWNER], DemandForm("town", "a", "b"))
    with pytest.raises(NotFound):
        answer_demand(town.site, town.people[Role.OWNER], "none", DemandAnswer("accepted"))


@pytest.mark.parametrize(
    ("form", "clause"),
    [
        (DemandForm("nobody", "a", "b"), "owner"),
        (DemandForm("town", "", "b"), "data"),
        (DemandForm("town", "a", "x" * 2001), "use"),
        (DemandForm("town", "\u2067a", "b"), "data"),
    ],
)
def test_a_demand_that_cannot_be_read_is_not_listed(
    town: Town, form: DemandForm, clause: str
) -> None:
    town.describe()
    with pytest.raises(DataRangeError) as refusal:
        demand(town.site, town.people[Role.RESEARCHER], form)
    assert refusal.value.place is not None
    assert refusal.value.place.clause == clause
    assert demands(town.site).values == ()
    with pytest.raises(BadInput):
        demands(town.site, "maybe")


def test_nobody_fills_the_list_alone(town: Town, asked: Demand) -> None:
    researcher, form = town.people[Role.RESEARCHER], DemandForm("town", "a", "b")
    for _ in range(MAX_WAITING - 1):
        demand(town.site, researcher, form)
    with pytest.raises(Conflict) as refusal:
        demand(town.site, researcher, form)
    assert refusal.value.code == "demand.too_many"
    answer_demand(town.site, town.people[Role.OWNER], asked.id, DemandAnswer("accepted"))
    demand(town.site, researcher, form)
