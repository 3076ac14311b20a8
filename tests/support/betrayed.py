"""Two datasets that differ in one person, and all that a researcher sees of a submission."""

import json
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from statistics import fmean
from typing import Any

import httpx

from sandbox.assembly import SystemClock
from sandbox.isolation.plan import BackEnd
from sandbox.model.principal import Role
from sandbox.wire import AlgorithmForm, OutputForm
from tests.attacks.betraying_programs import betrayal
from tests.support.served import Served, served

POLICY = """
apiVersion: datarange/v1
kind: ReleasePolicy
metadata: {name: NAME, dataset: town/NAME, title: Ages, title_zh: 年龄, description: Ages,
           keywords: [age], theme: health, contact: town hall}
openness: conditional
access: [algorithm]
grade: L1
privacy:
  unit: {column: person, max_rows: 1}
  accounting: pure
  budget: {epsilon: 20, delta: 1e-9}
  per_agreement: {epsilon: 20}
  per_submission: {epsilon: 20}
columns:
  person: {use: []}
  age: {use: [measure], bounds: [0, 99]}
lanes:
  algorithm: {release: automatic, blocks: {min: 2, max: 8}, time: 2s, memory: 256MiB}
purposes: [research]
timing: {quantum: 20ms}
"""
BUDGET = 20
"""Epsilon of a dataset."""
BLOCKS = 4
PEOPLE = 40
PAIR = ("without", "with")
ASKED = 0.25
"""Seconds between looks before the answer is due."""
SOON = 0.01
"""Seconds between looks once it is."""


@dataclass(frozen=True)
class Plan:
    """How much is tried."""

    sites: int
    """That run programs at once."""
    epsilon: str
    """Of each submission."""
    each: int
    """Programs that each site is sent, over both datasets of a pair."""
    seconds: str = "0.2"
    """Of each block."""

    @property
    def a_dataset(self) -> int:
        """Submissions that its budget pays for."""
        return round(BUDGET / float(self.epsilon))

    @property
    def pairs(self) -> int:
        """Pairs of datasets that a site needs."""
        return -(-self.each // self.a_dataset)


@dataclass(frozen=True)
class Seen:
    """What a researcher saw of one submission."""

    there: bool
    """Whether the person is in the data: what is to be found out."""
    way: str
    took: float
    """Seconds from the submission to the answer."""
    slowness: float
    """Seconds that a look took on average while the program ran."""
    numbers: tuple[float, ...]
    """The answer, and the statuses, sizes, costs and counts of everything else."""
    words: frozenset[str]
    """Names of headers, codes of errors, kinds of entries, each as often as it stood there."""


@contextmanager
def betrayed(folder: Path, held: BackEnd, plan: Plan) -> Iterator[Served]:
    """Serve pairs of datasets, all of the same people but for the one person."""
    with served(folder, lane=held) as site:
        for number in range(plan.pairs):
            add_pair(site, number)
        yield site


def add_pair(site: Served, number: int) -> None:
    """Add two datasets of the same people but for the one person, with their agreements."""
    for there, kind in enumerate(PAIR):
        name = f"{kind}{number}"
        ages = [30 + place % 40 for place in range(PEOPLE)] + [99] * there
        file, policy = site.folder / f"{name}.csv", site.folder / f"{name}.yaml"
        file.write_text("person,age\n" + "".join(f"p{at},{age}\n" for at, age in enumerate(ages)))
        policy.write_text(POLICY.replace("NAME", name))
        site.add(file, policy)
        site.agree(Role.RESEARCHER, f"town/{name}", "research")


def watched(site: Served, ways: Sequence[str], plan: Plan) -> Iterator[Seen]:
    """Submit a program of each way, with the person and without, and watch all that can be seen."""
    for number, way in enumerate(ways):
        order = (False, True) if number % 2 else (True, False)
        for there in order:
            dataset = f"town/{PAIR[there]}{number // plan.a_dataset}"
            source = betrayal(way, number, SystemClock().now().timestamp())
            yield _submitted(site, form_of(dataset, source, plan), way, there=there)


def form_of(dataset: str, source: str, plan: Plan) -> dict[str, Any]:
    """Write the form of a program's text; its function is `run`, its output `got`."""
    return asdict(
        AlgorithmForm(
            dataset=dataset,
            modules={"told": source},
            module="told",
            function="run",
            outputs=(OutputForm("got", 0, 1),),
            blocks=BLOCKS,
            seconds=plan.seconds,
            epsilon=plan.epsilon,
        )
    )


def _submitted(site: Served, form: dict[str, Any], way: str, *, there: bool) -> Seen:
    """Submit a program and wait for its answer, looking again and again."""
    before = _entries(site)
    with site.http(Role.RESEARCHER) as http:
        began = time.monotonic()
        accepted = http.post("/api/v1/algorithms", json=form)
        assert accepted.status_code == 202, accepted.text
        due = began + accepted.json()["seconds"]
        where = f"/api/v1/submissions/{accepted.json()['submission']}"
        slow: list[float] = []
        while True:
            looked = time.monotonic()
            answer = http.get(where)
            now = time.monotonic()
            if answer.status_code != 404:
                break
            slow.append(now - looked)
            time.sleep(ASKED if now < due - 2 * ASKED else SOON)
        after = [
            http.post("/api/v1/algorithms", json=form),
            http.post("/api/v1/algorithms/explanation", json=form),
        ]
    entries = _entries(site)[len(before) :]
    replies = [accepted, answer, *after]
    return Seen(
        there=there,
        way=way,
        took=now - began,
        slowness=fmean(slow),
        numbers=(*_estimates(answer), *_sizes(replies), *_gaps(entries)),
        words=frozenset(_words(replies, entries)),
    )


def _entries(site: Served) -> list[dict[str, Any]]:
    """Give the public ledger's entries, as its tiles have them."""
    with site.site.books.read() as page:
        return [json.loads(page.log.entry(index)) for index in range(page.log.size())]


def _estimates(answer: httpx.Response) -> Iterator[float]:
    for column in answer.json().get("answer", {}).get("columns", ()):
        yield from (value for value in column["values"] if isinstance(value, float))


def _sizes(replies: list[httpx.Response]) -> Iterator[float]:
    """Give statuses and what is left of the budget; no length says more than the answer itself."""
    yield from (reply.status_code for reply in replies)
    yield from (len(reply.headers) for reply in replies)
    yield float(replies[-1].json()["remaining"])


def _gaps(entries: list[dict[str, Any]]) -> Iterator[float]:
    """Seconds from the first entry to the last, at the resolution that entries have."""
    times = [datetime.fromisoformat(entry["time"]) for entry in entries]
    yield (times[-1] - times[0]).total_seconds()
    yield len(entries)


def _words(replies: list[httpx.Response], entries: list[dict[str, Any]]) -> Iterator[str]:
    for place, reply in enumerate(replies):
        yield from (f"{place} {name}" for name in reply.headers)
        yield f"{place} {reply.json().get('code')}"
    yield from (f"{place} {entry['kind']}" for place, entry in enumerate(entries))
