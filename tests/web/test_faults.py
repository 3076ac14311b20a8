"""When something breaks, the asker learns that it did, and nobody learns what the rows hold."""

import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import anyio
import anyio.lowlevel
import httpx
import pytest
from starlette.types import Message, Receive, Scope, Send

from sandbox.model.principal import Role
from sandbox.web.app import build
from sandbox.web.envelope import Envelope
from sandbox.web.logs import Reticent
from tests.support.served import Served, served

SECRET = "a-value-from-a-row"  # noqa: S105  (not a password)
QUESTION = {"dataset": "town/clinic", "measures": [{"kind": "count"}], "epsilon": "0.1"}


@pytest.fixture
def own_clinic(clinic: Served, tmp_path: Path) -> Iterator[Served]:
    """Give a site that a test may break."""
    with served(tmp_path) as running:
        running.add(clinic.folder / "clinic.csv", clinic.folder / "clinic.yaml")
        running.agree(Role.RESEARCHER, "town/clinic", "research")
        yield running


def test_a_lost_snapshot_is_paid_once_and_answered_when_it_is_back(own_clinic: Served) -> None:
    snapshots = own_clinic.folder / "site" / "snapshots"
    with own_clinic.http(Role.RESEARCHER) as http:
        snapshots.rename(own_clinic.folder / "lost")
        failed = http.post("/api/v1/questions", json=QUESTION)
        (own_clinic.folder / "lost").rename(snapshots)
        spent = http.get("/api/v1/agreements").json()[0]["spent"]
        answered = http.post("/api/v1/questions", json=QUESTION)
        assert http.get("/api/v1/agreements").json()[0]["spent"] == spent != "0"
    assert (failed.status_code, failed.json()["code"]) == (503, "engine.failed")
    assert str(own_clinic.folder) not in failed.text + "".join(own_clinic.logged)
    assert [line.split()[-2:] for line in own_clinic.logged] == [["engine.failed", "Unavailable"]]
    assert answered.status_code == 200


def test_a_busy_site_gives_back_what_it_has_read_nothing_for(
    clinic: Served, tmp_path: Path
) -> None:
    with served(tmp_path, places=(1, 0)) as busy:
        busy.add(clinic.folder / "clinic.csv", clinic.folder / "clinic.yaml")
        busy.agree(Role.RESEARCHER, "town/clinic", "research")
        with busy.http(Role.RESEARCHER) as http:
            with busy.site.engine.place():
                refused = http.post("/api/v1/questions", json=QUESTION)
            spent = http.get("/api/v1/agreements").json()[0]["spent"]
            answered = http.post("/api/v1/questions", json=QUESTION)
        with busy.site.books.read() as page:
            kinds = [json.loads(entry)["kind"] for entry in page.log.entries()]
    assert (refused.status_code, refused.json()["code"]) == (503, "engine.busy")
    assert (spent, answered.status_code) == ("0", 200)
    assert kinds[-4:] == ["debit", "cancellation", "debit", "release"]


@dataclass(frozen=True)
class StoppedClock:
    """Breaks, and says what nobody may hear."""

    def now(self) -> datetime:
        raise RuntimeError(SECRET)


def test_an_unexpected_exception_is_one_fixed_text(
    clinic: Served, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    app = build(replace(clinic.site, clock=StoppedClock()), tmp_path)

    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(app)
        headers = {"authorization": f"Bearer {clinic.tokens[Role.RESEARCHER]}"}
        async with httpx.AsyncClient(transport=transport, base_url="http://site") as http:
            return await http.post("/api/v1/questions", json=QUESTION, headers=headers)

    reply = anyio.run(ask)
    assert (reply.status_code, reply.json()["code"]) == (500, "internal")
    assert reply.headers["content-type"] == "application/problem+json"
    assert reply.headers["x-content-type-options"] == "nosniff"
    assert SECRET not in reply.text + caplog.text
    assert [record.getMessage() for record in caplog.records] == ["internal RuntimeError"]


def test_a_reply_that_has_begun_is_not_begun_again(caplog: pytest.LogCaptureFixture) -> None:
    async def torn(_scope: Scope, _receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        raise RuntimeError(SECRET)

    sent: list[str] = []

    async def note(message: Message) -> None:
        await anyio.lowlevel.checkpoint()
        sent.append(message["type"])

    async def run() -> None:
        await Envelope(torn, "default-src 'none'")({"type": "http"}, _nothing, note)

    anyio.run(run)
    assert sent == ["http.response.start"]
    assert SECRET not in caplog.text


async def _nothing() -> Message:
    await anyio.lowlevel.checkpoint()
    return {"type": "http.request"}


def test_the_operators_log_has_classes_and_no_texts() -> None:
    fault = ValueError(SECRET)
    record = logging.LogRecord(
        "uvicorn", logging.ERROR, "", 0, "broken", None, (type(fault), fault, None)
    )
    line = Reticent().format(record)
    assert line.endswith("ERROR uvicorn broken (ValueError)")
