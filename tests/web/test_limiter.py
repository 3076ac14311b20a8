"""Tries run out exactly at the limit and come back when they are said to."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.errors import TooMany
from sandbox.settings import Rate
from sandbox.web import limiter
from sandbox.web.limiter import Limiter


class Hand:
    """Seconds that a test moves."""

    def __init__(self) -> None:
        self.time = 1000.0

    def __call__(self) -> float:
        return self.time


def wait_of(limits: Limiter, key: str) -> int:
    with pytest.raises(TooMany) as refusal:
        limits.take(key)
    return refusal.value.wait


@given(count=st.integers(1, 200), seconds=st.integers(1, 86400))
def test_so_many_at_once_and_the_next_when_it_is_said(count: int, seconds: int) -> None:
    hand = Hand()
    limits = Limiter(Rate(count, timedelta(seconds=seconds)), "x", hand)
    for _ in range(count):
        limits.take("key")
    wait = wait_of(limits, "key")
    assert 0 < wait <= seconds / count + 1
    limits.take("another")
    hand.time += wait
    limits.take("key")


@given(steps=st.lists(st.floats(0, 30), max_size=200))
def test_no_pattern_of_tries_gets_more_than_twice_the_limit_in_a_span(steps: list[float]) -> None:
    hand = Hand()
    limits = Limiter(Rate(5, timedelta(seconds=60)), "x", hand)
    taken: list[float] = []
    for step in steps:
        hand.time += step
        try:
            limits.take("key")
        except TooMany:
            continue
        taken.append(hand.time)
    for begun in taken:
        assert len([one for one in taken if begun <= one < begun + 60]) <= 10


def test_a_good_try_does_not_count() -> None:
    limits = Limiter(Rate(1, timedelta(hours=1)), "x", Hand())
    for _ in range(100):
        limits.take("key")
        limits.give_back("key")
    limits.take("key")
    assert wait_of(limits, "key") == 3600


def test_a_flood_of_names_does_not_free_the_one_under_attack(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(limiter, "MAX_KEYS", 100)
    limits = Limiter(Rate(3, timedelta(hours=1)), "x", Hand())
    for _ in range(3):
        limits.take("victim")
    for number in range(1000):
        limits.take(f"name-{number}")
    assert wait_of(limits, "victim") > 0
