"""One block's turn on a connection: what it asks is remembered, what it writes may wait.

A group of blocks asks for the same few rows and writes many alike, and a statement costs more than
what it does. So a block puts rows at places (a key of a shelf, an account, a node), where it and
the blocks after it find them again; the database hears of them all at once, at the latest when the
transaction ends, and before any statement that could tell the difference. A block that raises takes
back what it put by forgetting it, and only what it said to the database itself needs a savepoint.
"""

import io
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Final, Self, TypeVar

from sandbox.errors import Unavailable
from sandbox.store.connection import NO_VALUES, Connection, Row, Values

V = TypeVar("V")

Place = tuple[str | int, ...]
"""Where one row stands, whatever it holds."""

MAX_PLACES = 4096
"""Places that a transaction remembers; a long one begins anew, so that its memory is bounded."""

_UNKNOWN: Final[Any] = object()


@dataclass(frozen=True, slots=True, eq=False)
class Put:
    """A statement that puts one row, whatever stood at its place; only the disk can make it fail.

    Statements of two kinds never touch the same table, so in which order they are told is all one.
    """

    statement: str
    values: Callable[[Place, Any], Values]
    """Writes what stands at a place for the statement: once, however often it was put."""


class Draft:
    """What blocks know of a transaction's rows, and which of them the database has not heard of."""

    __slots__ = ("is_torn", "known", "waiting")

    def __init__(self) -> None:
        """Begin knowing nothing."""
        self.known: dict[Place, Any] = {}
        self.waiting: dict[Put, dict[Place, None]] = {}
        self.is_torn = False
        """Whether a part of something was done here and not the rest: nothing may be committed."""

    def absorb(self, later: "Draft") -> None:
        """Take over what a block has put."""
        self.is_torn = True
        self.known.update(later.known)
        for put, places in later.waiting.items():
            self.waiting.setdefault(put, {}).update(places)
        self.is_torn = False

    def send(self, connection: Connection) -> None:
        """Tell the database what waits."""
        self.is_torn = True
        for put, places in self.waiting.items():
            rows = [put.values(place, self.known[place]) for place in places]
            connection.change_each(put.statement, rows)
        self.waiting.clear()
        self.is_torn = False


class Lease:
    """A connection for the length of one block: a page that is kept beyond it is of no use.

    A block that met a failure and went on regardless is not committed.
    """

    def __init__(
        self, connection: Connection, before: Draft | None = None, *, savepoint: bool = False
    ) -> None:
        """Lend a connection on which a transaction has begun.

        What is put stays in `before`, where blocks before this one have put theirs; without it,
        the database hears of it when the block ends. With `savepoint`, this block alone can be
        undone; else whoever gave the lease undoes the whole transaction.
        """
        self._connection: Connection | None = connection
        self._before = before
        self._draft = Draft()
        self._needs_savepoint = savepoint
        self._has_savepoint = False
        self._whole = True

    def __enter__(self) -> Self:
        """Begin."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        raised: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Take the connection back, and keep or undo what the block did.

        Raises:
            Unavailable: `books.unavailable`; the block passed a failure over.
        """
        connection, self._connection = self._lent(), None
        if raised is not None:
            self._undo(connection)
            return
        try:
            self._keep(connection)
        except BaseException:
            self._undo(connection)
            raise

    def ask(
        self, place: Place, statement: str, values: Values, read: Callable[[Row], V]
    ) -> V | None:
        """Give the row at a place, or None; the database is asked once in a transaction."""
        self._lent()
        known = self._draft.known.get(place, _UNKNOWN)
        if known is _UNKNOWN and self._before is not None:
            known = self._before.known.get(place, _UNKNOWN)
        if known is _UNKNOWN:
            rows = self._said(lambda connection: connection.rows(statement, values))
            known = read(rows[0]) if rows else None
            self.learn(place, known)
        found: V | None = known
        return found

    def put(self, place: Place, known: object, put: Put) -> None:
        """Let this stand at a place from now on; the statement that says so waits."""
        self.learn(place, known)
        self._draft.waiting.setdefault(put, {})[place] = None

    def learn(self, place: Place, known: object) -> None:
        """Know what stands at a place from now on, which other statements have seen to."""
        self._lent()
        self._make_room()
        self._draft.known[place] = known

    def rows(self, statement: str, values: Values = NO_VALUES) -> Sequence[Row]:
        """Give all rows of a query."""
        self._send()
        return self._said(lambda connection: connection.rows(statement, values))

    def change(self, statement: str, values: Values = NO_VALUES) -> int:
        """Change rows; give how many."""
        self._send(savepoint=True)
        return self._said(lambda connection: connection.change(statement, values))

    def change_each(self, statement: str, many: Sequence[Values]) -> int:
        """Change rows once for each of several values; give how many in all."""
        self._send(savepoint=True)
        return self._said(lambda connection: connection.change_each(statement, many))

    def spoil(self) -> None:
        """Let nothing of this block stay, even if it ends well."""
        self._whole = False

    def _send(self, *, savepoint: bool = False) -> None:
        """Let the database hear of what waits; what this block has put can still be undone."""
        if self._before is not None and self._before.waiting:
            self._said(self._before.send)
        if (savepoint or self._draft.waiting) and self._needs_savepoint and not self._has_savepoint:
            self._said(lambda connection: connection.change("SAVEPOINT block"))
            self._has_savepoint = True
        if self._draft.waiting:
            self._said(self._draft.send)

    def _make_room(self) -> None:
        """Forget what is known before it is too much: the database knows it all once it is sent."""
        if len(self._draft.known) >= MAX_PLACES:
            self._send()
            self._draft.known.clear()
            if self._before is not None:
                self._before.known.clear()

    def _keep(self, connection: Connection) -> None:
        if not self._whole:
            raise Unavailable("The books failed; nothing was written", code="books.unavailable")
        if self._has_savepoint:
            connection.change("RELEASE block")
        if self._before is None:
            self._draft.send(connection)
        else:
            self._before.absorb(self._draft)

    def _undo(self, connection: Connection) -> None:
        if self._has_savepoint and connection.sound:
            with suppress(Unavailable):  # then the whole transaction fails, as its end will see
                connection.run("ROLLBACK TO block;\nRELEASE block;")

    def _said(self, speak: Callable[[Connection], V]) -> V:
        """Speak to the database; a failure spoils the block."""
        connection = self._lent()
        try:
            return speak(connection)
        except Exception:
            self._whole = False
            raise

    def _lent(self) -> Connection:
        """Give the connection.

        Raises:
            io.UnsupportedOperation: the block is over.
        """
        if self._connection is None:
            raise io.UnsupportedOperation("this page of the books is closed")
        return self._connection
