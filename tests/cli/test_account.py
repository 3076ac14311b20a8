"""`datarange account`: sign in without a token in the environment, and let others in and out."""

import json
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from sandbox.cli.main import app
from sandbox.model.principal import Role
from tests.cli.conftest import Said, Type
from tests.support.people import PASSWORD
from tests.support.served import Served

NEW = "another horse, another battery"

Person = Callable[..., Said]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "home" / "tokens.json"


@pytest.fixture
def person(clinic: Served, file: Path) -> Person:
    """Type as somebody who has no token, with what they type at prompts."""

    def typing(*words: str, typed: str = "") -> Said:
        env = {
            "LC_ALL": "C",
            "COLUMNS": "160",
            "DATARANGE_URL": clinic.url,
            "DATARANGE_TOKEN": "",
            "DATARANGE_TOKEN_FILE": str(file),
        }
        done = CliRunner().invoke(app, list(words), env=env, input=typed)
        return Said(done.exit_code, done.stdout, done.stderr)

    return typing


@pytest.fixture
def administrator(as_role: Callable[[Role], Type]) -> Type:
    return as_role(Role.ADMINISTRATOR)


@pytest.fixture
def account(clinic: Served, request: pytest.FixtureRequest) -> str:
    """Somebody with an account of their own, a new one for each test."""
    name = request.node.name[:60].replace("[", "-").replace("]", "")
    clinic.range_of(Role.ADMINISTRATOR).open_account(name, "researcher", PASSWORD)
    return str(name)


def listed(person: Person) -> list[dict[str, Any]]:
    return list(json.loads(person("account", "tokens", "--json").out))


def test_signing_in_keeps_the_token_for_this_person_alone(
    person: Person, account: str, file: Path
) -> None:
    done = person("account", "login", "--name", account, "--days", "3", typed=PASSWORD + "\n")
    assert done.code == 0, done.all
    assert account in done.out
    assert "dr-researcher" not in done.all
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert [one["name"] for one in listed(person)] == [account]
    assert PASSWORD not in done.all + file.read_text()


def test_signing_out_revokes_and_forgets(person: Person, account: str, file: Path) -> None:
    person("account", "login", "--name", account, typed=PASSWORD + "\n")
    token = next(iter(json.loads(file.read_text()).values()))
    assert person("account", "logout").code == 0
    assert json.loads(file.read_text()) == {}
    assert person("account", "tokens").code == 4
    person("account", "login", "--name", account, typed=PASSWORD + "\n")
    states = {one["id"]: one["state"] for one in listed(person)}
    assert sorted(states.values()) == ["revoked", "valid"]
    assert token not in json.dumps(listed(person))
    assert person("account", "logout").code == person("account", "logout").code == 0


def test_a_wrong_password_keeps_nothing(person: Person, account: str, file: Path) -> None:
    done = person("account", "login", "--name", account, "--json", typed="wrong\n")
    assert (done.code, done.json["code"]) == (4, "account.wrong")
    assert not file.exists()


def test_a_token_file_that_others_read_is_not_used(
    person: Person, account: str, file: Path
) -> None:
    person("account", "login", "--name", account, typed=PASSWORD + "\n")
    file.chmod(0o640)
    done = person("account", "tokens", "--json")
    assert (done.code, done.json["code"]) == (3, "token.file_mode")
    file.chmod(0o600)
    file.write_text("[dr-secret")
    done = person("account", "tokens", "--json")
    assert (done.code, done.json["code"]) == (3, "token.file")
    assert "dr-secret" not in done.all


def test_an_administrator_lets_people_in_and_out(
    clinic: Served, administrator: Type, person: Person
) -> None:
    env = {"DATARANGE_URL": clinic.url, "DATARANGE_TOKEN": clinic.tokens[Role.ADMINISTRATOR]}
    added = CliRunner().invoke(
        app,
        ["account", "add", "tian", "--role", "steward", "--json"],
        env=env,
        input=PASSWORD + "\n",
    )
    assert added.exit_code == 0, added.output
    assert "tian" in administrator("account", "list").out
    assert person("account", "login", "--name", "tian", typed=PASSWORD + "\n").code == 0
    assert administrator("account", "close", "tian").code == 0
    assert person("account", "tokens").code == 4
    again = CliRunner().invoke(app, ["account", "reset", "tian"], env=env, input=NEW + "\n")
    assert again.exit_code == 0
    assert person("account", "login", "--name", "tian", typed=NEW + "\n").code == 0
    changed = person("account", "password", typed=f"{NEW}\n{PASSWORD}\n")
    assert changed.code == 0, changed.all


def test_tokens_are_issued_and_revoked(person: Person, account: str, administrator: Type) -> None:
    person("account", "login", "--name", account, typed=PASSWORD + "\n")
    made = json.loads(person("account", "issue", "--days", "2", "--label", "hub", "--json").out)
    assert made["secret"].startswith("dr-researcher-")
    assert "hub" in person("account", "tokens").out
    assert person("account", "revoke", made["card"]["id"]).code == 0
    assert person("account", "revoke", "0" * 32).code == 5
    other = administrator("account", "issue", "--for", "lin", "--role", "auditor", "--json")
    assert other.json["card"]["name"] == "lin"
    assert person("account", "issue", "--for", "lin", "--role", "auditor").code == 4


def test_others_may_not(owner: Type) -> None:
    for words in (("list",), ("close", "nobody")):
        done = owner("account", *words)
        assert done.code == 4
        assert "Administrators" in done.all
