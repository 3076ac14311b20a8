"""`datarange audit` against a running site: verify while it streams, keep heads, witness."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from sandbox.client.witness_key import create
from sandbox.model.principal import Role
from sandbox.settings import Witnessing
from tests.cli.conftest import Said, typed
from tests.support.served import Served, served

Audit = Callable[..., Said]


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("keys")
    for name in ("w1", "w2"):
        (folder / f"{name}.pub").write_text(create(folder / name, f"{name}.example").public)
    return folder


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, keys: Path) -> Iterator[Served]:
    watched = Witnessing(((keys / "w1.pub").read_text(),))
    with served(tmp_path_factory.mktemp("audited"), watched) as running:
        yield running


@pytest.fixture
def audit(site: Served) -> Audit:
    env = {"DATARANGE_URL": site.url, "DATARANGE_TOKEN": site.tokens[Role.AUDITOR]}
    return lambda *words: typed("audit", *map(str, words), env=env)


@pytest.fixture
def log_key(site: Served) -> str:
    return site.range_of(Role.AUDITOR).site.ledger_key


def grow(site: Served, count: int = 1) -> None:
    with site.site.books.write() as page:
        for _ in range(count):
            page.log.append({"kind": "note", "time": "2026-11-22T08:30:00.000000Z"})


def codes(said: Said) -> set[str]:
    return {one["code"] for one in said.json["findings"] if one["severity"] == "error"}


def head(site: Served, file: Path) -> Path:
    with site.http(Role.AUDITOR) as http:
        file.write_text(http.get("/log/checkpoint").text, encoding="utf-8")
    return file


def test_a_running_site_is_verified_while_it_streams(
    site: Served, audit: Audit, log_key: str
) -> None:
    grow(site, 600)
    said = audit("verify", site.url, "--key", log_key, "--json")
    assert (said.code, said.json["verified"], codes(said)) == (0, True, set())
    with site.site.books.read() as page:
        assert said.json["size"] == page.log.size()


def test_an_export_and_its_site_are_verified_alike(
    site: Served, audit: Audit, log_key: str, tmp_path: Path
) -> None:
    assert audit("export", tmp_path / "export").code == 0
    here = audit("verify", tmp_path / "export", "--key", log_key, "--json")
    there = audit("verify", site.url, "--key", log_key, "--json")
    assert (here.code, here.json) == (0, there.json)


def test_a_kept_head_is_consistent_with_the_site_of_later(
    site: Served, audit: Audit, log_key: str, tmp_path: Path
) -> None:
    kept = head(site, tmp_path / "kept")
    grow(site)
    later = head(site, tmp_path / "later")
    heads = ("--older", kept, "--older", later)
    assert audit("verify", site.url, "--key", log_key, *heads).code == 0


def test_a_kept_head_of_more_entries_is_named(
    site: Served, audit: Audit, log_key: str, tmp_path: Path
) -> None:
    assert audit("export", tmp_path / "export").code == 0
    grow(site)
    later = head(site, tmp_path / "later")
    said = audit("verify", tmp_path / "export", "--key", log_key, "--older", later, "--json")
    assert (said.code, codes(said)) == (8, {"ledger.cut_back"})


def test_a_head_that_the_ledger_never_signed_says_nothing_about_it(
    site: Served, audit: Audit, log_key: str, tmp_path: Path
) -> None:
    forged = tmp_path / "forged"
    forged.write_text(head(site, tmp_path / "kept").read_text().replace("\n", "\n1", 1))
    said = audit("verify", site.url, "--key", log_key, "--older", forged, "--json")
    assert (said.code, said.json["code"]) == (8, "ledger.checkpoint")
    assert said.json["place"]["file"] == str(forged)


def test_a_witness_who_never_came_is_missed(
    site: Served, audit: Audit, log_key: str, keys: Path
) -> None:
    said = audit("verify", site.url, "--key", log_key, "--witness", keys / "w2.pub", "--json")
    assert (said.code, codes(said)) == (8, {"witness.missing"})


def test_a_witness_co_signs_and_is_demanded(
    site: Served, audit: Audit, log_key: str, keys: Path, tmp_path: Path
) -> None:
    state = ("--state", tmp_path / "state")
    said = audit("witness", site.url, "--key", keys / "w1", *state, "--log", log_key)
    assert said.code == 0
    assert "Co-signed" in said.out
    demand = ("--key", log_key, "--witness", keys / "w1.pub")
    seen = audit("verify", site.url, *demand, "--json")
    assert (seen.code, set(seen.json["cosigned"])) == (0, {"w1.example"})
    assert "w1.example" in audit("verify", site.url, *demand).out
    grow(site)
    assert audit("export", tmp_path / "export", "--witnessed").code == 0
    offline = audit("verify", tmp_path / "export", *demand, "--json")
    assert (offline.code, offline.json) == (0, seen.json)
    missing = audit("verify", tmp_path / "export", *demand, "--witness", keys / "w2.pub", "--json")
    assert (missing.code, codes(missing)) == (8, {"witness.missing"})


def test_a_stranger_s_co_signature_is_not_taken(
    site: Served, audit: Audit, keys: Path, tmp_path: Path
) -> None:
    said = audit("witness", site.url, "--key", keys / "w2", "--state", tmp_path / "state", "--json")
    assert (said.code, said.json["code"]) == (5, "witness.unknown")


def test_a_new_witness_s_key_is_printed_once_made(tmp_path: Path) -> None:
    made = typed("audit", "witness-key", str(tmp_path / "w"), "--name", "w.example", "--json")
    assert made.code == 0
    assert made.json["key"].startswith("w.example+")
    again = typed("audit", "witness-key", str(tmp_path / "w"), "--name", "w.example", "--json")
    assert (again.code, again.json["code"]) == (6, "key.exists")


def test_without_the_role_nothing_is_read(site: Served, log_key: str) -> None:
    env = {"DATARANGE_TOKEN": site.tokens[Role.RESEARCHER]}
    said = typed("audit", "verify", site.url, "--key", log_key, "--json", env=env)
    assert (said.code, said.json["code"]) == (4, "role.missing")


def test_a_folder_without_an_export_is_no_source(tmp_path: Path, log_key: str) -> None:
    for source in (tmp_path, tmp_path / "nothing"):
        said = typed("audit", "verify", str(source), "--key", log_key, "--json")
        assert (said.code, said.json["code"]) == (3, "export.unreadable")
