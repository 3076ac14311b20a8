"""Runs the demo's site by a clock that is one year ahead: `python -m sandbox.cli.demo.later DATA`.

The product itself has no way to set its clock; this program builds the same site with another one.
It loads while the first site still runs, and begins when its input ends.
"""

import json
import sys
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sandbox.assembly import SystemClock, serve
from sandbox.settings import Settings

YEAR = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class LaterClock:
    """Tells the time in a year."""

    clock: SystemClock

    def now(self) -> datetime:
        """Give the time in UTC, aware."""
        return self.clock.now() + YEAR


def main(data: Path) -> None:
    """Serve on a free port and say where."""
    serve(
        Settings(data, port=0),
        lambda address, _: print(json.dumps({"url": address, "tokens": {}}), flush=True),  # noqa: T201
        clock=LaterClock(SystemClock()),
    )


if __name__ == "__main__":
    sys.stdin.read()
    main(Path(sys.argv[1]))
