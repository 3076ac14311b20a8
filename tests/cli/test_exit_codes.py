"""One exit code for each kind of ending, so that a script need not read."""

import json
import socket
from pathlib import Path

import pytest
import typer

from sandbox.cli import command
from sandbox.cli.language import Language
from sandbox.cli.terminal import Outcome, Terminal
from sandbox.errors import (
    BadInput,
    Conflict,
    DataRangeError,
    NotFound,
    NotPermitted,
    NotSignedIn,
    NotVerified,
    Refused,
    Unavailable,
)
from sandbox.model.principal import Role
from tests.cli.conftest import Type, typed
from tests.support.served import Served

ASK = ("submission", "ask", "town/clinic", "--measure", "count", "--epsilon")


def test_0_when_it_was_done(researcher: Type) -> None:
    assert researcher("dataset", "list").code == 0


@pytest.mark.parametrize(
    "words",
    [
        ("no-such-command",),
        ("dataset", "show"),
        ("dataset", "list", "--no-such-option"),
        ("dataset", "add", "no-such-file.csv", "--policy", "none.yaml"),
        ("up", "--port", "99999"),
        ("up", "--max-running", "0"),
        ("source", "cap", "no-such-policy.yaml"),
        ("emergency", "declare", "town/clinic", "--reason", "x", "--hours", "0"),
        ("audit", "review", "ledger", "--outcome", "fine", "--statement", "x"),
        ("dataset", "list", "--lang", "tlh"),
    ],
)
def test_2_when_it_was_typed_wrongly(words: tuple[str, ...]) -> None:
    said = typed(*words)
    assert said.code == 2
    assert not said.out


def test_3_when_the_request_is_wrong_in_itself(researcher: Type) -> None:
    assert researcher(*ASK, "-1").code == 3


def test_4_when_nobody_is_signed_in(clinic: Served) -> None:
    env = {"DATARANGE_URL": clinic.url, "DATARANGE_TOKEN": "dr-owner-wrong"}
    said = typed("agreement", "list", env=env)
    assert said.code == 4
    assert "DATARANGE_TOKEN" in said.err


def test_4_when_the_role_may_not(researcher: Type) -> None:
    said = researcher("application", "decide", "0" * 32, "--grant", "--reason", "Please")
    assert said.code == 4
    assert "steward" in said.err


def test_5_when_there_is_no_such_thing(researcher: Type) -> None:
    assert researcher("dataset", "show", "town/nowhere").code == 5


def test_6_when_somebody_was_first(steward: Type, clinic: Served, one_agreement: str) -> None:
    (application,) = [
        card for card in clinic.range_of(Role.STEWARD).applications()
        if card.agreement == one_agreement
    ]  # fmt: skip
    assert steward("application", "decide", application.id, "--grant", "--reason", "x").code == 6


def test_7_with_every_reason_when_the_policy_says_no(researcher: Type, one_agreement: str) -> None:
    words = ("--sql", "SELECT AVG(name) FROM clinic", "--purpose", "gossip", "--epsilon", "5")
    asked = ("submission", "ask", "town/clinic", *words, "--agreement", one_agreement)
    said = researcher(*asked)
    assert said.code == 7
    problem = researcher(*asked, "--json").json
    codes = {reason["code"] for reason in problem["reasons"]}
    assert codes >= {"column.closed", "purpose.not_agreed", "budget.per_submission"}
    for reason in problem["reasons"]:
        assert reason["clause"] in said.err
    assert "column name" in said.err
    assert "owner town" in said.err


def test_7_in_the_readers_language(researcher: Type, one_agreement: str) -> None:
    words = ("--measure", "count", "--epsilon", "5", "--agreement", one_agreement)
    said = researcher("submission", "ask", "town/clinic", *words, "--lang", "zh")
    assert said.code == 7
    assert "单次提交的隐私损失" in said.err


def test_8_when_a_ledger_does_not_hold(auditor: Type, tmp_path: Path) -> None:
    folder = tmp_path / "ledger"
    auditor("audit", "export", str(folder))
    key = auditor("audit", "key").out.strip()
    bundle = next(file for file in (folder / "tile" / "entries").rglob("*") if file.is_file())
    content = bytearray(bundle.read_bytes())
    content[len(content) // 2] ^= 1
    bundle.write_bytes(content)
    said = typed("audit", "verify", str(folder), "--key", key)
    assert said.code == 8
    assert "NOT verified" in said.out
    report = typed("audit", "verify", str(folder), "--key", key, "--json")
    assert report.code == 8
    assert any(finding["index"] is not None for finding in report.json["findings"])


def test_9_when_no_site_answers() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    said = typed("dataset", "list", env={"DATARANGE_URL": url})
    assert said.code == 9
    assert "is it running" in said.err


def ending(error: Exception, *, as_json: bool = False) -> int:
    def fail() -> Outcome:
        raise error

    terminal = Terminal(Language.ENGLISH, json=as_json)
    return command.run(fail, {}, terminal)


def test_1_when_the_fault_is_ours_and_then_only_its_class_is_said(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert ending(ValueError("the secret of row 7")) == 1
    said = capsys.readouterr()
    assert "ValueError" in said.err
    assert "secret" not in said.err
    assert "Traceback" not in said.err


def test_a_developer_may_ask_for_the_traceback(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATARANGE_DEBUG", "1")
    assert ending(ValueError("the secret of row 7")) == 1
    assert "Traceback" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("error", "exit_code", "status"),
    [
        (DataRangeError("no", code="a.code"), 1, 500),
        (BadInput("no", code="a.code"), 3, 422),
        (NotSignedIn("no", code="a.code"), 4, 401),
        (NotPermitted("no", code="a.code"), 4, 403),
        (NotFound("no", code="a.code"), 5, 404),
        (Conflict("no", code="a.code"), 6, 409),
        (Refused(()), 7, 403),
        (NotVerified("no", code="a.code"), 8, 409),
        (Unavailable("no", code="a.code"), 9, 503),
    ],
)
def test_every_kind_of_error_has_its_exit_code(
    error: DataRangeError, exit_code: int, status: int, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ending(error, as_json=True) == exit_code
    problem = json.loads(capsys.readouterr().out)
    assert (problem["exit_code"], problem["status"]) == (exit_code, status)


def test_what_typer_raises_passes() -> None:
    with pytest.raises(typer.Exit):
        ending(typer.Exit(4))
