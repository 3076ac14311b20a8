"""Wait: when an answer may appear. Time is an output, so it comes in fixed steps."""

from datetime import datetime, timedelta
from fractions import Fraction
from math import ceil


def next_tick(received: datetime, now: datetime, quantum: Fraction) -> datetime:
    """Give the first whole number of quanta (seconds) after `received` that is not before `now`.

    A clock that was set back never makes anybody wait more than one quantum.
    """
    step = float(quantum)
    quanta = max(1, ceil((now - received).total_seconds() / step))
    return received + timedelta(seconds=quanta * step)
