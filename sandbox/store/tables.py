"""What a store must bring: the tables of one transaction, read and written.

Shelves, budget tree and log are written once, over these two protocols; a store is nothing more
than a `Reader`, a `Writer` and a transaction around them.
"""

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NoReturn, Protocol

from sandbox.model.account import Account
from sandbox.model.label import Label
from sandbox.model.names import AccountId
from sandbox.model.paging import Mark
from sandbox.store.words import Terms, Words

Node = tuple[int, int, bytes]
"""Level, index and hash of a complete subtree of the log; level 0 has the leaves."""


@dataclass(frozen=True, slots=True)
class Part:
    """Which part of a shelf is wanted, and in which order."""

    after: Mark | None
    limit: int
    label: Label | None = None
    """Only what has it, by rank; else all, by position."""
    newest: bool = False
    """Backwards."""


class Reader(Protocol):
    """Reads the tables as they stand in this transaction, its own writes included."""

    def document(self, shelf: str, key: str) -> str | None:
        """Find one document."""
        ...

    def documents(self, shelf: str) -> Sequence[str]:
        """Give all documents, oldest first."""
        ...

    def part(self, shelf: str, part: Part) -> Sequence[tuple[Mark, str]]:
        """Give documents of a shelf with their places."""
        ...

    def labels(self, shelf: str, key: str) -> Mapping[Label, int]:
        """Give the labels of one document, each with its rank."""
        ...

    def found(self, terms: Terms, tier: int, after: int, limit: int) -> Sequence[tuple[int, str]]:
        """Give position and document of the records that fit, those behind `after`, oldest first.

        In tier 0 all words stand in title or name; in tier 1 they do not, but they all stand
        somewhere.
        """
        ...

    def account(self, account: AccountId) -> Account | None:
        """Find an account."""
        ...

    def accounts_below(self, parent: AccountId) -> Sequence[Account]:
        """Give the accounts right below another, in any order."""
        ...

    def size(self) -> int:
        """Count the log's entries."""
        ...

    def entry(self, index: int) -> bytes | None:
        """Find one entry of the log."""
        ...

    def entries(self, start: int, stop: int) -> Iterator[bytes]:
        """Stream entries `start` to `stop - 1` in order."""
        ...

    def node(self, level: int, index: int) -> bytes | None:
        """Find the hash of a complete subtree."""
        ...

    def nodes(self, level: int, start: int, stop: int) -> Sequence[bytes]:
        """Give the hashes of one level from `start` to `stop - 1`, as far as they are there."""
        ...


class Writer(Protocol):
    """Writes what its caller has checked: whoever writes writes alone."""

    def insert(self, shelf: str, key: str, document: str) -> bool:
        """Put a document under a new key; false if the key is taken."""
        ...

    def update(self, shelf: str, key: str, document: str) -> bool:
        """Put a document under a key that stands; false if it does not."""
        ...

    def delete(self, shelf: str, key: str) -> bool:
        """Take a document away; false if there is none."""
        ...

    def label(self, shelf: str, key: str, labels: Mapping[Label, int]) -> None:
        """Let the document under this key have these labels alone."""
        ...

    def index(self, key: str, words: Words) -> None:
        """Let the record under this key be found by these words alone."""
        ...

    def open_account(self, account: Account) -> None:
        """Put a new account, whose parent stands."""
        ...

    def move(self, before: Sequence[Account], after: Sequence[Account]) -> bool:
        """Put new caps and spendings; false if one is not what `before` says.

        Then nothing of the transaction stays, whatever its caller makes of it.
        """
        ...

    def append(self, index: int, entry: bytes, nodes: Sequence[Node]) -> None:
        """Put the log's next entry with the subtrees that it completes."""
        ...


class NoWriting:
    """The writer of a page that was opened for reading."""

    def insert(self, shelf: str, key: str, document: str) -> NoReturn:  # noqa: ARG002  (the Writer's signature)
        """Refuse."""
        _refuse()

    def update(self, shelf: str, key: str, document: str) -> NoReturn:  # noqa: ARG002
        """Refuse."""
        _refuse()

    def delete(self, shelf: str, key: str) -> NoReturn:  # noqa: ARG002
        """Refuse."""
        _refuse()

    def label(self, shelf: str, key: str, labels: Mapping[Label, int]) -> None:  # noqa: ARG002
        """Refuse."""
        _refuse()

    def index(self, key: str, words: Words) -> None:  # noqa: ARG002
        """Refuse."""
        _refuse()

    def open_account(self, account: Account) -> None:  # noqa: ARG002
        """Refuse."""
        _refuse()

    def move(self, before: Sequence[Account], after: Sequence[Account]) -> NoReturn:  # noqa: ARG002
        """Refuse."""
        _refuse()

    def append(self, index: int, entry: bytes, nodes: Sequence[Node]) -> None:  # noqa: ARG002
        """Refuse."""
        _refuse()


def _refuse() -> NoReturn:
    """Stop a step of the flow that writes where it said that it would only read.

    Raises:
        io.UnsupportedOperation: always.
    """
    raise io.UnsupportedOperation("this page of the books was opened for reading")
