"""Each command does what its help says, for people and for programs."""

from pathlib import Path

from tests.cli.conftest import Type, typed
from tests.support.served import PERIOD, Served

QUESTION = ("town/clinic", "--measure", "count", "--group-by", "site", "--epsilon", "0.25")
SQL = (
    "town/clinic",
    "--sql",
    "SELECT site, COUNT(*) FROM clinic GROUP BY site",
    "--epsilon",
    "0.25",
)


APPLICANT = ("--applicant", "natural_person", "--name", "Li Wanting", "--number", "X0000001")


def assess(steward: Type, application: str) -> None:
    items = ("project", "people", "setting", "data", "outputs")
    remarks = [word for item in items for word in (f"--{item}", f"In order: {item}")]
    assert steward("application", "assess", application, *remarks).code == 0


def test_an_owner_hears_what_became_of_the_file(owner: Type, policy: Path) -> None:
    rows = policy.with_name("second.csv")
    rows.write_text("person,site,age,cost,name\na,north,41,99999999999,x\na,south,42,1.005,y\n")
    policy.write_text(policy.read_text().replace("town/clinic", "town/second"))
    said = owner("dataset", "add", str(rows), "--policy", str(policy))
    assert said.code == 0
    assert "town/second is listed" in said.out
    assert "2 rows read, 2 kept, 1 people" in said.out
    assert "cost" in said.out
    assert "99999999999" not in said.all


def test_the_catalogue_is_listed_searched_and_shown(researcher: Type) -> None:
    listed = researcher("dataset", "list", "--json")
    assert "town/clinic" in {card["name"] for card in listed.json}
    assert researcher("dataset", "list", "--search", "no such thing", "--json").json == []
    shown = researcher("dataset", "show", "town/clinic")
    assert "north, south" in shown.out
    assert "Closed columns: person, name" in shown.out


def test_mock_rows_have_the_size_that_was_asked_for(researcher: Type) -> None:
    mocked = researcher("dataset", "mock", "town/clinic", "--rows", "7", "--json").json
    assert len(mocked) == 7
    assert set(mocked[0]) >= {"site", "age", "cost"}


def test_from_application_to_answer_in_four_roles(
    researcher: Type, steward: Type, owner: Type, tmp_path: Path
) -> None:
    starts, ends = PERIOD
    words = ("--purpose", "teaching", "--scenario", "A seminar", "--safeguards", "Locked room")
    key = str(tmp_path / "own.key")
    applied = researcher(
        "application", "apply", "town/clinic", *words, "--starts", starts, "--ends", ends,
        "--key", key, *APPLICANT, "--json",
    ).json  # fmt: skip
    listed = steward("application", "list")
    assert applied["id"] in listed.out
    assert "Locked room" in steward("application", "show", applied["id"]).out
    assess(steward, applied["id"])
    said = owner("application", "consent", applied["id"], "town/clinic", "--reason", "Agreed")
    assert said.code == 0
    decided = steward(
        "application", "decide", applied["id"], "--grant", "--reason", "Fine", "--json"
    )
    agreement = decided.json["agreement"]
    signed = researcher("agreement", "sign", agreement, "--key", key)
    assert "in force" in signed.out
    answered = researcher("submission", "ask", *QUESTION, "--agreement", agreement, "--json").json
    assert answered["answer"]["agreement"] == agreement
    shown = researcher("submission", "show", answered["answer"]["submission"], "--json").json
    assert shown == answered
    assert "OPEN DATA USE AGREEMENT" in researcher("agreement", "show", agreement).out
    assert agreement in researcher("agreement", "list").out


def test_a_question_shows_its_price_before_it_is_paid(researcher: Type, one_agreement: str) -> None:
    said = researcher("submission", "explain", *QUESTION, "--agreement", one_agreement)
    assert said.code == 0
    assert "charged: ρ" in said.out
    assert "The policy permits this" in said.out


def test_builder_and_sql_are_one_question(researcher: Type, one_agreement: str) -> None:
    built = researcher("submission", "ask", *QUESTION, "--agreement", one_agreement, "--json")
    written = researcher("submission", "ask", *SQL, "--agreement", one_agreement, "--json")
    assert built.json == written.json


def test_an_answer_is_shown_with_error_cost_and_proof(researcher: Type, one_agreement: str) -> None:
    said = researcher("submission", "ask", *QUESTION, "--agreement", one_agreement)
    assert said.code == 0
    assert "±" in said.out
    assert "proof verified" in said.out


def test_an_auditor_takes_the_ledger_home_and_verifies_it(auditor: Type, tmp_path: Path) -> None:
    folder, key = tmp_path / "ledger", tmp_path / "ledger.vkey"
    assert auditor("audit", "export", str(folder)).code == 0
    key.write_text(auditor("audit", "key").out)
    said = typed("audit", "verify", str(folder), "--key", str(key), "--json")
    assert said.code == 0
    assert said.json["verified"] is True
    assert "source/town/clinic" in said.json["balances"]
    by_text = typed("audit", "verify", str(folder), "--key", key.read_text().strip())
    assert "Verified" in by_text.out
    entries = typed("audit", "show", str(folder)).out.splitlines()
    assert len(entries) == said.json["size"]


def test_what_is_printed_for_people_is_in_their_language(researcher: Type) -> None:
    said = researcher("dataset", "show", "town/clinic", "--lang", "zh")
    assert "有条件开放" in said.out
    assert "conditional" not in said.out


def test_the_locale_chooses_the_language(clinic: Served) -> None:
    env = {"DATARANGE_URL": clinic.url, "DATARANGE_TOKEN": "", "LC_ALL": "zh_CN.UTF-8"}
    said = typed("agreement", "list", env=env)
    assert said.code == 4
    assert "出错" in said.err
