"""A hostile ledger cannot make the auditor's report run, load, hide or break anything.

Whoever writes a log chooses its texts, and an auditor opens the report in a browser. Every text
of every entry is replaced by markup, templates, reordering marks and halves of Unicode pairs.
"""

import json
from collections.abc import Iterator, Mapping
from datetime import UTC
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from sandbox.cli.language import Language
from sandbox.cli.report.choices import Choices
from sandbox.cli.report.page import page
from sandbox.cli.report.reading import Audited, parsed_entries, read_through
from sandbox.cli.report.registry import Known, as_json, registry
from sandbox.ledger.anomalies import WorkingHours
from tests.support.honest_ledger import VKEY, Entry, exported, told

PAYLOADS = [
    "<script>alert(1)</script>",
    "\"'><img src=x onerror=alert(1)>",
    "</style></title></svg><script>alert(1)</script>",
    "--><!--<svg/onload=alert(1)>",
    "javascript:alert(1)",
    "{{ 7 * 7 }}{% raw %}{source}",
    "evil\u202elatot\u2066\u200b\x00\x1b[2J",
    "half \ud800 pair",
    "x" * 3000,
]
KEPT = {"kind", "index", "time", "accounting", "cap", "per_agreement", "cost", "debit", "granted"}
KEPT |= {"balances", "digest", "commitment", "policy", "request", "answer", "starts", "ends"}
KEPT |= {"version", "caps", "before", "after", "change", "outcome", "payloads", "size", "root"}
KEPT |= {"by", "researcher", "cause", "key", "csv", "parquet", "words"}
NAMES = {"dataset", "datasets", "source", "agreement", "submission", "emergency", "snapshot"}
NAMES |= {"application", "parts", "keys", "subject"}
FORBIDDEN = {"script", "img", "iframe", "object", "embed", "link", "form", "input", "base", "use"}


def hostile(payload: str) -> Iterator[Entry]:
    """Put the payload in place of every text that may be any text."""
    return (_hostile(entry, payload) for entry in told())


def _hostile(entry: Mapping[str, Any], payload: str) -> Entry:
    return {
        key: value if key in KEPT else _replaced(value, payload, key)
        for key, value in entry.items()
    }


def _replaced(value: Any, payload: str, key: str) -> Any:  # noqa: ANN401
    """Keep names that differ different, so that the entries still refer to each other."""
    if isinstance(value, dict):
        return {inner: _replaced(item, payload, inner) for inner, item in value.items()}
    if isinstance(value, list):
        return [_replaced(item, payload, key) for item in value]
    if not isinstance(value, str):
        return value
    if key == "subject":
        kind, slash, name = value.partition("/")
        return f"{kind}{slash}{payload} {name}" if slash else value
    return f"{payload} {value}" if key in NAMES else payload


class Elements(HTMLParser):
    """Collects what a browser would make of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[tuple[str, str]] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {(name, value or "") for name, value in attrs}


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_text_of_a_ledger_becomes_markup(
    tmp_path: Path, payload: str, language: Language
) -> None:
    leaves = [json.dumps(entry, sort_keys=True).encode() for entry in hostile(payload)]
    audited = read_through(exported(tmp_path / "export", leaves), VKEY, WorkingHours(UTC), None)
    text = page(audited, Choices(language, VKEY, "UTC"))
    text.encode()
    _told_of_everything(audited)
    seen = Elements()
    seen.feed(text)
    assert not seen.tags & FORBIDDEN
    for name, value in seen.attributes:
        assert not name.startswith("on")
        assert name not in {"src", "style"}
        assert name != "href" or value.startswith("#")
    assert "49" not in "".join(part for part in text.split("7 * 7")[1:2])[:8]
    assert not any(sign in text for sign in "\u202e\u2066\u200b\x00\x1b\ud800")
    assert len(text) < 600_000
    if "<" in payload:
        assert payload not in text
        assert "&lt;" in text


def _told_of_everything(audited: Audited) -> None:
    """Make sure that the attack reaches all of the page."""
    told, sources = audited.told, audited.told.sources.values()
    assert told.unread == 0
    assert told.anchors
    assert told.key_steps
    for name in ("cap_steps", "key_steps", "emergencies", "deeds", "parts", "cancelled"):
        assert any(getattr(one, name) for one in sources), name


@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_text_of_a_ledger_breaks_the_registry_s_file(tmp_path: Path, payload: str) -> None:
    leaves = [json.dumps(entry, sort_keys=True).encode() for entry in hostile(payload)]
    folder = exported(tmp_path / "export", leaves)
    text = "".join(as_json(registry(parsed_entries(folder), Known())))
    text.encode()
    assert isinstance(json.loads(text), list)


ABSURD = ["1" + "0" * 1999, f"1/{'9' * 1990}", f"{'9' * 990}/{'7' * 990}", "0", "-5"]


@pytest.mark.parametrize("most", [0, 2, 2**53 - 1])
@pytest.mark.parametrize("amount", ABSURD)
@pytest.mark.parametrize("time", ["0001-01-01T00:00:00.000000Z", "9999-12-31T23:59:59.999999Z"])
def test_no_number_and_no_time_of_a_ledger_ends_its_audit(
    tmp_path: Path, amount: str, time: str, most: int
) -> None:
    story = told()
    for number, entry in enumerate(story):
        if number % 2:
            entry["time"] = time
        for key in {"cap", "per_agreement"} & entry.keys():
            entry[key] = amount
        for key in {"caps", "before", "after"} & entry.keys():
            entry[key] = dict.fromkeys(entry[key], amount)
        if entry["kind"] == "policy" and entry["partition"]:
            entry["partition"] = {**entry["partition"], "most": most}
        for key in {"size", "payloads"} & entry.keys():
            entry[key] = 2**53 - 1
        if entry["kind"] == "debit":
            entry["cost"] = {"rho": amount, "delta": "0", "epsilon": amount}
    leaves = [json.dumps(entry, sort_keys=True).encode() for entry in story]
    audited = read_through(exported(tmp_path / "export", leaves), VKEY, WorkingHours(UTC), None)
    text = page(audited, Choices(Language.CHINESE, VKEY, "UTC"))
    assert 'class="verdict bad"' in text
    assert len(text) < 600_000
