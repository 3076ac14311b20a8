"""Whoever has a site's folder gives it a new key; nobody can while it runs, or twice at once."""

import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from sandbox.assembly import open_site, sole_user
from sandbox.flow.found import found
from sandbox.flow.rekey_site import key_in_force
from sandbox.flow.seal import public_text
from sandbox.settings import Settings
from tests.cli.conftest import typed


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    data = tmp_path / "site"
    site = open_site(Settings(data))
    with closing(site.books):
        found(site)
    return data


def keys_of(data: Path) -> tuple[str, str]:
    """The key that the site signs with, and the one that its books say is in force."""
    site = open_site(Settings(data))
    with closing(site.books), site.books.read() as page:
        in_force = key_in_force(page)
    assert in_force is not None
    return public_text(site.site_signer), in_force.public


def test_a_site_gets_a_new_key_and_says_which(folder: Path) -> None:
    before, _ = keys_of(folder)
    said = typed("site", "rekey", "--data", str(folder), "--json")
    assert said.code == 0
    assert said.json == {"site_key": said.json["site_key"], "changes": 1, "reoffered": 0}
    assert keys_of(folder) == (said.json["site_key"], said.json["site_key"])
    assert said.json["site_key"] != before
    assert {file.name for file in (folder / "keys").iterdir()} == {
        "ledger.key",
        "site.key",
        "secret.key",
    }


def test_people_read_the_new_key(folder: Path) -> None:
    said = typed("site", "rekey", "--data", str(folder))
    assert keys_of(folder)[0] in said.out
    assert "新公钥" in typed("site", "rekey", "--data", str(folder), "--lang", "zh").out


def test_nothing_changes_while_the_site_runs(folder: Path) -> None:
    before = keys_of(folder)
    with sole_user(folder):
        said = typed("site", "rekey", "--data", str(folder), "--json")
    assert (said.code, said.json["code"]) == (9, "site.running")
    assert keys_of(folder) == before


def test_a_folder_without_a_ledger_has_no_key_to_change(tmp_path: Path) -> None:
    said = typed("site", "rekey", "--data", str(tmp_path), "--json")
    assert said.json["code"] == "site.not_founded"


def test_two_at_once_follow_each_other_or_are_told_to_wait(folder: Path) -> None:
    command = [sys.executable, "-m", "sandbox.cli.main", "site", "rekey", "--data", str(folder)]
    both = [subprocess.Popen(command, stdout=subprocess.DEVNULL) for _ in range(2)]  # noqa: S603  (our own program)
    codes = [one.wait() for one in both]
    assert 0 in codes
    assert set(codes) <= {0, 9}
    ours, in_force = keys_of(folder)
    assert ours == in_force


def test_keys_that_do_not_belong_to_the_books_stop_the_start(folder: Path) -> None:
    kept = (folder / "keys" / "site.key").read_bytes()
    assert typed("site", "rekey", "--data", str(folder)).code == 0
    (folder / "keys" / "site.key").write_bytes(kept)
    said = typed("site", "rekey", "--data", str(folder), "--json")
    assert said.json["code"] == "site.key"
    assert (folder / "keys" / "site.key").read_bytes() == kept
