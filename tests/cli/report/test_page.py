"""What an auditor holds: a page that stands alone, in two languages, and says the truth first."""

import json
import re
import shutil
from collections import Counter
from collections.abc import Callable
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

import sandbox.cli.report
from sandbox.cli.language import Language
from sandbox.cli.report.implied import Implied
from sandbox.errors import BadInput, NotFound
from tests.support.half_a_year import HalfYear
from tests.support.honest_ledger import Entry, exported, signed, told, written

Render = Callable[..., str]
Browse = Callable[[str], Any]
BOTH = pytest.mark.parametrize("language", list(Language))


@BOTH
def test_it_is_one_file_that_asks_for_nothing(
    half_year: Path, render: Render, browse: Browse, language: Language
) -> None:
    text = render(half_year, language)
    seen = browse(text)
    assert not {"script", "link", "img", "iframe", "object", "base", "form"} & {
        tag for tag, _ in seen.elements
    }
    for tag, attributes in seen.elements:
        assert not [name for name in attributes if name.startswith("on") or name == "style"]
        assert attributes.get("href", "#").startswith("#"), tag
        assert not attributes.keys() & {"src", "srcset", "xlink:href", "action"}
    assert "url(" not in text
    assert "@import" not in text
    policy = [one["content"] for one in seen.all("meta") if "http-equiv" in one]
    assert policy[0].startswith("default-src 'none'; style-src 'unsafe-inline'; img-src data:")


@BOTH
def test_everybody_can_read_it(
    half_year: Path, render: Render, browse: Browse, language: Language
) -> None:
    seen = browse(render(half_year, language))
    assert seen.all("html") == [{"lang": "en" if language is Language.ENGLISH else "zh-CN"}]
    ids = Counter(each["id"] for _, each in seen.elements if "id" in each)
    assert ids.most_common(1)[0][1] == 1
    for _, attributes in seen.elements:
        named = attributes.get("aria-labelledby", "").split()
        link = attributes.get("href", "")[1:].split()
        assert set(named + link) <= ids.keys()
    assert all("scope" in heading for heading in seen.all("th"))
    levels = [int(tag[1]) for tag, _ in seen.elements if re.fullmatch("h[1-6]", tag)]
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


@BOTH
def test_every_plot_has_a_title_a_description_and_its_numbers(
    half_year: Path, render: Render, language: Language
) -> None:
    figures = re.findall(r"<figure.*?</figure>", render(half_year, language), re.DOTALL)
    assert len(figures) == 3 + 3 * 3
    for figure in figures:
        drawings = re.findall(r"<svg class=\"(?:wide|narrow)\".*?</svg>", figure, re.DOTALL)
        assert len(drawings) == 2
        for drawing in drawings:
            assert re.search(r"role=\"img\".*?<title id=.*?>.+?</title>", drawing, re.DOTALL)
            assert re.search(r"<desc id=.*?>.+?</desc>", drawing, re.DOTALL)
        assert "<table" in figure or 'id="source-' in figure
    assert not re.search(r"nan|inf", " ".join(re.findall(r'\bd="[^"]*"', "".join(figures))))


def test_the_same_export_gives_the_same_page(half_year: Path, render: Render) -> None:
    assert render(half_year) == render(half_year)


def test_the_figures_on_the_page_are_those_of_the_ledger(half_year: Path, render: Render) -> None:
    text, story = render(half_year), HalfYear().told()
    last = [one for one in story if "source/health/residents" in one.get("balances", {})][-1]
    spent = last["balances"]["source/health/residents"]
    assert f"ρ {spent} (" in text
    kinds = Counter(entry["kind"] for entry in story)
    assert f"<strong>{kinds['release']}</strong> Answers released" in text
    assert f"<strong>{kinds['refusal']}</strong> Requests refused" in text


def test_epsilon_is_stated_only_at_a_delta_that_somebody_named(
    half_year: Path, render: Render
) -> None:
    without, with_delta = render(half_year), render(half_year, implied=Implied(Fraction("1e-9")))
    assert "this implies ε" not in without
    assert "no ε is stated here" in without
    assert "At δ = 1e-9 this implies ε ≤ 5.4 of 6.11" in with_delta


def test_one_source_alone_is_told_of(half_year: Path, render: Render) -> None:
    text = render(half_year, source="transport/riders")
    assert "Limited to the source transport/riders" in text
    assert "health/screening" not in text
    with pytest.raises(NotFound) as refused:
        render(half_year, source="no/such")
    assert refused.value.code == "report.source"


@BOTH
def test_an_empty_ledger_gives_a_page(
    tmp_path: Path, render: Render, browse: Browse, language: Language
) -> None:
    folder = exported(tmp_path / "export", [], signed([]))
    text = render(folder, language)
    browse(text)
    assert 'class="verdict bad"' in text


def test_a_site_that_only_opened_is_told_of(tmp_path: Path, render: Render) -> None:
    text = render(exported(tmp_path / "export", written(told()[:7])))
    assert 'class="verdict good"' in text
    assert "Nothing has been spent." not in text  # Without rows there is no table to say it in.
    assert "There is no agreement on this source." in text
    assert "Nobody has asked anything yet." in text


def tampered(story: list[Entry]) -> list[bytes]:
    """Spend a hundred times the cap and hide a debit."""
    spent = [dict(entry) for entry in story]
    debit = next(entry for entry in spent if entry["kind"] == "debit")
    debit["cost"] = {**debit["cost"], "rho": "100"}
    return written([entry for entry in spent if entry["index"] != debit["index"] + 2])


@BOTH
def test_a_ledger_that_does_not_verify_says_so_first_and_in_red(
    tmp_path: Path, render: Render, browse: Browse, language: Language
) -> None:
    leaves = tampered(told())
    text = render(exported(tmp_path / "export", leaves), language)
    browse(text)
    verdict = text.index('class="verdict bad"')
    assert verdict < text.index("<nav")
    said = "Do not rely on this ledger" if language is Language.ENGLISH else "请勿采信该账本"
    assert said in text[verdict : text.index("<nav")]
    assert "debit.over_cap" in text
    assert 'class="verdict good"' not in text


def test_findings_are_gathered_by_kind_so_that_none_hides_another(
    tmp_path: Path, render: Render
) -> None:
    story = HalfYear().told()
    debit = next(entry for entry in story if entry["kind"] == "debit")
    debit["cost"] = {**debit["cost"], "rho": "0.5"}
    del story[-1]
    text = render(exported(tmp_path / "export", written(story)))
    listed = text[text.index('id="findings"') : text.index('<dl class="facts">')]
    assert re.findall(r"<code>([a-z_.]+)</code>", listed) == ["debit.over_cap", "debit.balances"]
    assert listed.count('href="#e') == 2 * 12
    assert "Kinds of error: 2." in text


def test_a_torn_export_still_gives_a_page(tmp_path: Path, half_year: Path, render: Render) -> None:
    folder = tmp_path / "torn"
    shutil.copytree(half_year, folder)
    bundle = folder / "tile/entries/001"
    bundle.write_bytes(bundle.read_bytes()[:-5])
    text = render(folder)
    assert 'class="verdict bad"' in text
    assert "export.torn" in text


def test_entries_of_no_json_are_counted(tmp_path: Path, render: Render) -> None:
    text = render(exported(tmp_path / "export", [*written(told()), b"\xff\xfe", b"[]", b"{"]))
    assert "3 entries could not be understood" in text


def test_what_is_no_export_gives_no_page(tmp_path: Path, render: Render) -> None:
    with pytest.raises(BadInput) as refused:
        render(tmp_path)
    assert refused.value.code == "export.unreadable"


def test_cited_entries_are_those_of_the_export(half_year: Path, render: Render) -> None:
    text, story = render(half_year), HalfYear().told()
    for position in re.findall(r'<a href="#e(\d+)">', text):
        assert f'<div id="e{position}">' in text
    entry = json.dumps(story[1], separators=(",", ":"), sort_keys=True)
    assert entry.replace('"', "&#34;") in text


def test_colours_can_be_told_from_what_they_stand_on() -> None:
    """WCAG 2.2, criteria 1.4.3 (text, 4.5) and 1.4.11 (graphics, 3)."""
    style = Path(sandbox.cli.report.__path__[0], "templates", "style.css").read_text("utf-8")
    colours = dict(re.findall(r"--([a-z0-9-]+): (#[0-9a-f]{6})", style))
    for text in ("ink", "faint", "accent", "cap", "good", "bad"):
        assert contrast(colours[text], colours["paper"]) >= 4.5
        assert contrast(colours[text], colours["tint"]) >= 4.5
    assert contrast(colours["good"], colours["good-tint"]) >= 4.5
    assert contrast(colours["bad"], colours["bad-tint"]) >= 4.5
    for series in range(7):
        assert contrast(colours[f"s{series}"], colours["paper"]) >= 3


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    parts = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
