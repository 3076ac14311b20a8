"""Bodies hand lists up; what contradicts is seen, and waits until somebody above resolves it."""

from dataclasses import replace
from itertools import pairwise

import pytest

from policies.classes import Openness
from sandbox.errors import BadInput, Conflict, NotFound, NotPermitted
from sandbox.flow.answer_for import register_owner
from sandbox.flow.compile_list import clashes, merge, resolve
from sandbox.model.names import PrincipalName
from sandbox.model.owner import MAX_LEVELS
from sandbox.model.paging import Stretch
from sandbox.model.principal import Principal, Role
from tests.support.sheets import CHINESE, hand_in, line
from tests.support.town import Town


@pytest.fixture
def city(town: Town) -> Town:
    """A city with two departments, one of which has a district below it."""
    steward = town.people[Role.STEWARD]
    for name, keeper, parent in (
        ("市", "city", None),
        ("市交通局", "traffic", "市"),
        ("市教育局", "school", "市"),
        ("区交通局", "district", "市交通局"),
    ):
        register_owner(town.site, steward, name, keeper, parent)
    return town


def person(town: Town, name: str) -> Principal:
    return replace(town.people[Role.OWNER], name=PrincipalName(name))


def published(town: Town) -> dict[str, str]:
    with town.site.books.read() as page:
        return {one.name: one.owner for one in page.records}


def waiting(town: Town) -> int:
    with town.site.books.read() as page:
        return len(list(page.proposals))


def test_a_list_waits_for_the_body_above_and_is_published_by_it(city: Town) -> None:
    taken = hand_in(city, person(city, "district"), CHINESE + line(owner="区交通局"))
    assert (taken.waiting, taken.merged.published) == (1, 0)
    assert published(city) == {}
    merged = merge(city.site, person(city, "city"), "市")
    assert (merged.published, merged.clashes) == (1, ())
    assert published(city) == {"city/buses": "区交通局"}
    assert waiting(city) == 0


def test_whoever_stands_above_publishes_their_own_list_at_once(city: Town) -> None:
    text = CHINESE + line(owner="区交通局") + line("city/b", owner="市新设局")
    assert hand_in(city, person(city, "city"), text).merged.published == 2
    with city.site.books.read() as page:
        assert ("市新设局", "市") in {(one.name, one.parent) for one in page.owners}


def test_a_name_that_two_bodies_list_waits_until_it_is_resolved_by_both_sides_parent(
    city: Town,
) -> None:
    for who, owner in (("traffic", "市交通局"), ("school", "市教育局")):
        hand_in(city, person(city, who), CHINESE + line(owner=owner) + line(f"{who}/x", owner))
    merged = merge(city.site, person(city, "city"), "市")
    assert merged.published == 2
    (clash,) = merged.clashes
    assert (clash.name, clash.fields) == ("city/buses", ("owner",))
    assert "city/buses" not in published(city)
    for who in ("city", "traffic", "school"):
        assert clashes(city.site, person(city, who)) == Stretch((clash,), None)
    with pytest.raises(NotPermitted):
        resolve(city.site, person(city, "traffic"), "city/buses", "市交通局")
    with pytest.raises(NotFound):
        resolve(city.site, person(city, "city"), "city/buses", "区交通局")
    resolve(city.site, person(city, "city"), "city/buses", "市教育局")
    assert published(city)["city/buses"] == "市教育局"
    assert waiting(city) == 0


def test_clashes_come_a_page_at_a_time_though_some_are_resolved_in_between(city: Town) -> None:
    names = [f"city/n{number}" for number in range(5)]
    for who, owner in (("traffic", "市交通局"), ("school", "市教育局")):
        hand_in(city, person(city, who), CHINESE + "".join(line(name, owner) for name in names))
    merge(city.site, person(city, "city"), "市")
    official = person(city, "city")
    first = clashes(city.site, official, None, 2)
    assert [one.name for one in first.values] == names[:2]
    resolve(city.site, official, names[0], "市教育局")
    rest = clashes(city.site, official, first.next, 2)
    assert [one.name for one in rest.values] == names[2:4]
    last = clashes(city.site, official, rest.next, 2)
    assert ([one.name for one in last.values], last.next) == (names[4:], None)
    resolve(city.site, official, names[4], "市教育局")
    assert clashes(city.site, official, rest.next, 2) == Stretch((), None)


@pytest.mark.parametrize(
    ("cells", "field"),
    [
        ({"openness": "不予开放", "column_openness": "不予开放"}, "openness"),
        ({"grade": "L4"}, "grade"),
    ],
)
def test_another_openness_or_grade_of_what_is_published_is_a_clash(
    city: Town, cells: dict[str, str], field: str
) -> None:
    top = person(city, "city")
    hand_in(city, top, CHINESE + line())
    hand_in(city, person(city, "traffic"), CHINESE + line(**cells))
    merged = merge(city.site, top, "市")
    assert [one.fields for one in merged.clashes] == [(field,)]
    taken = hand_in(city, top, CHINESE + line(**cells))
    assert [one.fields for one in taken.merged.clashes] == [(field,)]
    with city.site.books.read() as page:
        assert {one.openness for one in page.records} == {Openness.CONDITIONAL}
    resolve(city.site, top, "city/buses", "市交通局")
    with city.site.books.read() as page:
        (record,) = page.records
    assert (record.openness is Openness.CLOSED) == (field == "openness")


def test_no_list_reopens_what_a_policy_has_settled(town: Town) -> None:
    town.describe()
    owner = town.people[Role.OWNER]
    text = CHINESE + line("town/clinic", "town", openness="无条件开放", access="下载")
    assert hand_in(town, owner, text).merged.clashes
    with pytest.raises(Conflict) as refusal:
        resolve(town.site, owner, "town/clinic", "town")
    assert refusal.value.code == "record.follows_policy"
    text = CHINESE + line("town/clinic", "town", grade="L3", access="下载", title="新名称")
    assert hand_in(town, owner, text).merged.published == 1
    with town.site.books.read() as page:
        (record,) = page.records
    assert record.title_zh == "新名称"
    assert [way.value for way in record.access] == ["algorithm"]
    assert "site" in {column.name for column in record.columns}
    assert len(record.versions) == 1


def test_nobody_speaks_for_another_body(city: Town) -> None:
    with pytest.raises(NotPermitted) as refusal:
        hand_in(city, person(city, "school"), CHINESE + line(owner="市交通局"))
    assert refusal.value.code == "owner.not_yours"
    with pytest.raises(NotPermitted):
        merge(city.site, person(city, "traffic"), "市")
    with pytest.raises(NotPermitted):
        hand_in(city, city.people[Role.RESEARCHER], CHINESE + line())
    with pytest.raises(NotPermitted):
        register_owner(city.site, city.people[Role.OWNER], "x", "y", None)


def test_bodies_stand_in_no_ring_and_not_too_deep(city: Town) -> None:
    steward = city.people[Role.STEWARD]
    for name, parent in (("市", "区交通局"), ("市", "市")):
        with pytest.raises(BadInput) as refusal:
            register_owner(city.site, steward, name, "city", parent)
        assert refusal.value.code == "owner.ring"
    with pytest.raises(NotFound):
        register_owner(city.site, steward, "x", "y", "nobody")
    with pytest.raises(BadInput):
        register_owner(city.site, steward, "a\u202eb", "y", None)
    levels = ["市", *(f"level {level}" for level in range(MAX_LEVELS))]
    for parent, name in pairwise(levels[:-1]):
        register_owner(city.site, steward, name, "y", parent)
    with pytest.raises(BadInput):
        register_owner(city.site, steward, levels[-1], "y", levels[-2])
