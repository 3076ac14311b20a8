"""Our local engine beside plain Polars over one snapshot: `python -m benchmarks.local_engine`.

This process imports neither Polars nor the product: on Linux a child's `ru_maxrss` starts at the
size of whoever started it.
"""

import json
import os
import subprocess
import sys
from math import isclose
from pathlib import Path
from statistics import median
from typing import Any

from rich.console import Console
from rich.progress import track
from rich.table import Table

ROUNDS = 7
TARGET = 1.5
"""Ours may take this many times of plain Polars' wall time and peak memory."""
QUESTIONS = ("count", "mean", "count and mean", "people")
SIDES = ("our_engine", "plain_polars")
FILE = Path(".bench/town.parquet")
INGEST = Path(".bench/ingest.json")

Run = dict[str, Any]


def main() -> int:
    """Make the data once, measure, print; 1 if a target is missed."""
    console = Console()
    _prepare(console)
    ingest = json.loads(INGEST.read_text())
    console.print(
        f"{os.cpu_count()} cores. Ingest of {ingest['rows']:,} rows, {ingest['people']:,} people: "
        f"{ingest['seconds']:.1f} s, peak {ingest['peak_mib']:,.0f} MiB, "
        f"{ingest['disk_mib']:,.0f} MiB on disk"
    )
    runs = _measure(ingest["snapshot"])
    console.print(_table(runs))
    return 0 if all(_within_target(runs, question) for question in QUESTIONS) else 1


def _prepare(console: Console) -> None:
    """Make what is missing, each in its own process."""
    for step, made in (("rows", FILE), ("snapshot", INGEST)):
        if not made.exists():
            with console.status(f"Making {made} (once)"):
                _python("benchmarks.town", step)


def _measure(snapshot: str) -> dict[tuple[str, str], list[Run]]:
    """Run sides and questions in turn, so that a busy minute hits them alike.

    Raises:
        ValueError: the two sides computed different things.
    """
    runs: dict[tuple[str, str], list[Run]] = {
        (question, side): [] for question in QUESTIONS for side in SIDES
    }
    for _ in track(range(ROUNDS), description="Measuring"):
        for (question, side), done in runs.items():
            done.append(json.loads(_python("benchmarks.one_run", side, question, snapshot)))
    for question in QUESTIONS:
        ours, plain = (runs[question, side][0]["answer"] for side in SIDES)
        if len(ours) != len(plain) or not all(map(isclose, ours, plain)):
            raise ValueError("the two sides disagree")
    return runs


def _python(module: str, *arguments: str) -> str:
    done = subprocess.run(  # noqa: S603  (our interpreter, our modules)
        [sys.executable, "-m", module, *arguments], check=True, stdout=subprocess.PIPE, text=True
    )
    return done.stdout


def _table(runs: dict[tuple[str, str], list[Run]]) -> Table:
    """Lay out medians over the rounds, ours / plain Polars, and their ratios."""
    table = Table(title=f"Medians of {ROUNDS} processes: ours / plain Polars = ratio")
    for heading in ("by region", "later answers, s", "first answer, s", "peak memory, MiB"):
        table.add_column(heading)
    for question in QUESTIONS:
        table.add_row(
            question,
            *(
                f"{ours:.{digits}f} / {plain:.{digits}f} = {ours / plain:.2f}"
                for figure, digits in (("later", 3), ("first", 3), ("peak", 0))
                for ours, plain in [_medians(runs, question, figure)]
            ),
        )
    return table


def _medians(
    runs: dict[tuple[str, str], list[Run]], question: str, figure: str
) -> tuple[float, float]:
    ours, plain = (median(run[figure] for run in runs[question, side]) for side in SIDES)
    return ours, plain


def _within_target(runs: dict[tuple[str, str], list[Run]], question: str) -> bool:
    pairs = [_medians(runs, question, figure) for figure in ("later", "peak")]
    return all(ours <= TARGET * plain for ours, plain in pairs)


if __name__ == "__main__":
    sys.exit(main())
