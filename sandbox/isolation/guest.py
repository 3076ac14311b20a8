"""What runs inside a box: warm up, take one job, run a stranger's function on one block, answer.

This file imports nothing of ours, for nothing of ours is in the box, and little else, for every box
pays for it. Until the job's source is run
the host may believe what is said here; from then on everything that leaves is the stranger's word:
whatever this file checks, the host checks again.

On standard input, after one byte was written on standard output to say that all is warm: the length
of the header as eight bytes, big-endian; the header, JSON with `modules` (source by module name),
`entry` (module and function), `frame` (`polars`, `pandas` or `bytes`) and `outputs` (name and
number of values, in order); then the block as an Arrow IPC stream. On standard output: all values
in order, as little-endian IEEE 754 doubles, and nothing else. What a function prints goes the way
of its errors: to standard error, which leads nowhere unless the rows are mock rows.
"""

from __future__ import annotations

import importlib
import importlib.machinery
import io
import json
import math
import os
import resource
import struct
import sys
from collections.abc import Mapping

TYPE_CHECKING = False
if TYPE_CHECKING:
    import types
    from collections.abc import Iterable, Sequence
    from importlib.abc import Loader
    from typing import Any
else:
    Loader = object  # Its own module would cost more than all that is imported here.

READY = b"R"
JOB, RESULT, ERRORS = 0, 1, 2
PACKAGES = "/packages"
"""Where the box has the libraries that programs may import."""


def main(warm: str, limits: Mapping[str, int]) -> None:
    """Warm up with these modules, then run the one job."""
    sys.path.append(PACKAGES)
    for name in filter(None, warm.split(",")):
        importlib.import_module(name)
    hold(limits)
    os.write(RESULT, READY)
    with os.fdopen(JOB, "rb", closefd=False) as job:
        header = json.loads(job.read(int.from_bytes(job.read(8), "big")))
        rows = job.read()
    result = os.dup(RESULT)
    os.dup2(ERRORS, RESULT)
    try:
        give(result, answer(header, rows))
    except BaseException:  # noqa: BLE001  (whatever a stranger raises, the box ends alike)
        import traceback  # noqa: PLC0415  (who does not fail does not wait for it)

        traceback.print_exc()
    sys.stdout.flush()
    os._exit(0)  # Threads and exit handlers of the stranger's have nothing more to say.


def hold(limits: Mapping[str, int]) -> None:
    """Take the limits that a process can give itself, and never back."""
    for name, most in limits.items():
        resource.setrlimit(getattr(resource, f"RLIMIT_{name}"), (most, most))


def give(result: int, values: bytes) -> None:
    """Write all of an answer."""
    while values:
        values = values[os.write(result, values) :]


def answer(header: Mapping[str, Any], rows: bytes) -> bytes:
    """Run the function; give the values of all outputs, NaN where there is none."""
    said = run(header, rows)
    values: list[float] = []
    for name, count in header["outputs"]:
        values += numbers(said.get(name) if isinstance(said, Mapping) else None, count)
    return struct.pack(f"<{len(values)}d", *values)


def run(header: Mapping[str, Any], rows: bytes) -> object:
    """Import the stranger's module, and call the function that the job names."""
    sys.meta_path.insert(0, Sources(header["modules"]))
    module, function = header["entry"]
    called = getattr(importlib.import_module(module), function)
    return called(block(rows, header["frame"]))


def block(rows: bytes, kind: str) -> object:
    """Read the block the way the function wants it."""
    if kind == "bytes":
        return rows
    import polars as pl  # noqa: PLC0415  (programs that take bytes do not wait for it)

    frame = pl.read_ipc_stream(io.BytesIO(rows))
    if kind == "polars":
        return frame
    import pandas as pd  # noqa: PLC0415  (only whoever asks for it waits for it)

    return pd.DataFrame({name: frame[name].to_numpy() for name in frame.columns})


def numbers(value: object, count: int) -> list[float]:
    """Flatten a number, an array or a small table, row by row; all NaN if it has another size."""
    try:
        flat = list(flattened(value))
    except (TypeError, ValueError, OverflowError):
        return [math.nan] * count
    return flat if len(flat) == count else [math.nan] * count


def flattened(value: object) -> Iterable[float]:
    """Give the numbers in a value, in order.

    Raises:
        TypeError: there is something else in it, such as text or nothing.
        ValueError: a number of another library's will not become one of ours.
        OverflowError: an integer is too large for a double.
    """
    for name in ("to_numpy", "tolist"):  # What data frames, series and arrays have.
        if hasattr(value, name):
            value = getattr(value, name)()
    if isinstance(value, list | tuple):
        for item in value:
            yield from flattened(item)
    elif isinstance(value, str | bytes | bytearray):
        raise TypeError("text is no number")
    else:
        yield float(value)  # type: ignore[arg-type]  # It raises TypeError for what is no number.


class Sources(Loader):
    """The stranger's own modules, imported from source text: a finder and a loader."""

    def __init__(self, sources: Mapping[str, str]) -> None:
        self.sources = sources

    def find_spec(
        self, fullname: str, _path: Sequence[str] | None, _target: object = None
    ) -> importlib.machinery.ModuleSpec | None:
        """Know the modules that travelled along, and no other; a package has others below it."""
        if fullname not in self.sources:
            return None
        below = any(name.startswith(f"{fullname}.") for name in self.sources)
        origin = f"{fullname}.py"
        return importlib.machinery.ModuleSpec(fullname, self, origin=origin, is_package=below)

    def create_module(self, _spec: importlib.machinery.ModuleSpec) -> None:
        """Leave it to Python."""

    def exec_module(self, module: types.ModuleType) -> None:
        """Run a module's text under the name that its source is found by."""
        name = module.__name__
        exec(compile(self.sources[name], f"{name}.py", "exec"), module.__dict__)  # noqa: S102  (what this is for)

    def get_source(self, fullname: str) -> str:
        """Give a module's source to whoever prints a traceback."""
        return self.sources[fullname]


if __name__ == "__main__":
    main(sys.argv[1], json.loads(sys.argv[2]))
