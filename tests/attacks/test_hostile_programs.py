"""Hostile programs in real boxes: each is blocked, or changes nothing that the host hands on."""

import os
import socket
import tempfile
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import cache, partial
from pathlib import Path
from typing import Any

import pytest

from sandbox.isolation.box import Box
from sandbox.isolation.job import Job
from sandbox.isolation.outputs import Output
from sandbox.isolation.plan import BackEnd
from sandbox.isolation.warden import descendants
from tests.attacks.hostile_programs import FORBIDDEN, LOOKING, OWN_KERNEL, together
from tests.support.boxes import NAMES, SHORT, back_end, bare, boxed, program, values
from tests.support.planted import planted

ROOT = os.geteuid() == 0


@pytest.fixture(params=NAMES)
def held(request: pytest.FixtureRequest) -> BackEnd:
    return back_end(request.param)


@pytest.fixture(scope="module")
def known() -> Iterator[dict[str, Any]]:
    with tempfile.TemporaryDirectory() as folder, planted(Path(folder)) as places:
        yield places


class Runs:
    """What came of all programs of a kind, run once in each place."""

    def __init__(self, known: dict[str, Any]) -> None:
        self.known = known
        self.of = cache(self._run)

    def _run(self, kind: str, place: str) -> dict[str, float]:
        programs = {"looking": LOOKING, "forbidden": FORBIDDEN}[kind]
        output = Output("got", 0, 1, len(programs), default=0.5)
        job = program(together(programs), self.known, got=output)
        if place == "bare":
            answer = bare(job, keep=(self.known["OPENED"],), folder=Path(self.known["FOLDER"]))
        else:
            answer = boxed(back_end(place), job)
        return dict(zip(programs, values(job, answer)["got"], strict=True))


@pytest.fixture(scope="module")
def runs(known: dict[str, Any]) -> Runs:
    return Runs(known)


@pytest.mark.skipif(not ROOT, reason="some succeed for root alone")
@pytest.mark.parametrize("name", LOOKING)
def test_this_succeeds_where_nothing_is_held(runs: Runs, name: str) -> None:
    assert runs.of("looking", "bare")[name] == 1


@pytest.mark.parametrize("place", NAMES)
@pytest.mark.parametrize("name", LOOKING)
def test_nothing_of_the_host_is_reached(runs: Runs, name: str, place: str) -> None:
    assert runs.of("looking", place)[name] == (place == "gvisor" and name in OWN_KERNEL)


@pytest.mark.parametrize("place", NAMES)
@pytest.mark.parametrize("name", FORBIDDEN)
def test_this_is_forbidden(runs: Runs, name: str, place: str) -> None:
    assert runs.of("forbidden", place)[name] == (place == "gvisor" and name in OWN_KERNEL)


def test_priorities_and_terminals_of_a_box_are_none_of_the_hosts(held: BackEnd) -> None:
    body = """
import os, time
try: os.setpriority(os.PRIO_PROCESS, 0, -5)
except OSError: pass
try: kept = os.openpty()
except OSError: pass
time.sleep(60)
"""
    terminals = sorted(Path("/dev/pts").iterdir())
    with Box(held, SHORT) as box:
        box.answer(program(body).packed(b""), 8)
        priorities = {priority(one) for one in descendants(box.warden)}
        assert sorted(Path("/dev/pts").iterdir()) == terminals
    assert min(priorities) >= os.nice(0)


def priority(process: int) -> int:
    try:
        return os.getpriority(os.PRIO_PROCESS, process)
    except ProcessLookupError:
        return os.nice(0)


RESULT = """
import os, struct
def result():
    return max(int(one) for one in range(3, 64) if is_pipe(one))
def is_pipe(number):
    try:
        return os.fstat(number).st_mode & 0o170000 == 0o010000
    except OSError:
        return False
"""
TELLING = {
    "a crash": "import ctypes; ctypes.string_at(0)",
    "an exit code": "import os; os._exit(77)",
    "an exception": "raise RuntimeError('present')",
    "an abort": "import os; os.abort()",
    "a deadly signal": "import os, signal; os.kill(os.getpid(), signal.SIGKILL)",
    "a signal to all": "import os, signal; os.kill(-1, signal.SIGKILL); raise SystemExit",
    "a log": "import sys; print('present', file=sys.stderr); raise SystemExit",
    "text": "return 'present'",
    "a pickle": "import pickle\nreturn pickle.dumps({'got': 1})",
    "a nested list": """
nested = []
for _ in range(10**5):
    nested = [nested]
return {'got': nested}
""",
    "a NaN": "return {'got': float('nan')}",
    "an integer without end": "return {'got': 1 << 10**6}",
    "an output of another size": "return {'got': [1] * 10**5}",
    "an object that is no number": """
class Odd:
    def __float__(self): return 'x'
return {'got': Odd()}
""",
    "nothing": "return None",
    "bytes before the answer": RESULT + "os.write(result(), bytes(8)); return {'got': 1}",
    "a flood": RESULT + "while True: os.write(result(), bytes(65536))",
    "half an answer": RESULT + "os.write(result(), bytes(4)); os._exit(0)",
    "text for an answer": RESULT + "os.write(result(), b'present of 9'); os._exit(0)",
    "a closed pipe": "import os; os.closerange(0, 64)",
    "sleep": "import time; time.sleep(60)",
    "a stop": "import os, signal; os.kill(os.getpid(), signal.SIGSTOP)",
    "work without end": """
import signal
for number in range(1, 32):
    try: signal.signal(number, signal.SIG_IGN)
    except (OSError, ValueError): pass
while True: pass
""",
    "a child that works on": """
import os
if os.fork() == 0:
    os.setsid()
    while True: pass
os._exit(0)
""",
    "a child that keeps the pipe": """
import os, time
if os.fork() == 0:
    os.setsid(); time.sleep(60)
os.kill(os.getpid(), 9)
""",
    "processes without end": """
import os
while True:
    try: os.fork()
    except OSError: pass
""",
    "memory without end": "kept = []\nwhile True: kept.append(bytearray(b'x' * 2**20))",
    "space without end": """
number = 0
while True:
    number += 1
    with open(f"/tmp/{number}", "wb") as file: file.write(bytes(2**20))
""",
    "names without end": """
number = 0
while True:
    number += 1
    open(f"/tmp/{number}", "x").close()
""",
    "threads without end": """
import threading, time
while True: threading.Thread(target=time.sleep, args=(60,)).start()
""",
    "descriptors without end": "import os\nkept = [os.pipe() for _ in range(10**6)]",
}
"""Ways to say one bit by something else than a declared number."""
DEFAULT = 0.25


@pytest.mark.parametrize("way", TELLING)
def test_whatever_a_program_does_the_host_hands_on_the_default(held: BackEnd, way: str) -> None:
    job = program(TELLING[way], got=Output("got", 0, 1, default=DEFAULT))
    with Box(held, SHORT) as box:
        answer = box.answer(job.packed(b"rows"), 8)
        started = descendants(box.warden)
    assert values(job, answer) == {"got": (DEFAULT,)}
    assert not box.errors()
    assert not any(Path("/proc", str(one)).exists() for one in [*started, box.warden])
    assert not box.folder.exists()


def test_the_canary_process_lives_on(known: dict[str, Any], held: BackEnd) -> None:
    boxed(held, program("import os, signal; os.kill(-1, signal.SIGKILL)"))
    status = Path(f"/proc/{known['PID']}/stat").read_text()
    assert status.rpartition(")")[2].split()[0] == "S"


VIEW = """
import glob, hashlib, os, resource, socket, sys
seen = [
    sorted(os.environ.items()), sys.argv, sys.path, socket.gethostname(), os.uname()[:],
    os.getcwd(), os.getresuid(), os.getresgid(), os.getgroups(), os.getpid(), os.getppid(),
    os.getsid(0), sorted(glob.glob("/*")), glob.glob("/tmp/*"), glob.glob("/dev/shm/*"),
    [resource.getrlimit(one) for one in range(16)], hash("text"), rows,
]
return {"got": int(hashlib.sha256(repr(seen).encode()).hexdigest()[:12], 16)}
"""


def test_two_boxes_look_alike_from_inside_so_no_block_knows_its_number(held: BackEnd) -> None:
    job = program(VIEW, got=Output("got", 0, 2**48, default=0.0))
    found = {values(job, boxed(held, job))["got"] for _ in range(3)}
    assert len(found) == 1
    assert found != {(0.0,)}
    assert values(job, boxed(held, job, b"others"))["got"] not in found


def test_nothing_persists_for_the_next_block(held: BackEnd) -> None:
    job = persisting("/")
    assert [values(job, boxed(held, job)) for _ in range(2)] == [{"got": (0.0,)}] * 2


MEETING = """
import os, socket, time

def listening(family, address):
    one = socket.socket(family)
    one.bind(address)
    one.listen()
    return one

def met(attempt):
    try: return attempt()
    except OSError: return False

def connected(family, address):
    with socket.socket(family) as one:
        one.settimeout(1)
        return one.connect(address) is None

files = ["/tmp/" + TOKEN, "/dev/shm/" + TOKEN]
sockets = [(socket.AF_UNIX, "\\0" + TOKEN), (socket.AF_INET, ("127.0.0.1", PORT))]
if rows == b"first":
    kept = [met(lambda: open(file, "x")) for file in files]
    kept += [met(lambda: listening(*one)) for one in sockets]
    time.sleep(3)
    for file in files: os.remove(file)
    return {"got": 0}
time.sleep(1)
seen = [met(lambda: os.path.exists(file)) for file in files]
return {"got": seen + [met(lambda: connected(*one)) for one in sockets]}
"""


def meeting() -> Job:
    """Leave signs and wait, or look for the signs of another that runs at the same time."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    known = {"TOKEN": uuid.uuid4().hex, "PORT": port}
    return program(MEETING, known, got=Output("got", 0, 1, 4, default=0.5))


def met(run: Callable[[Job, bytes], bytes]) -> tuple[float, ...]:
    """Run two blocks of one program at once; give what the second saw of the first."""
    job = meeting()
    with ThreadPoolExecutor(2) as both:
        both.submit(run, job, b"first")
        return values(job, both.submit(run, job, b"second").result())["got"]


def test_two_blocks_at_once_do_not_meet(held: BackEnd) -> None:
    assert met(partial(boxed, held)) == (0.0,) * 4


def test_two_bare_processes_would() -> None:
    assert met(bare) == (1.0,) * 4


def test_a_bare_process_would_find_what_it_had_left(tmp_path: Path) -> None:
    job = persisting(str(tmp_path))
    assert [values(job, bare(job))["got"] for _ in range(2)] == [(0.0,), (1.0,)]


def persisting(top: str) -> Job:
    """Leave a mark in every folder below one, and look for marks of before."""
    body = """
import os
found = False
for folder, folders, files in os.walk(TOP):
    if folder.startswith(("/proc", "/sys", "/usr", "/python", "/packages")): folders.clear()
    found = found or "mark" in files
    try: open(folder + "/mark", "x").close()
    except OSError: pass
return {"got": found}
"""
    return program(body, {"TOP": top}, got=Output("got", 0, 1, default=0.5))
