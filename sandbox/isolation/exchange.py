"""Bytes in and out of a box until a deadline, whatever its program does with its ends of the pipes.

Nothing here blocks on the box: a program that does not read its job, writes without end, or keeps
its pipes open in a process that it left behind costs no more than the time until the deadline.
"""

import os
import select
import time
from collections.abc import Callable
from contextlib import suppress
from typing import BinaryIO

CHUNK = 65536
"""Bytes at a time; what a pipe holds."""
MAX_ERRORS = 65536
"""Bytes that are kept of a program's errors over mock rows."""


class Heard:
    """What a program writes beside its answer; the beginning is kept, the rest read and dropped."""

    def __init__(self, pipe: int) -> None:
        self.pipe = pipe
        self.said = bytearray()

    def take(self) -> bool:
        """Read some; whether there may be more."""
        content = os.read(self.pipe, CHUNK)
        self.said += content[: MAX_ERRORS - len(self.said)]
        return bool(content)

    def take_rest(self) -> None:
        """Read what a destroyed box had still said."""
        os.set_blocking(self.pipe, False)
        with suppress(BlockingIOError):
            while self.take():
                continue


class Exchange:
    """One conversation with a box, over pipes that are the caller's to close."""

    def __init__(self, result: int, most: int, heard: Heard | None) -> None:
        """Listen for at most so many bytes."""
        self._answer = bytearray()
        self._left = memoryview(b"")
        self._result, self._most = result, most
        self._ready = select.poll()
        self._steps: dict[int, Callable[[int], bool]] = {}
        self._join(result, select.POLLIN, self._read)
        if heard is not None:
            self._join(heard.pipe, select.POLLIN, lambda _: heard.take())

    def send(self, job: BinaryIO, content: bytes) -> None:
        """Write this meanwhile, then close the file, so that its end is seen."""
        self._left = memoryview(content)
        os.set_blocking(job.fileno(), False)
        self._join(job.fileno(), select.POLLOUT, lambda _: self._write(job))

    def until(self, deadline: float) -> bytes:
        """Go on to the answer's end, to the bound, or to the deadline of the monotonic clock."""
        while self._result in self._steps and (left := deadline - time.monotonic()) > 0:
            for pipe, _ in self._ready.poll(1000 * left):
                if not self._steps[pipe](pipe):
                    self._ready.unregister(pipe)
                    del self._steps[pipe]
        return bytes(self._answer)

    def _join(self, pipe: int, what: int, step: Callable[[int], bool]) -> None:
        self._ready.register(pipe, what)
        self._steps[pipe] = step

    def _read(self, result: int) -> bool:
        content = os.read(result, min(CHUNK, self._most - len(self._answer)))
        self._answer += content
        return bool(content) and len(self._answer) < self._most

    def _write(self, job: BinaryIO) -> bool:
        """Write what fits; nothing is left to write once nobody reads."""
        try:
            self._left = self._left[os.write(job.fileno(), self._left[:CHUNK]) :]
        except BlockingIOError:
            return True
        except BrokenPipeError:
            self._left = self._left[:0]
        if not self._left:
            job.close()
        return bool(self._left)
