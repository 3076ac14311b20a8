"""A block that is left with whoever writes: run in their thread, told in one's own."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Generic, TypeVar

from sandbox.errors import Unavailable
from sandbox.store.lease import Lease

V = TypeVar("V")


class Errand(Generic[V]):
    """A block as a function, and what it gave or raised; it fails until it was run."""

    __slots__ = ("_block", "_given", "_raised")

    _given: V

    def __init__(self, block: Callable[[Lease], V]) -> None:
        """Wait to be run."""
        self._block = block
        self._raised: BaseException | None = Unavailable(
            "The books failed; nothing was written", code="books.unavailable"
        )

    @property
    def is_done(self) -> bool:
        """Tell whether the block ended well, and its lease too."""
        return self._raised is None

    def run(self, lent: AbstractContextManager[Lease]) -> None:
        """Run the block upon a lease, and remember what it raised for whoever left it.

        Raises:
            KeyboardInterrupt: the thread that runs this was interrupted, whoever's errand it is.
        """
        try:
            with lent as lease:
                self._given = self._block(lease)
        except KeyboardInterrupt:
            raise
        except BaseException as raised:  # noqa: BLE001  (raised again where it belongs)
            self._raised = raised
        else:
            self._raised = None

    def outcome(self) -> V:
        """Give what the block gave, or raise what it raised."""
        if self._raised is not None:
            raise self._raised
        return self._given
