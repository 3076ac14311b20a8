"""One measured process: `python -m benchmarks.one_run SIDE QUESTION SNAPSHOT`.

SIDE is a module of this package. Prints JSON: seconds of the first call, median seconds of later
ones, peak memory in MiB, and the answer, so that both sides can be seen to have computed the same.
"""

import json
import resource
import sys
from collections.abc import Callable
from importlib import import_module
from statistics import median
from time import perf_counter

LATER_CALLS = 5


def measure(side: str, question: str, snapshot: str) -> dict[str, object]:
    """Ask a question six times in this process, importing nothing that the side does not need."""
    answer = import_module(f"benchmarks.{side}").asked(question, snapshot)
    first, result = _timed(answer)
    later = median(_timed(answer)[0] for _ in range(LATER_CALLS))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"first": first, "later": later, "peak": peak, "answer": result}


def _timed(answer: Callable[[], list[float]]) -> tuple[float, list[float]]:
    start = perf_counter()
    result = answer()
    return perf_counter() - start, result


if __name__ == "__main__":
    sys.stdout.write(json.dumps(measure(*sys.argv[1:])))
