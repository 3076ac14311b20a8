"""How often something may be tried: the generic cell rate algorithm (ITU-T I.371), in memory.

One number a key says when its tries will all be back. Nothing is shared between processes.
"""

import math
import threading
import time
from collections.abc import Callable

from sandbox.errors import TooMany
from sandbox.settings import Rate

MAX_KEYS = 100_000
"""Keys remembered; those with the most tries left are forgotten first, which frees nobody."""


class Limiter:
    """Counts tries by key."""

    def __init__(self, rate: Rate, code: str, now: Callable[[], float] = time.monotonic) -> None:
        """Let each key have `rate.count` tries at once, and as many again in each span."""
        self._code = code
        self._now = now
        self._step = rate.span.total_seconds() / rate.count
        self._room = rate.span.total_seconds()
        self._full_at: dict[str, float] = {}
        self._lock = threading.Lock()

    def take(self, key: str) -> None:
        """Count a try before it is made, so that tries at the same time count too.

        Raises:
            TooMany: there is none left; it says after how many seconds there is.
        """
        with self._lock:
            now = self._now()
            full_at = max(self._full_at.get(key, now), now) + self._step
            short = full_at - now - self._room
            if short > 1e-9:  # noqa: PLR2004  (seconds: the rounding of the sums above)
                raise TooMany(
                    "Too many tries; come back later", code=self._code, wait=math.ceil(short)
                )
            self._full_at[key] = full_at
            if len(self._full_at) > MAX_KEYS:
                self._forget(now)

    def give_back(self, key: str) -> None:
        """Take a try back that was a good one."""
        with self._lock:
            if key in self._full_at:
                self._full_at[key] -= self._step

    def _forget(self, now: float) -> None:
        """Drop keys that have all tries; if that is not enough, the half that has the most."""
        kept = {key: at for key, at in self._full_at.items() if at > now}
        if len(kept) > MAX_KEYS:
            worst = sorted(kept.items(), key=lambda item: item[1])[len(kept) // 2 :]
            kept = dict(worst)
        self._full_at = kept
