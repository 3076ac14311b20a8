"""A9: kill -9 between any two steps of an answer; the debit stands or does not, and says so."""

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, nullcontext
from itertools import count

import pytest

from sandbox.model.step import Step
from tests.support.mortal import AT_THE_END, LEFT, Mortal, mortal, question

CROWD = 6
"""Three questions, each asked by two at once."""
THIRD = "3"

numbers = count()


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def site(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Mortal]:
    """One site that dies of all steps, one after another."""
    on_server = request.param == "postgresql"
    books = request.getfixturevalue("server").new_database() if on_server else None
    with mortal(tmp_path_factory.mktemp("site"), books) as site:
        site.lives.begin()
        site.audit()
        yield site


@contextmanager
def damaged_snapshot(site: Mortal) -> Iterator[None]:
    """Let nothing be computed: one byte of a shard is wrong."""
    shard = next((site.folder / "site" / "snapshots").rglob("*.parquet"))
    sound = shard.read_bytes()
    shard.write_bytes(bytes([sound[0] ^ 1]) + sound[1:])
    yield
    shard.write_bytes(sound)


def die(site: Mortal, step: Step, questions: list[str], passings: str = "1") -> list[bytes | None]:
    """Ask all at once until the site has died of it; give what was answered, then or after it.

    Who was not yet heard before is answered in the next life, which begins here.
    """
    site.lives.begin("kill", step, passings)
    site.look()
    with ThreadPoolExecutor(CROWD) as askers:
        with damaged_snapshot(site) if step is Step.FAILED else nullcontext():
            asked = [askers.submit(site.ask, one) for one in questions]
            site.lives.bury()
        site.lives.begin()
        return [one.result() for one in asked]


def assert_each_paid_once(gained: Counter[str], questions: int) -> None:
    assert gained["release"] == gained["debit"] - gained["cancellation"] == questions


def test_every_boundary_is_known() -> None:
    assert set(LEFT) | AT_THE_END == set(Step)


@pytest.mark.slow
@pytest.mark.parametrize("step", LEFT)
def test_a_lone_question_is_paid_once_and_answered_once(site: Mortal, step: Step) -> None:
    questions = [question(next(numbers)) for _ in range(2 if step is Step.CANCELLED else 1)]
    assert not any(die(site, step, questions))
    left = site.audit()
    assert left == LEFT[step]
    answered = [site.ask(one) for one in questions]
    assert all(answered)
    assert [site.ask(one) for one in questions] == answered
    assert_each_paid_once(left + site.audit(), len(questions))


@pytest.mark.slow
@pytest.mark.parametrize("step", LEFT)
def test_each_of_a_crowd_is_paid_once_and_answered_once(site: Mortal, step: Step) -> None:
    questions = [question(next(numbers)) for _ in range(3)]
    die(site, step, [twin for one in questions for twin in (one, one)], passings=THIRD)
    left = site.audit()
    assert all(site.ask(one) for one in questions)
    assert_each_paid_once(left + site.audit(), len(questions))
