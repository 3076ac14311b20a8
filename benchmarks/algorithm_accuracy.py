"""What programs' answers are worth on real data: `python -m benchmarks.algorithm_accuracy`.

For each method over the RAND Health Insurance Experiment: the answer of everybody together, the
mean of the blocks' values at several numbers of blocks, and the noise's 95 % half-width at epsilon
1. The first two are never released; they are computed without boxes, by the very text that boxes
get (`tests/statistics/test_algorithm_accuracy.py` shows that they give the same). `--json` for
figures.
"""

import json
import sys
from argparse import ArgumentParser
from fractions import Fraction
from pathlib import Path
from secrets import token_bytes
from statistics import fmean
from tempfile import TemporaryDirectory
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks.health_insurance import (
    BLOCKS,
    METHODS,
    POLICY,
    SCHEMA,
    Bare,
    Method,
    priced,
    reserved,
    taken,
)
from sandbox.engines.blocks import BlockEngine
from sandbox.isolation.gvisor import Gvisor
from sandbox.model.cost import Accounting
from sandbox.model.names import SnapshotId
from sandbox.model.output import Statistic, step_of
from sandbox.privacy.price import offer, price
from sandbox.query.algorithm import forecast_algorithm
from sandbox.query.compile import compile_question
from sandbox.query.estimate import forecast
from sandbox.query.parts import parts_of
from sandbox.wire import Question

NUMBERS = (40, BLOCKS, 400)
"""Of blocks; the policy allows what lies between the ends."""
DEALS = 3
"""Fresh keys that a blockwise answer is averaged over."""
DECIMALS = 3
QUESTION = Question("health/hie", sql="SELECT AVG(mdvis) FROM hie")
"""The mean, as the query lane computes it."""


class _Fresh:
    """Implements the port `Chance`."""

    def fresh(self, length: int) -> bytes:
        """Draw bytes that nobody knows."""
        return token_bytes(length)


def main() -> int:
    """Measure and print."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    with TemporaryDirectory() as folder:
        snapshot = taken(Path(folder))
        # No box is started: `Bare` runs our own programs.
        engine = BlockEngine(Path(folder) / "vault", Bare(), Gvisor(Path()), _Fresh())
        rows = [_figures(engine, snapshot, name, method) for name, method in METHODS.items()]
    figures = {"methods": rows, "query_lane": {each: _question(each) for each in Accounting}}
    if asked.json:
        sys.stdout.write(json.dumps(figures, indent=2) + "\n")
    else:
        Console().print(_table(rows), f"The mean as a question: ± {figures['query_lane']}")
    return 0


def _figures(
    engine: BlockEngine, snapshot: SnapshotId, name: str, method: Method
) -> dict[str, Any]:
    return {
        "method": name,
        "everybody": _answer(engine, snapshot, method, 1),
        "blockwise": {
            blocks: [
                round(fmean(values), DECIMALS)
                for values in zip(
                    *(_answer(engine, snapshot, method, blocks) for _ in range(DEALS)), strict=True
                )
            ]
            for blocks in NUMBERS
        },
        "half_width": {
            accounting: {blocks: _width(method, blocks, accounting) for blocks in NUMBERS}
            for accounting in Accounting
        },
    }


def _answer(engine: BlockEngine, snapshot: SnapshotId, method: Method, blocks: int) -> list[float]:
    """Give the exact answer over so many blocks; a median's is that of the middle block."""
    asked = priced(method.over(blocks), Accounting.PURE)
    (values,) = engine.add_up(reserved(asked, snapshot), asked).values
    output = method.output
    if output.statistic is Statistic.MEDIAN:
        best = max(values)
        return [output.value(fmean(step_of(i) for i, score in enumerate(values) if score == best))]
    return [round(output.value(total / blocks), DECIMALS) for total in values]


def _width(method: Method, blocks: int, accounting: Accounting) -> float | str:
    (said,) = forecast_algorithm(priced(method.over(blocks), accounting))
    if said.half_width is None:
        return f"{said.rank_error:.0%} of blocks"
    return round(said.half_width, DECIMALS)


def _question(accounting: Accounting) -> float | None:
    """Give the half-width that `explain` tells of the query lane's mean."""
    plan = compile_question(QUESTION, SCHEMA)
    delta = POLICY.privacy.budget.delta if accounting is Accounting.ZCDP else Fraction(0)
    paid = offer(accounting, delta, epsilon="1", rho=None)
    asked = price(plan, SCHEMA, parts_of(plan, SCHEMA), paid)
    size = POLICY.metadata.size
    (said,) = forecast(asked, size.rows if size else None)
    return said.half_width


def _table(rows: list[dict[str, Any]]) -> Table:
    table = Table(title="At epsilon 1; a blockwise answer is the mean of three deals")
    table.add_column("")
    table.add_column("everybody")
    for blocks in NUMBERS:
        table.add_column(f"{blocks} blocks")
        table.add_column("± pure")
        table.add_column("± zCDP")
    for row in rows:
        widths = row["half_width"]
        cells = [
            str(cell)
            for blocks in NUMBERS
            for cell in (
                row["blockwise"][blocks],
                widths[Accounting.PURE][blocks],
                widths[Accounting.ZCDP][blocks],
            )
        ]
        table.add_row(row["method"], str(row["everybody"]), *cells)
    return table


if __name__ == "__main__":
    sys.exit(main())
