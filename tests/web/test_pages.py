"""Pages that people read: in their language, without a script, and safe from owners' words."""

import base64
import hashlib
import re
from html.parser import HTMLParser

import pytest

from sandbox.web.words import CHINESE, ENGLISH, TERMS, words_for
from tests.support.served import Served

RECORD = "/datasets/town/clinic"


class Outline(HTMLParser):
    """Collects tags, their attributes, and the text between them."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data

    def named(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


def page(clinic: Served, path: str, **headers: str) -> str:
    with clinic.http() as http:
        reply = http.get(path, headers=headers)
    assert (reply.status_code, reply.headers["vary"]) == (200, "accept-language")
    return reply.text


@pytest.mark.parametrize("path", ["/", RECORD])
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_owners_words_are_text_and_nothing_else(clinic: Served, path: str, lang: str) -> None:
    outline = Outline(page(clinic, f"{path}?lang={lang}"))
    tags = {tag for tag, _ in outline.tags}
    assert not tags & {"script", "img", "b", "i", "iframe", "object", "link"}
    assert not [name for _, attributes in outline.tags for name in attributes if name[:2] == "on"]
    title = "<b>就诊</b>记录" if lang == "zh" else "<script>alert('title')</script> & Visits"
    assert title in outline.text
    assert '{{ 7*7 }} "><img src=x onerror=alert(1)>' in outline.text


def test_a_search_is_text_too(clinic: Served) -> None:
    hostile = "\"><script>alert('q')</script>{{7*7}}"
    with clinic.http() as http:
        reply = http.get("/", params={"q": hostile, "lang": "en"})
    outline = Outline(reply.text)
    assert not outline.named("script")
    values = [box["value"] for box in outline.named("input") if box["name"] == "q"]
    assert values == [hostile]


@pytest.mark.parametrize("path", ["/", RECORD])
def test_the_content_policy_allows_the_pages_own_style_and_nothing_foreign(
    clinic: Served, path: str
) -> None:
    with clinic.http() as http:
        reply = http.get(path)
    style = re.findall(r"<style>(.*?)</style>", reply.text, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(style[0].encode()).digest()).decode()
    assert len(style) == 1
    assert f"style-src 'sha256-{digest}'" in reply.headers["content-security-policy"]
    assert not re.search(r"(src|href|url)\s*[=(]\s*[\"']?\s*(https?:)?//", reply.text)
    assert " style=" not in reply.text


@pytest.mark.parametrize(
    ("asked", "accepted", "words"),
    [
        ("", "", ENGLISH),
        ("zh", "en", CHINESE),
        ("en", "zh-CN", ENGLISH),
        ("", "zh-CN,zh;q=0.9,en;q=0.8", CHINESE),
        ("", "en-GB,en;q=0.9,zh;q=0.8", ENGLISH),
        ("", "zh;q=0.2, en;q=0.7", ENGLISH),
        ("", "fr", ENGLISH),
        ("", "zh;q=broken", ENGLISH),
        ("../../etc", "zh", CHINESE),
    ],
)
def test_the_reader_chooses_the_language(asked: str, accepted: str, words: dict[str, str]) -> None:
    assert words_for(asked, accepted) is words


@pytest.mark.parametrize(("lang", "code"), [("en", "en"), ("zh", "zh-CN")])
@pytest.mark.parametrize("path", ["/", RECORD])
def test_a_page_can_be_read_by_everybody(clinic: Served, path: str, lang: str, code: str) -> None:
    text = page(clinic, f"{path}?lang={lang}")
    assert "built-in method" not in text  # a template's word that is also a dictionary's method
    outline = Outline(text)
    assert outline.named("html") == [{"lang": code}]
    assert (
        len(outline.named("h1")) == len(outline.named("main")) == len(outline.named("title")) == 1
    )
    assert outline.named("meta")[1]["content"] == "width=device-width, initial-scale=1"
    assert all(heading.get("scope") in {"col", "row"} for heading in outline.named("th"))
    labelled = {label["for"] for label in outline.named("label")}
    shown = {box.get("id") for box in outline.named("input") if box.get("type") != "hidden"}
    assert shown == labelled


def test_a_record_says_what_an_asker_needs(clinic: Served) -> None:
    english = Outline(page(clinic, f"{RECORD}?lang=en")).text
    chinese = Outline(page(clinic, f"{RECORD}?lang=zh")).text
    for text in (english, chinese):
        assert "built-in method" not in text
        assert "north" in text
        assert "0.01" in text
        assert "dr.connect().dataset('town/clinic')" in text
    assert "Closed to every question: person, name" in english
    assert "以下字段不予开放：person、name" in chinese
    assert "rho adds up more slowly than epsilon" in english
    assert "0 to 99, in steps of 1" in english
    assert "ρ 的累加慢于 ε" in chinese
    assert "有条件开放" in chinese
    assert "0 至 99，步长 1" in chinese


def test_a_search_finds_by_title_name_and_column(clinic: Served) -> None:
    for text in ("visits", "TOWN/CLI", "就诊", "cost"):
        assert "town/clinic" in Outline(page(clinic, f"/?q={text}")).text
    assert ENGLISH["nothing"] in page(clinic, "/?q=zeppelin")


def test_both_languages_say_the_same_things() -> None:
    assert ENGLISH.keys() == CHINESE.keys()
    assert TERMS["en"].keys() == TERMS["zh-CN"].keys()
    for key, text in ENGLISH.items():
        gaps = re.findall(r"{\w+}", text)
        assert sorted(gaps) == sorted(re.findall(r"{\w+}", CHINESE[key])), key
