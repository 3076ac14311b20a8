"""A9: kill -9 at any moment under load; what was acknowledged stands, and nothing is free or lost.

The normal run kills sites 200 times, 100 times on each kind of books; `make test-all` 200 times on
each. What a killed process has written stays with the system: that it is on the disk, too, when
anybody is told of it, is for `tests/store` to show.
"""

import json
import random  # noqa: TID251  (when to kill; not noise)
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from fractions import Fraction
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from sandbox.model.account import agreement_account
from sandbox.model.names import AccountId
from sandbox.store.place import open_books
from tests.support.mortal import PATIENCE, PRICE, Mortal, mortal, question

PROGRAM = Path(__file__).with_name("load_program.py")
PROCESSES = 4
QUESTIONS = [question(number) for number in range(2000)]
LONGEST = 0.25
"""Seconds of a life under load: most answer something, some nothing."""
VERIFIED = 10
"""Deaths from one full audit to the next; after each, the reader checks what is new."""


@dataclass
class Reader:
    """Reads on in the ledger after each restart, from where the reading ended."""

    size: int = 0
    paid: dict[int, str] = field(default_factory=dict)
    """Submissions by the index of their debit, until they are answered or given back."""
    answered: int = 0
    stated: dict[str, str] = field(default_factory=dict)
    """What the ledger said last of each account."""

    def read_on(self, site: Mortal) -> None:
        """Check that ledger, accounts and the head that the site shows agree, while it is asked."""
        site.look()
        head = site.heads[-1]
        with closing(open_books(site.folder / "site", site.books)) as books, books.read() as page:
            for entry in page.log.entries(self.size):
                self._take(json.loads(entry))
            assert page.log.size() == self.size
            assert page.log.root(head.size) == head.root
            for name, spent in self.stated.items():
                assert page.accounts.get(AccountId(name)).spent == Fraction(spent), name
            agreement = page.accounts.get(agreement_account(next(iter(page.agreements)).id))
        assert agreement.spent == PRICE * (len(self.paid) + self.answered)

    def _take(self, entry: dict[str, Any]) -> None:
        assert entry["index"] == self.size
        self.size += 1
        self.stated |= entry.get("balances", {})
        match entry:
            case {"kind": "debit", "index": index, "submission": submission}:
                assert submission not in self.paid.values()
                self.paid[index] = submission
            case {"kind": "cancellation", "debit": debit}:
                del self.paid[debit]
            case {"kind": "release", "debit": debit, "submission": submission}:
                assert self.paid.pop(debit) == submission
                self.answered += 1
            case _:
                pass


def acknowledged(file: Path) -> dict[int, set[str]]:
    """Give the digests of all answers to each question."""
    answers = defaultdict(set)
    for line in file.read_text().splitlines():
        number, digest = line.split()
        answers[int(number)].add(digest)
    return answers


@contextmanager
def load(site: Mortal, file: Path) -> Iterator[None]:
    """Let several processes ask until the block ends."""
    with subprocess.Popen(  # noqa: S603  (our own program)
        [sys.executable, str(PROGRAM), site.lives.url, site.token, str(PROCESSES), str(file)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as askers:
        assert askers.stdin is not None
        askers.stdin.write("\n".join([*QUESTIONS, "", ""]))
        askers.stdin.flush()
        yield
        refused, _ = askers.communicate(timeout=PATIENCE)
    assert refused == ""


@pytest.fixture(params=["sqlite", "postgresql"])
def books(request: pytest.FixtureRequest) -> str | None:
    """Where a new site's books stand: in a file of its own, or on a server."""
    if request.param == "sqlite":
        return None
    address: str = request.getfixturevalue("server").emptied_database()
    return address


@pytest.mark.slow
@pytest.mark.parametrize("deaths", [100, pytest.param(200, marks=pytest.mark.heavy)])
def test_sudden_deaths_under_load_lose_nothing_and_give_nothing_away(
    tmp_path: Path, books: str | None, deaths: int
) -> None:
    chance = random.Random(deaths)  # noqa: S311  (when to kill)
    notes, reader = tmp_path / "acknowledged", Reader()
    with mortal(tmp_path, books) as site:
        site.lives.begin()
        with load(site, notes):
            for death in range(deaths):
                time.sleep(chance.uniform(0, LONGEST))
                site.lives.kill()
                site.lives.begin()
                reader.read_on(site)
                if death % VERIFIED == 0:
                    site.verify()
        answers = acknowledged(notes)
        assert len(answers) > deaths / 4
        for number, digests in answers.items():
            assert digests == {sha256(site.ask(QUESTIONS[number]) or b"").hexdigest()}
        reader.read_on(site)
        site.audit()
        assert site.counts["release"] == reader.answered >= len(answers)
