"""Hostile programs through the whole lane: what their researcher sees is what a harmless one shows.

They are sent over HTTP to real sites, and run in real boxes. Of replies, looks and ledger entries
everything is compared but the noise, the clock, and what the text of the program itself changes;
what was planted on the host shows nowhere; and a harmless program after them has its answer.
"""

import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from itertools import count
from pathlib import Path
from typing import Any, TypeVar

import pytest

from sandbox.isolation.plan import BackEnd
from sandbox.wire import AlgorithmForm, OutputForm
from tests.attacks.hostile_lane_programs import AT_ONCE, HARMLESS, REACHING, hostile, source
from tests.support.betrayed import add
from tests.support.boxes import NAMES, back_end, bare, program, values
from tests.support.observed import Observed, observed
from tests.support.planted import CANARY, planted
from tests.support.served import Served, served

pytestmark = pytest.mark.slow

T = TypeVar("T")

EPSILON, A_DATASET = "10", 2
"""Of each submission, and how many of them a dataset's budget pays for."""
REACHED = {"all at once": 0.95, "looking": 0.5, "what is forbidden": 0.5}
"""Below this is an estimate of what reached nothing: it gives the default, 0.5, or 0; what reaches
something gives 1. The noise has a scale of 0.05, nine of which lie between, or ten."""
SIDE_BY_SIDE = 2
"""Sites on a machine of two processors."""
BRIEF, LONG = "0.8", "1.5"
"""Seconds of each block."""


@pytest.fixture(scope="module")
def known() -> Iterator[dict[str, Any]]:
    with tempfile.TemporaryDirectory() as folder, planted(Path(folder)) as places:
        yield places


@dataclass
class Sent:
    """A site that programs are sent to, one after another."""

    site: Served
    known: Mapping[str, object]
    seconds: str
    turns: Iterator[int] = field(default_factory=count)

    def __call__(self, body: str) -> Observed:
        """Send a program that nobody has sent yet; give what shows of it."""
        turn = next(self.turns)
        name = f"site{turn // A_DATASET:03}"
        if turn % A_DATASET == 0:
            add(self.site, name)
        return observed(self.site, self._form(name, source(body, self.known, turn)))

    def _form(self, name: str, text: str) -> dict[str, Any]:
        return asdict(
            AlgorithmForm(
                dataset=f"town/{name}",
                modules={"program": text},
                module="program",
                function="run",
                outputs=(OutputForm("got", 0, 1),),
                blocks=2,
                seconds=self.seconds,
                epsilon=EPSILON,
            )
        )


def test_what_is_planted_would_be_found(known: dict[str, Any]) -> None:
    job = program(f"{REACHING}\nreturn {{'got': len(reached) == 7}}", known)
    assert values(job, bare(job)) == {"got": (1,)}


def test_all_at_once_shows_in_nothing_and_the_site_goes_on(
    tmp_path: Path, known: dict[str, Any]
) -> None:
    def tried(held: BackEnd) -> None:
        with sending(tmp_path / held.name, held, known, BRIEF) as sent:
            shown = {"all at once": sent(AT_ONCE)}
            assert_alike(shown, sent(HARMLESS))
            assert_nothing_is_told(sent.site)

    on_each(tried, here())


@pytest.mark.heavy
@pytest.mark.parametrize("held", NAMES)
def test_no_hostile_program_shows_in_anything(
    tmp_path: Path, known: dict[str, Any], held: str
) -> None:
    programs = list(hostile().items())

    def tried(place: int) -> None:
        with sending(tmp_path / str(place), back_end(held), known, LONG) as sent:
            shown = {name: sent(body) for name, body in programs[place::SIDE_BY_SIDE]}
            assert_alike(shown, sent(HARMLESS))
            assert_nothing_is_told(sent.site)

    on_each(tried, range(SIDE_BY_SIDE))


@contextmanager
def sending(
    folder: Path, held: BackEnd, known: Mapping[str, object], seconds: str
) -> Iterator[Sent]:
    folder.mkdir()
    with served(folder, lane=held) as site:
        yield Sent(site, known, seconds)


def on_each(tried: Callable[[T], None], places: Iterable[T]) -> None:
    """Do this for all at the same time."""
    with ThreadPoolExecutor() as beside:
        list(beside.map(tried, places))


def here() -> list[BackEnd]:
    """Give the back ends of this machine."""
    found = []
    for name in NAMES:
        with suppress(pytest.skip.Exception):
            found.append(back_end(name))
    return found


def assert_alike(shown: Mapping[str, Observed], harmless: Observed) -> None:
    for name, one in {**shown, "looking": harmless}.items():
        assert one.likeness == harmless.likeness, name
        (estimate,) = one.estimates
        assert estimate < REACHED.get(name, float("inf")), name


def assert_nothing_is_told(site: Served) -> None:
    """Look for the canary in all replies and logs, and for a reply to whoever asks."""
    assert CANARY not in b"".join(site.said).decode()
    assert CANARY not in "".join(site.logged)
    with site.http() as http:
        assert http.get("/api/v1/datasets/town/site000").status_code == 200
