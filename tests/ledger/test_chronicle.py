"""Figures are of the right source, complete, and no larger than a page can bear."""

import json
from collections import Counter
from datetime import date, timedelta, timezone
from fractions import Fraction
from typing import Any

from sandbox.ledger.anomalies import WorkingHours
from sandbox.ledger.asked import MAX_CODES, OTHER
from sandbox.ledger.charges import MAX_SNAPSHOTS
from sandbox.ledger.chronicle import MAX_SOURCES, chronicle
from sandbox.ledger.figures import Chronicle
from sandbox.ledger.oversight import MAX_LISTED, fingerprint
from tests.support.half_a_year import HalfYear
from tests.support.honest_ledger import (
    DISTRICTS,
    PERSON,
    Entry,
    Story,
    caps,
    honest,
    pseudonym,
    told,
    zcdp,
)

CHONGQING = timezone(timedelta(hours=8))
HOURS = WorkingHours(CHONGQING)
HALF_YEAR = HalfYear().told()


def tell(story: list[Entry], source: str | None = None) -> Chronicle:
    return chronicle(enumerate(story), HOURS, source)


def test_changes_of_caps_and_keys_are_told_of_apart_from_policies() -> None:
    figures = tell(HALF_YEAR)
    residents = figures.sources["health/residents"]
    caps_of = [(step.before.source, step.after.source) for step in residents.cap_steps]
    assert caps_of == [
        (Fraction("0.4"), Fraction("0.5")),
        (Fraction("0.5"), Fraction("0.47")),
    ]
    assert [cap for _, cap in residents.cap_curve] == [
        Fraction("0.4"),
        Fraction("0.5"),
        Fraction("0.47"),
    ]
    first, second = (step.key for step in residents.cap_steps)
    (rekeyed,) = residents.key_steps
    assert (rekeyed.old, rekeyed.new) == (first, second)
    assert residents.owner_key == second
    assert len(figures.key_steps) == 1
    assert not any(change.departs for change in residents.changes)


def test_a_policy_that_departs_from_the_caps_in_force_changes_none() -> None:
    story = Story()
    story.describe("owner/set", "people", "zcdp")
    story.describe("owner/set", "people", "zcdp", limits=caps(day="0.1"))
    source = tell(story.entries).sources["people"]
    assert [change.departs for change in source.changes if change.kind == "policy"] == [False, True]
    assert source.caps.day is None


def test_those_who_look_after_a_site_are_told_of() -> None:
    figures = tell(HALF_YEAR)
    residents, trips = figures.sources["health/residents"], figures.sources["transport/riders"]
    assert [one.subject for one in figures.deeds] == ["ledger"]
    assert [one.kind for one in residents.deeds] == ["review", "disposal", "erasure", "review"]
    assert [(one.kind, one.outcome) for one in trips.deeds] == [
        ("review", "objection"),
        ("erasure", ""),
    ]
    insurer = next(one for one in residents.agreements if one.disposed)
    assert insurer.researcher == residents.deeds[1].by == pseudonym("insurer")
    assert [len(one.witnesses) for one in figures.anchors] == [2] * 12


def test_a_later_version_goes_on_with_the_first_ones_account_and_feedback_is_told_of() -> None:
    story = honest()
    later = next(one for one in story.entries if one.get("agreement") == "a1.2")
    later.update(ends="2027-03-31", cap="0.4")
    people = tell(story.entries).sources["health/people"]
    assert [one.name for one in people.agreements] == ["a1", "a2"]
    changed = people.agreements[0]
    assert (changed.ends, changed.cap) == (date(2027, 3, 31), Fraction("0.4"))
    assert changed.spent == Fraction(1, 3)
    (filed,) = [one for one in people.deeds if one.kind == "feedback"]
    assert (filed.subject, filed.by) == ("agreement/a2", PERSON)


def test_entries_are_counted_once_for_their_source_and_once_for_the_site() -> None:
    figures = tell(HALF_YEAR)
    kinds = Counter(entry["kind"] for entry in HALF_YEAR)
    assert figures.counts == kinds
    added = sum((one.counts for one in figures.sources.values()), Counter[str]())
    of_the_site = Counter(site=1, anchor=kinds["anchor"], key_change=1, review=1)
    assert added + of_the_site == kinds
    refusals = [one for one in HALF_YEAR if one["kind"] == "refusal"]
    assert sum((one.codes for one in figures.sources.values()), Counter[str]()) == Counter(
        code for one in refusals for code in one["codes"]
    )
    assert figures.week.total() == kinds["debit"] + kinds["refusal"]


def test_the_half_year_has_one_of_each_pattern() -> None:
    assert tell(HALF_YEAR).watch.counts == dict.fromkeys(
        ("bursts", "same_price", "after_hours", "failures", "given_back", "probing"), 1
    )


def _refusal(dataset: str, codes: list[str]) -> Entry:
    refusal = next(one for one in told() if one["kind"] == "refusal")
    return {**refusal, "dataset": dataset, "codes": codes}


def test_one_source_can_be_told_of_alone() -> None:
    whole = tell(HALF_YEAR).sources["transport/riders"]
    alone = tell(HALF_YEAR, "transport/riders")
    assert list(alone.sources) == ["transport/riders"]
    one = alone.sources["transport/riders"]
    assert (one.account, one.counts, one.codes) == (whole.account, whole.counts, whole.codes)


def test_what_cannot_be_read_is_counted_and_passed_over() -> None:
    broken: list[Any] = [{}, {"kind": 7}, {"kind": "debit"}, {"kind": "of tomorrow", "index": 3}]
    figures = tell([*told(), *broken])
    assert figures.unread == len(broken)
    assert figures.sources.keys() == tell(told()).sources.keys()


def test_a_ledger_of_a_million_names_fills_neither_memory_nor_page() -> None:
    story = Story()
    for number in range(MAX_SOURCES + 7):
        story.describe(f"owner/set-{number}", f"source-{number}", "zcdp")
    for number in range(MAX_CODES + 9):
        story.add(_refusal("owner/set-0", [f"code-{number}"]))
    figures = tell(story.entries)
    assert len(figures.sources) == MAX_SOURCES
    assert len(figures.further_sources) == 7
    codes = figures.sources["source-0"].codes
    assert codes[OTHER] == 9
    assert codes.total() == MAX_CODES + 9


def test_lists_of_what_owners_and_officials_did_are_bounded_and_counted() -> None:
    story = Story()
    story.describe("owner/set", "people", "zcdp", limits=caps(day="1"), partition=DISTRICTS)
    story.agree("a", ["owner/set"], "people", "zcdp")
    before = caps(day="1")
    for number in range(MAX_LISTED + 5):
        after = caps(day=str(number + 2))
        story.recap("people", "zcdp", before, after, change=number + 1)
        before = after
        story.declare(f"e{number}", "people")
        story.snapshots["owner/set"] = f"snapshot {number}"
        story.add({**story.entries[1], "snapshot": f"snapshot {number}"})
        story.debit(f"s{number}", "a", "owner/set", zcdp("0"), {}, parts=["north"])
        story.cancel(f"s{number}", len(story.entries) - 1, {})
    source = tell(story.entries).sources["people"]
    assert len(source.cap_steps) == len(source.emergencies) == len(source.cancelled) == MAX_LISTED
    assert len(source.parts) == MAX_SNAPSHOTS
    assert source.counts["cap_change"] == source.counts["cancellation"] == MAX_LISTED + 5
    assert source.caps.day == MAX_LISTED + 6


def test_a_key_is_known_by_its_digest_and_no_key_is_not_an_error() -> None:
    assert fingerprint("AAAA") != fingerprint("AAAB")
    assert len(fingerprint("not base64!")) == len(fingerprint("\ud800")) == 64


def test_the_story_is_one_that_the_log_can_hold() -> None:
    assert json.loads(json.dumps(HALF_YEAR)) == HALF_YEAR


def test_an_emergency_is_looked_into_by_others_and_after_its_end() -> None:
    opened = next(entry for entry in HALF_YEAR if entry["kind"] == "emergency")
    seen = next(
        entry for entry in HALF_YEAR if entry.get("subject") == f"emergency/{opened['emergency']}"
    )

    def reviewed(**changes: object) -> bool:
        story = [{**entry, **changes} if entry is seen else entry for entry in HALF_YEAR]
        (figures,) = tell(story).sources["health/residents"].emergencies
        return figures.reviewed is not None

    assert reviewed()
    assert not reviewed(by=opened["by"][0])
    assert not reviewed(by=opened["by"][1])
    assert not reviewed(time=opened["time"])
