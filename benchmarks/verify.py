"""The offline verifier over a million entries: `python -m benchmarks.verify`.

From a folder, beside the bound; and from a running site, whose server works on the same processors,
so that its time is shown beside none. Each audit is a process of its own. This process imports
nothing of the product: on Linux a child's `ru_maxrss` starts at the size of whoever started it.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from rich.console import Console
from rich.table import Table

ENTRIES = 1_000_000
PLACE = Path(".bench/ledger-6")
EXPORT, SITE = PLACE / "log", PLACE / "site"
"""Written once; the number goes up when entries change, so that no old ledger is measured."""
SECONDS, MEBIBYTES, HASHES = 60, 1024, 20
"""Bounds: of wall time, of peak memory, and of an inclusion proof (2**20 > a million)."""

Run = dict[str, Any]


def main() -> int:
    """Make the ledger once, measure, print; 1 if a bound is missed."""
    console = Console()
    if not EXPORT.exists():
        with console.status(f"Writing {ENTRIES:,} entries (once, about two minutes)"):
            _python("benchmarks.long_ledger", str(EXPORT), str(ENTRIES))
    with console.status("Verifying the folder"):
        runs = {"folder": _audit(str(EXPORT))}
    with console.status("Putting the entries into a site's books (once, about two minutes)"):
        token = _python("benchmarks.long_site", str(EXPORT), str(SITE))
    with console.status("Verifying a running site"), _running() as site:
        before = _processor(site.pid)
        runs["running site"] = _audit(site.url, token)
        runs["running site"]["server"] = _processor(site.pid) - before
    console.print(_table(runs))
    return 0 if all(map(_within_bounds, runs.values())) else 1


def _audit(source: str, token: str = "") -> Run:
    return dict(json.loads(_python("benchmarks.one_audit", source, DATARANGE_TOKEN=token)))


class Site(NamedTuple):
    """A site that takes connections."""

    url: str
    pid: int


@contextmanager
def _running() -> Iterator[Site]:
    """Run the site as its operator would."""
    command = ["sandbox.cli.main", "up", "--data", str(SITE), "--port", "0", "--json"]
    with subprocess.Popen(  # noqa: S603  (our interpreter, our module)
        [sys.executable, "-m", *command], stdout=subprocess.PIPE, text=True
    ) as server:
        try:
            ready = next(iter(server.stdout or ()))
            yield Site(json.loads(ready)["url"], server.pid)
        finally:
            server.terminate()


def _processor(pid: int) -> float:
    """Give the seconds of processor that a process has used (proc(5), fields 14 and 15)."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _python(module: str, *arguments: str, **variables: str) -> str:
    done = subprocess.run(  # noqa: S603  (our interpreter, our modules)
        [sys.executable, "-m", module, *arguments],
        check=True,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, **variables},
    )
    return done.stdout


def _table(runs: dict[str, Run]) -> Table:
    table = Table(title=f"{ENTRIES:,} entries on {os.cpu_count()} cores: measured / bound")
    headings = ("wall, s", "rules, s", "reader, s", "server, s", "peak memory, MiB", "proof")
    for heading in ("source", *headings):
        table.add_column(heading)
    for source, run in runs.items():
        table.add_row(
            source,
            f"{run['wall']:.1f}" + ("" if "server" in run else f" / {SECONDS}"),
            f"{run['processor']:.1f}",
            f"{run['reader']:.1f}",
            f"{run['server']:.1f}" if "server" in run else "",
            f"{run['peak']:.0f} / {MEBIBYTES}",
            f"{run['proof']} / {HASHES}" if "proof" in run else "",
        )
    return table


def _within_bounds(run: Run) -> bool:
    right = run["verified"] and run["size"] == ENTRIES
    small = run["peak"] < MEBIBYTES and run.get("proof", 0) <= HASHES
    return bool(right and small and ("server" in run or run["wall"] < SECONDS))


if __name__ == "__main__":
    sys.exit(main())
