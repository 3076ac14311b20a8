"""The tables in SQL: SQLAlchemy Core without anything that only one database has.

Statements are made once and with bound parameters, so that a debit costs the driver's time and
little more.
"""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    Integer,
    LargeBinary,
    MetaData,
    Row,
    Table,
    Text,
    bindparam,
    func,
    insert,
    select,
    update,
)

from sandbox.model.account import Account
from sandbox.model.cost import Accounting, text
from sandbox.model.names import AccountId
from sandbox.store.page import SHELVES
from sandbox.store.tables import Node

BATCH = 1000
"""Entries that streaming holds in memory at a time."""

_names = MetaData()
"""Names and types for the statements below; the tables are made by the migrations."""
_shelves = {
    name: Table(
        name,
        _names,
        Column("position", Integer, primary_key=True),
        Column("key", Text),
        Column("document", Text),
    )
    for name in SHELVES
}
_account = Table(
    "account",
    _names,
    Column("id", Text, primary_key=True),
    Column("parent", Text),
    Column("accounting", Text),
    Column("cap", Text),
    Column("spent", Text),
)
_entry = Table(
    "entry", _names, Column("position", Integer, primary_key=True), Column("content", LargeBinary)
)
_node = Table(
    "node",
    _names,
    Column("level", Integer, primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("hash", LargeBinary),
)

_FIND_DOCUMENT = {
    name: select(shelf.c.document).where(shelf.c.key == bindparam("of"))
    for name, shelf in _shelves.items()
}
_ALL_DOCUMENTS = {
    name: select(shelf.c.document).order_by(shelf.c.position) for name, shelf in _shelves.items()
}
_INSERT_DOCUMENT = {name: insert(shelf) for name, shelf in _shelves.items()}
_UPDATE_DOCUMENT = {
    name: update(shelf).where(shelf.c.key == bindparam("of")) for name, shelf in _shelves.items()
}
_FIND_ACCOUNT = select(_account).where(_account.c.id == bindparam("of"))
_INSERT_ACCOUNT = insert(_account)
_UPDATE_SPENT = (
    update(_account).where(_account.c.id == bindparam("of")).values(spent=bindparam("now"))
)
_SIZE = select(func.coalesce(func.max(_entry.c.position) + 1, 0))
_FIND_ENTRY = select(_entry.c.content).where(_entry.c.position == bindparam("at"))
_ENTRIES = (
    select(_entry.c.content)
    .where(_entry.c.position >= bindparam("start"), _entry.c.position < bindparam("stop"))
    .order_by(_entry.c.position)
)
_INSERT_ENTRY = insert(_entry)
_FIND_NODE = select(_node.c.hash).where(
    _node.c.level == bindparam("high"), _node.c.position == bindparam("at")
)
_INSERT_NODE = insert(_node)


class SqlReader:
    """Reads through one connection's transaction; see `sandbox.store.tables.Reader`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def document(self, shelf: str, key: str) -> str | None:
        """Find one document."""
        return self._connection.scalar(_FIND_DOCUMENT[shelf], {"of": key})

    def documents(self, shelf: str) -> Sequence[str]:
        """Give all documents; at once, so that the caller may write while it goes through them."""
        return self._connection.scalars(_ALL_DOCUMENTS[shelf]).all()

    def account(self, account: AccountId) -> Account | None:
        """Find an account."""
        row = self._connection.execute(_FIND_ACCOUNT, {"of": account}).one_or_none()
        return None if row is None else _read_account(row)

    def size(self) -> int:
        """Count the log's entries, which have no gaps."""
        return int(self._connection.execute(_SIZE).scalar_one())

    def entry(self, index: int) -> bytes | None:
        """Find one entry of the log."""
        return self._connection.scalar(_FIND_ENTRY, {"at": index})

    def entries(self, start: int, stop: int) -> Iterator[bytes]:
        """Stream entries in order."""
        result = self._connection.execution_options(yield_per=BATCH).scalars(
            _ENTRIES, {"start": start, "stop": stop}
        )
        yield from result

    def node(self, level: int, index: int) -> bytes | None:
        """Find the hash of a complete subtree."""
        return self._connection.scalar(_FIND_NODE, {"high": level, "at": index})


class SqlWriter:
    """Writes through one connection's transaction; see `sandbox.store.tables.Writer`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def insert(self, shelf: str, key: str, document: str) -> None:
        """Put a document under a new key."""
        self._connection.execute(_INSERT_DOCUMENT[shelf], {"key": key, "document": document})

    def update(self, shelf: str, key: str, document: str) -> None:
        """Put a document under a key that stands."""
        self._connection.execute(_UPDATE_DOCUMENT[shelf], {"of": key, "document": document})

    def open_account(self, account: Account) -> None:
        """Put a new account."""
        self._connection.execute(
            _INSERT_ACCOUNT,
            {
                "id": account.id,
                "parent": account.parent,
                "accounting": account.accounting.value,
                "cap": text(account.cap),
                "spent": text(account.spent),
            },
        )

    def update_spent(self, accounts: Sequence[Account]) -> None:
        """Put what the accounts have spent."""
        self._connection.execute(
            _UPDATE_SPENT,
            [{"of": account.id, "now": text(account.spent)} for account in accounts],
        )

    def append(self, index: int, entry: bytes, nodes: Sequence[Node]) -> None:
        """Put the log's next entry with the subtrees that it completes."""
        self._connection.execute(_INSERT_ENTRY, {"position": index, "content": entry})
        self._connection.execute(
            _INSERT_NODE,
            [
                {"level": level, "position": position, "hash": digest}
                for level, position, digest in nodes
            ],
        )


def _read_account(row: Row[Any]) -> Account:
    """Read an account; its numbers are ours and may be longer than what we accept from a wire."""
    return Account(
        id=AccountId(row.id),
        parent=None if row.parent is None else AccountId(row.parent),
        accounting=Accounting(row.accounting),
        cap=Fraction(row.cap),
        spent=Fraction(row.spent),
    )
