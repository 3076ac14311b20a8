"""Durable debits a second, beside the raw rate of the same disk: `python -m benchmarks.debits`.

A debit is what a question costs the books: the accounts of its path read and moved (agreement,
person and source; where the source has caps by time, also day, month and quarter), one entry in the
log with its Merkle nodes, one opening and one submission. A raw rate is that of transactions of one
row, by the bare driver, one after another, with full sync: on SQLite there are two, one in the
rollback journal that SQLite has unless told otherwise, and one in the write-ahead log that the
books use. Sides take turns, so that a busy minute hits them alike. With `--books URL` on
PostgreSQL, else on SQLite in `.bench`. `--sync MS` lets each wait for the disk take so many
milliseconds more, as on a disk that is not its host's memory (`slow_sync.c`, by the compiler `cc`).
"""

import hashlib
import os
import shutil
import sqlite3
import subprocess
import sys
import threading
from argparse import ArgumentParser
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from fractions import Fraction
from functools import partial
from itertools import count
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import NoReturn

from rich.console import Console
from rich.progress import track
from rich.table import Table

from sandbox.ledger import entries
from sandbox.model.account import Account
from sandbox.model.cost import Accounting, PrivacyCost, text
from sandbox.model.names import (
    AccountId,
    AgreementId,
    Digest,
    PrincipalName,
    SnapshotId,
    SubmissionId,
)
from sandbox.model.path import Path as Way
from sandbox.model.path import Route
from sandbox.model.submission import Submission
from sandbox.ports import Page
from sandbox.store.sql_books import SqlBooks
from sandbox.store.sqlite import SqliteBooks

FOLDER = Path(".bench/debits")
ROUNDS = 5
SECONDS = 2.0
"""Of measuring, a side and round."""
WRITERS = (1, 8, 32, 128)
TARGET = 1000
"""Durable debits a second, on SQLite."""
JOURNAL = "raw, one row a transaction, rollback journal"
RAW = "raw, one row a transaction, write-ahead log"
PEERS = {JOURNAL: "raw, journal", RAW: "raw, log"}
SLOW = "SLOW_SYNC_MS"
"""Variable that `slow_sync.c` reads."""
Side = Callable[[float], tuple[int, float]]
"""Works for some seconds; gives how many transactions were acknowledged, and seconds."""

COST = PrivacyCost(Fraction(1, 10**6), Fraction(1, 10**9))
SOURCE = AccountId("source/health/hie")
SHORT = tuple(map(AccountId, ("agreement/a1", "person/health/hie/r1")))
LONG = (
    *SHORT,
    *(AccountId(f"period/health/hie/{period}") for period in ("2026-11-22", "2026-11", "2026-Q4")),
)
LONG_WRITERS = 32
"""Writers on the longer path."""
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
SUBMISSION = Submission(
    id=SubmissionId(""),
    researcher=PrincipalName("r1"),
    agreement=AgreementId("a1"),
    snapshot=SnapshotId("p1"),
    cost=COST,
    submitted=NOON,
    debit=0,
)
_numbers = count()


def main() -> int:
    """Measure and print; 1 if a target is missed."""
    options = ArgumentParser(description=__doc__)
    options.add_argument("--books", help="address of an empty PostgreSQL database")
    options.add_argument("--sync", type=float, default=0, help="milliseconds")
    chosen = options.parse_args()
    url: str | None = chosen.books
    if chosen.sync and SLOW not in os.environ:
        _restart(chosen.sync)
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    with closing(_books(url)) as books:
        _open_accounts(books)
        sides: dict[str, Side] = (
            {RAW: _raw_postgres(url)}
            if url
            else {JOURNAL: _raw_sqlite("DELETE"), RAW: _raw_sqlite("WAL")}
        )
        for writers in WRITERS:
            sides[f"debits, writers: {writers}"] = partial(_debits, books, SHORT, writers)
        longer = f"debits with periods, writers: {LONG_WRITERS}"
        sides[longer] = partial(_debits, books, LONG, LONG_WRITERS)
        rates = _measure(sides)
    _print(rates)
    best = max(median(rate) for name, rate in rates.items() if name not in PEERS)
    return 0 if url or best >= TARGET else 1


def debit(books: SqlBooks, leaves: Sequence[AccountId]) -> None:
    """Write what `sandbox.flow.reserve` writes for a question that is permitted."""
    name = SubmissionId(hashlib.sha256(str(next(_numbers)).encode()).hexdigest())
    request = Digest(hashlib.sha256(name.encode()).hexdigest())

    def decide(page: Page) -> None:
        before = Way(tuple(map(page.accounts.get, leaves)), page.accounts.get(SOURCE))
        after = before.debited(COST)
        page.accounts.move(before.accounts, after.accounts)
        page.openings.add(request, name.encode() * 4)
        index = page.log.append(
            entries.debit(
                NOON,
                submission=name,
                agreement="a1",
                dataset="health/hie",
                lane="query",
                snapshot="p1",
                policy="0" * 64,
                request=request,
                parts=None,
                emergency=None,
                template=None,
                cost={"rho": text(COST.rho), "delta": text(COST.delta), "epsilon": None},
                balances={account.id: text(account.spent) for account in after.accounts},
            )
        )
        route = Route(tuple(leaves), SOURCE)
        page.submissions.add(name, replace(SUBMISSION, id=name, debit=index, route=route))

    books.transact(decide)


def _books(url: str | None) -> SqlBooks:
    if url is None:
        return SqliteBooks(FOLDER / "books.sqlite")
    from sandbox.store.postgres import PostgresBooks  # noqa: PLC0415  (an extra)

    return PostgresBooks(url)


def _open_accounts(books: SqlBooks) -> None:
    with books.write() as page:
        for name in (SOURCE, *LONG):
            parent = None if name == SOURCE else SOURCE
            page.accounts.open(Account(name, parent, Accounting.ZCDP, Fraction(10**6)))


def _debits(
    books: SqlBooks, leaves: Sequence[AccountId], writers: int, seconds: float
) -> tuple[int, float]:
    """Let threads debit for some time; give how many debits were acknowledged, and seconds."""
    counts = [0] * writers
    start = perf_counter()

    def work(writer: int) -> None:
        while perf_counter() < start + seconds:
            debit(books, leaves)
            counts[writer] += 1

    threads = [threading.Thread(target=work, args=(writer,)) for writer in range(writers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts), perf_counter() - start


def _raw_sqlite(journal: str) -> Side:
    connection = sqlite3.connect(FOLDER / f"raw-{journal}.sqlite", isolation_level=None)
    connection.execute(f"PRAGMA journal_mode = {journal}")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("CREATE TABLE one (number INTEGER PRIMARY KEY, words TEXT)")
    return lambda seconds: _raw(
        lambda: connection.execute("INSERT INTO one (words) VALUES ('row')"), seconds
    )


def _raw_postgres(url: str) -> Side:
    import psycopg  # noqa: PLC0415  (an extra)

    connection = psycopg.connect(url, autocommit=True)
    connection.execute("CREATE TABLE one (number BIGSERIAL PRIMARY KEY, words TEXT)")
    return lambda seconds: _raw(
        lambda: connection.execute("INSERT INTO one (words) VALUES ('row')"), seconds
    )


def _raw(insert: Callable[[], object], seconds: float) -> tuple[int, float]:
    start, done = perf_counter(), 0
    while perf_counter() < start + seconds:
        insert()
        done += 1
    return done, perf_counter() - start


def _measure(sides: dict[str, Side]) -> dict[str, list[float]]:
    """Give each side's rates, a round each."""
    rates: dict[str, list[float]] = {name: [] for name in sides}
    for _ in track(range(ROUNDS), description="Measuring"):
        for name, side in sides.items():
            done, seconds = side(SECONDS)
            rates[name].append(done / seconds)
    return rates


def _print(rates: dict[str, list[float]]) -> None:
    slower = (
        f"each sync {os.environ[SLOW]} ms slower" if SLOW in os.environ else "the disk as it is"
    )
    rounds = f"medians of {ROUNDS} rounds of {SECONDS} s"
    table = Table(title=f"{os.cpu_count()} cores, {slower}, {rounds}")
    peers = [name for name in PEERS if name in rates]
    for heading in ("side", "durable a second", *(f"of {PEERS[name]}" for name in peers)):
        table.add_column(heading)
    for name, rate in rates.items():
        ratios = (_ratio(rate, rates[peer]) for peer in peers)
        table.add_row(name, f"{median(rate):,.0f}", *(f"{ratio:.2f}" for ratio in ratios))
    Console().print(table)


def _ratio(rate: list[float], peer: list[float]) -> float:
    """Compare round by round."""
    return median(one / other for one, other in zip(rate, peer, strict=True))


def _restart(milliseconds: float) -> NoReturn:
    """Begin anew with a slower disk."""
    library = Path(".bench/slow_sync.so")
    source = Path(__file__).with_name("slow_sync.c")
    library.parent.mkdir(exist_ok=True)
    compiler = ("cc", "-O2", "-shared", "-fPIC", "-o", str(library), str(source), "-ldl")
    subprocess.run(compiler, check=True)  # noqa: S603  (our own source)
    os.environ |= {SLOW: str(milliseconds), "LD_PRELOAD": str(library.absolute())}
    os.execv(sys.executable, [sys.executable, "-m", "benchmarks.debits", *sys.argv[1:]])  # noqa: S606


if __name__ == "__main__":
    sys.exit(main())
