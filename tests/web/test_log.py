"""The ledger as it is served: C2SP tiles, byte for byte what an export holds."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from sandbox.ledger.note import open_checkpoint, verifier_key
from sandbox.ledger.tiles import write_export
from sandbox.model.principal import Role
from tests.support.served import Served, served

ENTRIES = 700
"""More than two full tiles, and not a multiple of 256."""


@pytest.fixture(scope="module")
def long_log(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(tmp_path_factory.mktemp("long-log")) as running:
        with running.site.books.write() as page:
            while page.log.size() < ENTRIES:
                page.log.append({"kind": "refusal", "codes": []})
        yield running


@pytest.fixture(scope="module")
def auditor(long_log: Served) -> Iterator[httpx.Client]:
    with long_log.http(Role.AUDITOR) as http:
        yield http


def test_the_checkpoint_is_signed_by_the_key_that_the_site_shows(
    long_log: Served, auditor: httpx.Client
) -> None:
    shown = auditor.get("/api/v1/site").json()
    head = open_checkpoint(auditor.get("/log/checkpoint").text, shown["ledger_key"])
    assert (head.origin, head.size) == (long_log.site.origin, ENTRIES)
    assert shown["ledger_key"] == verifier_key(head.origin, long_log.site.ledger_signer.public)


def test_every_tile_is_what_an_export_would_hold(
    long_log: Served, auditor: httpx.Client, tmp_path: Path
) -> None:
    with long_log.site.books.read() as page:
        write_export(tmp_path / "export", page.log.entries(), "checkpoint")
    tiles = [path for path in (tmp_path / "export" / "tile").rglob("*") if path.is_file()]
    names = {path.relative_to(tmp_path / "export").as_posix(): path for path in tiles}
    assert {"tile/entries/002.p/188", "tile/0/002.p/188", "tile/1/000.p/2"} <= set(names)
    for name, path in names.items():
        assert auditor.get(f"/log/{name}").content == path.read_bytes(), name


def test_a_narrower_tile_stays_what_it_was(auditor: httpx.Client) -> None:
    full = auditor.get("/log/tile/0/000").content
    assert auditor.get("/log/tile/0/000.p/17").content == full[: 17 * 32]


@pytest.mark.parametrize(
    "path",
    [
        "tile/0/003",
        "tile/0/002.p/189",
        "tile/0/002",
        "tile/1/000.p/3",
        "tile/2/000.p/1",
        "tile/7/000",
        "tile/-1/000",
        "tile/0/0",
        "tile/0/x000/000",
        "tile/0/000.p/0",
        "tile/0/000.p/256",
        "tile/0/000.p/017",
        "tile/0/\u0660\u0660\u0660",
        "tile/0/x999/x999/x999/x999/x999/999",
        "tile/entries/000.p/-1",
        "entries/000",
    ],
)
def test_a_tile_that_the_log_does_not_have_is_not_found(auditor: httpx.Client, path: str) -> None:
    assert auditor.get(f"/log/{path}").status_code == 404
