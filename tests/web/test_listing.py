"""The catalogue over HTTP: found, paged, imported, exported, downloaded; hidden data nowhere."""

import csv
import hashlib
import io
import json
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest

from sandbox.errors import BadInput, NotFound, NotPermitted
from sandbox.model.principal import Role
from tests.support.clinic import CSV, POLICY
from tests.support.served import Served, served
from tests.support.sheets import CHINESE, line
from tests.web.test_pages import Outline

HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)> {{7*7}} ]]>"
OPEN = """
apiVersion: datarange/v1
kind: ReleasePolicy
metadata: {name: stops, dataset: town/stops, title: Bus stops, title_zh: 公交站点,
  description: Where buses stop, theme: traffic, keywords: [bus], contact: town hall,
  conditions: none 无}
openness: unconditional
access: [download]
grade: L1
columns:
  stop: {description: Name}
  driver: {openness: closed}
"""
CLOSED = (
    POLICY.replace("town/clinic", "town/secret")
    .replace("openness: conditional\n", "openness: closed\n", 1)
    .replace("use: [group, filter], keys: [north, south], openness: conditional", "use: []")
    .replace("use: [filter], bounds: [0, 99], openness: conditional", "use: []")
    .replace(
        "use: [measure], bounds: [0, 20000000], resolution: 0.01, openness: conditional", "use: []"
    )
    .replace("lanes:\n  query: {release: automatic}\n", "")
)
HIDDEN = CLOSED.replace("town/secret", "town/hidden").replace(
    "  contact: town hall\n", "  contact: town hall\n  listed: false\n"
)
NAMES = tuple(f"city/n{n:02}" for n in range(30))


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A site with data of every openness, and a catalogue from CSV."""
    folder = tmp_path_factory.mktemp("city")
    (folder / "rows.csv").write_text(CSV)
    (folder / "stops.csv").write_text("stop,driver\n=cmd(),Zanzibar\n公园,Zanzibar\n")
    (folder / "stops.yaml").write_text(OPEN)
    text = CHINESE + "".join(line(name, "town", title=f"公交线路{name}") for name in NAMES)
    (folder / "list.csv").write_text(
        text + line("city/x", "town", title='"' + HOSTILE.replace('"', '""') + '"')
    )
    with served(folder) as running:
        for policy in (POLICY, CLOSED, HIDDEN):
            (folder / "policy.yaml").write_text(policy)
            running.add(folder / "rows.csv", folder / "policy.yaml")
        owner = running.range_of(Role.OWNER)
        owner.open_data(folder / "stops.csv", folder / "stops.yaml")
        *_, last = owner.import_list(folder / "list.csv")
        assert last.report is not None
        assert (last.total, last.report.published) == (len(NAMES) + 1, len(NAMES) + 1)
        yield running


def test_records_are_found_in_both_languages_and_paged(city: Served) -> None:
    anybody = city.range_of(Role.RESEARCHER)
    assert [one.name for one in anybody.records("bus stops").records] == ["town/stops"]
    seen: list[str] = []
    page = anybody.records("公交线路", limit=7)
    while True:
        seen += [one.name for one in page.records]
        if page.next is None:
            break
        page = anybody.records("公交线路", limit=7, after=page.next)
    assert seen[: len(NAMES)] == list(NAMES)
    assert len(set(seen)) == len(seen)
    for narrowed, name in (
        ({"openness": "closed"}, "town/secret"),
        ({"state": "opened", "openness": "unconditional"}, "town/stops"),
        ({"state": "collected"}, "town/secret"),
    ):
        assert [one.name for one in anybody.records(**narrowed).records] == [name]


@pytest.mark.parametrize(
    "query",
    ["openness=open", "grade=L9", "after=x", "after=9-9", "limit=0", "limit=501", "state=1"],
)
def test_what_is_no_search_is_refused(city: Served, query: str) -> None:
    with city.http() as http:
        assert http.get(f"/api/v1/catalogue?{query}").status_code == 422


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("path", ["/catalogue?q=script", "/catalogue/city/x", "/demands"])
def test_pages_show_hostile_words_as_words(city: Served, path: str, lang: str) -> None:
    with city.http() as http:
        reply = http.get(path, params={"q": HOSTILE[:50], "lang": lang, "owner": HOSTILE})
    assert reply.status_code == 200
    outline = Outline(reply.text)
    tags = {tag for tag, _ in outline.tags}
    assert not tags & {"script", "img", "iframe", "object", "link", "b"}
    assert not [name for _, attributes in outline.tags for name in attributes if name[:2] == "on"]
    assert " style=" not in reply.text
    assert "built-in method" not in reply.text
    assert len(outline.named("h1")) == 1
    if path == "/catalogue/city/x":
        assert HOSTILE in outline.text


def test_a_page_leads_to_the_next_without_a_script(city: Served) -> None:
    seen = []
    path = "/catalogue?q=公交&lang=zh"
    with city.http() as http:
        while path:
            outline = Outline(http.get(path).text)
            links = [str(link["href"]) for link in outline.named("a")]
            seen += [one for one in links if one.startswith("/catalogue/")]
            path = next(
                (str(link["href"]) for link in outline.named("a") if link.get("rel") == "next"), ""
            )
    assert len(seen) == len(set(seen)) == len(NAMES) + 2


def test_hidden_data_are_nowhere_and_closed_data_are_listed_and_shut(city: Served) -> None:
    reads = (
        *("/api/v1/datasets", "/api/v1/catalogue?limit=500", "/api/v1/catalogue/dcat", "/"),
        *("/api/v1/catalogue/sheet", "/api/v1/catalogue?q=visits", "/catalogue?q=visits"),
        *("/api/v1/datasets?q=hidden", "/catalogue?openness=closed"),
    )
    with city.http(Role.RESEARCHER) as http:
        for path in reads:
            assert "town/hidden" not in http.get(path).text, path
        for name in ("town/hidden", "town/nowhere"):
            for path in (
                f"/api/v1/catalogue/records/{name}",
                f"/api/v1/catalogue/croissant/{name}",
                f"/api/v1/catalogue/files/{name}",
                f"/api/v1/datasets/{name}",
                f"/api/v1/datasets/{name}/mock",
                f"/datasets/{name}",
                f"/catalogue/{name}",
            ):
                reply = http.get(path)
                assert (reply.status_code, reply.json()["code"]) == (404, "dataset.unknown")
            reply = http.post("/api/v1/questions", json={"dataset": name, "sql": "SELECT 1"})
            assert (reply.status_code, reply.json()["code"]) == (404, "dataset.unknown")
        assert http.get("/api/v1/catalogue/records/town/secret").json()["state"] == "collected"
        assert http.get("/api/v1/datasets/town/secret/mock").status_code == 403
        assert http.get("/api/v1/catalogue/files/town/secret").status_code == 403
        reply = http.post(
            "/api/v1/questions/explanation",
            json={"dataset": "town/secret", "measures": [{"kind": "count"}], "epsilon": "1"},
        )
        assert reply.status_code in {403, 422} or not reply.json()["permitted"]


def test_an_owner_sees_what_is_hidden_of_their_own_and_of_nobody_elses(city: Served) -> None:
    (card,) = city.range_of(Role.OWNER).hidden_records()
    assert (card.name, card.listed, card.state) == ("town/hidden", False, "collected")
    stranger = city.range_of(city.admit("stranger", Role.OWNER))
    assert stranger.hidden_records() == []


def test_what_is_hidden_of_several_bodies_is_walked_a_page_at_a_time(tmp_path: Path) -> None:
    (tmp_path / "rows.csv").write_text(CSV)
    names = [f"{owner}/n{number}" for owner in ("town", "harbour") for number in range(3)]
    with served(tmp_path) as running:
        owner = running.range_of(Role.OWNER)
        for name in names:
            body = name.partition("/")[0]
            policy = HIDDEN.replace("town/hidden", name).replace("owner: town", f"owner: {body}")
            (tmp_path / "policy.yaml").write_text(policy)
            running.add(tmp_path / "rows.csv", tmp_path / "policy.yaml")
        seen: list[str] = []
        with running.http(Role.OWNER) as http:
            address = "/api/v1/catalogue/hidden?limit=2"
            while address:
                reply = http.get(address)
                assert len(reply.json()) <= 2
                seen += [one["name"] for one in reply.json()]
                address = reply.links.get("next", {}).get("url", "")
        assert sorted(seen) == sorted(names)
        assert sorted(one.name for one in owner.hidden_records()) == sorted(names)
        assert len(owner.hidden_records(limit=4)) == 4
        assert len(owner.owners(limit=1)) == 1


def test_unconditional_data_are_downloaded_after_sign_in(city: Served, tmp_path: Path) -> None:
    with city.http() as http:
        assert http.get("/api/v1/catalogue/files/town/stops").status_code == 401
    anybody = city.range_of(Role.AUDITOR)
    file = anybody.download("town/stops", tmp_path / "stops.csv")
    assert file.read_text() == "stop\n'=cmd()\n公园\n"
    table = pl.read_parquet(anybody.download("town/stops", tmp_path / "stops.parquet"))
    assert table.to_dict(as_series=False) == {"stop": ["=cmd()", "公园"]}
    for name, kind in (("town/clinic", NotPermitted), ("town/nowhere", NotFound)):
        with pytest.raises(kind):
            anybody.download(name, tmp_path / "none.csv")
    with pytest.raises(BadInput):
        anybody.download("town/stops", tmp_path / "stops.xlsx")
    assert sorted(one.name for one in tmp_path.iterdir()) == ["stops.csv", "stops.parquet"]


def test_a_catalogue_with_faults_is_refused_whole(city: Served, tmp_path: Path) -> None:
    (tmp_path / "bad.csv").write_text(CHINESE + line("city/new", "town") + line("Bad", "town"))
    with pytest.raises(BadInput) as refusal:
        list(city.range_of(Role.OWNER).import_list(tmp_path / "bad.csv"))
    assert refusal.value.code == "sheet.faults"
    assert refusal.value.place is not None
    assert refusal.value.place.line == 3
    with pytest.raises(NotFound):
        city.range_of(Role.OWNER).record("city/new")


def test_the_export_as_csv_comes_in_again_unchanged(city: Served, tmp_path: Path) -> None:
    owner = city.range_of(Role.OWNER)
    file = owner.export_catalogue(tmp_path / "all.csv", "sheet")
    rows = list(csv.DictReader(io.StringIO(file.read_text("utf-8-sig"))))
    assert {row["name"] for row in rows} >= {*NAMES, "town/secret", "town/stops"}
    *_, last = owner.import_list(file)
    assert last.report is not None
    assert (last.report.published, last.report.clashes) == (0, ())
    assert last.report.unchanged == last.total == len({row["name"] for row in rows})


def test_the_export_as_dcat_is_one_document_with_its_own_context(
    city: Served, tmp_path: Path
) -> None:
    file = city.range_of(Role.OWNER).export_catalogue(tmp_path / "all.jsonld", "dcat")
    document = json.loads(file.read_text())
    assert document["@type"] == "dcat:Catalog"
    used = {
        name.split(":")[0]
        for dataset in document["dcat:dataset"]
        for name in _keys(dataset)
        if not name.startswith("@")
    }
    assert used <= document["@context"].keys()
    stops = next(
        one for one in document["dcat:dataset"] if one["dcterms:identifier"] == "town/stops"
    )
    assert {one["@language"]: one["@value"] for one in stops["dcterms:title"]} == {
        "en": "Bus stops",
        "zh": "公交站点",
    }
    assert stops["dcterms:accessRights"]["@id"].endswith("/PUBLIC")
    links = [one["dcat:downloadURL"]["@id"] for one in stops["dcat:distribution"]]
    with city.http(Role.RESEARCHER) as http:
        assert {http.get(link).status_code for link in links} == {200}


def test_croissant_names_the_file_that_is_handed_out_and_no_row(
    city: Served, tmp_path: Path
) -> None:
    anybody = city.range_of(Role.OWNER)
    file = anybody.export_catalogue(tmp_path / "stops.json", "croissant", "town/stops")
    document = json.loads(file.read_text())
    (there,) = document["distribution"]
    (fields,) = [one["field"] for one in document["recordSet"]]
    assert [one["name"] for one in fields] == ["rows/stop"]
    data = anybody.download("town/stops", tmp_path / "stops.csv").read_bytes()
    assert there["sha256"] == hashlib.sha256(data).hexdigest()
    file = anybody.export_catalogue(tmp_path / "clinic.json", "croissant", "town/clinic")
    assert not {"distribution", "recordSet"} & json.loads(file.read_text()).keys()


def test_a_demand_goes_round_without_the_askers_name(city: Served) -> None:
    asker = city.admit("zhang-san")
    card = city.range_of(asker).demand("town", HOSTILE, "规划")
    owner = city.range_of(Role.OWNER)
    answered = owner.answer_demand(card.id, "open", "see there", "town/stops")
    assert answered.state == "open"
    with city.http() as http:
        for path in ("/api/v1/demands", "/demands?lang=zh"):
            assert "zhang-san" not in http.get(path).text
        page = Outline(http.get("/demands?lang=zh").text)
    assert HOSTILE in page.text
    assert not page.named("script")
    assert {"/catalogue/town/stops?lang=zh"} <= {str(link["href"]) for link in page.named("a")}


def _keys(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        yield from value
        for item in value.values():
            yield from _keys(item)
    elif isinstance(value, list):
        for item in value:
            yield from _keys(item)
