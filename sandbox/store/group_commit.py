"""Group commit: writers who wait in line share one transaction, and one wait for the disk.

Blocks still run one after another, each upon what those before it wrote, and each can be undone
alone (`sandbox.store.lease`). Whoever's block is done hands the transaction to
the next in line; who finds nobody there commits, and only then is anybody told that their block is
on the disk. While the disk works, a new line forms: groups grow with the load, and a writer who is
alone waits for nobody.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic

from sandbox.errors import Unavailable
from sandbox.store.connection import Connection
from sandbox.store.lease import Draft, Lease
from sandbox.store.line import TOO_LONG, Gate, Line
from sandbox.store.pool import Pool, undo

MAX_BLOCKS = 64
"""Blocks in one transaction: PostgreSQL keeps 64 savepoints at hand (PGPROC_MAX_CACHED_SUBXIDS)."""
MAX_SECONDS = 0.05
"""Age of a transaction that takes no more blocks: its first writer need not wait for long."""

_FAILED = "The books failed; nothing was written"
_INTERRUPTED = "Writing was interrupted, and whether this was written is not known"


class GroupCommit:
    """The only way in which a process writes through a pool."""

    def __init__(self, pool: Pool, opening: str, patience: float) -> None:
        """Begin transactions with the statements `opening`; wait at most `patience` seconds."""
        self._pool = pool
        self._opening = opening
        self._patience = patience
        self._line: Line[_Group] = Line(patience)

    @contextmanager
    def block(self) -> Iterator[Lease]:
        """Be the only writer during the block; durable when it ends, undone if it raises.

        Raises:
            Unavailable: `books.unavailable`.
        """
        group = self._line.enter(self._pass_on) or self._begun()
        try:
            with group.block() as lease:
                yield lease
        finally:
            self._pass_on(group)
        group.wait(self._patience)

    def _begun(self) -> "_Group":
        try:
            return _Group(self._pool.begin(self._opening))
        except BaseException:
            self._line.leave()
            raise

    def _pass_on(self, group: "_Group | None") -> None:
        """Hand the transaction to the next in line, or end it and give the turn up."""
        if group is not None and group.has_room and self._line.hand_over(group):
            return
        try:
            if group is not None:
                group.end(self._pool)
        finally:
            self._line.leave()


class _Group:
    """One transaction and the writers whose blocks ran in it; all but `wait` needs the turn."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._draft = Draft()
        self._began = monotonic()
        self._blocks = 0
        self._waiting = 0
        self._lock = threading.Lock()
        self._settled = False
        """Whether it is decided that the transaction is committed, or that it is not."""
        self._over = Gate()
        self._failure: str | None = _FAILED

    @property
    def has_room(self) -> bool:
        """Tell whether another block may run here."""
        return (
            self._waiting > 0
            and self._blocks < MAX_BLOCKS
            and monotonic() - self._began < MAX_SECONDS
            and self._is_whole
            and not self._settled
        )

    @property
    def _is_whole(self) -> bool:
        """Tell whether what blocks have done so far may be committed."""
        return self._connection.sound and not self._draft.is_torn

    @contextmanager
    def block(self) -> Iterator[Lease]:
        """Run one block; what it wrote is undone if it raises."""
        self._blocks += 1
        with Lease(self._connection, self._draft, savepoint=self._waiting > 0) as lease:
            yield lease
        self._waiting += 1

    def end(self, pool: Pool) -> None:
        """Commit for everybody who waits, or undo all if nobody does or something failed."""
        try:
            if self._waiting and self._is_whole and self._sent() and self._settle():
                self._commit()
            else:
                undo(self._connection)
        except BaseException:
            undo(self._connection)
            raise
        finally:
            self._over.open()
            pool.end(self._connection)

    def wait(self, patience: float) -> None:
        """Wait until the transaction is over.

        Raises:
            Unavailable: `books.unavailable`; it was not committed.
        """
        if not self._over.wait(patience) and self._settle():
            raise Unavailable(TOO_LONG, code="books.unavailable")
        self._over.wait()
        if self._failure:
            raise Unavailable(self._failure, code="books.unavailable")

    def _sent(self) -> bool:
        """Let the database hear of all that still waits; false if it cannot take it."""
        try:
            self._draft.send(self._connection)
        except Unavailable as failure:
            self._failure = failure.message
            return False
        return True

    def _settle(self) -> bool:
        """Decide about the transaction; false if somebody has.

        A writer who has waited too long for the others decides against it: then it is true to say
        that nothing was written, whatever the one who holds the turn is doing.
        """
        with self._lock:
            settled, self._settled = self._settled, True
            return not settled

    def _commit(self) -> None:
        self._failure = _INTERRUPTED
        try:
            self._connection.commit()
            self._failure = None
        except Unavailable as failure:
            self._failure = failure.message
