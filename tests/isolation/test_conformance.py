"""What every back end has to do, whatever it is made of."""

import io
import math
import os

import polars as pl
import pytest

from sandbox.errors import Unavailable
from sandbox.isolation.box import Box
from sandbox.isolation.gvisor import Gvisor
from sandbox.isolation.job import packed
from sandbox.isolation.limits import MIB, Limits
from sandbox.isolation.outputs import length
from sandbox.isolation.plan import BackEnd
from sandbox.isolation.pool import Pool
from sandbox.model.output import Output
from sandbox.model.program import Frame, Program
from tests.support.boxes import LIMITS, SHORT, boxed, program, values

ONE = Output("got", -10, 10, default=-7.0)


def ran(held: BackEnd, body: str, limits: Limits = LIMITS, **outputs: Output) -> dict[str, object]:
    job = program(body, None, **(outputs or {"got": ONE}))
    return dict(values(job, boxed(held, job, limits=limits)))


def test_a_job_is_answered(held: BackEnd) -> None:
    assert ran(held, "return {'got': len(rows)}") == {"got": (4.0,)}


@pytest.mark.parametrize("frame", [Frame.POLARS, Frame.PANDAS])
def test_a_function_gets_the_frame_that_it_asked_for(held: BackEnd, frame: Frame) -> None:
    stream = io.BytesIO()
    rows = pl.DataFrame({"x": [1.0, 2.0, 6.0], "site": ["a", "b", None], "n": [1, None, 3]})
    rows.write_ipc_stream(stream)
    source = f"""
import {frame} as library
def run(rows):
    assert isinstance(rows, library.DataFrame), type(rows)
    return {{"mean": rows["x"].mean(), "shape": rows.shape, "n": rows["n"].sum()}}
"""
    outputs = (Output("mean", 0, 9), Output("shape", 0, 9, (2,)), Output("n", 0, 9))
    job = Program({"program": source}, ("program", "run"), outputs, frame)
    limits = Limits(wall=30, memory=1024 * MIB)
    with Box(held, limits, warm=(str(frame),)) as box:
        answer = box.answer(packed(job, stream.getvalue()), length(outputs))
    assert values(job, answer) == {"mean": (3.0,), "shape": (3.0, 3.0), "n": (4.0,)}


def test_modules_of_the_researchers_own_travel_along(held: BackEnd) -> None:
    modules = {
        "program": "from tools.count import twice\nimport constants\n"
        "def run(rows): return {'got': twice(len(rows)) + constants.ONE}",
        "tools": "",
        "tools.count": "from tools import number\ndef twice(x): return number.TWO * x",
        "tools.number": "TWO = 2",
        "constants": "ONE = 1",
    }
    job = Program(modules, ("program", "run"), (ONE,), Frame.BYTES)
    assert values(job, boxed(held, job)) == {"got": (9.0,)}


def test_no_box_compiles_what_is_compiled_already(held: BackEnd) -> None:
    body = """
import os, polars, sys, typing_extensions
modules = [one for one in sys.modules.values() if getattr(one, "__cached__", None)]
return {"got": sum(not os.path.exists(one.__cached__) for one in modules)}
"""
    assert ran(held, body) == {"got": (0.0,)}


def test_numbers_arrays_and_tables_come_back_in_order(held: BackEnd) -> None:
    body = "return {'table': [[1, 2], (3, 4.5)], 'one': True, 'extra': 5}"
    found = ran(held, body, one=Output("one", 0, 9), table=Output("table", 0, 9, (4,)))
    assert found == {"one": (1.0,), "table": (1.0, 2.0, 3.0, 4.5)}


@pytest.mark.parametrize(
    "body",
    [
        "raise ValueError('a secret')",
        "raise SystemExit(3)",
        "import os; os._exit(3)",
        "import os; os.abort()",
        "import ctypes; ctypes.string_at(0)",
        "return 'text'",
        "return {'got': 'text'}",
        "return {'got': [1, 2]}",
        "return {'other': 1}",
        "return {'got': float('nan')}",
        "return {'got': float('-inf')}",
        "return {'got': 10 ** 400}",
    ],
)
def test_what_is_no_answer_is_the_declared_default(held: BackEnd, body: str) -> None:
    assert ran(held, body) == {"got": (-7.0,)}


def test_what_is_out_of_range_is_its_nearer_end(held: BackEnd) -> None:
    assert ran(held, "return {'got': 1e300}") == {"got": (10.0,)}


@pytest.mark.parametrize(
    "body",
    [
        "import time; time.sleep(60); return {'got': 1}",
        "while True: pass",
        "import os, signal; os.kill(os.getpid(), signal.SIGSTOP); return {'got': 1}",
    ],
)
def test_whoever_takes_too_long_is_a_default(held: BackEnd, body: str) -> None:
    assert ran(held, body, SHORT) == {"got": (-7.0,)}


LIMIT_BREAKERS = {
    "memory of one": "kept = [bytearray(b'x' * 2**20) for _ in range(768)]",
    "memory of many": """
import os, time
for _ in range(8):
    if os.fork() == 0:
        kept = bytearray(b'x' * (96 * 2**20)); time.sleep(60); os._exit(0)
time.sleep(2)
""",
    "space": "open('/tmp/a', 'wb').write(bytes(6 * 2**20)); "
    "open('/tmp/b', 'wb').write(bytes(6 * 2**20))",
    "shared memory": "[open(f'/dev/shm/{n}', 'wb').write(bytes(2 * 2**20)) for n in range(8)]",
    "size of a file": "open('/tmp/a', 'wb').truncate(64 * 2**20)",
    "descriptors": "kept = [open('/dev/null') for _ in range(100)]",
    "processes": """
import os, time
for _ in range(100):
    if os.fork() == 0:
        time.sleep(60); os._exit(0)
""",
    "threads": """
import threading, time
for _ in range(100):
    threading.Thread(target=time.sleep, args=(60,), daemon=True).start()
""",
    "raising": "import resource as r; r.setrlimit(r.RLIMIT_NOFILE, (4096, 4096))",
}


@pytest.mark.parametrize("limit", LIMIT_BREAKERS)
def test_a_limit_holds(held: BackEnd, limit: str) -> None:
    body = f"{LIMIT_BREAKERS[limit].strip()}\nreturn {{'got': 1}}"
    assert ran(held, body) == {"got": (-7.0,)}


def test_names_in_a_box_are_limited_where_the_back_end_counts_them(held: BackEnd) -> None:
    if isinstance(held, Gvisor):
        pytest.skip("gVisor does not count them; they use the box's own memory, which is limited")
    if os.geteuid():
        pytest.skip("only root mounts a place that counts them")
    body = """
for number in range(2000):
    open(f"/tmp/{number}", "x").close()
return {"got": 1}
"""
    assert ran(held, body) == {"got": (-7.0,)}


def test_a_box_takes_one_job(held: BackEnd) -> None:
    job = program("return {'got': 1}")
    with Box(held, LIMITS) as box:
        box.answer(packed(job, b""), 8)
        with pytest.raises(ValueError, match="one job"):
            box.answer(packed(job, b""), 8)


def test_errors_are_heard_over_mock_rows_alone_and_up_to_a_bound(held: BackEnd) -> None:
    body = "print('shown')\nprint('x' * 10**6)\nraise ValueError('as it stands')"
    job = program(body)
    with Box(held, LIMITS, heard=True) as box:
        box.answer(packed(job, b""), 8)
    said = box.errors()
    assert said.startswith("shown")
    assert len(said) <= 65536
    with Box(held, LIMITS) as deaf:
        deaf.answer(packed(job, b""), 8)
    assert not deaf.errors()


def test_a_traceback_shows_the_researchers_own_lines(held: BackEnd) -> None:
    with Box(held, LIMITS, heard=True) as box:
        box.answer(packed(program("wrong = 1 / 0"), b""), 8)
    assert "wrong = 1 / 0" in box.errors()
    assert "ZeroDivisionError" in box.errors()


def test_a_large_block_reaches_a_function_that_never_reads_the_end_of_it(held: BackEnd) -> None:
    job = program("return {'got': len(rows) / 1e8}")
    found = values(job, boxed(held, job, bytes(20 * 10**6)))
    assert math.isclose(found["got"][0], 0.2)


def test_a_pool_gives_each_job_a_box_of_its_own(held: BackEnd) -> None:
    body = """
import os
seen = os.path.exists('/tmp/was-here')
open('/tmp/was-here', 'w').close()
return {'got': seen}
"""
    job = program(body)
    with Pool(held, LIMITS, size=2) as pool:
        assert [pool.run(job, b"") for _ in range(3)] == [((0.0,),)] * 3
    with pytest.raises(Unavailable):
        pool.take()
