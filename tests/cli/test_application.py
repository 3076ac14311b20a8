"""An application's whole course as people type it, in Chinese; each `show` says what comes next."""

import io
from collections.abc import Callable
from pathlib import Path
from typing import cast

import pytest
from rich.console import Console

from sandbox.cli import course_texts, texts
from sandbox.cli.application_view import overdue
from sandbox.cli.language import Language
from sandbox.cli.terminal import Outcome
from sandbox.model.application import ApplicationState
from sandbox.model.deadline import ClockStage
from sandbox.model.principal import Role
from sandbox.wire import DeadlineMessage, OverdueCard
from tests.cli.conftest import Type, typed
from tests.support.served import PERIOD, Served

WORDS = ("--purpose", "research", "--safeguards", "加密笔记本电脑")
WHEN = ("--starts", PERIOD[0], "--ends", PERIOD[1])
WHO = (
    *("--applicant", "legal_person", "--name", "福州某公司"),
    *("--number", "91350100M000100Y43", "--responsible", "李婉婷"),
)
ITEMS = ("project", "people", "setting", "data", "outputs")
REMARKS = tuple(word for item in ITEMS for word in (f"--{item}", "符合要求"))


@pytest.fixture
def newcomer(clinic: Served, tmp_path: Path) -> Type:
    """Type commands in Chinese as a researcher of one's own."""
    env = {
        "DATARANGE_URL": clinic.url,
        "DATARANGE_TOKEN": clinic.admit(tmp_path.name),
        "DATARANGE_KEY": str(tmp_path / "own.key"),
    }
    return lambda *words: typed(*words, "--lang", "zh", env=env)


@pytest.fixture
def chinese(as_role: Callable[[Role], Type]) -> Callable[[Role], Type]:
    return lambda role: lambda *words: as_role(role)(*words, "--lang", "zh")


def drafted(newcomer: Type) -> str:
    """Begin, and complete what is missing."""
    begun = newcomer("application", "draft", "town/clinic", "--scenario", "一篇论文", "--json")
    name = begun.json["id"]
    missing = newcomer("application", "submit", name)
    assert missing.code == 3
    assert "applicant" in missing.err
    assert newcomer(
        "application", "draft", "town/clinic", "--scenario", "一篇论文", *WORDS, *WHEN, *WHO,
        "--id", name,
    ).code == 0  # fmt: skip
    return str(name)


def test_from_draft_to_resubmission_in_chinese(
    newcomer: Type, chinese: Callable[[Role], Type]
) -> None:
    name, steward = drafted(newcomer), chinese(Role.STEWARD)
    sent = newcomer("application", "submit", name).out
    assert "已受理" in sent
    assert "91350100M000100Y43" not in sent

    shown = steward("application", "show", name).out
    assert "下一步 (主管部门)" in shown.replace("（", "(").replace("）", ")")
    assert f"datarange application assess {name}" in shown
    assert "91350100M000100Y43" in shown
    waiting = steward("application", "supplement", name, "--reason", "请说明论文题目").out
    assert "待补正" in waiting
    assert "暂停" in waiting
    told = newcomer("application", "show", name).out
    assert f"datarange application resubmit {name}" in told
    assert "请说明论文题目" in told
    back = newcomer("application", "resubmit", name, "--scenario", "关于就诊次数的论文").out
    assert "已补正" in back
    assert "加密笔记本电脑" in back


def test_from_assessment_to_signature_in_chinese(
    newcomer: Type, chinese: Callable[[Role], Type]
) -> None:
    steward, owner = chinese(Role.STEWARD), chinese(Role.OWNER)
    name = drafted(newcomer)
    newcomer("application", "submit", name)
    assessed = steward("application", "assess", name, *REMARKS, "--unmet", "data").out
    assert "未通过" in assessed
    steward("application", "assess", name, *REMARKS)
    assert name in owner("application", "list").out
    agreed = owner("application", "consent", name, "town/clinic", "--reason", "同意").out
    assert "作出答复" in agreed
    decided = steward("application", "decide", name, "--grant", "--reason", "同意", "--json")
    agreement = decided.json["agreement"]
    offered = newcomer("application", "show", name).out
    assert "待签署" in offered
    assert f"datarange agreement sign {agreement}" in offered
    assert newcomer("agreement", "sign", agreement).code == 0
    assert "已生效" in newcomer("application", "show", name).out


def test_what_is_withdrawn_is_closed_and_says_so(newcomer: Type) -> None:
    name = newcomer("application", "draft", "town/clinic", "--json").json["id"]
    assert "已办结" in newcomer("application", "withdraw", name).out
    assert newcomer("application", "withdraw", name).code == 6


def test_nothing_is_overdue_for_steward_and_auditor(steward: Type, auditor: Type) -> None:
    for official in (steward, auditor):
        assert "Nothing is overdue" in official("application", "list", "--overdue").out


def test_proof_without_its_kind_and_items_that_are_none_are_wrong_usage(
    newcomer: Type, steward: Type
) -> None:
    assert newcomer("application", "draft", "town/clinic", "--name", "Li").code == 2
    wrong = steward("application", "assess", "0" * 32, *REMARKS, "--unmet", "colour")
    assert wrong.code == 2


def card(stage: str, due: str, *, provisional: bool = False) -> OverdueCard:
    clock = DeadlineMessage(due, provisional, 6, stage)
    return OverdueCard("a" * 32, "town/clinic", "2026-11-02T01:00:00+00:00", "submitted", clock)


def said(outcome: Outcome, lang: Language) -> str:
    console = Console(width=160, file=io.StringIO())
    console.print(outcome.view(lang))
    return cast("io.StringIO", console.file).getvalue()


def test_what_is_overdue_says_since_when_and_whether_that_is_sure() -> None:
    late = overdue([card("overdue", "2027-02-09", provisional=True)])
    assert "6 of 5 working days used" in said(late, Language.ENGLISH)
    assert "provisional" in said(late, Language.ENGLISH)
    assert "已逾期" in said(late, Language.CHINESE)
    assert "暂定" in said(late, Language.CHINESE)


@pytest.mark.parametrize("stage", [stage.value for stage in ClockStage])
def test_every_stage_of_the_clock_has_words_in_both_languages(stage: str) -> None:
    assert course_texts.STAGES[stage](Language.ENGLISH)
    assert stage not in said(overdue([card(stage, "2026-11-09")]), Language.CHINESE)


@pytest.mark.parametrize("state", [state.value for state in ApplicationState])
def test_every_state_has_words_in_both_languages(state: str) -> None:
    assert all(texts.STATES[state](lang) for lang in Language)
    assert texts.STATES[state](Language.CHINESE) != state
