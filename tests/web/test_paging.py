"""Lists over HTTP: short pages, each with its link, and a client that walks them all."""

from collections.abc import Iterator

import httpx
import pytest

from sandbox.client.connection import Connection
from sandbox.errors import Unavailable
from sandbox.model.principal import Role
from sandbox.wire import ApplicationCard
from tests.support.served import Served
from tests.web.test_course import received

API = "/api/v1"
LISTS = (
    ("/applications", Role.STEWARD),
    ("/applications/overdue", Role.AUDITOR),
    ("/agreements", Role.AUDITOR),
    ("/sources", Role.STEWARD),
    ("/emergencies", Role.STEWARD),
    ("/tokens", Role.ADMINISTRATOR),
    ("/accounts", Role.ADMINISTRATOR),
    ("/demands", None),
    ("/datasets", None),
    ("/owners", None),
    ("/catalogue/clashes", Role.OWNER),
    ("/catalogue/hidden", Role.OWNER),
)
"""Every list that grows with use, and somebody who may read it."""
FIVE = 5


@pytest.fixture(scope="module")
def applied(clinic: Served) -> Iterator[tuple[Served, list[str]]]:
    with clinic.http(clinic.admit("pager")) as http:
        yield clinic, [received(http) for _ in range(FIVE)]


@pytest.mark.parametrize(("path", "role"), LISTS)
def test_no_list_gives_more_than_was_asked_for(
    clinic: Served, path: str, role: Role | None
) -> None:
    with clinic.http(role) as http:
        assert len(http.get(API + path, params={"limit": 1}).json()) <= 1
        for limit in ("0", "501", "x"):
            assert http.get(API + path, params={"limit": limit}).status_code == 422
        for after in ("x", "1", "1-", "-1-1", "1-1; DROP TABLE application"):
            refused = http.get(API + path, params={"after": after})
            assert (refused.status_code, refused.json()["code"]) == (422, "catalogue.mark")


def test_links_lead_from_page_to_page_and_end(applied: tuple[Served, list[str]]) -> None:
    clinic, names = applied
    seen: list[str] = []
    with clinic.http(clinic.admit("pager")) as http:
        address = f"{API}/applications?limit=2"
        for _ in range(FIVE):
            reply = http.get(address)
            seen += [card["id"] for card in reply.json()]
            if "link" not in reply.headers:
                break
            address = reply.links["next"]["url"]
            assert address.startswith(f"{API}/applications?")
    assert seen == names
    assert len(seen) == FIVE


def test_a_link_keeps_what_was_asked_for(clinic: Served) -> None:
    asker, owner = clinic.range_of(clinic.admit("asker")), clinic.range_of(Role.OWNER)
    for number in range(3):
        asker.demand(owner.owners()[0].name, f"Data {number}", "A paper")
    with clinic.http() as http:
        reply = http.get(f"{API}/demands", params={"state": "asked", "limit": 1})
        assert "state=asked" in reply.links["next"]["url"]
        following = http.get(reply.links["next"]["url"])
    assert following.json()[0]["data"] == "Data 1"
    assert [card.data for card in asker.demands("asked", limit=2)] == ["Data 2", "Data 1"]


def test_a_client_walks_all_pages_and_says_how_far_it_is(
    applied: tuple[Served, list[str]],
) -> None:
    clinic, names = applied
    told: list[int] = []
    range_ = clinic.range_of(clinic.admit("pager"))
    assert [card.id for card in range_.applications(told=told.append)] == names
    assert told == [FIVE]
    assert [card.id for card in range_.applications(limit=3)] == names[:3]


def paged(request: httpx.Request) -> httpx.Response:
    """Answer as a site of five short pages; from the fifth on it goes round in a ring."""
    page = int(request.url.params.get("after", "0-0").removeprefix("0-"))
    link = f"<https://evil.example/?after=0-{min(page + 1, FIVE)}>; rel=next"
    return httpx.Response(200, json=[], headers={"link": link})


def test_pages_that_never_end_are_noticed_and_no_link_leads_away() -> None:
    connection = Connection("http://127.0.0.1:1", None)
    asked: list[httpx.URL] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.url)
        return paged(request)

    connection._http = httpx.Client(  # noqa: SLF001  (a site that lies)
        base_url=connection.url, transport=httpx.MockTransport(answer)
    )
    with pytest.raises(Unavailable) as refusal:
        connection.all(ApplicationCard, "/applications")
    assert refusal.value.code == "site.foreign_answer"
    assert {url.host for url in asked} == {"127.0.0.1"}


def test_the_page_of_the_catalogue_goes_on_behind_its_own_marks_alone(clinic: Served) -> None:
    with clinic.http() as http:
        assert 'rel="next"' not in http.get("/").text
        for made_up in ("0-999999", "far"):
            assert http.get("/", params={"after": made_up}).status_code == 422
