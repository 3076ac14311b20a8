"""The two commands: what they write, what they print, how they end."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from sandbox.cli.main import app
from tests.support.honest_ledger import VKEY, exported, told, written

RUN = CliRunner()


def run(*words: str | Path) -> tuple[int, str]:
    result = RUN.invoke(app, ["audit", *map(str, words)])
    return result.exit_code, result.output


def test_a_report_is_written_in_the_language_that_was_asked_for(
    tmp_path: Path, half_year: Path
) -> None:
    out, key = tmp_path / "report.html", tmp_path / "key"
    key.write_text(f"{VKEY}\n")
    for language, title in (("en", "Auditor’s report"), ("zh", "审计报告")):
        code, _ = run("report", half_year, "--key", key, "--out", out, "--lang", language)
        assert code == 0
        assert f"<h1>{title}</h1>" in out.read_text(encoding="utf-8")
    assert [file.name for file in sorted(tmp_path.iterdir())] == ["key", "report.html"]


def test_a_report_of_a_forged_ledger_is_written_and_ends_with_8(tmp_path: Path) -> None:
    story = told()
    next(entry for entry in story if entry["kind"] == "release")["debit"] = 3
    export, out = exported(tmp_path / "export", written(story)), tmp_path / "report.html"
    code, said = run("report", export, "--key", VKEY, "--out", out, "--json")
    assert code == 8
    assert json.loads(said) == {"file": str(out), "verified": False}
    assert 'class="verdict bad"' in out.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("options", "exit_code", "code"),
    [
        (["--timezone", "Not/There"], 3, "report.timezone"),
        (["--timezone", "../etc/passwd"], 3, "report.timezone"),
        (["--hours", "20-8"], 3, "report.hours"),
        (["--hours", "8-25"], 3, "report.hours"),
        (["--source", "no/such"], 5, "report.source"),
    ],
)
def test_what_makes_no_sense_is_refused_and_writes_nothing(
    tmp_path: Path, half_year: Path, options: list[str], exit_code: int, code: str
) -> None:
    out = tmp_path / "report.html"
    ended, said = run("report", half_year, "--key", VKEY, "--out", out, *options)
    assert (ended, code in said, out.exists()) == (exit_code, True, False)


def test_a_file_that_cannot_be_written_is_said_to_be_so(tmp_path: Path, half_year: Path) -> None:
    out = tmp_path / "no" / "folder.html"
    code, said = run("report", half_year, "--key", VKEY, "--out", out)
    assert (code, "report.unwritable" in said) == (9, True)


def test_the_registry_s_file_is_written_only_from_a_ledger_that_verifies(
    tmp_path: Path, half_year: Path
) -> None:
    out = tmp_path / "deployments.json"
    code, _ = run("registry", half_year, "--key", VKEY, "--out", out, "--curator-type", "Industry")
    assert code == 0
    first = json.loads(out.read_text(encoding="utf-8"))[0]["deployment"]["basic"]
    assert first["data_curators"][0]["data_curator_type"] == "Industry"
    story = told()
    del story[4]
    forged = exported(tmp_path / "forged", written(story))
    other = tmp_path / "other.json"
    code, said = run("registry", forged, "--key", VKEY, "--out", other)
    assert (code, "report.not_verified" in said, other.exists()) == (8, True, False)
