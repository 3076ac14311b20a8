"""Group commit: writers who wait in line share one transaction, and one wait for the disk.

Blocks still run one after another, each upon what those before it wrote, and each can be undone
alone (`sandbox.store.lease`). Whoever's block is done runs the blocks of those in line who left
theirs as a function, and hands the transaction to the next who did not; who finds nobody there
commits, and only then is anybody told that their block is on the disk. While the disk works, a new
line forms: groups grow with the load, and a writer who is alone waits for nobody.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic
from typing import Any, TypeVar

from sandbox.errors import Unavailable
from sandbox.store.connection import Connection
from sandbox.store.errand import Errand
from sandbox.store.lease import Draft, Lease
from sandbox.store.line import TOO_LONG, Gate, Line, Place
from sandbox.store.pool import Pool, undo

MAX_BLOCKS = 64
"""Blocks in one transaction: PostgreSQL keeps 64 savepoints at hand (PGPROC_MAX_CACHED_SUBXIDS)."""
MAX_SECONDS = 0.05
"""Age of a transaction that takes no more blocks: its first writer need not wait for long."""

V = TypeVar("V")

_FAILED = "The books failed; nothing was written"
_INTERRUPTED = "Writing was interrupted, and whether this was written is not known"


class GroupCommit:
    """The only way in which a process writes through a pool."""

    def __init__(self, pool: Pool, opening: str, patience: float) -> None:
        """Begin transactions with the statements `opening`; wait at most `patience` seconds."""
        self._pool = pool
        self._opening = opening
        self._patience = patience
        self._line: Line[_Group, Errand[Any]] = Line(patience)

    @contextmanager
    def block(self) -> Iterator[Lease]:
        """Be the only writer during the block; durable when it ends, undone if it raises.

        Raises:
            Unavailable: `books.unavailable`.
        """
        group = self._line.enter(self._pass_on).handed or self._begun()
        try:
            with group.block() as lease:
                yield lease
        finally:
            self._pass_on(group)
        group.wait(self._patience)

    def run(self, block: Callable[[Lease], V]) -> V:
        """Give what a block gives that runs as the only writer, in whichever thread has the turn.

        The block must be quick and wait for nothing but these books: others' blocks and their
        threads wait for it. Raises what it raises.

        Raises:
            Unavailable: `books.unavailable`.
        """
        errand = Errand(block)
        place = self._line.enter(self._pass_on, errand)
        group = place.handed or self._begun()
        if place.served:
            group.rest(self._patience)
        else:
            try:
                group.run(errand)
            finally:
                self._pass_on(group)
        if errand.is_done:
            group.wait(self._patience)
        return errand.outcome()

    def _begun(self) -> "_Group":
        try:
            return _Group(self._pool.begin(self._opening))
        except BaseException:
            self._line.leave()
            raise

    def _pass_on(self, group: "_Group | None") -> None:
        """Run what others have left, hand the transaction on, or end it and give the turn up."""
        handed = False
        try:
            if group is not None:
                self._serve(group)
                handed = group.has_room and self._line.hand_over(group)
        finally:
            if not handed:
                self._end(group)

    def _end(self, group: "_Group | None") -> None:
        try:
            if group is not None:
                group.end(self._pool)
        finally:
            self._line.leave()

    def _serve(self, group: "_Group") -> None:
        """Run the errands of those who are next in line."""
        while group.has_room:
            place = self._line.serve(group)
            if place is None:
                return
            group.served.append(place)
            if place.errand is not None:
                group.run(place.errand)


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
        self.served: list[_Place] = []
        """Those whose errands ran in somebody else's thread, and who sleep until the end."""
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
        with self._lent() as lease:
            yield lease
        self._waiting += 1

    def run(self, errand: Errand[Any]) -> None:
        """Run one errand; what it wrote is undone if it raises."""
        errand.run(self._lent())
        self._waiting += errand.is_done

    def _lent(self) -> Lease:
        self._blocks += 1
        return Lease(self._connection, self._draft, savepoint=self._waiting > 0)

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
            for place in self.served:
                place.wake()
            pool.end(self._connection)

    def wait(self, patience: float) -> None:
        """Wait until the transaction is over.

        Raises:
            Unavailable: `books.unavailable`; it was not committed.
        """
        self.rest(patience)
        if self._failure:
            raise Unavailable(self._failure, code="books.unavailable")

    def rest(self, patience: float) -> None:
        """Wait until the transaction is over, whichever way it ends.

        Raises:
            Unavailable: `books.unavailable`; it took too long and will not be committed.
        """
        if not self._over.wait(patience) and self._settle():
            raise Unavailable(TOO_LONG, code="books.unavailable")
        self._over.wait()

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


_Place = Place[_Group, Errand[Any]]
