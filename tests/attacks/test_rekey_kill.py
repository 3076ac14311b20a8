"""A9: kill -9 before any line of a change of the site's key; the site starts, and its books say."""

import json
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from sandbox.assembly import open_site
from sandbox.flow.found import found
from sandbox.ledger.replay import replay
from sandbox.settings import Settings

PROGRAM = Path(__file__).with_name("rekey_program.py")
FILES = ["ledger.key", "secret.key", "site.key"]
LINES = 60
"""That a change has at least; fewer would mean that the program watches nothing."""


@pytest.mark.slow
def test_whichever_line_it_died_before_the_site_signs_with_the_key_in_force(tmp_path: Path) -> None:
    data = tmp_path / "site"
    site = open_site(Settings(data))
    with closing(site.books):
        found(site)
    done = subprocess.run(  # noqa: S603  (our own program)
        [sys.executable, str(PROGRAM), str(data)], stdout=subprocess.PIPE, text=True, check=True
    )
    lives = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(lives) > LINES
    for life in lives:
        assert life["signs_with"] == life["in_force"], life["died"]
        assert life["entries"] == life["changes"] + 1, life["died"]
        assert [name for name in life["files"] if not name.startswith(".")] == FILES, life["died"]
    changed = {life["changes"] for life in lives}
    assert changed == set(range(len(changed)))
    assert lives[-1]["died"] == ""
    with closing(site.books), site.books.read() as page:
        replayed = replay(enumerate(map(json.loads, page.log.entries())))
    assert not [one for one in replayed.found if one.severity == "error"]
    assert replayed.counts["key_change"] == lives[-1]["changes"] > 1
