"""The law's whole course over real HTTP, typed in Chinese: from the catalogue to a renewal.

A steward who has never seen the product is told at each state what to do next; the test does what
the product says.
"""

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from sandbox.cli.demo.data import write_hie
from sandbox.model.principal import Role
from tests.cli.conftest import Said, typed
from tests.support.served import Served, served
from tests.support.town import HandClock

pytestmark = pytest.mark.slow

POLICY = Path(__file__).parents[2] / "policies" / "examples" / "hie.yaml"
ITEMS = ("project", "people", "setting", "data", "outputs")
SQL = "SELECT site, COUNT(*) AS n FROM hie WHERE xage >= 40 GROUP BY site"


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def office(tmp_path: Path, clock: HandClock) -> Iterator[Served]:
    """A site whose clock the test moves, with 20,190 real rows."""
    with served(tmp_path, clock=clock) as running:
        file = tmp_path / "hie.parquet"
        write_hie(file)
        running.add(file, POLICY)
        yield running


Type = Callable[..., Said]


@pytest.fixture
def people(office: Served) -> Callable[[Role], Type]:
    """Type commands in Chinese as somebody; a command that fails fails the test."""

    def typing(role: Role) -> Type:
        env = {
            "DATARANGE_URL": office.url,
            "DATARANGE_TOKEN": office.tokens[role],
            "DATARANGE_KEY": str(office.folder / f"{role}.key"),
            "COLUMNS": "200",
        }

        def type_(*words: str, code: int = 0) -> Said:
            said = typed(*words, *([] if "--json" in words else ["--lang", "zh"]), env=env)
            assert said.code == code, said.all
            return said

        return type_

    return typing


def days_from(clock: HandClock, days: int) -> str:
    return (clock.now().date() + timedelta(days=days)).isoformat()


def apply(clock: HandClock, people: Callable[[Role], Type], *more: str, last_day: int = 10) -> str:
    """Go from a draft to an agreement in force, each command as the state before names it."""
    name = submitted(clock, people, *more, last_day=last_day)
    supplemented(clock, people, name)
    return decided(people, name)


def submitted(
    clock: HandClock, people: Callable[[Role], Type], *more: str, last_day: int = 10
) -> str:
    """Draft it, learn what is missing, complete it."""
    researcher = people(Role.RESEARCHER)
    draft = ("application", "draft", "health/hie", "--scenario", "撰写一篇论文", *more)
    who = ("--applicant", "natural_person", "--name", "李婉婷", "--number", "11010519491231002X")
    when = ("--starts", days_from(clock, 0), "--ends", days_from(clock, last_day))
    name = str(researcher(*draft, *who, *when, "--json").json["id"])
    incomplete = researcher("application", "submit", name, code=3).err
    assert "purpose" in incomplete
    assert "safeguards" in incomplete
    rest = ("--purpose", "public-health-research", "--safeguards", "加密笔记本电脑")
    researcher(*draft, *who, *when, *rest, "--id", name)
    assert "已受理" in researcher("application", "submit", name).out
    return name


def supplemented(clock: HandClock, people: Callable[[Role], Type], name: str) -> None:
    """Ask for more, and get it the day after."""
    researcher, steward = people(Role.RESEARCHER), people(Role.STEWARD)
    assert "主管部门" in steward("application", "list").out
    assert f"datarange application assess {name}" in steward("application", "show", name).out
    steward("application", "supplement", name, "--reason", "请说明论文题目")
    clock.time += timedelta(days=1)
    assert f"datarange application resubmit {name}" in researcher("application", "show", name).out
    back = researcher("application", "resubmit", name, "--scenario", "关于就诊次数的论文").out
    assert "主管部门" in back


def decided(people: Callable[[Role], Type], name: str) -> str:
    """Assess, consent, grant, sign; give the agreement's id."""
    researcher, steward, owner = map(people, (Role.RESEARCHER, Role.STEWARD, Role.OWNER))
    remarks = (word for item in ITEMS for word in (f"--{item}", "符合要求"))
    steward("application", "assess", name, *remarks)
    told = owner("application", "show", name).out
    assert f"datarange application consent {name} health/hie" in told
    owner("application", "consent", name, "health/hie", "--reason", "经研究同意")
    assert f"datarange application decide {name}" in steward("application", "show", name).out
    grant = ("application", "decide", name, "--grant", "--reason", "同意")
    agreement = str(steward(*grant, "--json").json["agreement"])
    assert f"datarange agreement sign {agreement}" in researcher("application", "show", name).out
    researcher("agreement", "sign", agreement)
    assert "已生效" in researcher("application", "show", name).out
    return agreement


def test_the_whole_course_in_chinese(
    office: Served, clock: HandClock, people: Callable[[Role], Type]
) -> None:
    researcher, steward, owner, auditor = map(
        people, (Role.RESEARCHER, Role.STEWARD, Role.OWNER, Role.AUDITOR)
    )
    # Catalogue and demand list.
    assert "health/hie" in researcher("catalogue", "search", "医疗保险").out
    shown = researcher("catalogue", "show", "health/hie").out
    assert "有条件开放" in shown
    assert "以算法模型获取结果数据" in shown
    missed = ("--owner", "health", "--data", "门诊病历", "--use", "流行病学研究")
    (asked,) = researcher("demand", "ask", *missed, "--json").json
    owner(
        "demand", "answer", asked["id"], "--answer", "refused", "--reason", "涉及个人隐私，不予开放"
    )
    assert "不予开放" in auditor("demand", "list").out

    # Application, agreement, query.
    agreement = apply(clock, people)
    ask = ("submission", "ask", "health/hie", "--sql", SQL, "--epsilon", "0.5")
    paid = researcher(*ask, "--json").json
    assert paid["receipt"]
    assert researcher(*ask, "--json").json == paid
    answer = office.folder / "answer.json"
    answer.write_text(json.dumps(paid))
    assert agreement in steward("release", "trace", str(answer)).out


def changed(clock: HandClock, people: Callable[[Role], Type], name: str, agreement: str) -> str:
    """Go the whole way again for another last day; what is left out is taken over."""
    researcher = people(Role.RESEARCHER)
    told = researcher("application", "show", name).out
    assert f"datarange application draft --amends {agreement}" in told
    changing = ("application", "draft", "--amends", agreement, "--ends", days_from(clock, 12))
    change = researcher(*changing, "--json").json
    assert change["scenario"] == "关于就诊次数的论文"
    researcher("application", "submit", change["id"])
    later = decided(people, change["id"])
    assert later == f"{agreement}.2"
    shown = researcher("agreement", "show", later).out
    assert f"第 2 版），自签署之日起取代 {agreement}" in shown
    told = researcher("application", "show", name).out
    assert "已变更" in told
    assert f"datarange agreement show {later}" in told
    return str(change["id"])


def reported(people: Callable[[Role], Type], agreement: str) -> None:
    """File feedback; steward and owner read it, the auditor sees that it is there."""
    researcher, auditor = people(Role.RESEARCHER), people(Role.AUDITOR)
    researcher("agreement", "feedback", agreement, "--statement", "发表论文一篇")
    for role in (Role.RESEARCHER, Role.STEWARD, Role.OWNER):
        assert "发表论文一篇" in people(role)("agreement", "feedback", agreement).out
    auditor("agreement", "feedback", agreement, code=4)
    assert "已反馈" in auditor("agreement", "list").out


def test_a_change_the_end_feedback_and_a_renewal_in_chinese(
    clock: HandClock, people: Callable[[Role], Type]
) -> None:
    researcher = people(Role.RESEARCHER)
    agreement = apply(clock, people)
    (name,) = [one["id"] for one in researcher("application", "list", "--json").json]
    change = changed(clock, people, name, agreement)
    ask = ("submission", "ask", "health/hie", "--sql", SQL, "--epsilon", "0.5")
    paid = researcher(*ask, "--agreement", agreement, "--json").json
    assert paid["answer"]["agreement"] == f"{agreement}.2"

    # The end.
    clock.time += timedelta(days=13)
    told = researcher("application", "show", change).out
    assert f"datarange agreement dispose {agreement}.2" in told
    assert f"datarange agreement feedback {agreement}.2" in told
    researcher("agreement", "dispose", agreement, "--statement", "工作副本已全部删除")
    for official in (Role.STEWARD, Role.AUDITOR):
        assert "前反馈" in people(official)("agreement", "list").out

    # No feedback, no renewal.
    renewing = ("application", "draft", "--renews", agreement)
    when = ("--starts", days_from(clock, 0), "--ends", days_from(clock, 90))
    renewal = researcher(*renewing, *when, "--json").json["id"]
    refused = researcher("application", "submit", renewal, code=6).err
    assert f"datarange agreement feedback {agreement}.2" in refused
    reported(people, agreement)
    told = researcher("application", "show", change).out
    assert f"datarange application draft --renews {agreement}.2" in told
    researcher("application", "submit", renewal)
    assert not decided(people, renewal).startswith(agreement)
