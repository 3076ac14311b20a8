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
from sandbox.isolation.job import packed
from sandbox.isolation.plan import BackEnd
from sandbox.isolation.warden import descendants
from sandbox.model.output import Output
from sandbox.model.program import Program
from tests.attacks.hostile_programs import FORBIDDEN, LOOKING, OWN_KERNEL, together
from tests.attacks.telling_programs import MEETING, TELLING, VIEW
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
        output = Output("got", 0, 1, (len(programs),), default=0.5)
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
        box.answer(packed(program(body), b""), 8)
        priorities = {priority(one) for one in descendants(box.warden)}
        assert sorted(Path("/dev/pts").iterdir()) == terminals
    assert min(priorities) >= os.nice(0)


def priority(process: int) -> int:
    try:
        return os.getpriority(os.PRIO_PROCESS, process)
    except ProcessLookupError:
        return os.nice(0)


DEFAULT = 0.25


@pytest.mark.parametrize("way", TELLING)
def test_whatever_a_program_does_the_host_hands_on_the_default(held: BackEnd, way: str) -> None:
    job = program(TELLING[way], got=Output("got", 0, 1, default=DEFAULT))
    with Box(held, SHORT) as box:
        answer = box.answer(packed(job, b"rows"), 8)
        started = descendants(box.warden)
    assert values(job, answer) == {"got": (DEFAULT,)}
    assert not box.errors()
    assert not any(Path("/proc", str(one)).exists() for one in [*started, box.warden])
    assert not box.folder.exists()


def test_the_canary_process_lives_on(known: dict[str, Any], held: BackEnd) -> None:
    boxed(held, program("import os, signal; os.kill(-1, signal.SIGKILL)"))
    status = Path(f"/proc/{known['PID']}/stat").read_text()
    assert status.rpartition(")")[2].split()[0] == "S"


def test_two_boxes_look_alike_from_inside_so_no_block_knows_its_number(held: BackEnd) -> None:
    job = program(VIEW, got=Output("got", 0, 2**48, default=0.0))
    found = {values(job, boxed(held, job))["got"] for _ in range(3)}
    assert len(found) == 1
    assert found != {(0.0,)}
    assert values(job, boxed(held, job, b"others"))["got"] not in found


def test_nothing_persists_for_the_next_block(held: BackEnd) -> None:
    job = persisting("/")
    assert [values(job, boxed(held, job)) for _ in range(2)] == [{"got": (0.0,)}] * 2


def meeting() -> Program:
    """Leave signs and wait, or look for the signs of another that runs at the same time."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    known = {"TOKEN": uuid.uuid4().hex, "PORT": port}
    return program(MEETING, known, got=Output("got", 0, 1, (4,), default=0.5))


def met(run: Callable[[Program, bytes], bytes]) -> tuple[float, ...]:
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


def persisting(top: str) -> Program:
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
