"""The offline verifier over a million entries: `python -m benchmarks.verify`.

From a folder, and over HTTP while it streams, each in a process of its own and beside its bound.
This process imports nothing of the product: on Linux a child's `ru_maxrss` starts at the size of
whoever started it.
"""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import sleep
from typing import Any

from rich.console import Console
from rich.table import Table

ENTRIES = 1_000_000
SITE = Path(".bench/ledger-3")
EXPORT = SITE / "log"
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
    with console.status("Verifying over HTTP"), _served() as url:
        runs["streamed over HTTP"] = _audit(url)
    console.print(_table(runs))
    return 0 if all(map(_within_bounds, runs.values())) else 1


def _audit(source: str) -> Run:
    return dict(json.loads(_python("benchmarks.one_audit", source)))


@contextmanager
def _served() -> Iterator[str]:
    """Serve the folder as files, as any web server could."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = ["http.server", str(port), "--bind", "127.0.0.1", "--directory", str(SITE)]
    server = subprocess.Popen(  # noqa: S603  (our interpreter, its own module)
        [sys.executable, "-m", *command, "--protocol", "HTTP/1.1"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait_for(port)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait()


def _wait_for(port: int) -> None:
    """Wait until a server takes connections.

    Raises:
        TimeoutError: it does not within ten seconds.
    """
    for _ in range(100):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        sleep(0.1)
    raise TimeoutError("the web server does not start")


def _python(module: str, *arguments: str) -> str:
    done = subprocess.run(  # noqa: S603  (our interpreter, our modules)
        [sys.executable, "-m", module, *arguments], check=True, stdout=subprocess.PIPE, text=True
    )
    return done.stdout


def _table(runs: dict[str, Run]) -> Table:
    table = Table(title=f"{ENTRIES:,} entries on {os.cpu_count()} cores: measured / bound")
    for heading in ("source", "wall, s", "processor, s", "peak memory, MiB", "longest proof"):
        table.add_column(heading)
    for source, run in runs.items():
        proof = f"{run['proof']} / {HASHES}" if "proof" in run else ""
        table.add_row(
            source,
            f"{run['wall']:.1f} / {SECONDS}",
            f"{run['processor']:.1f}",
            f"{run['peak']:.0f} / {MEBIBYTES}",
            proof,
        )
    return table


def _within_bounds(run: Run) -> bool:
    right = run["verified"] and run["size"] == ENTRIES
    small = run["peak"] < MEBIBYTES and run.get("proof", 0) <= HASHES
    return bool(right and small and run["wall"] < SECONDS)


if __name__ == "__main__":
    sys.exit(main())
