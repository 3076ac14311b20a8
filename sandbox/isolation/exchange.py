"""Bytes in and out of a box until a deadline, whatever its program does with its ends of the pipes.

Nothing here blocks on the box: a program that does not read its job, writes without end, or keeps
its pipes open in a process that it left behind costs no more than the time until the deadline.
"""

import os
import select
import time
from contextlib import suppress
from dataclasses import dataclass, field

CHUNK = 65536
"""Bytes at a time; what a pipe holds."""
MAX_ERRORS = 65536
"""Bytes that are kept of a program's errors over mock rows."""


@dataclass(slots=True)
class Heard:
    """What a program writes beside its answer; the beginning is kept, the rest read and dropped."""

    pipe: int
    said: bytearray = field(default_factory=bytearray)

    def take(self) -> bool:
        """Read some; False when there is no more to come."""
        content = os.read(self.pipe, CHUNK)
        self.said += content[: MAX_ERRORS - len(self.said)]
        return bool(content)


def receive(result: int, most: int, deadline: float, heard: Heard | None) -> bytes:
    """Read at most so many bytes, until the deadline of the monotonic clock."""
    return exchange(None, b"", result, most, deadline, heard)


def exchange(
    job: int | None, content: bytes, result: int, most: int, deadline: float, heard: Heard | None
) -> bytes:
    """Write the job and close its pipe; meanwhile read at most so many bytes, or to their end."""
    answer = bytearray()
    left = memoryview(content)
    ready = select.poll()
    ready.register(result, select.POLLIN)
    if job is not None:
        os.set_blocking(job, False)  # noqa: FBT003  (the standard library's own way)
        ready.register(job, select.POLLOUT)
    if heard is not None:
        ready.register(heard.pipe, select.POLLIN)
    while len(answer) < most and (time_left := deadline - time.monotonic()) > 0:
        for pipe, _ in ready.poll(1000 * time_left):
            if pipe == job:
                left = _written(job, left)
                if not left:
                    ready.unregister(job)
                    os.close(job)
                    job = None
            elif heard is not None and pipe == heard.pipe:
                if not heard.take():
                    ready.unregister(pipe)
            else:
                read = os.read(result, min(CHUNK, most - len(answer)))
                if not read:
                    return bytes(answer)
                answer += read
    return bytes(answer)


def rest(heard: Heard) -> None:
    """Read what a destroyed box had still said."""
    os.set_blocking(heard.pipe, False)  # noqa: FBT003  (the standard library's own way)
    with suppress(BlockingIOError):
        while heard.take():
            continue


def _written(pipe: int, left: memoryview) -> memoryview:
    """Write what fits; nothing is left to write once nobody reads."""
    try:
        return left[os.write(pipe, left[:CHUNK]) :]
    except BlockingIOError:
        return left
    except BrokenPipeError:
        return left[len(left) :]
