"""What runs inside a box: warm up, take one job, run a stranger's function on one block, answer.

This file imports nothing of ours, for nothing of ours is in the box. Until the job's source is run
the host may believe what is said here; from then on everything that leaves is the stranger's word:
whatever this file checks, the host checks again.

On standard input, after one byte was written on standard output to say that all is warm: the length
of the header as eight bytes, big-endian; the header, JSON with `modules` (source by module name),
`entry` (module and function), `frame` (`polars`, `pandas` or `bytes`) and `outputs` (name and
number of values, in order); then the block as an Arrow IPC stream. On standard output: all values
in order, as little-endian IEEE 754 doubles, and nothing else. What a function prints goes the way
of its errors: to standard error, which leads nowhere unless the rows are mock rows.
"""

import importlib
import importlib.abc
import importlib.machinery
import importlib.util
import io
import json
import math
import os
import resource
import struct
import sys
import traceback
import types
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

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


class Sources(importlib.abc.MetaPathFinder, importlib.abc.InspectLoader):
    """The stranger's own modules, imported from source text."""

    def __init__(self, sources: Mapping[str, str]) -> None:
        self.sources = sources

    def find_spec(
        self, fullname: str, _path: Sequence[str] | None, _target: object = None
    ) -> importlib.machinery.ModuleSpec | None:
        """Know the modules that travelled along, and no other."""
        if fullname not in self.sources:
            return None
        return importlib.util.spec_from_loader(
            fullname, self, origin=f"{fullname}.py", is_package=self.is_package(fullname)
        )

    def is_package(self, fullname: str) -> bool:
        """Take a module for a package if others stand below it."""
        return any(name.startswith(f"{fullname}.") for name in self.sources)

    def get_code(self, fullname: str) -> types.CodeType:
        """Compile a module under the name that its source is found by."""
        return self.source_to_code(self.get_source(fullname), f"{fullname}.py")

    def get_source(self, fullname: str) -> str:
        """Give a module's source, to the compiler and to whoever prints a traceback."""
        return self.sources[fullname]


if __name__ == "__main__":
    main(sys.argv[1], json.loads(sys.argv[2]))
