"""The page of emergencies: for whoever is signed in, in both languages, hostile words harmless."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from sandbox.model.principal import Role
from tests.support.clinic import CSV, WARD
from tests.support.people import PASSWORD
from tests.support.served import Served, served
from tests.web.test_browser import signed_in
from tests.web.test_pages import Outline

API = "/api/v1"
REASON = "<script>alert('flood')</script> & worse"
PEOPLE = {"shi": "steward", "wang": "researcher", "guan": "administrator"}


@pytest.fixture(scope="module")
def ward(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A site with one open emergency, and a declared one."""
    folder: Path = tmp_path_factory.mktemp("emergencies")
    (folder / "ward.csv").write_text(CSV)
    (folder / "ward.yaml").write_text(WARD)
    with served(folder) as running:
        running.add(folder / "ward.csv", folder / "ward.yaml")
        for name, role in PEOPLE.items():
            running.range_of(Role.ADMINISTRATOR).open_account(name, role, PASSWORD)
        first = running.range_of(Role.STEWARD)
        second = running.range_of(running.admit("second-steward", Role.STEWARD))
        opened = first.declare_emergency("town/ward", REASON, 24)
        second.confirm_emergency(opened.id)
        first.declare_emergency("town/ward", "Waits for another", 24)
        yield running


def page_of(ward: Served, name: str, lang: str = "en") -> httpx.Response:
    with ward.http() as http:
        signed_in(http, name)
        return http.get(f"/emergencies?lang={lang}")


def test_others_are_sent_to_sign_in(ward: Served) -> None:
    with ward.http() as http:
        reply = http.get("/emergencies")
    assert (reply.status_code, reply.headers["location"]) == (303, "/sign-in")


def test_it_says_until_when_a_review_is_due_and_what_comes_next(ward: Served) -> None:
    page = page_of(ward, "shi")
    assert (page.status_code, page.headers["cache-control"]) == (200, "no-store")
    assert page.text.count("Review due by") == 1
    assert "datarange emergency questions" in page.text
    assert "datarange emergency confirm" in page.text
    chinese = page_of(ward, "shi", "zh").text
    for words in ("复核期限", "已生效", "待确认", "须由另一名主管部门人员确认后方可生效"):
        assert words in chinese


def test_a_reason_is_text_and_nothing_else(ward: Served) -> None:
    outline = Outline(page_of(ward, "shi").text)
    assert not {tag for tag, _ in outline.tags} & {"script", "img", "iframe", "object"}
    assert REASON in outline.text


def test_everybody_sees_what_concerns_them(ward: Served) -> None:
    shown = page_of(ward, "wang").text
    assert "datarange emergency questions" in shown
    assert "Waits for another" not in shown
    assert page_of(ward, "guan").status_code == 403


def test_the_account_page_leads_there(ward: Served) -> None:
    for name, leads in (("wang", True), ("guan", False)):
        with ward.http() as http:
            signed_in(http, name)
            assert ('href="/emergencies?lang=' in http.get("/me").text) is leads
