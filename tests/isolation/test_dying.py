"""Whatever is killed, at whatever moment: no box and no folder outlives its site for long."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from sandbox.isolation.box import DESTROYED, Box
from sandbox.isolation.bubblewrap import Bubblewrap
from sandbox.isolation.gvisor import Gvisor
from sandbox.isolation.job import packed
from sandbox.isolation.leftovers import sweep
from sandbox.isolation.plan import BackEnd
from sandbox.isolation.warden import HAND_IN, descendants
from tests.support import site_program
from tests.support.boxes import LIMITS, SHORT, program

PATIENCE = 60.0
"""Seconds that a busy machine may take; an idle one takes tenths of one."""


def holds(fact: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if fact():
            return True
        time.sleep(0.05)
    return False


def alive(process: int) -> bool:
    """Say whether there is such a process, and not just its entry that nobody has read yet."""
    try:
        stat = Path(f"/proc/{process}/stat").read_text()
    except OSError:
        return False
    return stat.rpartition(")")[2].split()[0] not in "ZX"


def site(held: BackEnd, moment: str) -> "subprocess.Popen[str]":
    assert isinstance(held, Gvisor | Bubblewrap)
    found = held.runsc if isinstance(held, Gvisor) else held.bwrap
    return subprocess.Popen(  # noqa: S603  (our own program)
        [sys.executable, site_program.__file__, held.name, str(found), moment],
        stdout=subprocess.PIPE,
        text=True,
        env={"PYTHONPATH": os.pathsep.join([str(Path(__file__).parents[2]), *sys.path])},
    )


@pytest.mark.parametrize("moment", ["starting", "waiting", "running"])
def test_a_killed_site_leaves_no_box_and_no_folder(held: BackEnd, moment: str) -> None:
    with site(held, moment) as running:
        assert running.stdout is not None
        lines = [running.stdout.readline().split() for _ in range(3)]
        wardens = [int(one) for one, *_ in lines[:2]]
        folders = [Path(one) for _, *rest in lines[:2] for one in rest]
        if moment == "running":
            time.sleep(0.3)
        started = [*descendants(running.pid)]
        assert set(wardens) <= set(started)
        running.kill()
    assert holds(lambda: not any(map(alive, started)))
    assert holds(lambda: not any(folder.exists() for folder in folders))


def test_a_killed_sites_boxes_go_though_a_child_of_its_holds_their_pipes(held: BackEnd) -> None:
    with site(held, "forked") as running:
        assert running.stdout is not None
        lines = [running.stdout.readline().split() for _ in range(3)]
        wardens = [int(one) for one, *_ in lines[:2]]
        child = int(lines[2][1])
        running.kill()
        try:
            assert holds(lambda: not any(map(alive, wardens)))
            assert alive(child)
        finally:
            os.kill(child, signal.SIGKILL)


def test_a_box_ends_though_a_fork_of_the_sites_holds_its_pipe(held: BackEnd) -> None:
    box = Box(held, LIMITS)
    box.warm_up()
    started = descendants(box.warden)
    held_by_fork = os.dup(box._control)  # noqa: SLF001  (what a fork has)
    begun = time.monotonic()
    box.close()
    assert time.monotonic() - begun < DESTROYED
    assert not any(map(alive, started))
    os.close(held_by_fork)


def test_a_killed_warden_takes_its_box_along_and_its_folder_is_swept(held: BackEnd) -> None:
    with Box(held, LIMITS) as box, Box(held, LIMITS) as other:
        box.warm_up()
        other.warm_up()
        started = descendants(box.warden)
        assert started
        os.kill(box.warden, signal.SIGKILL)
        assert holds(lambda: not any(map(alive, started)))
        assert box.folder.exists()
        assert sweep(age=0) >= 1
        assert not box.folder.exists()
        assert other.folder.exists()
        assert len(other.answer(packed(program("return {'got': 1}"), b""), 8)) == 8


def test_a_box_has_its_time_also_where_the_site_no_longer_looks(held: BackEnd) -> None:
    with Box(held, SHORT) as box:
        box.warm_up()
        box._tell(HAND_IN)  # noqa: SLF001  (what a site does that stops right afterwards)
        assert holds(lambda: not alive(box.warden))
        assert not box.folder.exists()


def test_a_signal_to_the_group_of_a_terminal_does_not_reach_a_box(held: BackEnd) -> None:
    with Box(held, LIMITS) as box:
        box.warm_up()
        assert os.getsid(box.warden) == box.warden
        os.kill(box.warden, signal.SIGTERM)
        assert len(box.answer(packed(program("return {'got': 1}"), b""), 8)) == 8


def test_nothing_of_a_box_is_mounted_on_the_host(held: BackEnd) -> None:
    with Box(held, LIMITS) as box:
        box.warm_up()
        assert str(box.folder) not in Path("/proc/self/mountinfo").read_text()
