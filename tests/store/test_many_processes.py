"""Many processes at once, and processes that are killed: the books stay exact.

The processes come from `forked_writers_program.py`, which has imported everything already.
"""

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from sandbox.errors import Conflict
from sandbox.model.account import Account
from tests.support.books import open_books, way_up

PROGRAM = Path(__file__).with_name("forked_writers_program.py")
PROCESSES = 64
KILLS = 40
MOMENTS = [(life % 4, (life * 29 % KILLS) / KILLS * 0.005) for life in range(KILLS)]
"""Debits, and seconds after the last of them, that each process lives: 0 to 5 ms in odd order."""


class Writers:
    """The program, with the orders that it takes."""

    def __init__(self, place: str) -> None:
        self._program = subprocess.Popen(  # noqa: S603  (our own program)
            [sys.executable, PROGRAM, place],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )

    def order(self, words: str) -> None:
        assert self._program.stdin
        self._program.stdin.write(f"{words}\n".encode())
        self._program.stdin.flush()

    def answer(self) -> str:
        assert self._program.stdout
        line = self._program.stdout.readline().decode().strip()
        assert line, "the program has ended"
        return line

    def killed_after(self, debits: int, seconds: float) -> list[int]:
        """Start a writer and kill it some seconds after so many debits.

        Gives the indexes of the debits that it knew to be on the disk.
        """
        self.order("start")
        lines: list[str] = []
        while not any(line.startswith("pid") for line in lines) or count(lines) < debits:
            lines.append(self.answer())
            assert lines[-1] != "crashed"
        time.sleep(seconds)
        (pid,) = (int(line.split()[1]) for line in lines if line.startswith("pid"))
        os.kill(pid, signal.SIGKILL)
        self.order("wait")
        while lines[-1] != "dead":
            lines.append(self.answer())
        return [int(line.split()[1]) for line in lines if line.startswith("ack")]

    def end(self) -> None:
        assert self._program.stdin
        assert self._program.stdout
        self._program.stdin.close()
        self._program.stdout.close()
        assert self._program.wait() == 0


@pytest.fixture
def begun(place: str, source: Account, agreement: Account) -> str:
    """Books with a source of 1 rho and a wide agreement below it."""
    with closing(open_books(place)) as books, books.write() as page:
        page.accounts.open(source)
        page.accounts.open(replace(agreement, cap=Fraction(5)))
    return place


@pytest.fixture
def writers(begun: str) -> Iterator[Writers]:
    writers = Writers(begun)
    yield writers
    writers.end()


def count(lines: Sequence[str]) -> int:
    """Count the debits that were acknowledged."""
    return sum(line.startswith("ack") for line in lines)


def rho(entries: Sequence[bytes]) -> Fraction:
    """Add the debits up as an auditor would."""
    return sum((Fraction(json.loads(entry)["cost"]["rho"]) for entry in entries), Fraction(0))


def test_ten_of_many_processes_get_a_tenth_of_the_cap_each(
    begun: str, writers: Writers, source: Account
) -> None:
    writers.order(f"race {PROCESSES}")
    codes = Counter(json.loads(writers.answer()))
    assert codes == {0: 10, Conflict.exit_code: PROCESSES - 10}
    with closing(open_books(begun)) as books, books.read() as page:
        assert page.accounts.get(source.id).remaining == 0
        entries = [json.loads(entry) for entry in page.log.entries()]
    assert [entry["index"] for entry in entries] == list(range(10))
    assert [Fraction(entry["balances"][source.id]) for entry in entries] == [
        Fraction(number, 10) for number in range(1, 11)
    ]


def test_a_writer_killed_at_any_moment_leaves_exact_books(
    begun: str,
    writers: Writers,
    agreement: Account,
    merkle_root: Callable[[Sequence[bytes]], bytes],
) -> None:
    acknowledged = -1
    sizes = []
    for debits, seconds in MOMENTS:
        acknowledged = max([acknowledged, *writers.killed_after(debits, seconds)])
        with closing(open_books(begun)) as books, books.read() as page:
            entries = list(page.log.entries())
            assert page.log.size() == len(entries) > acknowledged
            assert [json.loads(entry)["index"] for entry in entries] == list(range(len(entries)))
            assert {node.spent for node in way_up(page, agreement.id).accounts} == {rho(entries)}
            assert page.log.root(len(entries)) == merkle_root(entries)
        sizes.append(len(entries))
    assert sizes == sorted(sizes)
    assert sizes[-1] >= sum(debits for debits, _ in MOMENTS)
