"""A14: an operator restores yesterday's books, to spend again what was spent since.

The restored site is honest in itself: its key, its entries, its signatures. Its witness remembers.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from sandbox.client.connection import Connection
from sandbox.client.witness import witness
from sandbox.errors import NotVerified
from sandbox.ledger.note import Checkpoint
from sandbox.model.principal import Role
from sandbox.settings import Witnessing
from tests.support.served import Served, served
from tests.support.witnesses import ALPHA

WATCHED = Witnessing((ALPHA.public,))
NOON = datetime.now(UTC)  # noqa: TID251  (the site's clock is the machine's)


class Watched:
    """A site, its witness, and a backup of its books."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.state = folder / "witness.json"
        self.token = ""
        self.runs = 0

    @contextmanager
    def running(self) -> Iterator[Served]:
        with served(self.folder, WATCHED) as site:
            self.token = self.token or site.tokens[Role.AUDITOR]
            yield site

    def witness(self, site: Served) -> Checkpoint:
        self.runs += 1
        now = NOON + timedelta(seconds=self.runs)
        return witness(Connection(site.url, self.token), ALPHA, self.state, now)

    def back_up(self) -> None:
        shutil.copytree(self.folder / "site", self.folder / "backup")

    def restore(self) -> None:
        shutil.rmtree(self.folder / "site")
        shutil.copytree(self.folder / "backup", self.folder / "site")


@pytest.fixture
def watched(tmp_path: Path) -> Watched:
    return Watched(tmp_path)


def grow(site: Served, *words: str) -> None:
    """Append entries that differ by what they say."""
    with site.site.books.write() as page:
        for word in words:
            page.log.append({"kind": "note", "word": word})


def shown(site: Served, token: str) -> str:
    """Give the newest head with all co-signatures under it."""
    with site.http(token) as http:
        return http.get("/log/checkpoint").text


def test_a_log_that_only_grew_is_co_signed_again_and_again(watched: Watched) -> None:
    with watched.running() as site:
        sizes = []
        for number in range(3):
            sizes.append(watched.witness(site).size)
            grow(site, *map(str, range(number * 200)))
        sizes.append(watched.witness(site).size)
    # A witnessed head is anchored by one more entry, unless nothing but the last anchor is new.
    assert sizes == [1, 1 + 1, 2 + 200, 202 + 1 + 400]


@pytest.mark.parametrize(
    ("since", "code"),
    [
        ((), "ledger.cut_back"),
        (("x",), "ledger.cut_back"),
        (("a", "x"), "ledger.consistency"),
        (("x",) * 300, "ledger.consistency"),
    ],
    ids=["as it was", "shorter", "as long", "longer"],
)
def test_a_restored_backup_is_not_co_signed_and_the_witness_s_memory_stays(
    watched: Watched, since: tuple[str, ...], code: str
) -> None:
    with watched.running() as site:
        grow(site, "before")
        watched.witness(site)
    watched.back_up()
    with watched.running() as site:
        grow(site, "a", "b")
        assert watched.witness(site).size == 5
    kept = watched.state.read_bytes()
    watched.restore()
    with watched.running() as site:
        grow(site, *since)
        before = shown(site, watched.token)
        with pytest.raises(NotVerified) as refusal:
            watched.witness(site)
        assert (refusal.value.code, refusal.value.exit_code) == (code, 8)
        assert "5" in refusal.value.message
        assert shown(site, watched.token) == before
    assert watched.state.read_bytes() == kept


def test_the_same_history_restored_is_co_signed(watched: Watched) -> None:
    with watched.running() as site:
        grow(site, "a")
        watched.witness(site)
    watched.back_up()
    watched.restore()
    with watched.running() as site:
        grow(site, "b")
        assert watched.witness(site).size == 4
