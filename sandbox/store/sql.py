"""The tables in SQL that SQLite and PostgreSQL both speak, straight to the driver.

What a debit reads and writes is asked once a transaction and put at its end (see
`sandbox.store.lease`); whatever else there is goes to the database as it comes.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from functools import lru_cache

from sandbox.model.account import Account
from sandbox.model.cost import Accounting, text
from sandbox.model.label import Label
from sandbox.model.names import AccountId
from sandbox.model.paging import Mark
from sandbox.store.connection import Row, WordIndex
from sandbox.store.lease import Lease, Place, Put
from sandbox.store.page import SHELVES
from sandbox.store.parts import find_labels, find_part, put_labels
from sandbox.store.tables import Node, Part
from sandbox.store.word_index import index
from sandbox.store.words import Terms, Words

BATCH = 1000
"""Entries that streaming holds in memory at a time."""

_NO_KEY = re.compile("[\0\ud800-\udfff]")
"""What no text in SQL holds: PostgreSQL refuses NUL, and half of a surrogate pair is not UTF-8."""

# ruff: noqa: S608  (the names of tables are our own)
_FIND_DOCUMENT = {name: f"SELECT document FROM {name} WHERE key = :key" for name in SHELVES}
_ALL_DOCUMENTS = {name: f"SELECT document FROM {name} ORDER BY position" for name in SHELVES}
_PUT_DOCUMENT = {
    name: Put(
        f"INSERT INTO {name} (key, document) VALUES (:key, :document) "
        "ON CONFLICT (key) DO UPDATE SET document = excluded.document",
        lambda place, document: {"key": place[1], "document": document},
    )
    for name in SHELVES
}
_DELETE_DOCUMENT = {name: f"DELETE FROM {name} WHERE key = :key" for name in SHELVES}
_FIND_ACCOUNT = "SELECT id, parent, accounting, cap, spent FROM account WHERE id = :id"
_ACCOUNTS_BELOW = "SELECT id, parent, accounting, cap, spent FROM account WHERE parent = :parent"
_INSERT_ACCOUNT = (
    "INSERT INTO account (id, parent, accounting, cap, spent) "
    "VALUES (:id, :parent, :accounting, :cap, :spent)"
)
_MOVE_ACCOUNT = Put(
    "UPDATE account SET cap = :cap, spent = :spent WHERE id = :id",
    lambda place, account: {
        "id": place[1],
        "cap": text(account.cap),
        "spent": text(account.spent),
    },
)
_SIZE = "SELECT coalesce(max(position) + 1, 0) FROM entry"
_FIND_ENTRY = "SELECT content FROM entry WHERE position = :position"
_ENTRIES = (
    "SELECT content FROM entry WHERE position >= :start AND position < :stop ORDER BY position"
)
_PUT_ENTRY = Put(
    "INSERT INTO entry (position, content) VALUES (:position, :content)",
    lambda place, content: {"position": place[1], "content": content},
)
_FIND_NODE = "SELECT hash FROM node WHERE level = :level AND position = :position"
_NODES = (
    "SELECT hash FROM node WHERE level = :level AND position >= :start AND position < :stop "
    "ORDER BY position"
)
_END: Place = ("end",)
_PUT_NODE = Put(
    "INSERT INTO node (level, position, hash) VALUES (:level, :position, :hash)",
    lambda place, digest: {"level": place[1], "position": place[2], "hash": digest},
)


class SqlReader:
    """Reads through one block's connection; see `sandbox.store.tables.Reader`."""

    def __init__(self, connection: Lease, word_index: WordIndex) -> None:
        self._connection = connection
        self._word_index = word_index

    def document(self, shelf: str, key: str) -> str | None:
        """Find one document."""
        if _NO_KEY.search(key):
            return None
        return self._connection.ask((shelf, key), _FIND_DOCUMENT[shelf], {"key": key}, _text)

    def documents(self, shelf: str) -> Sequence[str]:
        """Give all documents; at once, so that the caller may write while it goes through them."""
        return [document for (document,) in self._connection.rows(_ALL_DOCUMENTS[shelf])]

    def part(self, shelf: str, part: Part) -> Sequence[tuple[Mark, str]]:
        """Give documents of a shelf with their places."""
        if part.label is not None and _NO_KEY.search(part.label):
            return ()
        return find_part(self._connection, shelf, part)

    def labels(self, shelf: str, key: str) -> Mapping[Label, int]:
        """Give the labels of one document."""
        return find_labels(self._connection, shelf, key)

    def found(self, terms: Terms, tier: int, after: int, limit: int) -> Sequence[tuple[int, str]]:
        """Give the records that fit."""
        return self._word_index.find(self._connection, terms, tier, after, limit)

    def account(self, account: AccountId) -> Account | None:
        """Find an account."""
        if _NO_KEY.search(account):
            return None
        return self._connection.ask(_place(account), _FIND_ACCOUNT, {"id": account}, _account)

    def accounts_below(self, parent: AccountId) -> Sequence[Account]:
        """Give the accounts right below another."""
        if _NO_KEY.search(parent):
            return ()
        return [_account(row) for row in self._connection.rows(_ACCOUNTS_BELOW, {"parent": parent})]

    def size(self) -> int:
        """Count the log's entries, which have no gaps."""
        return self._connection.ask(_END, _SIZE, {}, _number) or 0

    def entry(self, index: int) -> bytes | None:
        """Find one entry of the log."""
        for (content,) in self._connection.rows(_FIND_ENTRY, {"position": index}):
            return bytes(content)
        return None

    def entries(self, start: int, stop: int) -> Iterator[bytes]:
        """Stream entries in order."""
        for first in range(start, stop, BATCH):
            last = min(first + BATCH, stop)
            for (content,) in self._connection.rows(_ENTRIES, {"start": first, "stop": last}):
                yield content

    def node(self, level: int, index: int) -> bytes | None:
        """Find the hash of a complete subtree."""
        values = {"level": level, "position": index}
        return self._connection.ask(("node", level, index), _FIND_NODE, values, _bytes)

    def nodes(self, level: int, start: int, stop: int) -> Sequence[bytes]:
        """Give the hashes of one level, as far as they are there."""
        places = {"level": level, "start": start, "stop": stop}
        return [bytes(digest) for (digest,) in self._connection.rows(_NODES, places)]


class SqlWriter:
    """Writes through one block's connection; see `sandbox.store.tables.Writer`."""

    def __init__(self, connection: Lease, word_index: WordIndex) -> None:
        self._connection = connection
        self._word_index = word_index
        self._reader = SqlReader(connection, word_index)

    def insert(self, shelf: str, key: str, document: str) -> bool:
        """Put a document under a new key; false if the key is taken."""
        is_free = self._reader.document(shelf, key) is None
        if is_free:
            self._put(shelf, key, document)
        return is_free

    def update(self, shelf: str, key: str, document: str) -> bool:
        """Put a document under a key that stands; false if it does not."""
        stands = self._reader.document(shelf, key) is not None
        if stands:
            self._put(shelf, key, document)
        return stands

    def delete(self, shelf: str, key: str) -> bool:
        """Take a document away; false if there is none."""
        if _NO_KEY.search(key):
            return False
        is_gone = self._connection.change(_DELETE_DOCUMENT[shelf], {"key": key}) == 1
        self._connection.learn((shelf, key), None)
        return is_gone

    def label(self, shelf: str, key: str, labels: Mapping[Label, int]) -> None:
        """Let a document have these labels alone."""
        put_labels(self._connection, shelf, key, labels)

    def index(self, key: str, words: Words) -> None:
        """Let a record be found by these words alone."""
        index(self._connection, self._word_index, key, words)

    def open_account(self, account: Account) -> None:
        """Put a new account."""
        self._connection.change(
            _INSERT_ACCOUNT,
            {
                "id": account.id,
                "parent": account.parent,
                "accounting": account.accounting.value,
                "cap": text(account.cap),
                "spent": text(account.spent),
            },
        )
        self._connection.learn(_place(account.id), account)

    def move(self, before: Sequence[Account], after: Sequence[Account]) -> bool:
        """Put new caps and spendings; false if one is not what `before` says."""
        if [self._reader.account(account.id) for account in before] != list(before):
            self._connection.spoil()
            return False
        for account in after:
            self._connection.put(_place(account.id), account, _MOVE_ACCOUNT)
        return True

    def append(self, index: int, entry: bytes, nodes: Sequence[Node]) -> None:
        """Put the log's next entry with the subtrees that it completes."""
        self._connection.put(("entry", index), entry, _PUT_ENTRY)
        for level, position, digest in nodes:
            self._connection.put(("node", level, position), digest, _PUT_NODE)
        self._connection.learn(_END, index + 1)

    def _put(self, shelf: str, key: str, document: str) -> None:
        if _NO_KEY.search(key):  # the driver refuses it now, and not later for everybody
            self._connection.change(
                _PUT_DOCUMENT[shelf].statement, {"key": key, "document": document}
            )
        else:
            self._connection.put((shelf, key), document, _PUT_DOCUMENT[shelf])


def _place(account: AccountId) -> Place:
    """Say where an account stands."""
    return "account", account


def _text(row: Row) -> str:
    return str(row[0])


def _bytes(row: Row) -> bytes:
    return bytes(row[0])


def _number(row: Row) -> int:
    return int(row[0])


def _account(row: Row) -> Account:
    """Read an account; its numbers are ours and may be longer than a wire's."""
    found, parent, accounting, cap, spent = row
    return Account(found, parent, Accounting(accounting), _amount(cap), _amount(spent))


@lru_cache(maxsize=1024)
def _amount(text: str) -> Fraction:
    """Read what `sandbox.model.cost.text` wrote; `Fraction` alone takes five times as long."""
    whole, _, decimals = text.partition(".")
    return Fraction(int(whole + decimals), 10 ** len(decimals)) if decimals else Fraction(text)
