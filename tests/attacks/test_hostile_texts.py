"""A18: whatever is written into a field of a form is refused with its place, or shown inert.

Inert on pages, in terminals, in spreadsheets, in exports, in the ledger and in an auditor's report.
"""

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest

from policies.signs import UNSEEN
from sandbox import wire, wire_identity
from sandbox.model.principal import Role
from tests.attacks.test_report_injection import FORBIDDEN, Elements
from tests.cli.conftest import typed
from tests.support.clinic import CSV, POLICY, WARD
from tests.support.hostile_texts import (
    APPLICATION,
    MARKUP,
    PASSWORD,
    SIGNS,
    TARGETS,
    Takes,
    fields_to_fill,
    text_fields,
)
from tests.support.served import Served, served
from tests.support.sheets import CHINESE, line

API = "/api/v1"
OTHERS = WARD.replace("contact: town hall", "contact: town hall\n  origin: Sichuan")
OPEN = """
apiVersion: datarange/v1
kind: ReleasePolicy
metadata:
  name: stops
  dataset: town/stops
  title: Stops
  theme: traffic
  contact: town hall
  keywords: [bus]
  description: Where buses stop
  conditions: none
openness: unconditional
access: [download]
grade: L1
columns:
  stop: {description: Name}
"""
FIELDS = [(form, name) for form, name, _ in fields_to_fill()]
Sent = tuple[type, str, str]


@dataclass
class Planted:
    """A site into whose every field markup was put."""

    site: Served
    replies: dict[Sent, httpx.Response] = field(default_factory=dict)

    def plant(self) -> None:
        for form, name, kind in fields_to_fill():
            if kind is not Takes.SECRET:
                for text in (*MARKUP, "first\nsecond"):
                    self.replies[form, name, text] = self.send(form, name, text)

    def send(self, form: type, name: str, text: object) -> httpx.Response:
        target = TARGETS[form]
        with self.site.http(target.role) as http:
            return http.post(
                self._address(target.path), json=target.with_text(name, text), timeout=60
            )

    def refusal(self, form: type, body: str) -> dict[str, Any]:
        """Send a body to nothing that is there; give the problem that it was."""
        target = TARGETS[form]
        path = target.path.format(application="0" * 32, demand="0" * 32)
        with self.site.http(target.role) as http:
            reply = http.post(
                path if path.startswith("/") else f"{API}/{path}",
                content=body,
                headers={"content-type": "application/json"},
            )
        assert len(reply.content) < 1000
        assert 400 <= reply.status_code < 500
        return dict(reply.json())

    def _address(self, path: str) -> str:
        if "{demand}" in path:
            with self.site.http(self.site.admit(f"asker{len(self.replies)}")) as http:
                asked = http.post(f"{API}/demands", json=TARGETS[wire.DemandForm].body).json()
            path = path.format(demand=asked["id"])
        if "{application}" in path:
            with self.site.http(Role.RESEARCHER) as http:
                asked = http.post(f"{API}/applications", json=APPLICATION).json()
            path = path.format(application=asked["id"])
        return path if path.startswith("/") else f"{API}/{path}"


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Planted]:
    folder = tmp_path_factory.mktemp("planted")
    (folder / "rows.csv").write_text(CSV)
    with served(folder) as site:
        for policy in (POLICY, OTHERS):
            (folder / "policy.yaml").write_text(policy)
            site.add(folder / "rows.csv", folder / "policy.yaml")
        site.agree(Role.RESEARCHER, "town/clinic", "research")
        with site.http(Role.ADMINISTRATOR) as http:
            account = {"name": "wanting", "role": "researcher", "password": PASSWORD}
            assert http.post(f"{API}/accounts", json=account).status_code == 201
        here = Planted(site)
        here.plant()
        for number, text in enumerate(MARKUP):
            _open(site, number, text)
        _list(site)
        yield here


def _open(site: Served, number: int, text: str) -> None:
    """Open a dataset whose every text is this one."""
    quoted = json.dumps(text)
    policy = OPEN.replace("town/stops", f"town/stops{number}").replace("[bus]", f"[{quoted}]")
    policy = re.sub(
        r"(title|theme|contact|description|conditions): [^}\n]+", rf"\1: {quoted}", policy
    )
    (site.folder / "stops.csv").write_text(f"stop\n{_cell(text)}\n")
    (site.folder / "stops.yaml").write_text(policy)
    site.range_of(Role.OWNER).open_data(site.folder / "stops.csv", site.folder / "stops.yaml")


def _list(site: Served) -> None:
    """Import a catalogue whose titles are hostile."""
    lines = (line(f"town/l{n}", "town", title=_cell(text)) for n, text in enumerate(MARKUP))
    (site.folder / "list.csv").write_text(CHINESE + "".join(lines))
    assert list(site.range_of(Role.OWNER).import_list(site.folder / "list.csv"))


def _cell(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def test_every_text_field_of_every_form_is_attacked_here(planted: Planted) -> None:
    with planted.site.http() as http:
        document = http.get(f"{API}/openapi.json").text
    named = set(re.findall(r'"requestBody": \{[^}]*"#/components/schemas/(\w+)"', document))
    assert len(named) > 20
    assert named <= {form.__name__ for form in TARGETS}
    for form, target in TARGETS.items():
        assert form.__module__ in {wire.__name__, wire_identity.__name__}
        assert set(text_fields(form)) == set(target.takes), form.__name__


@pytest.mark.parametrize("kind", SIGNS)
def test_a_text_that_misleads_is_refused_with_its_place(planted: Planted, kind: str) -> None:
    for form, name in FIELDS:
        body = json.dumps(TARGETS[form].with_text(name, SIGNS[kind]))
        problem = planted.refusal(form, body)
        if problem["code"] != "request.too_long":
            assert problem["code"] == "request.misleading_text", (form, name)
            assert problem["place"]["clause"] == name


@pytest.mark.parametrize(
    ("text", "instead", "code"),
    [
        ("half", "half \\ud800 pair", "request.malformed"),
        ("flood", "x" * 10_000_000, "request.too_long"),
        ('"deep"', "[" * 9000 + "]" * 9000, "request.malformed"),
        ('"huge"', "9" * 9000, "request.malformed"),
    ],
    ids=["half a pair", "flood", "deep", "huge"],
)
def test_what_is_no_text_and_a_flood_of_it_are_refused(
    planted: Planted, text: str, instead: str, code: str
) -> None:
    for form, name in FIELDS:
        body = json.dumps(TARGETS[form].with_text(name, text.strip('"')))
        assert planted.refusal(form, body.replace(text, instead))["code"] == code, (form, name)


@pytest.mark.parametrize("text", ["", "   \n\t ", "x" * 900_000], ids=["empty", "blank", "long"])
def test_nothing_and_far_too_much_are_no_fault_of_the_sites(planted: Planted, text: str) -> None:
    for form, name, kind in fields_to_fill():
        if kind is not Takes.SECRET:
            reply = planted.send(form, name, text)
            assert reply.status_code < (500 if len(text) < 9 else 423), (form, name)
            assert reply.status_code >= (200 if len(text) < 9 else 400), (form, name)
            assert reply.status_code < 400 or reply.json()["code"]
            assert reply.status_code < 400 or len(reply.content) < 3000, (form, name)


def taken(reply: httpx.Response) -> bool:
    """Tell whether the words were in order; a second withdrawal finds nothing left to take down."""
    return reply.status_code < 400 or reply.json()["code"] == "withdrawal.not_open"


def test_markup_is_taken_where_people_write_and_nowhere_else(planted: Planted) -> None:
    for form, name, kind in fields_to_fill():
        for text in MARKUP:
            reply = planted.replies.get((form, name, text))
            if reply is not None:
                assert taken(reply) == (kind in {Takes.PROSE, Takes.LINE}), (
                    form,
                    name,
                    text,
                    reply.text,
                )


def test_a_second_line_is_taken_in_prose_alone(planted: Planted) -> None:
    for form, name, kind in fields_to_fill():
        reply = planted.replies.get((form, name, "first\nsecond"))
        if reply is not None:
            assert taken(reply) == (kind is Takes.PROSE), (form, name, reply.text)


def test_a_refusal_never_says_again_what_was_written(planted: Planted) -> None:
    for (form, name, text), reply in planted.replies.items():
        if reply.status_code >= 400:
            assert reply.headers["content-type"] == "application/problem+json"
        if reply.status_code >= 400 and form not in {wire.Question, wire.AlgorithmForm}:
            assert text not in reply.json()["detail"], (form, name)


PAGES = (
    *("/", "/catalogue", "/demands", "/datasets/town/clinic", "/catalogue/town/clinic"),
    *(
        f"/catalogue/town/{kind}{number}"
        for kind in ("stops", "l")
        for number in range(len(MARKUP))
    ),
)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_pages_show_it_and_run_nothing(planted: Planted, lang: str) -> None:
    shown = ""
    with planted.site.http() as http:
        for path in PAGES:
            reply = http.get(path, params={"lang": lang})
            assert reply.status_code == 200
            _inert(reply)
            shown += reply.text
    assert "&lt;script&gt;alert(1)" in shown


def test_an_accounts_page_shows_its_labels_and_runs_nothing(planted: Planted) -> None:
    with planted.site.http() as http:
        form = Elements()
        form.feed(http.get("/sign-in").text)
        hidden = re.search(r'name="(\w+)" value="([^"]+)"', http.get("/sign-in").text)
        assert hidden
        fields = {hidden[1]: hidden[2], "name": "wanting", "password": PASSWORD}
        http.post("/sign-in", data=fields)
        page = http.get("/me")
    assert "&lt;script&gt;alert(1)" in page.text
    _inert(page)


def _inert(reply: httpx.Response) -> None:
    seen = Elements()
    seen.feed(reply.text)
    assert not seen.tags & (FORBIDDEN - {"form", "input"})
    assert not [name for name, _ in seen.attributes if name.startswith("on")]
    assert all(url[:1] in {"/", "?", "#"} for name, url in seen.attributes if name == "href")
    assert not UNSEEN.search(reply.text)
    assert "script-src" not in reply.headers["content-security-policy"]
    assert "default-src 'none'" in reply.headers["content-security-policy"]


def test_exports_are_data_and_no_cell_is_a_formula(planted: Planted) -> None:
    with planted.site.http() as http:
        dcat = http.get(f"{API}/catalogue/dcat")
        sheet = http.get(f"{API}/catalogue/sheet")
        croissants = [
            http.get(f"{API}/catalogue/croissant/town/stops{n}") for n in range(len(MARKUP))
        ]
    with planted.site.http(Role.RESEARCHER) as http:
        files = [
            http.get(f"{API}/catalogue/files/town/stops{n}?form=csv") for n in range(len(MARKUP))
        ]
    for reply in (dcat, *croissants):
        assert "json" in reply.headers["content-type"]
        assert isinstance(reply.json(), dict)
    for reply in (sheet, *files):
        assert reply.headers["content-type"].startswith("text/csv")
        rows = list(csv.reader(io.StringIO(reply.text.removeprefix("\ufeff"))))
        assert not [cell for row in rows for cell in row if cell[:1] in {*"=+-@"}]
    for reply in (dcat, sheet, *croissants, *files):
        assert reply.headers["x-content-type-options"] == "nosniff"
        assert not UNSEEN.search(reply.text.removeprefix("\ufeff"))


COMMANDS: Mapping[Role, tuple[tuple[str, ...], ...]] = {
    Role.RESEARCHER: (
        ("application", "list"),
        ("agreement", "list"),
        ("demand", "list"),
        ("catalogue", "search"),
        ("catalogue", "show", "town/stops0"),
        ("catalogue", "show", "town/l1"),
        ("dataset", "list"),
        ("dataset", "show", "town/clinic"),
        ("account", "tokens"),
        ("catalogue", "owners"),
    ),
    Role.STEWARD: (("application", "list"), ("emergency", "list"), ("source", "list")),
}


@pytest.mark.parametrize("words", [("--lang", "en"), ("--lang", "zh"), ("--json",)])
def test_terminals_are_told_nothing_that_they_would_obey(
    planted: Planted, words: tuple[str, ...]
) -> None:
    for role, commands in COMMANDS.items():
        env = {"DATARANGE_URL": planted.site.url, "DATARANGE_TOKEN": planted.site.tokens[role]}
        for command in commands:
            said = typed(*command, *words, env=env)
            assert said.code == 0, (command, said.all)
            assert not UNSEEN.search(said.all), command
    with planted.site.http(Role.STEWARD) as http:
        ids = [one["id"] for one in http.get(f"{API}/applications").json()]
    env = {"DATARANGE_URL": planted.site.url, "DATARANGE_TOKEN": planted.site.tokens[Role.STEWARD]}
    told = "".join(typed("application", "show", name, *words, env=env).all for name in ids[:40])
    assert not UNSEEN.search(told)
    assert "<script>alert(1)</script>" in told
    assert "[bold red]loud[/]" in told


def test_the_ledger_and_its_report_have_nothing_of_it(planted: Planted, tmp_path: Path) -> None:
    auditor = planted.site.range_of(Role.AUDITOR)
    auditor.export_ledger(tmp_path / "export")
    for file in (tmp_path / "export").rglob("*"):
        if file.is_file():
            content = file.read_bytes()
            assert b"alert(1)" not in content, file
            assert b"HYPERLINK" not in content, file
    env = {
        "DATARANGE_URL": planted.site.url,
        "DATARANGE_TOKEN": planted.site.tokens[Role.AUDITOR],
    }
    said = typed("audit", "verify", str(tmp_path / "export"), env=env)
    assert "alert(1)" not in said.all
