"""Owners keep caps and keys; stewards, researchers and auditors see and do what is theirs."""

import json
import shlex
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from sandbox.cli.main import app
from sandbox.client.signing_key import make_if_missing, public_key
from sandbox.model.principal import Role
from tests.cli.conftest import Said, Type, typed
from tests.support.clinic import TRANCHE, WARD
from tests.support.served import APPLICANT, PERIOD, Served

APPLIES = (
    *("application", "apply", "town/ward", "--purpose", "research", "--scenario", "Where it is"),
    *("--safeguards", "Locked", "--starts", PERIOD[0], "--ends", PERIOD[1]),
    *("--applicant", "natural_person", "--name", "Li Wanting", "--number", "50010119900101123X"),
)
RAISED = WARD.replace("budget: {epsilon: 10", "budget: {epsilon: 12")


@pytest.fixture(scope="module")
def ward(clinic: Served) -> Served:
    """List a dataset with every kind of cap."""
    (clinic.folder / "ward.yaml").write_text(WARD)
    clinic.add(clinic.folder / "clinic.csv", clinic.folder / "ward.yaml")
    return clinic


@pytest.fixture
def file(tmp_path: Path) -> Callable[[str], str]:
    """Write a policy down."""

    def write(policy: str) -> str:
        path = tmp_path / "policy.yaml"
        path.write_text(policy)
        return str(path)

    return write


@pytest.fixture
def second(ward: Served, request: pytest.FixtureRequest) -> Type:
    """Type commands as another steward."""
    token = ward.admit(f"second-{request.node.name[:50]}".translate(_NAME), Role.STEWARD)
    env = {"DATARANGE_URL": ward.url, "DATARANGE_TOKEN": token}
    return lambda *words: typed(*words, env=env)


_NAME = str.maketrans("[]", "--")


def answering(ward: Served, answer: str, *words: str) -> Said:
    """Type a command as the owner, and an answer when it asks."""
    env = {
        "DATARANGE_URL": ward.url,
        "DATARANGE_TOKEN": ward.tokens[Role.OWNER],
        "DATARANGE_KEY": str(ward.owner_key),
        "LC_ALL": "C",
        "COLUMNS": "80",
    }
    done = CliRunner().invoke(app, list(words), env=env, input=answer)
    return Said(done.exit_code, done.stdout, done.stderr)


def cap_of(owner: Type) -> str:
    return str(owner("source", "show", "town/ward", "--json").json["accounts"][0]["cap"])


def test_terms_say_in_words_what_would_be_signed(
    ward: Served, owner: Type, file: Callable[[str], str]
) -> None:
    said = owner("dataset", "terms", file(WARD))
    assert said.code == 0
    for words in ("town/ward", "ε 10 (ρ ", "Limit of each researcher", "ε 3 (ρ ", "Limit of a day"):
        assert words in said.out
    assert "source cap" not in said.out
    exact = owner("dataset", "terms", file(WARD), "--json").json
    document = json.loads(exact["document"])
    assert document["owner_key"] == public_key(ward.owner_key)
    assert exact["cap_change"] is None


@pytest.mark.usefixtures("ward")
def test_terms_list_what_the_policy_approves_for_emergencies(
    owner: Type, file: Callable[[str], str]
) -> None:
    said = owner("dataset", "terms", file(WARD)).out
    assert "no others" in said
    assert "SELECT site, COUNT(*) FROM ward WHERE age >= 60 GROUP BY site" in said
    chinese = owner("dataset", "terms", file(WARD), "--lang", "zh").out
    for words in ("仅可提出以下查询", "visits-by-age", "ε 上限 0.5。", "其他已声明的取值：age。"):
        assert words in chinese
    exact = owner("dataset", "terms", file(WARD), "--json").json["questions"]
    assert [(one["name"], one["epsilon"], one["parameters"]) for one in exact] == [
        ("visits", "0.2", []),
        ("visits-by-age", "0.5", ["age"]),
    ]


def test_terms_show_a_change_of_caps_and_how_to_sign_it(
    owner: Type, file: Callable[[str], str]
) -> None:
    said = owner("dataset", "terms", file(RAISED))
    assert "raised: ε 10" in said.out
    assert "datarange source cap" in said.out
    chinese = owner("dataset", "terms", file(RAISED), "--lang", "zh")
    assert "上调：ε 10" in chinese.out


def test_a_dataset_with_other_caps_is_stopped_before_it_is_sent(
    ward: Served, owner: Type, file: Callable[[str], str]
) -> None:
    uploads = ward.folder / "site" / "uploads"
    before = sorted(uploads.rglob("*"))
    words = ("dataset", "add", str(ward.folder / "clinic.csv"), "--policy", file(RAISED))
    said = owner(*words, "--json")
    assert (said.code, said.json["code"]) == (6, "budget.cap_fixed")
    assert "datarange source cap" in said.json["detail"]
    assert sorted(uploads.rglob("*")) == before


def test_caps_change_when_their_owner_says_yes(
    ward: Served, owner: Type, file: Callable[[str], str]
) -> None:
    before = cap_of(owner)
    said = answering(ward, "yes\n", "source", "cap", file(RAISED))
    assert said.code == 0, said.all
    assert "raised: ε 10" in said.out
    assert "More may be learned of each person" in " ".join(said.out.split())
    assert float(cap_of(owner)) > float(before)
    back = owner("source", "cap", file(WARD), "--yes")
    assert back.code == 0
    assert "lowered: ε 12" in back.out
    assert "No more may be learned of anybody" in " ".join(back.out.split())
    assert cap_of(owner) == before
    assert owner("source", "cap", file(WARD), "--yes", "--json").json["code"] == "budget.unchanged"


@pytest.mark.parametrize("answer", ["no\n", "y\n", "\n", ""])
def test_nothing_is_signed_without_a_yes(
    ward: Served, owner: Type, file: Callable[[str], str], answer: str
) -> None:
    before = cap_of(owner)
    said = answering(ward, answer, "source", "cap", file(RAISED))
    assert said.code == 3
    assert "Nothing was signed" in said.err
    silent = answering(ward, "yes\n", "source", "cap", file(RAISED), "--json")
    assert (silent.code, silent.json["code"]) == (3, "caps.not_confirmed")
    assert cap_of(owner) == before


def test_the_token_is_not_the_key(
    ward: Served, owner: Type, file: Callable[[str], str], tmp_path: Path
) -> None:
    before, strange = cap_of(owner), tmp_path / "strange.key"
    words = ("source", "cap", file(RAISED), "--key", str(strange), "--yes", "--json")
    missing = owner(*words)
    assert (missing.code, missing.json["code"]) == (3, "key.unreadable")
    assert not strange.exists()
    make_if_missing(strange)
    refused = owner(*words)
    assert (refused.code, refused.json["code"]) == (4, "owner.key")
    assert cap_of(owner) == before
    assert public_key(ward.owner_key) != public_key(strange)


CAPS = [
    ("per_person: {epsilon: 3}", "per_person: {epsilon: 4}", "raised: ε 3", "sooner"),
    ("  per_person: {epsilon: 3}\n", "", "limit dropped: ε 3", "sooner"),
    ("day: 4,", "day: 4, month: 5,", "limited from now on: no limit", "No more"),
    (TRANCHE, "", "lowered: ε 1", "No more"),
    ("    epsilon: 1\n", "    epsilon: 2\n", "raised: ε 1", "No more"),
    ("delta: 1e-9", "delta: 2e-9", "raised: 1e-9", "More may"),
]


@pytest.mark.usefixtures("ward")
@pytest.mark.parametrize(("old", "new", "said", "meaning"), CAPS)
def test_each_cap_is_said_in_plain_words(
    owner: Type, file: Callable[[str], str], old: str, new: str, said: str, meaning: str
) -> None:
    assert old in WARD
    told = " ".join(owner("dataset", "terms", file(WARD.replace(old, new))).out.split())
    assert said in told
    assert meaning in told


def test_sources_are_listed_and_shown_to_those_concerned(
    ward: Served, owner: Type, steward: Type, auditor: Type, researcher: Type
) -> None:
    for who in (owner, steward, auditor):
        assert "town/ward" in who("source", "list").out
        shown = who("source", "show", "town/ward").out
        assert public_key(ward.owner_key) in shown.replace("\n", "")
        assert "emergency/town/ward" in shown
    assert researcher("source", "list").code == 4
    assert owner("source", "show", "no/where").code == 5


def test_one_key_follows_another(
    ward: Served, owner: Type, file: Callable[[str], str], tmp_path: Path
) -> None:
    new = tmp_path / "new.key"
    said = owner("source", "key", "town/ward", "--new", str(new))
    assert said.code == 0, said.all
    assert public_key(new) in said.out.replace("\n", "")
    refused = owner("source", "cap", file(RAISED), "--yes", "--json")
    assert (refused.code, refused.json["code"]) == (4, "owner.key")
    again = owner("source", "key", "town/ward", "--new", str(tmp_path / "third.key"), "--json")
    assert (again.code, again.json["code"]) == (4, "owner.key")
    back = ("source", "key", "town/ward", "--new", str(ward.owner_key), "--key", str(new))
    assert owner(*back).code == 0


def test_two_stewards_open_an_emergency_and_a_question_is_paid_from_it(
    ward: Served, steward: Type, second: Type, researcher: Type
) -> None:
    agreement = ward.agree(Role.RESEARCHER, "town/ward", "research")
    words = ("emergency", "declare", "town/ward", "--reason", "An outbreak", "--hours", "2")
    declared = steward(*words)
    assert "declared" in declared.out
    assert "datarange emergency confirm" in declared.out
    id_ = steward("emergency", "list", "--json").json[-1]["id"]
    assert steward("emergency", "confirm", id_).code == 4
    assert "open" in second("emergency", "confirm", id_).out
    assert "已生效" in researcher("emergency", "list", "--lang", "zh").out
    opens = researcher("emergency", "questions", id_)
    for said in ("visits-by-age", "ε = 0.5", ": age.", f"--epsilon 0.2 --emergency {id_}"):
        assert said in opens.out
    assert "ε 上限 0.5" in researcher("emergency", "questions", id_, "--lang", "zh").out
    assert "review due by" in " ".join(steward("emergency", "list").out.split())
    shown = steward("emergency", "list", "--lang", "zh", "--json").json[-1]
    assert shown["next"][0]["command"] == f"datarange emergency questions {id_}"
    command = shown["next"][0]["command"]
    assert researcher(*shlex.split(command)[1:], "--json").json[0]["name"] == "visits"
    ask = ("town/ward", "--measure", "count", "--epsilon", "0.2", "--emergency", id_)
    explained = researcher("submission", "explain", *ask, "--agreement", agreement)
    assert "The policy permits this" in explained.out
    assert researcher("submission", "ask", *ask, "--agreement", agreement).code == 0
    pasted = researcher("emergency", "questions", id_, "--json").json[1]["command"]
    assert researcher(*shlex.split(pasted)[1:], "--agreement", agreement).code == 0
    shown = researcher("agreement", "show", agreement, "--json").json
    assert (shown["spent"], shown["accounts"][0]["spent"]) == ("0", "0")


def test_an_emergency_hurries_applications_and_is_not_reviewed_by_its_officials(
    ward: Served, steward: Type, second: Type, researcher: Type
) -> None:
    id_ = ward.range_of(Role.STEWARD).declare_emergency("town/ward", "A flood", 2).id
    second("emergency", "confirm", id_)
    urgent = researcher(*APPLIES, "--emergency", id_)
    assert "0 of 24 hours used (an emergency)" in " ".join(urgent.out.split())
    hours = researcher(*APPLIES, "--emergency", id_, "--lang", "zh").out
    assert "共 24 小时" in hours.replace("\n", "")
    other = researcher(*APPLIES, "--emergency", "no-such", "--json")
    assert (other.code, other.json["code"]) == (5, "emergency.unknown")
    words = ("audit", "review", f"emergency/{id_}", "--outcome", "in_order", "--statement", "Fine")
    own = steward(*words, "--json")
    assert (own.code, own.json["code"]) == (4, "rule.forbids")


def test_a_researcher_sees_every_limit_of_today(ward: Served) -> None:
    token = ward.admit("limited")
    agreement = ward.agree(token, "town/ward", "research")
    env = {"DATARANGE_URL": ward.url, "DATARANGE_TOKEN": token}
    said = typed("agreement", "show", agreement, env=env)
    assert said.code == 0
    for words in ("This agreement", "You, over all your agreements", "Everybody, on ", "-Q"):
        assert words in said.out
    assert "source/town" not in said.out


def test_a_question_shows_its_limits_before_it_is_paid(ward: Served) -> None:
    token = ward.admit("careful")
    agreement = ward.agree(token, "town/ward", "research")
    env = {"DATARANGE_URL": ward.url, "DATARANGE_TOKEN": token}
    words = ("submission", "explain", "town/ward", "--measure", "count", "--epsilon", "0.1")
    said = typed(*words, env=env)
    assert "You, over all your agreements" in said.out
    kinds = ["agreement", "person", "period", "period"]
    only = typed(*words, "--json", env=env).json["accounts"]
    assert [one["id"].split("/")[0] for one in only] == kinds
    ward.agree(token, "town/ward", "teaching")
    named = typed(*words, "--agreement", agreement, "--json", env=env).json["accounts"]
    assert named == only


def test_others_see_an_agreement_without_its_researchers_limits(
    ward: Served, steward: Type
) -> None:
    agreement = ward.agree(ward.admit("looked-at"), "town/ward", "research")
    assert steward("agreement", "show", agreement, "--json").json["accounts"] == []


def test_an_agreement_ends_and_its_papers_are_erased(ward: Served, steward: Type) -> None:
    token = ward.admit("tidy")
    agreement = ward.agree(token, "town/ward", "research")
    env = {"DATARANGE_URL": ward.url, "DATARANGE_TOKEN": token}
    assert steward("agreement", "erase", agreement).code == 6
    said = typed("agreement", "dispose", agreement, "--statement", "All gone", env=env)
    assert "ended" in said.out
    erased = steward("agreement", "erase", agreement)
    assert erased.code == 0
    assert "deleted" in erased.out
    assert typed("agreement", "show", agreement, env=env).code == 5


def test_a_refused_application_s_papers_are_erased(ward: Served, steward: Type) -> None:
    one = ward.range_of(ward.admit("refused-one"))
    dates = ("2030-01-01", "2030-02-01")
    key = ward.folder / "r.key"
    asked = one.apply("town/ward", "research", "Secret plan", "s", *dates, key, applicant=APPLICANT)
    assert steward("application", "erase", asked.id).code == 6
    steward("application", "decide", asked.id, "--refuse", "--reason", "No")
    assert "已删除" in steward("application", "erase", asked.id, "--lang", "zh").out
    assert "Secret plan" not in steward("application", "show", asked.id).all


@pytest.mark.usefixtures("ward")
def test_a_review_is_put_on_record(auditor: Type, researcher: Type) -> None:
    words = ("audit", "review", "source/town/ward", "--outcome", "in_order", "--statement", "Fine")
    assert "entry" in auditor(*words).out
    assert auditor(*words, "--json").json["index"] > 0
    assert researcher(*words).code == 4
    assert auditor("audit", "review", "ledger", "--outcome", "fine", "--statement", "x").code == 2
