"""A site is killed while unconditional data are opened: what stays is what the ledger says.

A real process of the whole site dies by SIGKILL right before the record is committed, when the
files lie in the showcase already.
"""

import hashlib
import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from sandbox import assembly
from sandbox.ledger.replay import replay
from sandbox.model.principal import Role
from sandbox.settings import Settings
from tests.support.served import served
from tests.web.test_listing import OPEN

PROGRAM = Path(__file__).with_name("dying_opening_program.py")


def showcase(folder: Path) -> set[str]:
    return {one.name for one in (folder / "site" / "showcase").iterdir()}


def killed_while_opening(folder: Path, token: str) -> None:
    """Open data in a process that dies between the files and their record."""
    words = [str(folder / name) for name in ("site", "stops.csv", "stops.yaml")]
    done = subprocess.run([sys.executable, str(PROGRAM), *words, token], check=False, timeout=100)  # noqa: S603  (our own program)
    assert done.returncode == -signal.SIGKILL


@pytest.mark.parametrize("first", [True, False], ids=["nothing was open", "one was open"])
def test_a_file_that_was_never_recorded_is_swept_at_the_next_start(
    tmp_path: Path,
    first: bool,  # noqa: FBT001
) -> None:
    (tmp_path / "stops.csv").write_text("stop,driver\nPark,Zanzibar\n")
    (tmp_path / "stops.yaml").write_text(OPEN)
    with served(tmp_path) as site:
        token = site.tokens[Role.OWNER]
        if not first:
            site.range_of(token).open_data(tmp_path / "stops.csv", tmp_path / "stops.yaml")
    before = showcase(tmp_path)
    killed_while_opening(tmp_path, token)
    assert len(showcase(tmp_path) - before) == 1
    again = assembly.open_site(Settings(tmp_path / "site", port=0))
    assembly._tidy(again)  # noqa: SLF001  (what `serve` does before it takes connections)
    assert showcase(tmp_path) == before
    with again.books.read() as page:
        entries = [json.loads(entry) for entry in page.log.entries()]
    again.books.close()
    assert len([one for one in entries if one["kind"] == "opening"]) == len(before)


def test_a_file_that_was_recorded_right_before_a_kill_is_kept_and_handed_out(
    tmp_path: Path,
) -> None:
    (tmp_path / "stops.csv").write_text("stop,driver\nPark,Zanzibar\n")
    (tmp_path / "stops.yaml").write_text(OPEN)
    with served(tmp_path) as site:
        owner = site.range_of(Role.OWNER)
        snapshot = owner.open_data(tmp_path / "stops.csv", tmp_path / "stops.yaml").current
        # As a kill between the record and what follows it leaves things.
        kept = tmp_path / "site" / "showcase" / f"{snapshot}"
        kept.rename(kept.with_name(f"waiting-{snapshot}"))
        with site.http(Role.RESEARCHER) as http:
            assert http.get("/api/v1/catalogue/files/town/stops").text == "stop\nPark\n"
    again = assembly.open_site(Settings(tmp_path / "site", port=0))
    assembly._tidy(again)  # noqa: SLF001  (as above)
    again.books.close()
    assert showcase(tmp_path) == {snapshot}


def test_files_stay_where_the_books_know_of_none(tmp_path: Path) -> None:
    """They may be the wrong books, or a copy of old ones."""
    (tmp_path / "stops.csv").write_text("stop,driver\nPark,Zanzibar\n")
    (tmp_path / "stops.yaml").write_text(OPEN)
    with served(tmp_path) as site:
        site.range_of(Role.OWNER).open_data(tmp_path / "stops.csv", tmp_path / "stops.yaml")
    kept = showcase(tmp_path)
    again = assembly.open_site(Settings(tmp_path / "site", port=0))
    again.showcase.sweep(())
    again.books.close()
    assert showcase(tmp_path) == kept != set()


def test_what_is_opened_stands_in_the_ledger_with_the_files_digests(tmp_path: Path) -> None:
    (tmp_path / "stops.csv").write_text("stop,driver\nPark,Zanzibar\n")
    (tmp_path / "stops.yaml").write_text(OPEN)
    with served(tmp_path) as site:
        owner = site.range_of(Role.OWNER)
        card = owner.open_data(tmp_path / "stops.csv", tmp_path / "stops.yaml")
        with site.site.books.read() as page:
            leaves = [json.loads(entry) for entry in page.log.entries()]
        (opening,) = [one for one in leaves if one["kind"] == "opening"]
        with site.http(Role.RESEARCHER) as http:
            for form in ("csv", "parquet"):
                given = http.get(f"/api/v1/catalogue/files/town/stops?form={form}").content
                assert opening[form] == hashlib.sha256(given).hexdigest()
        assert (opening["dataset"], opening["snapshot"]) == ("town/stops", card.current)
        assert opening["policy"] == hashlib.sha256(OPEN.encode()).hexdigest()
        assert opening["by"] == site.site.pseudonyms.of("owner")
    assert not [one for one in replay(enumerate(leaves)).found if one.severity == "error"]
