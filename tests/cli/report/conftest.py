"""Pages of one ledger, and a reader that sees them as a browser does."""

from collections.abc import Callable
from datetime import timedelta, timezone
from html.parser import HTMLParser
from pathlib import Path

import pytest

from sandbox.cli.language import Language
from sandbox.cli.report.choices import Choices
from sandbox.cli.report.page import page
from sandbox.cli.report.reading import read_through
from sandbox.ledger.anomalies import WorkingHours
from tests.support.half_a_year import HalfYear
from tests.support.honest_ledger import VKEY, exported, written

VOID = {"meta", "br", "rect", "line", "path"}
HOURS = WorkingHours(timezone(timedelta(hours=8)))

Render = Callable[..., str]


class Browser(HTMLParser):
    """Reads a page and keeps what matters: elements, attributes, text, and whether tags pair."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.words: list[str] = []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    def all(self, tag: str) -> list[dict[str, str]]:
        return [attributes for name, attributes in self.elements if name == tag]


@pytest.fixture(scope="session")
def half_year(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An export of half a year."""
    return exported(tmp_path_factory.mktemp("report") / "export", written(HalfYear().told()))


@pytest.fixture(scope="session")
def render() -> Render:
    """Write a page of an export."""

    def rendered(
        folder: Path,
        language: Language = Language.ENGLISH,
        source: str | None = None,
    ) -> str:
        audited = read_through(folder, VKEY, HOURS, source)
        choices = Choices(language, VKEY, "UTC+8", source)
        return page(audited, choices)

    return rendered


@pytest.fixture(scope="session")
def browse() -> Callable[[str], Browser]:
    """Read a page."""
    return Browser
