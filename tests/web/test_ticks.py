"""Time is an output: answers come at ticks, and waiting for one holds nobody up."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from math import ceil
from time import monotonic, sleep

import httpx
import pytest

from tests.support.served import Served

QUANTUM = 6.0
"""Seconds; long enough that even a busy machine computes within one."""
WORKERS = 40
"""Threads that anyio lends at once."""
AT_ONCE = 100


@pytest.fixture(scope="module")
def slow(clinic: Served) -> Iterator[httpx.Client]:
    """Give a researcher of a dataset whose answers come every QUANTUM."""
    policy = (clinic.folder / "clinic.yaml").read_text()
    policy = policy.replace("town/clinic", "town/slow").replace("20ms", f"{QUANTUM:.0f}s")
    (clinic.folder / "slow.yaml").write_text(policy)
    clinic.add(clinic.folder / "clinic.csv", clinic.folder / "slow.yaml")
    token = clinic.admit("patient-researcher")
    clinic.agree(token, "town/slow", "research")
    with clinic.http(token) as http:
        yield http


def ask(http: httpx.Client, epsilon: str, **changes: object) -> tuple[httpx.Response, float]:
    question = {"dataset": "town/slow", "measures": [{"kind": "count"}], "epsilon": epsilon}
    begun = monotonic()
    reply = http.post("/api/v1/questions", json=question | changes)
    return reply, monotonic() - begun


def test_an_answer_waits_for_its_tick_and_a_repeat_does_not(slow: httpx.Client) -> None:
    first, waited = ask(slow, "0.01")
    again, soon = ask(slow, "0.010")
    assert first.status_code == 200
    assert waited >= QUANTUM
    assert again.content == first.content
    assert soon < QUANTUM


def test_data_granted_together_answer_at_the_ticks_of_the_slowest(
    clinic: Served, slow: httpx.Client
) -> None:
    assert slow is not None
    token = clinic.admit("patient-with-both")
    clinic.agree(token, "town/clinic", "research", "town/slow")
    with clinic.http(token) as http:
        reply, waited = ask(http, "0.01", dataset="town/clinic")
    assert reply.status_code == 200
    assert waited >= QUANTUM


def test_a_refusal_does_not_wait(slow: httpx.Client) -> None:
    reply, soon = ask(slow, "0.011", purpose="advertising")
    assert (reply.json()["code"], soon < QUANTUM) == ("refused", True)


def test_many_who_wait_hold_nobody_up(slow: httpx.Client) -> None:
    begun = monotonic()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        wheres = [[f"age >= {number}"] for number in range(AT_ONCE)]
        asked = [pool.submit(ask, slow, "0.01", where=where) for where in wheres]
        answered = [future.result() for future in asked]
    whole = monotonic() - begun
    assert {reply.status_code for reply, _ in answered} == {200}
    assert all(waited >= QUANTUM for _, waited in answered)
    sleeping_on_threads = ceil(AT_ONCE / WORKERS) * QUANTUM
    assert whole < sleeping_on_threads


@pytest.mark.usefixtures("slow")
def test_an_answer_that_waits_for_its_tick_stays_in_once_its_agreement_has_ended(
    clinic: Served,
) -> None:
    token = clinic.admit("researcher-who-ends")
    agreement = clinic.agree(token, "town/slow", "research")
    with clinic.http(token) as http, ThreadPoolExecutor(1) as pool:
        asked = pool.submit(ask, http, "0.012")
        sleep(QUANTUM / 2)
        with clinic.http(token) as aside:
            ended = aside.post(
                f"/api/v1/agreements/{agreement}/disposal", json={"statement": "All is deleted"}
            )
        reply, _ = asked.result()
    assert ended.status_code == 200
    assert (reply.status_code, reply.json()["code"]) == (409, "agreement.over")
