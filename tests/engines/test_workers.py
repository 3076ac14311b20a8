"""What all workers promise, wherever they stand: slots by public numbers, one fair run a block."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from sandbox.engines.lane import seat
from sandbox.engines.local_workers import LocalWorkers
from sandbox.engines.ray_workers import RayWorkers
from sandbox.engines.workers import Workers
from sandbox.errors import Unavailable
from sandbox.isolation.box import Box
from sandbox.isolation.bubblewrap import Bubblewrap
from sandbox.isolation.limits import MIB, Limits
from sandbox.isolation.plan import BackEnd
from sandbox.isolation.warden import descendants
from sandbox.model.output import Output
from sandbox.model.program import Program
from sandbox.model.schedule import Schedule
from tests.support.boxes import LIMITS, back_end, program

LEAD = 2.0
LATE = 0.25
"""Seconds that a busy machine may be late."""
CLOCK = 2.0**40
Start = Callable[[BackEnd], Workers]


@pytest.fixture
def started() -> Start:
    return lambda held: LocalWorkers(held, 2)


@pytest.fixture
def held() -> BackEnd:
    return back_end("bubblewrap")


@pytest.fixture
def workers(started: Start, held: BackEnd) -> Iterator[Workers]:
    with closing(started(held)) as some:
        yield some


def answering(body: str, high: float = 100.0) -> Program:
    return program(body, got=Output("got", 0, high, default=7.0))


def numbered(count: int) -> list[bytes]:
    return [bytes(number) for number in range(count)]


def test_each_block_has_its_own_answer_in_the_blocks_order(workers: Workers) -> None:
    job = answering("import time; time.sleep(0.2 / (1 + len(rows))); return {'got': len(rows)}")
    assert workers.run(job, numbered(7), LIMITS) == [((float(n),),) for n in range(7)]


def test_a_failing_program_gives_defaults_and_is_run_once(workers: Workers) -> None:
    bodies = "if len(rows) == 1: raise ValueError\nif len(rows) == 2: import os; os._exit(9)"
    job = answering(f"{bodies}\nreturn {{'got': len(rows)}}")
    assert workers.run(job, numbered(4), LIMITS) == [((n,),) for n in (0.0, 7.0, 7.0, 3.0)]


SPENDING = {
    "nothing": "pass",
    "all of its time": "time.sleep(60)",
    "a crash": "os.abort()",
    "survivors": "os.fork() or time.sleep(60)",
}


@pytest.mark.parametrize("spent", SPENDING)
def test_when_a_block_starts_says_nothing_of_the_blocks_before_it(
    workers: Workers, spent: str
) -> None:
    schedule = Schedule(blocks=5, workers=2, allotment=0.6)
    body = f"""
import os, time
seen = time.monotonic()
if len(rows) < 2:
    {SPENDING[spent]}
return {{"got": seen}}
"""
    begun = time.monotonic()
    found = workers.run(answering(body, CLOCK), numbered(5), LIMITS, schedule, lead=LEAD)
    took = time.monotonic() - begun
    step = CLOCK / 2**53
    for block in range(2, 5):
        late = found[block][0][0] - begun - LEAD - schedule.start(block // 2)
        assert -step <= late < LATE
    assert LEAD + schedule.running <= took < LEAD + schedule.running + LATE


def test_no_box_means_unavailable_and_no_earlier_than_an_answer(
    started: Start, tmp_path: Path
) -> None:
    schedule = Schedule(blocks=2, workers=2, allotment=0.1)
    with closing(started(Bubblewrap(tmp_path / "missing"))) as none:
        begun = time.monotonic()
        with pytest.raises(Unavailable) as refused:
            none.run(answering("return {}"), numbered(2), LIMITS, schedule, lead=0.2)
        assert time.monotonic() - begun >= 0.2 + schedule.running
        with pytest.raises(Unavailable):
            none.run(answering("return {}"), numbered(2), LIMITS)
    assert refused.value.code == "isolation.start"


def wardens() -> set[int]:
    """Find the wardens below this process."""
    found = set()
    for process in descendants(os.getpid()):
        try:
            words = Path(f"/proc/{process}/cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        if len(words) > 3 and words[3].endswith(b"warden.py"):
            found.add(process)
    return found


def kill_wardens(moment: float, count: int) -> None:
    """Kill the wardens that were started first."""
    time.sleep(moment - time.monotonic())
    for warden in sorted(wardens())[:count]:
        os.kill(warden, signal.SIGKILL)


def test_a_block_whose_box_was_lost_runs_again_and_the_answer_is_the_same(
    workers: Workers,
) -> None:
    schedule = Schedule(blocks=2, workers=2, allotment=2.5)
    job = answering("import time; time.sleep(0.5); return {'got': len(rows)}")
    begun = time.monotonic()
    with ThreadPoolExecutor() as beside:
        # Both blocks run by then; boxes for the spare slots are started later.
        killed = beside.submit(kill_wardens, begun + LEAD + 0.2, 2)
        found = workers.run(job, numbered(2), LIMITS, schedule, lead=LEAD)
    killed.result()
    assert found == [((0.0,),), ((1.0,),)]


def test_boxes_of_a_run_are_gone_once_the_workers_are(started: Start, held: BackEnd) -> None:
    before = wardens()
    with closing(started(held)) as some:
        some.run(answering("return {'got': 1}"), numbered(3), LIMITS)
    assert wardens() <= before


def test_a_schedule_of_other_workers_is_refused(workers: Workers) -> None:
    with pytest.raises(ValueError, match="schedule"):
        workers.run(answering("return {}"), numbered(2), LIMITS, Schedule(2, 3, 1.0))


def test_libraries_that_a_program_names_are_there_before_its_time_begins(
    workers: Workers,
) -> None:
    source = """
import sys
before = "numpy" in sys.modules and "polars" in sys.modules
import numpy as np, os
def run(rows): return {"got": before}
"""
    job = Program({"main": source}, ("main", "run"), (Output("got", 0, 1, default=0.5),))
    limits = Limits(wall=20, memory=512 * MIB)
    import polars as pl  # noqa: PLC0415

    stream = pl.DataFrame({"x": [1.0]}).write_ipc_stream(None).getvalue()
    assert workers.run(job, [stream], limits) == [((1.0,),)]


def kill_one_worker(moment: float) -> int:
    """Kill the process that the boxes of one worker hang on."""
    time.sleep(moment - time.monotonic())
    status = Path(f"/proc/{min(wardens())}/stat").read_text()
    worker = int(status.rpartition(")")[2].split()[1])
    os.kill(worker, signal.SIGKILL)
    return worker


def a_killed_worker_changes_no_answer(workers: Workers) -> None:
    schedule = Schedule(blocks=2, workers=2, allotment=2.5)
    job = answering("import time; time.sleep(0.7); return {'got': len(rows)}")
    begun = time.monotonic()
    with ThreadPoolExecutor() as beside:
        killed = beside.submit(kill_one_worker, begun + LEAD + 0.3)
        found = workers.run(job, numbered(2), LIMITS, schedule, lead=LEAD)
    assert killed.result() != os.getpid()
    assert found == [((0.0,),), ((1.0,),)]
    deadline = time.monotonic() + 60
    while descendants(killed.result()) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not descendants(killed.result())


@pytest.mark.heavy
@pytest.mark.filterwarnings("ignore::ResourceWarning")  # Ray leaves its log files open.
def test_workers_on_a_cluster_promise_the_same(held: BackEnd) -> None:
    # One test, for a cluster takes longer to start than all of these take.
    pytest.importorskip("ray")
    with closing(RayWorkers(held, "local", 2)) as some:
        test_each_block_has_its_own_answer_in_the_blocks_order(some)
        test_a_failing_program_gives_defaults_and_is_run_once(some)
        test_when_a_block_starts_says_nothing_of_the_blocks_before_it(some, "all of its time")
        test_a_block_whose_box_was_lost_runs_again_and_the_answer_is_the_same(some)
        test_libraries_that_a_program_names_are_there_before_its_time_begins(some)
        test_a_schedule_of_other_workers_is_refused(some)
        a_killed_worker_changes_no_answer(some)
    assert not wardens()


def test_a_cluster_that_is_not_there_is_unavailable_and_not_waited_for(held: BackEnd) -> None:
    pytest.importorskip("ray")
    begun = time.monotonic()
    with pytest.raises(Unavailable):
        RayWorkers(held, "127.0.0.1:1", 1)
    assert time.monotonic() - begun < 60


@pytest.mark.parametrize("count", [1, 2, 3])
@pytest.mark.parametrize("each", [1, 2])
@pytest.mark.parametrize("machine", [1, 2, 3, 4, 8, 9])
def test_workers_share_no_processor_where_there_are_enough(
    machine: int, each: int, count: int
) -> None:
    ours = list(range(10, 10 + machine))
    for turn in range(5):
        seats = [seat(ours, each, place, count, turn) for place in range(count)]
        assert all(0 < len(one) <= each for one in seats)
        used = [processor for one in seats for processor in one]
        if machine >= count * each:
            assert len(set(used)) == count * each
        if machine >= 2 * count * each:
            later = [seat(ours, each, place, count, turn + 1) for place in range(count)]
            assert not set(used) & {processor for one in later for processor in one}


def test_a_box_that_is_slow_to_go_is_no_lost_one(
    workers: Workers, monkeypatch: pytest.MonkeyPatch
) -> None:
    destroyed = Box.close

    def slowly(box: Box) -> None:
        time.sleep(4.0)
        destroyed(box)

    monkeypatch.setattr(Box, "close", slowly)
    schedule = Schedule(blocks=6, workers=2, allotment=0.3)
    job = answering("if len(rows) % 3: raise ValueError\nreturn {'got': len(rows)}")
    begun = time.monotonic()
    found = workers.run(job, numbered(6), LIMITS, schedule, lead=LEAD)
    assert found == [((n,),) for n in (0.0, 7.0, 7.0, 3.0, 7.0, 7.0)]
    assert time.monotonic() - begun < LEAD + schedule.running + 1.0
