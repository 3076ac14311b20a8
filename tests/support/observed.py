"""One submission to the lane, and all that its researcher sees of it: replies, waits, entries."""

import json
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import httpx

from sandbox.model.principal import Role
from tests.support.served import Served

ASKED = 0.25
"""Seconds between looks before the answer is due."""
SOON = 0.01
"""Seconds between looks once it is."""
PATIENCE = 60.0
"""Seconds past that moment in which a busy site may still answer."""
OWN = frozenset({"date", "content-length"})
"""Headers whose values are a reply's own."""
VARIES = frozenset(
    {
        "agreement", "answer", "balances", "checkpoint", "dataset", "debit", "digest", "due",
        "entry", "index", "plan_digest", "policy", "proof", "remaining", "request", "seconds",
        "size", "snapshot", "submission", "time",
    }
)  # fmt: skip
"""Fields that no two submissions or datasets have alike, whatever the program does."""


@dataclass(frozen=True)
class Observed:
    """What a researcher saw of one submission."""

    replies: tuple[httpx.Response, ...]
    """To the submission, to the look that found the answer, to the same submission again, and to a
    question for its price."""
    looks: tuple[httpx.Response, ...]
    """That found no answer yet."""
    waits: tuple[float, ...]
    """Seconds that each of these took."""
    took: float
    """Seconds from the submission to the answer."""
    entries: tuple[bytes, ...]
    """That the public ledger got meanwhile."""

    @property
    def estimates(self) -> tuple[float, ...]:
        """The answer's numbers."""
        columns = self.replies[1].json().get("answer", {}).get("columns", ())
        return tuple(
            value for one in columns if one["name"] == "estimate" for value in one["values"]
        )

    @property
    def sizes(self) -> tuple[float, ...]:
        """Bytes of each reply and of each entry."""
        return (*(len(reply.content) for reply in self.replies), *map(len, self.entries))

    @property
    def gap(self) -> float:
        """Seconds from the first entry to the last, at the resolution that entries have."""
        times = [datetime.fromisoformat(json.loads(entry)["time"]) for entry in self.entries]
        return (times[-1] - times[0]).total_seconds()

    @property
    def remaining(self) -> float:
        """Epsilon that is left."""
        return float(self.replies[-1].json()["remaining"])

    @property
    def words(self) -> frozenset[str]:
        """Statuses, headers and their values, codes of errors, and kinds of entries."""
        return frozenset(self._words())

    @property
    def likeness(self) -> object:
        """Everything but the noise, the clock, and what the text of the program itself changes."""
        return (
            self.words,
            tuple(alike(reply.json()) for reply in self.replies),
            {look.content for look in self.looks},
            tuple(alike(json.loads(entry)) for entry in self.entries),
        )

    def _words(self) -> Iterator[str]:
        for place, reply in enumerate(self.replies):
            yield from _said(str(place), reply)
        for look in self.looks:
            yield from _said("look", look)
        yield from (
            f"{place} {json.loads(entry)['kind']}" for place, entry in enumerate(self.entries)
        )


def observed(site: Served, form: Mapping[str, Any]) -> Observed:
    """Submit a program and wait for its answer, looking again and again."""
    before = len(entries(site))
    with site.http(Role.RESEARCHER) as http:
        began = time.monotonic()
        accepted = http.post("/api/v1/algorithms", json=form)
        assert accepted.status_code == 202, accepted.text
        due = began + accepted.json()["seconds"]
        where = f"/api/v1/submissions/{accepted.json()['submission']}"
        looks, waits = [], []
        while True:
            looked = time.monotonic()
            answer = http.get(where)
            now = time.monotonic()
            if answer.status_code != 404:
                break
            assert now < due + PATIENCE, "the site could not run it"
            looks.append(answer)
            waits.append(now - looked)
            time.sleep(ASKED if now < due - 2 * ASKED else SOON)
        after = (
            http.post("/api/v1/algorithms", json=form),
            http.post("/api/v1/algorithms/explanation", json=form),
        )
    return Observed(
        replies=(accepted, answer, *after),
        looks=tuple(looks),
        waits=tuple(waits),
        took=now - began,
        entries=tuple(entries(site)[before:]),
    )


def entries(site: Served) -> list[bytes]:
    """Give the public ledger's entries, as its tiles have them."""
    with site.site.books.read() as page:
        return [page.log.entry(index) for index in range(page.log.size())]


def alike(value: Any, name: str = "") -> Any:  # noqa: ANN401  (JSON)
    """Put the kind in place of what varies; all else stays as it is."""
    if name in VARIES and not (name == "answer" and isinstance(value, dict)):
        return type(value).__name__
    if isinstance(value, dict):
        noisy = value.get("name") == "estimate"
        return {
            key: type(each).__name__ if noisy else alike(each, key) for key, each in value.items()
        }
    if isinstance(value, list):
        return [alike(each, name) for each in value]
    return value


def _said(place: str, reply: httpx.Response) -> Iterator[str]:
    yield f"{place} {reply.status_code}"
    yield from (
        f"{place} {name}" if name in OWN else f"{place} {name}: {value}"
        for name, value in reply.headers.items()
    )
    yield f"{place} {reply.json().get('code')}"
