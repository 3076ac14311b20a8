"""The self-test: real attacks, run in real boxes, before a back end may hold anybody's rows.

Each attack gives 1.0 where it succeeds. A back end passes if an honest program is answered and no
attack succeeds. The full list of attacks stands in `tests/attacks`; these are the ones that show
in seconds that something on this machine is open: files, network, processes, environment,
identity, places to write, and limits.
"""

import os
import socket
import tempfile
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sandbox.errors import Unavailable
from sandbox.isolation.box import Box
from sandbox.isolation.environment import variables
from sandbox.isolation.job import packed
from sandbox.isolation.limits import MIB, Limits
from sandbox.isolation.outputs import length, read
from sandbox.isolation.plan import BackEnd
from sandbox.model.output import Output
from sandbox.model.program import Frame, Program

LIMITS = Limits(wall=4.0, memory=192 * MIB, processes=32, tmp=8 * MIB)
HONEST = 42.0
OPENINGS = """
import ctypes, glob, os, socket, stat

def tried(attempt):
    try:
        return float(bool(attempt()))
    except BaseException:
        return 0.0

def connects(family, address):
    with socket.socket(family, socket.SOCK_STREAM) as one:
        one.settimeout(1)
        one.connect(address)
        return True

def others():
    seen = [one for one in os.listdir("/proc") if one.isdigit() and int(one) != os.getpid()]
    return seen and any(open(f"/proc/{one}/cmdline").read() for one in seen)

def descriptors():
    for number in range(3, 256):
        try:
            mode = os.fstat(number).st_mode
        except OSError:
            continue
        if not (stat.S_ISFIFO(mode) or stat.S_ISCHR(mode)):  # The way of the answer, and nowhere.
            return True

def writes():
    for folder in ("/", "/dev", "/packages", "/python", "/usr", "/etc", "/proc", "/home", "/root"):
        try:
            with open(folder + "/datarange-trial", "x"):
                os.remove(folder + "/datarange-trial")
            return True
        except OSError:
            pass

def privileged():
    return 0 in (*os.getresuid(), *os.getresgid(), *os.getgroups()) or kernel("mount") == 0

def kernel(call):
    libc = ctypes.CDLL(None, use_errno=True)
    if call == "mount":
        return libc.mount(b"none", b"/tmp", b"tmpfs", 0, None)

def attack(rows):
    return {
        "honest": len(rows),
        "file": tried(lambda: open(FILE).read() == CANARY or glob.glob(FOLDER + "/*")),
        "loopback": tried(lambda: connects(socket.AF_INET, ("127.0.0.1", PORT))),
        "abstract": tried(lambda: connects(socket.AF_UNIX, ABSTRACT)),
        "processes": tried(others),
        "environment": tried(lambda: set(os.environ) - set(VARIABLES)),
        "descriptors": tried(descriptors),
        "writing": tried(writes),
        "privileges": tried(privileged),
    }
"""
OPENING = ("file", "loopback", "abstract", "processes", "environment", "descriptors", "writing",
           "privileges")  # fmt: skip
BURDENS = {
    "memory": "kept = [bytearray(b'x' * 2**20) for _ in range(1024)]",
    "time": "import time; time.sleep(60)",
    "disk": "open('/tmp/large', 'wb').write(bytes(256 * 2**20)); open('/tmp/large', 'rb').read()",
}
"""What a box has no room for: whoever gets to the end of it has broken a limit."""


@dataclass(frozen=True, slots=True)
class Failing:
    """Why a back end may not be used: which part of the trial, and what the machine said."""

    part: str
    detail: str = ""


def failings(back_end: BackEnd) -> tuple[Failing, ...]:
    """Run the trial; nothing is returned if the back end holds."""
    try:
        open_ones = tuple(_openings(back_end))
        return open_ones or tuple(_burdens(back_end))
    except (Unavailable, OSError) as error:
        return (Failing("start", str(error)),)


def _openings(back_end: BackEnd) -> Iterator[Failing]:
    """Run all attacks that only look, in one box."""
    outputs = (Output("honest", 0, 100, default=0.0), *(Output(n, 0, 1) for n in OPENING))
    with _planted() as planted:
        known = "".join(f"{name} = {value!r}\n" for name, value in planted.items())
        job = Program({"attack": known + OPENINGS}, ("attack", "attack"), outputs, Frame.BYTES)
        found = _run(back_end, job)
    if found["honest"] != HONEST:
        yield Failing("honest")
    yield from (Failing(name) for name in OPENING if found[name] > 0)


def _burdens(back_end: BackEnd) -> Iterator[Failing]:
    """Run what no box has room for; each in its own, with a default that is no success."""
    outputs = (Output("done", 0, 1, default=0.0),)
    for name, lines in BURDENS.items():
        source = f"def attack(rows):\n    {lines}\n    return {{'done': 1}}\n"
        job = Program({"attack": source}, ("attack", "attack"), outputs, Frame.BYTES)
        if _run(back_end, job)["done"] > 0:
            yield Failing(name)


def _run(back_end: BackEnd, job: Program) -> Mapping[str, float]:
    """Run a job of ours in a box of its own.

    Raises:
        Unavailable: the box does not start; the message says what its errors were.
    """
    with Box(back_end, LIMITS, heard=True) as box:
        try:
            answer = box.answer(packed(job, b"x" * int(HONEST)), length(job.outputs))
        except Unavailable:
            box.close()
            said = " ".join(box.errors().split())[-300:]
            raise Unavailable(said or "it said nothing", code="isolation.start") from None
    values = read(job.outputs, answer)
    return {output.name: each[0] for output, each in zip(job.outputs, values, strict=True)}


@contextmanager
def _planted() -> Iterator[dict[str, object]]:
    """Put on this machine what an attack would find: a file, and two listening sockets."""
    canary, abstract = uuid.uuid4().hex, f"\0datarange-{uuid.uuid4().hex}"
    with (
        tempfile.TemporaryDirectory() as folder,
        socket.create_server(("127.0.0.1", 0)) as loopback,
        socket.socket(socket.AF_UNIX) as local,
    ):
        Path(folder).chmod(0o755)
        file = Path(folder) / "canary"
        file.write_text(canary)
        file.chmod(0o644)
        local.bind(abstract)
        local.listen()
        yield {
            "FILE": os.fspath(file),
            "FOLDER": folder,
            "CANARY": canary,
            "PORT": loopback.getsockname()[1],
            "ABSTRACT": abstract,
            "VARIABLES": tuple(variables(LIMITS)),
        }
