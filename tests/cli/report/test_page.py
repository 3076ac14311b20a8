"""What an auditor holds: a page that stands alone, in two languages, and says the truth first."""

import json
import re
import shutil
from collections import Counter
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

import sandbox.cli.report
from sandbox.cli.language import Language
from sandbox.cli.report.wording import short_key
from sandbox.errors import BadInput, NotFound
from tests.support.half_a_year import FLOOD, HalfYear
from tests.support.honest_ledger import (
    LATER_CAPS,
    RIDERS,
    Entry,
    caps,
    exported,
    honest,
    pseudonym,
    signed,
    told,
    written,
)

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


def test_epsilon_is_stated_at_the_delta_that_the_owner_signed(
    half_year: Path, render: Render
) -> None:
    text = render(half_year)
    assert "At δ = 1e-9 this implies ε ≤ 5.41 of 6.26" in text
    assert text.count("this implies ε") == 2  # Not of the source that is counted in ε.


@pytest.mark.parametrize("delta", ["0", "1", "7", "-0.5"])
def test_an_absurd_delta_gives_no_epsilon(tmp_path: Path, render: Render, delta: str) -> None:
    story = told()
    for entry in story:
        if entry["kind"] == "policy":
            entry["caps"] = {**entry["caps"], "delta": delta}
    text = render(exported(tmp_path / "export", written(story)), source="health/people")
    assert "no ε can be stated" in text
    assert "this implies ε" not in text


@BOTH
def test_each_kind_of_account_has_its_table(
    half_year: Path, render: Render, language: Language
) -> None:
    text = render(half_year, language)
    for number, kinds in enumerate(
        (
            ("tree", "agreement-list", "people", "periods", "parts", "emergencies"),
            ("tree", "agreement-list", "people", "periods", "periods-days", "emergencies"),
            ("tree", "agreement-list", "people"),
        )
    ):
        for kind in (*kinds, "given-back", "caps", "changes", "deeds"):
            assert text.count(f'id="source-{number}-{kind}"') == 1
    assert 'id="source-2-emergencies"' not in text


def section(text: str, id_: str) -> str:
    """Give what stands below a heading, down to the next one."""
    start = text.index(f'<h3 id="{id_}"')
    return text[start : text.index("<h", start + 5)]


def test_raises_and_lowerings_are_told_apart(half_year: Path, render: Render) -> None:
    rows = re.findall(r"<tr>.*?</tr>", section(render(half_year), "source-0-caps"))[1:]
    seen = [(re.findall(r"<bdi>(.*?)</bdi>", row)[0], row) for row in rows]
    assert [
        (name, "▲" in row and "raised" in row, "▼" in row and "lowered" in row)
        for name, row in seen
    ] == [
        ("Cap of the source", True, False),
        ("Limit of a month", True, False),
        ("Owner’s key", False, False),
        ("Cap of the source", False, True),
        ("Limit of each researcher", True, False),
    ]


def test_limits_that_are_introduced_or_dropped_are_told_of(tmp_path: Path, render: Render) -> None:
    story = honest()
    within = {**LATER_CAPS, "day": None}
    story.recap(RIDERS, "zcdp", LATER_CAPS, within, change=9)
    story.recap(RIDERS, "zcdp", within, LATER_CAPS, change=10)
    text = render(exported(tmp_path / "export", written(story.entries)), source=RIDERS)
    rows = section(text, "source-0-caps")
    assert rows.index("limit dropped") < rows.index("limited from now on")


def test_a_person_in_several_parts_is_said_to_be_counted_in_each(
    half_year: Path, render: Render
) -> None:
    said = section(render(half_year), "source-0-parts")
    assert "by the column district into 6 parts; ingest keeps nobody in more than 2." in said
    assert "A person in several parts is counted in each of them." in said
    assert "the source pays for the dearest parts of each snapshot" in said


def test_each_emergency_stands_with_its_tranche_and_who_opened_it(
    half_year: Path, render: Render
) -> None:
    said = section(render(half_year), "source-0-emergencies")
    assert "Kept for emergencies: ρ 0.04" in said
    assert "ρ 0.024 (ε 1.28) are spent and ρ 0.016 (ε 1.04) cannot be had otherwise" in said
    assert FLOOD in said
    assert short_key(pseudonym("steward")) in said
    assert short_key(pseudonym("deputy")) in said
    seen = next(one for one in HalfYear().told() if one.get("subject") == f"emergency/{FLOOD}")
    assert seen["time"][:10] in said
    assert "not on record" not in said


def test_debits_that_were_given_back_stand_beside_what_they_undo(
    half_year: Path, render: Render
) -> None:
    said = section(render(half_year), "source-0-given-back")
    undone = [one for one in HalfYear().told() if one["kind"] == "cancellation"]
    for one in undone:
        assert f'<a href="#e{one["debit"]}">' in said
        assert f'<a href="#e{one["index"]}">' in said
    assert f"{len(undone)} times" in said


def test_an_objection_stands_out(half_year: Path, render: Render) -> None:
    text = render(half_year)
    assert "<strong>1</strong> Objections" in text
    assert re.search(r'class="words objection">objection<', section(text, "source-1-deeds"))
    assert "agreement ended" in section(text, "source-0-deeds")
    assert "papers deleted: 7" in section(text, "source-0-deeds")


def test_a_policy_that_departs_from_the_caps_in_force_stands_out(
    tmp_path: Path, render: Render
) -> None:
    story = honest()
    story.describe("health/hie", "health/people", "zcdp", limits=caps(source="0.9"))
    text = render(exported(tmp_path / "export", written(story.entries)))
    assert "departs from the caps in force" in section(text, "source-0-changes")
    assert "policy.terms" in text


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
    codes = re.findall(r"<code>([a-z_.]+)</code>", listed)
    assert {"debit.over_cap", "debit.balances", "anchor.root"} <= set(codes)
    assert len(set(codes)) == len(codes)
    by_code = dict(zip(codes, listed.split("<li>")[1:], strict=True))
    assert by_code["debit.over_cap"].count('href="#e') == 12
    assert re.search(r"and \d+ more", by_code["debit.over_cap"])
    assert f"Kinds of error: {len(codes)}." in text


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
