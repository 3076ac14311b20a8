"""A zoo of planted bugs: the tests must find them, or they would not find one of ours."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.zoo.bugs import BUGS
from tests.zoo.planting import NAME

ROOT = Path(__file__).parents[2]
SUITE = (
    "tests/engines",
    "tests/privacy",
    "tests/statistics/test_neighbours.py",
    "tests/statistics/test_noise_distribution.py",
    "tests/flow/test_asking.py",
    "tests/flow/test_cancelling.py",
    "tests/attacks/test_republication.py",
    "tests/attacks/test_membership.py",
    "tests/attacks/test_trackers.py",
    "tests/model",
    "tests/query",
)
"""Tests that are about the privacy of one answer, in an order that finds most bugs soon."""
FAILED = 1
"""What pytest exits with when tests ran and some failed."""


def run(*tests: str, bug: str | None = None) -> int:
    """Run tests in a process of their own, until the first fails; give the exit status."""
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-n", "0", "-p", "no:cacheprovider"]
    environment = {**os.environ} | ({NAME: bug} if bug else {})
    ran = subprocess.run(  # noqa: S603  (our own tests)
        [*command, *tests], cwd=ROOT, env=environment, capture_output=True, check=False
    )
    return ran.returncode


@pytest.mark.parametrize("name", BUGS)
def test_each_bug_has_its_place_in_the_source(name: str) -> None:
    for module in BUGS[name].modules:
        spec = find_spec(module)
        assert spec is not None
        assert spec.origin is not None
        source = Path(spec.origin).read_text(encoding="utf-8")
        assert BUGS[name].planted(module, source) != source


@pytest.mark.heavy
def test_one_bug_is_found_by_one_test() -> None:
    tests = "tests/statistics/test_neighbours.py::test_the_claim_is_reached_so_it_cannot_be_lowered"
    assert run(tests) == 0
    assert run(tests, bug="sensitivity off by one") == FAILED


@pytest.mark.heavy
def test_nine_in_ten_are_found() -> None:
    with ThreadPoolExecutor(2) as both:
        outcomes = dict(zip(BUGS, both.map(lambda name: run(*SUITE, bug=name), BUGS), strict=True))
    missed = [name for name, outcome in outcomes.items() if outcome != FAILED]
    assert len(missed) <= len(BUGS) / 10, missed
