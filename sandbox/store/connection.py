"""What a database must bring."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from sandbox.store.words import Terms, Words

Values = Mapping[str, str | int | bytes | None]
"""What stands for the names in a statement, which writes them `:name` whatever the database."""
Row = tuple[Any, ...]

NO_VALUES: Values = {}
NOTHING_WRITTEN = "; nothing was written"
"""How the sentence about a failure ends, wherever that is certain."""


class Statements(Protocol):
    """Whoever takes statements: a connection, or a block that it is lent to."""

    def rows(self, statement: str, values: Values = NO_VALUES) -> Sequence[Row]:
        """Give all rows of a query."""
        ...

    def change(self, statement: str, values: Values = NO_VALUES) -> int:
        """Change rows; give how many."""
        ...

    def change_each(self, statement: str, many: Sequence[Values]) -> int:
        """Change rows once for each of several values; give how many in all."""
        ...


class Connection(Statements, Protocol):
    """One conversation with a database, by one thread at a time; whoever uses it says BEGIN.

    A failure of the disk, of the server or of the way there raises `Unavailable`, code
    `books.unavailable`; after it `sound` is false and nothing of the transaction will stay. Broken
    constraints raise the driver's own exceptions: they are mistakes of ours.
    """

    @property
    def sound(self) -> bool:
        """Tell whether no failure has come between us and the database."""
        ...

    @property
    def lost(self) -> bool:
        """Tell whether the other side has gone away."""
        ...

    def run(self, script: str) -> None:
        """Run statements that stand behind each other and take no values."""
        ...

    def commit(self) -> None:
        """Make the transaction durable: when this returns, it is on the disk."""
        ...

    def close(self) -> None:
        """End the conversation; what was not committed is undone."""
        ...


class Database(Protocol):
    """Where books lie."""

    @property
    def reading(self) -> str:
        """The statements that begin a transaction with one consistent view."""
        ...

    @property
    def writing(self) -> str:
        """The statements that begin a transaction as the only writer, waiting until it is."""
        ...

    @property
    def migrations(self) -> str:
        """The folder of its migrations, seen from the folder of all."""
        ...

    @property
    def migrated(self) -> str:
        """The query that gives a row if a migration was ever applied."""
        ...

    @property
    def word_index(self) -> "WordIndex":
        """How it finds records by their words."""
        ...

    @property
    def upgrading(self) -> str:
        """The command that upgrades these books, for people; without secrets."""
        ...

    def connect(self) -> Connection:
        """Begin a conversation; raises `Unavailable`, code `books.unavailable`."""
        ...


class WordIndex(Protocol):
    """How a database finds records by their words; its statements are its own."""

    @property
    def remove(self) -> str:
        """The statement that takes the words of the record `:key` out."""
        ...

    @property
    def put(self) -> str:
        """The statement that puts the words of the record `:key`."""
        ...

    def values(self, words: Words) -> Values:
        """Give what `put` takes besides the key."""
        ...

    def find(
        self, connection: Statements, terms: Terms, tier: int, after: int, limit: int
    ) -> Sequence[tuple[int, str]]:
        """Give position and document of what is found in one tier, oldest first."""
        ...
