"""Runs the demo's site by a clock that is one year ahead: `python -m sandbox.cli.demo.later DATA`.

The product itself has no way to set its clock; this program builds the same site with another one.
It loads while the first site still runs, and begins when its input ends. The tokens of last year
have expired, so everybody is given another one, as `datarange token add` would.
"""

import json
import sys
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sandbox.assembly import SystemClock, open_site, serve, sole_user
from sandbox.flow.permit import admit
from sandbox.model.principal import Role
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
    settings, clock = Settings(data, port=0), LaterClock(SystemClock())
    tokens = _fresh_tokens(settings, clock)
    serve(
        settings,
        lambda address, *_: print(json.dumps({"url": address, "tokens": tokens}), flush=True),  # noqa: T201
        clock=clock,
    )


def _fresh_tokens(settings: Settings, clock: LaterClock) -> dict[str, str]:
    with sole_user(settings.data):
        site = open_site(settings, clock)
        with closing(site.books), site.books.write() as page:
            return {role.value: admit(site, page, role.value, role) for role in Role}


if __name__ == "__main__":
    sys.stdin.read()
    main(Path(sys.argv[1]))
