"""Values of rows are never seen: not in a reply, a header, a page, a tile or a log line."""

from pathlib import Path

import httpx
import pytest

from sandbox.model.principal import Role
from tests.support.clinic import CANARIES, CSV, IN_STEPS, POLICY
from tests.support.served import Served, served

API = "/api/v1"
QUESTIONS = (
    {"measures": [{"kind": "count"}, {"kind": "people"}], "group_by": ["site"]},
    {"measures": [{"kind": "sum", "column": "cost"}, {"kind": "mean", "column": "cost"}]},
    {"measures": [{"kind": "count"}], "where": ["age >= 41", "age <= 41"]},
    {"measures": [{"kind": "sum", "column": "name"}]},
    {"measures": [{"kind": "count"}], "group_by": ["person"]},
    {"sql": 'SELECT MAX(cost) FROM "town/clinic"'},
    {"sql": 'SELECT site, SUM(cost) FROM "town/clinic" GROUP BY site'},
    {"sql": "SELECT name"},
)
PAGES = ("/", "/datasets/town/clinic", f"{API}/datasets", f"{API}/datasets/town/clinic")
LISTS = [
    f"{API}/{path}"
    for path in ("agreements", "applications", "sources", "sources/town/clinic", "emergencies")
]
BAD_FILES = (
    "person,site,age,cost,name\nZanzibar,north,Quetzal,18151623.42,Xylophone\n",
    "person,site,age,cost,name\n,north,1,18151623.42,Quetzal\n",
    'person,site,age,cost,name\n"Zanzibar\n',
)


@pytest.fixture(scope="module")
def toured(tmp_path_factory: pytest.TempPathFactory) -> Served:
    """Visit everything that can be visited, as everybody, with everything going wrong as well."""
    with served(tmp_path_factory.mktemp("toured")) as site:
        with site.http(Role.OWNER) as owner:
            for content in (*BAD_FILES, CSV):
                add(site, owner, content)
        agreement = site.agree(Role.RESEARCHER, "town/clinic", "research")
        with site.http(Role.RESEARCHER) as researcher:
            ask_everything(researcher)
            researcher.get(f"{API}/agreements/{agreement}/accounts")
            for shard in (site.folder / "site" / "snapshots").rglob("*.parquet"):
                shard.write_bytes(b"PAR1" + CSV.encode() + b"PAR1")
            ask_everything(researcher, rho="0.0001")
        for role in (None, *Role):
            with site.http(role) as http:
                look_around(http)
        with site.http(Role.AUDITOR) as auditor:
            read_ledger(auditor)
        site.range_of(Role.AUDITOR).export_ledger(site.folder / "export")
        return site


def add(site: Served, owner: httpx.Client, content: str) -> None:
    upload = owner.post(f"{API}/uploads", content=content.encode()).json()["id"]
    owner.post(f"{API}/datasets", json={"upload": upload, "form": "csv", **site.signed(POLICY)})


def ask_everything(researcher: httpx.Client, **price: str) -> None:
    for question in QUESTIONS:
        priced = {"dataset": "town/clinic", **(price or {"epsilon": "0.1"}), **question}
        researcher.post(f"{API}/questions/explanation", json=priced)
        researcher.post(f"{API}/questions", json=priced)


def look_around(http: httpx.Client) -> None:
    for path in (*PAGES, *LISTS, "/log/checkpoint"):
        http.get(path)
    http.get(f"{API}/datasets/town/clinic/mock?rows=10000")


def read_ledger(auditor: httpx.Client) -> None:
    size = auditor.get("/log/checkpoint").text.splitlines()[1]
    for level in ("entries", "0"):
        assert auditor.get(f"/log/tile/{level}/000.p/{size}").status_code == 200


def test_the_tour_saw_answers_refusals_faults_and_entries(toured: Served) -> None:
    everything = b"".join(toured.said)
    for seen in (b'"receipt"', b"column.closed", b"engine.failed", b'"kind":"release"', b"<h1>"):
        assert seen in everything
    assert any("engine.failed" in line for line in toured.logged)


def test_the_rows_hold_the_canaries() -> None:
    assert all(canary in CSV for canary in CANARIES if canary != IN_STEPS)


@pytest.mark.parametrize("canary", CANARIES)
def test_no_reply_holds_a_value_from_the_rows(toured: Served, canary: str) -> None:
    assert not [reply[:300] for reply in toured.said if canary.encode() in reply]


@pytest.mark.parametrize("canary", CANARIES)
def test_no_log_line_holds_a_value_from_the_rows(toured: Served, canary: str) -> None:
    assert not [line for line in toured.logged if canary in line]


@pytest.mark.parametrize("canary", CANARIES)
def test_no_exported_file_holds_a_value_from_the_rows(toured: Served, canary: str) -> None:
    files: list[Path] = [path for path in (toured.folder / "export").rglob("*") if path.is_file()]
    assert files
    assert not [path for path in files if canary.encode() in path.read_bytes()]
