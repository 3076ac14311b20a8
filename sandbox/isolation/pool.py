"""Boxes that are warm before anybody needs them; each takes one job and is never used again."""

from collections import deque
from contextlib import ExitStack
from threading import Lock
from types import TracebackType
from typing import Self

from sandbox.errors import Unavailable
from sandbox.isolation.box import Box
from sandbox.isolation.job import packed
from sandbox.isolation.limits import Limits
from sandbox.isolation.outputs import length, read
from sandbox.isolation.plan import BackEnd
from sandbox.model.program import Program

TRIES = 3
"""Boxes that may fail to start, one after another, before the machine is to blame."""


class Pool:
    """So many boxes in advance, all alike; a context that destroys what is left.

    Any thread may take one. A box is started whenever one is taken, and warms up by itself.
    """

    def __init__(
        self, back_end: BackEnd, limits: Limits, *, size: int, warm: tuple[str, ...] = ()
    ) -> None:
        """Start the boxes, and wait for none."""
        self._back_end = back_end
        self._limits = limits
        self._modules = warm
        self._lock = Lock()
        self._closed = False
        self._boxes = deque(self._start() for _ in range(size))

    def run(self, job: Program, rows: bytes) -> tuple[tuple[float, ...], ...]:
        """Run a job over one block in a box of its own; give the values of each output.

        Raises:
            Unavailable: no box starts; the program was not run.
        """
        with self.take() as box:
            answer = box.answer(packed(job, rows), length(job.outputs))
        return read(job.outputs, answer)

    def take(self) -> Box:
        """Give a warm box, the caller's to destroy, and start the next.

        Raises:
            Unavailable: no box starts.
        """
        for _ in range(TRIES):
            box = self._next()
            try:
                box.warm_up()
            except Unavailable:
                box.close()
            else:
                return box
        raise Unavailable("No box starts on this machine", code="isolation.start")

    def close(self) -> None:
        """Destroy the boxes that nobody took."""
        with self._lock:
            self._closed = True
            left = list(self._boxes)
            self._boxes.clear()
        with ExitStack() as stack:
            for box in left:
                stack.callback(box.close)

    def __enter__(self) -> Self:
        """Hold the boxes as long as the context lasts."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Destroy what is left."""
        self.close()

    def _next(self) -> Box:
        with self._lock:
            if self._closed:
                raise Unavailable("The pool of boxes is closed", code="isolation.closed")
            self._boxes.append(self._start())
            return self._boxes.popleft()

    def _start(self) -> Box:
        return Box(self._back_end, self._limits, warm=self._modules)
