"""Two datasets that differ in one person, and all that a researcher sees of a submission."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import fmean
from typing import Any

from sandbox.assembly import SystemClock
from sandbox.isolation.plan import BackEnd
from sandbox.model.principal import Role
from sandbox.wire import AlgorithmForm, OutputForm
from tests.attacks.betraying_programs import betrayal
from tests.support.observed import observed
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
PAIR = ("absent", "target")
"""Names of equal length, so that they change the size of nothing."""


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
    slowness: tuple[float, float]
    """Seconds that a look took while the program ran, on average and at most."""
    numbers: tuple[float, ...]
    """The answer first, then the statuses, sizes, costs and gaps of everything else."""
    words: frozenset[str]
    """Headers with their values, codes of errors and kinds of entries, each where it stood."""


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
        add(site, f"{kind}{number}", [99] * there)


def add(site: Served, name: str, ages: Sequence[int] = ()) -> None:
    """Add a dataset of the usual people and of further ages, with its agreement."""
    usual = (30 + place % 40 for place in range(PEOPLE))
    file, policy = site.folder / f"{name}.csv", site.folder / f"{name}.yaml"
    file.write_text(
        "person,age\n" + "".join(f"p{at},{age}\n" for at, age in enumerate((*usual, *ages)))
    )
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
            yield _seen(site, form_of(dataset, source, plan), way, there=there)


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


def _seen(site: Served, form: dict[str, Any], way: str, *, there: bool) -> Seen:
    """Submit a program, and put down what shows of it."""
    found = observed(site, form)
    return Seen(
        there=there,
        way=way,
        took=found.took,
        slowness=(fmean(found.waits), max(found.waits)),
        numbers=(
            *found.estimates,
            *(reply.status_code for reply in found.replies),
            *found.sizes,
            found.remaining,
            found.gap,
        ),
        words=found.words,
    )
