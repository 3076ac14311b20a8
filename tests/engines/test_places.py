"""So many compute at once, so many wait in their order, and the next one is told so at once."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Lock

import pytest

from sandbox.engines.local import LocalEngine
from sandbox.engines.places import Places
from sandbox.errors import Unavailable

PATIENCE = 10
"""Seconds until a thread that never goes on fails its test."""


@dataclass
class Room:
    """Counts who is inside."""

    inside: int = 0
    most: int = 0
    came: list[int] = field(default_factory=list)
    lock: Lock = field(default_factory=Lock)

    @contextmanager
    def visit(self, number: int) -> Iterator[None]:
        with self.lock:
            self.inside += 1
            self.most = max(self.most, self.inside)
            self.came.append(number)
        yield
        with self.lock:
            self.inside -= 1


def until(reached: Callable[[], bool]) -> None:
    """Wait until something holds."""
    patience = time.monotonic() + PATIENCE
    while not reached():
        assert time.monotonic() < patience
        time.sleep(0.001)


@contextmanager
def crowd(places: Places, running: int, waiting: int) -> Iterator[tuple[Room, Event]]:
    """Fill all places one after the other, and hold them until the event is set."""
    room, leave = Room(), Event()

    def hold(number: int) -> None:
        with places.one(), room.visit(number):
            assert leave.wait(PATIENCE)

    with ThreadPoolExecutor(running + waiting) as threads:
        held: list[Future[None]] = []
        try:
            for number in range(running + waiting):
                held.append(threads.submit(hold, number))
                until(lambda: places.taken == len(held))
            until(lambda: room.inside == running)
            yield room, leave
        finally:
            leave.set()
        for one in held:
            one.result(PATIENCE)


@pytest.mark.parametrize(("running", "waiting"), [(1, 0), (1, 3), (3, 5)])
def test_a_full_queue_refuses_at_once_and_lets_nobody_in_too_many(
    running: int, waiting: int
) -> None:
    places = Places(running, waiting)
    with crowd(places, running, waiting) as (room, leave):
        begun = time.monotonic()
        with pytest.raises(Unavailable) as busy, places.one():
            pytest.fail("there was no place")
        assert time.monotonic() - begun < 0.5
        assert busy.value.code == "engine.busy"
        assert room.inside == running
        leave.set()
    assert room.most == running
    assert sorted(room.came) == list(range(running + waiting))
    with places.one():
        pass


def test_who_came_first_computes_first() -> None:
    with crowd(Places(running=1, waiting=8), running=1, waiting=8) as (room, leave):
        leave.set()
    assert room.came == list(range(9))


def test_never_more_than_allowed_are_inside() -> None:
    places, room = Places(running=3, waiting=20), Room()

    def pass_through(number: int) -> None:
        with places.one(), room.visit(number):
            time.sleep(0.001)

    with ThreadPoolExecutor(20) as threads:
        list(threads.map(pass_through, range(300)))
    assert room.most == 3
    assert sorted(room.came) == list(range(300))


def test_a_place_is_freed_by_whatever_ends_its_block() -> None:
    places = Places(running=1, waiting=0)

    def fail(fault: BaseException) -> None:
        with places.one():
            raise fault

    for fault in (RuntimeError(), KeyboardInterrupt(), GeneratorExit()):
        with pytest.raises(type(fault)):
            fail(fault)
    with places.one():
        pass


def test_a_failure_lets_the_next_one_in() -> None:
    places, go_on = Places(running=1, waiting=1), Event()

    def fail() -> None:
        with places.one():
            assert go_on.wait(PATIENCE)
            raise RuntimeError

    with ThreadPoolExecutor(1) as threads:
        failing = threads.submit(fail)
        until(lambda: places.taken == 1)
        go_on.set()
        with places.one():
            assert isinstance(failing.exception(PATIENCE), RuntimeError)


@pytest.mark.parametrize(("running", "waiting"), [(0, 5), (1, -1)])
def test_a_line_in_which_nobody_could_compute_is_refused(running: int, waiting: int) -> None:
    with pytest.raises(ValueError, match="place"):
        Places(running, waiting)


def test_an_engine_has_the_places_that_it_was_given(tmp_path: Path) -> None:
    engine = LocalEngine(tmp_path, running=2, waiting=0)
    with engine.place(), engine.place(), pytest.raises(Unavailable) as busy, engine.place():
        pytest.fail("there were two places only")
    assert busy.value.code == "engine.busy"
    with engine.place():
        pass
