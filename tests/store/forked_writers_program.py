"""Debit one account from many processes, as a test orders.

`forked_writers_program.py PLACE`, then one order a line:

- `race COUNT`: as many processes, forked while the books are open here, debit a tenth of a rho at
  once; answered by the JSON list of their exit codes.
- `start`: a process opens the books and debits for ever; answered by `pid NUMBER`, and by
  `ack INDEX` for each debit once it is on the disk; by `crashed` if it fails.
- `wait`: answered by `dead` when that process is.
"""

import json
import os
import sys
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path
from typing import NoReturn

from sandbox.errors import Conflict
from sandbox.ledger import entries
from sandbox.model.cost import PrivacyCost, text
from sandbox.model.names import AccountId
from sandbox.model.path import Path as Way
from sandbox.ports import Page
from sandbox.store.postgres import PostgresBooks
from sandbox.store.sql_books import SqlBooks
from sandbox.store.sqlite import SqliteBooks

LEAF = AccountId("agreement/a1")
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
THREADS = 4
"""Writers in a process that debits for ever, so that they share commits."""
OPEN_FILES = Path("/proc/self/fd")
CRASHED = 99
"""Exit code of a process that failed in any way but a refusal."""


def open_books(place: str) -> SqlBooks:
    is_address = place.startswith("postgresql:")
    return PostgresBooks(place) if is_address else SqliteBooks(Path(place))


def way_up(page: Page) -> Way:
    leaf = page.accounts.get(LEAF)
    assert leaf.parent
    return Way(leaves=(leaf,), source=page.accounts.get(leaf.parent))


def debit(books: SqlBooks, rho: Fraction) -> int:
    with books.write() as page:
        before = way_up(page)
        after = before.debited(PrivacyCost(rho))
        page.accounts.move(before.accounts, after.accounts)
        return page.log.append(
            entries.debit(
                NOON,
                submission="s1",
                agreement="a1",
                dataset="health/hie",
                lane="query",
                snapshot="p1",
                policy="0" * 64,
                request="0" * 64,
                parts=None,
                emergency=None,
                template=None,
                cost={"rho": text(rho), "delta": "0", "epsilon": None},
                balances={node.id: text(node.spent) for node in after.accounts},
            )
        )


def debit_a_tenth(books: SqlBooks) -> int:
    try:
        debit(books, Fraction(1, 10))
    except Conflict as refusal:
        return refusal.exit_code
    return 0


def inherited(place: str) -> bool:
    """Tell whether this process holds the books; nobody may inherit a connection (Linux only)."""
    held = [str(link.readlink()) for link in OPEN_FILES.iterdir() if link.is_symlink()]
    return place in held or any(name.startswith("socket:") for name in held)


def debit_for_ever(place: str) -> NoReturn:
    books = open_books(place)

    def work() -> NoReturn:
        while True:
            say(f"ack {debit(books, Fraction(1, 3**9))}")

    for _ in range(THREADS - 1):
        threading.Thread(target=work).start()
    work()


def say(line: str) -> None:
    """Write whole lines at once, since several processes share the pipe."""
    os.write(1, f"{line}\n".encode())


def forked(work: Callable[[], int]) -> int:
    """Let a new process do the work and end; give its id."""
    child = os.fork()
    if child:
        return child
    code = CRASHED
    try:
        code = work()
    finally:
        if code == CRASHED:
            say("crashed")
        os._exit(code)


def race(place: str, count: int) -> None:
    books = open_books(place)
    with books.read() as page:
        page.accounts.get(LEAF)
    gate, opener = os.pipe()

    def work() -> int:
        assert not inherited(place)
        os.read(gate, 1)
        return debit_a_tenth(books)

    children = [forked(work) for _ in range(count)]
    os.write(opener, bytes(count))
    say(json.dumps([os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]))


def main(place: str) -> None:
    child = 0
    for order, *rest in map(str.split, sys.stdin):
        if order == "race":
            race(place, int(rest[0]))
        elif order == "start":
            child = forked(lambda: debit_for_ever(place))
            say(f"pid {child}")
        elif order == "wait":
            os.waitpid(child, 0)
            say("dead")


if __name__ == "__main__":
    main(sys.argv[1])
