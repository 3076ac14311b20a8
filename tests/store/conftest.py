"""Books of all kinds, and values to put in them."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path

import pytest

from policies.load import load_policy
from sandbox.model.account import Account
from sandbox.model.cost import Accounting, PrivacyCost
from sandbox.model.dataset import Dataset, Snapshot
from sandbox.model.names import (
    AccountId,
    AgreementId,
    DatasetName,
    Digest,
    PrincipalName,
    SnapshotId,
    SourceName,
    SubmissionId,
)
from sandbox.model.submission import Submission
from sandbox.ports import Books
from sandbox.store.memory import MemoryBooks
from sandbox.store.sql_books import SqlBooks
from sandbox.store.sqlite import SqliteBooks
from tests.support.books import open_books
from tests.support.postgres import PostgresServer

SERVERS = {"postgresql": "server", "postgresql 15": "oldest_server"}
"""Fixtures of the servers that books may stand on."""
PATIENCE = 0.2
"""Seconds that a writer waits in tests of waiting."""

POLICY = """\
apiVersion: datarange/v1
kind: ReleasePolicy
metadata: {name: 健康研究, dataset: health/hie}
openness: conditional
access: [algorithm]
grade: L3
privacy:
  unit: {column: person, max_rows: 5}
  accounting: zcdp
  budget: {epsilon: 4, delta: 1e-9}
  per_agreement: {epsilon: 2}
  per_submission: {epsilon: 1}
columns:
  site: {use: [group, filter], keys: ["1", "2"]}
  meddol: {use: [measure], bounds: [0, 20000], resolution: 0.01}
  person: {use: []}
lanes:
  query: {release: automatic}
purposes: [public-health-research]
timing: {quantum: 250ms}
"""


@pytest.fixture(params=["sqlite", *SERVERS])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where books may be begun: the path of a file, or the address of an empty database."""
    if request.param == "sqlite":
        return str(tmp_path / "books.db")
    server: PostgresServer = request.getfixturevalue(SERVERS[request.param])
    return server.emptied_database()


@pytest.fixture
def sql_books(place: str) -> Iterator[SqlBooks]:
    """Fresh books that outlive the process."""
    with closing(open_books(place, patience=PATIENCE)) as books:
        yield books


@pytest.fixture(params=["sqlite", "memory", *SERVERS])
def books(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Books]:
    """Fresh books; what is promised of one kind is promised of all."""
    if request.param == "memory":
        yield MemoryBooks(patience=PATIENCE)
        return
    is_file = request.param == "sqlite"
    place = (
        str(tmp_path / "books.db")
        if is_file
        else request.getfixturevalue(SERVERS[request.param]).emptied_database()
    )
    with closing(open_books(place, patience=PATIENCE)) as books:
        yield books


@pytest.fixture
def sqlite_books(tmp_path: Path) -> Iterator[SqliteBooks]:
    with closing(SqliteBooks(tmp_path / "books.db", patience=PATIENCE)) as books:
        yield books


@pytest.fixture
def source() -> Account:
    """One source's account, which holds exactly 1 rho."""
    return Account(AccountId("source/health/hie"), None, Accounting.ZCDP, Fraction(1))


@pytest.fixture
def agreement(source: Account) -> Account:
    """An agreement's account below it, which holds half of that."""
    return Account(AccountId("agreement/a1"), source.id, Accounting.ZCDP, Fraction(1, 2))


@pytest.fixture
def submission() -> Submission:
    return Submission(
        id=SubmissionId("s1"),
        researcher=PrincipalName("研究员"),
        agreement=AgreementId("a1"),
        snapshot=SnapshotId("p1"),
        cost=PrivacyCost(Fraction(1, 3), Fraction("1e-9")),
        submitted=datetime(2026, 11, 22, 8, 30, 0, 123456, tzinfo=UTC),
        debit=7,
        answer=bytes(range(256)),
    )


@pytest.fixture
def dataset() -> Dataset:
    return Dataset(
        name=DatasetName("health/hie"),
        source=SourceName("health/hie"),
        owner=PrincipalName("health"),
        policy=load_policy(POLICY),
        policy_digest=Digest(hashlib.sha256(POLICY.encode()).hexdigest()),
        policy_text=POLICY,
        snapshot=Snapshot(SnapshotId("p1"), datetime(2026, 1, 1, tzinfo=UTC), Digest("0" * 64)),
    )


@pytest.fixture
def merkle_root() -> Callable[[Sequence[bytes]], bytes]:
    """The root as RFC 6962, section 2.1, defines it, from all the leaves."""

    def root(entries: Sequence[bytes]) -> bytes:
        if not entries:
            return hashlib.sha256(b"").digest()
        if len(entries) == 1:
            return hashlib.sha256(b"\0" + entries[0]).digest()
        left = 1 << (len(entries) - 1).bit_length() - 1
        return hashlib.sha256(b"\1" + root(entries[:left]) + root(entries[left:])).digest()

    return root
