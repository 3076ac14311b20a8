"""An owner takes down what was open for download: at once, on record, and until they reopen it."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from sandbox import assembly
from sandbox.errors import BadInput, Conflict, NotFound, NotPermitted
from sandbox.ledger.replay import replay
from sandbox.model.principal import Role
from sandbox.settings import Settings
from tests.support.served import Served, served
from tests.support.sheets import CHINESE, line
from tests.web.test_listing import OPEN
from tests.web.test_pages import Outline

FILES = "/api/v1/catalogue/files/town/stops"
REASON = "误含个人信息 <b>names</b>"


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Served]:
    (tmp_path / "stops.csv").write_text("stop,driver\nPark,Zanzibar\n")
    (tmp_path / "stops.yaml").write_text(OPEN)
    with served(tmp_path) as running:
        opened(running)
        yield running


def opened(town: Served) -> None:
    owner = town.range_of(Role.OWNER)
    owner.open_data(town.folder / "stops.csv", town.folder / "stops.yaml")


def entries(town: Served) -> list[dict[str, object]]:
    with town.site.books.read() as page:
        leaves = [json.loads(entry) for entry in page.log.entries()]
    assert not [one for one in replay(enumerate(leaves)).found if one.severity == "error"]
    return leaves


def test_what_is_taken_down_is_downloaded_no_longer_and_the_catalogue_says_so(
    town: Served,
) -> None:
    with town.http(Role.RESEARCHER) as http:
        assert http.get(FILES).status_code == 200
        card = town.range_of(Role.OWNER).withdraw_opening("town/stops", REASON)
        assert (card.state, card.current, len(card.versions)) == ("collected", None, 1)
        gone = http.get(FILES)
        assert (gone.status_code, gone.json()["code"]) == (404, "download.no_data")
        assert "downloadURL" not in http.get("/api/v1/catalogue/dcat").text
        assert "contentUrl" not in http.get("/api/v1/catalogue/croissant/town/stops").text
        found = http.get("/api/v1/catalogue?state=collected").json()["records"]
        assert [one["name"] for one in found] == ["town/stops"]
        for lang, word in (("en", "No longer open"), ("zh", "已停止开放")):
            page = http.get(f"/catalogue/town/stops?lang={lang}").text
            assert word in page
            assert REASON in Outline(page).text
            assert FILES not in page


def test_taking_down_is_on_record_without_its_reason(town: Served) -> None:
    town.range_of(Role.OWNER).withdraw_opening("town/stops", REASON)
    *_, opening, withdrawal = entries(town)
    assert (withdrawal["kind"], withdrawal["dataset"]) == ("withdrawal", "town/stops")
    assert withdrawal["snapshot"] == opening["snapshot"]
    assert withdrawal["by"] == town.site.pseudonyms.of("owner")
    assert REASON not in json.dumps(withdrawal, ensure_ascii=False)


def test_what_was_taken_down_is_opened_again_by_another_opening_alone(town: Served) -> None:
    owner = town.range_of(Role.OWNER)
    owner.withdraw_opening("town/stops", REASON)
    sheet = town.folder / "list.csv"
    sheet.write_text(CHINESE + line("town/buses", "town"))
    list(owner.import_list(sheet))
    owner.merge("town")
    with town.http(Role.RESEARCHER) as http:
        assert http.get(FILES).status_code == 404
        opened(town)
        assert http.get(FILES).status_code == 200
        assert "已停止开放" not in http.get("/catalogue/town/stops?lang=zh").text
    kinds = [one["kind"] for one in entries(town)]
    assert kinds[-3:] == ["opening", "withdrawal", "opening"]


def test_only_what_is_open_is_taken_down_with_a_reason_by_its_own_body(town: Served) -> None:
    owner, before = town.range_of(Role.OWNER), len(entries(town))
    other = town.range_of(town.admit("harbour-master", Role.OWNER))
    with pytest.raises(NotPermitted) as foreign:
        other.withdraw_opening("town/stops", REASON)
    with pytest.raises(NotPermitted):
        town.range_of(Role.STEWARD).withdraw_opening("town/stops", REASON)
    with pytest.raises(BadInput) as empty:
        owner.withdraw_opening("town/stops", " ")
    with pytest.raises(NotFound):
        owner.withdraw_opening("town/none", REASON)
    assert (foreign.value.code, empty.value.code) == ("owner.not_yours", "withdrawal.reason")
    assert len(entries(town)) == before
    owner.withdraw_opening("town/stops", REASON)
    with pytest.raises(Conflict) as twice:
        owner.withdraw_opening("town/stops", REASON)
    assert twice.value.code == "withdrawal.not_open"
    assert len(entries(town)) == before + 1


def test_files_that_were_taken_down_stay_at_the_site_as_proof(town: Served) -> None:
    town.range_of(Role.OWNER).withdraw_opening("town/stops", REASON)
    kept = {one.name for one in (town.folder / "site" / "showcase").iterdir()}
    again = assembly.open_site(Settings(town.folder / "site", port=0))
    assembly._tidy(again)  # noqa: SLF001  (what `serve` does before it takes connections)
    again.books.close()
    assert {one.name for one in (town.folder / "site" / "showcase").iterdir()} == kept
    assert len(kept) == 1
