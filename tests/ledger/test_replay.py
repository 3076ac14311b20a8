"""Each rule of the replay: an honest ledger keeps it, a broken one is found where it broke."""

import copy
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sandbox.ledger.canonical import sha256
from sandbox.ledger.findings import ERRORS, MAX_LISTED, WARNINGS
from sandbox.ledger.replay import Findings, replay
from tests.support.honest_ledger import (
    RESEARCHER,
    SITE,
    Entry,
    renumbered,
    signature,
    told,
)

# Where things stand in the honest ledger.
POLICY, SECOND_POLICY, PUPILS, SNAPSHOT = 1, 3, 5, 2
APPLICATION, DECISION, AGREEMENT, SECOND_AGREEMENT, PURE_AGREEMENT = 7, 8, 9, 12, 15
DEBIT, RELEASE, SECOND_DEBIT, FAILURE, PURE_DEBIT = 16, 17, 18, 19, 22

Change = Callable[[list[Entry]], object]


def replayed(story: list[Entry]) -> Findings:
    return replay(enumerate(story))


def codes(story: list[Entry]) -> set[tuple[int | None, str]]:
    return {(finding.index, finding.code) for finding in replayed(story).found}


def put(index: int, /, **fields: object) -> Change:
    """Overwrite fields of one entry."""
    return lambda story: story[index].update(fields)


def again(index: int, /, **fields: object) -> Change:
    """Append an entry once more, with some fields changed."""
    return lambda story: story.append({**story[index], "index": len(story), **fields})


def resigned(index: int, /, **fields: object) -> Change:
    """Append an agreement that both parties signed, with some fields changed."""
    digest = sha256(b"another text")
    return again(
        index,
        digest=digest,
        researcher_signature=signature(RESEARCHER, digest),
        site_signature=signature(SITE, digest),
        **fields,
    )


def test_an_honest_ledger_has_no_findings() -> None:
    assert replayed(told()).found == ()


def test_balances_are_exact_fractions() -> None:
    balances = replayed(told()).balances
    assert {name: (one.cap, one.spent, one.remaining) for name, one in balances.items()} == {
        "source/health/people": (1, Fraction(11, 24), Fraction(13, 24)),
        "source/school/pupils": (1, Fraction(1, 4), Fraction(3, 4)),
        "agreement/a1": (Fraction(1, 2), Fraction(1, 3), Fraction(1, 6)),
        "agreement/a2": (Fraction(1, 2), Fraction(1, 8), Fraction(3, 8)),
        "agreement/a3": (Fraction(1, 2), Fraction(1, 4), Fraction(1, 4)),
    }


def test_entries_are_counted_by_kind() -> None:
    counts = replayed(told()).counts
    assert (counts["site"], counts["debit"], counts["refusal"], sum(counts.values())) == (
        1,
        3,
        1,
        len(told()),
    )


END = len(told())
BROKEN: list[tuple[str, int, Change]] = [
    ("entry.index", 20, lambda story: story.pop(20)),
    ("entry.index", 4, lambda story: story.insert(4, story.pop(5))),
    ("entry.index", END, again(RELEASE, index=RELEASE)),
    ("entry.malformed", DEBIT, put(DEBIT, cost={"rho": "1e-3", "delta": "0", "epsilon": None})),
    ("entry.malformed", DEBIT, lambda story: story[DEBIT].pop("balances")),
    ("entry.malformed", DECISION, put(DECISION, commitment="Because I know her.")),
    ("entry.malformed", END, lambda story: story.append({"index": END})),
    ("entry.kind", END, again(RELEASE, kind="cap_change")),
    ("time.backwards", END, again(FAILURE, time="2020-01-01T00:00:00.000000Z")),
    ("site.missing", 0, put(0, kind="cap_change")),
    ("site.repeated", END, again(0)),
    ("policy.source", END, again(POLICY, source="health/other")),
    ("policy.terms", END, again(POLICY, cap="2")),
    ("policy.terms", END, again(POLICY, cap="0.5")),
    ("policy.terms", END, again(POLICY, accounting="pure")),
    ("policy.terms", SECOND_POLICY, put(SECOND_POLICY, cap="1.001")),
    ("dataset.policy", END, again(SNAPSHOT, snapshot="new", policy="0" * 64)),
    ("dataset.policy", END, again(SNAPSHOT, snapshot="new", dataset="health/costs")),
    ("dataset.snapshot", END, again(SNAPSHOT)),
    ("application.dataset", END, again(APPLICATION, application="x", dataset="no/such")),
    ("application.repeated", END, again(APPLICATION)),
    ("decision.application", END, again(DECISION, application="never received")),
    ("decision.repeated", END, again(DECISION, granted=False)),
    ("agreement.application", AGREEMENT, put(DECISION, granted=False)),
    ("agreement.application", END, resigned(AGREEMENT, agreement="x", application="x")),
    ("agreement.repeated", END, resigned(AGREEMENT, agreement="second account")),
    ("agreement.repeated", END, resigned(AGREEMENT, application="another")),
    ("agreement.datasets", AGREEMENT, put(AGREEMENT, datasets=["health/costs"])),
    ("agreement.datasets", AGREEMENT, put(AGREEMENT, datasets=["health/hie", "school/marks"])),
    ("agreement.datasets", AGREEMENT, put(AGREEMENT, datasets=["health/hie", "no/such"])),
    ("agreement.researcher_signature", AGREEMENT, put(AGREEMENT, digest="0" * 64)),
    ("agreement.researcher_signature", AGREEMENT, put(AGREEMENT, researcher_key="no key")),
    ("agreement.site_signature", AGREEMENT, put(AGREEMENT, site_signature="")),
    ("agreement.site_signature", AGREEMENT, put(0, site_key="another key")),
    ("agreement.accounting", PURE_AGREEMENT, put(PURE_AGREEMENT, accounting="zcdp")),
    ("agreement.cap", AGREEMENT, put(AGREEMENT, cap="0.500000001")),
    ("agreement.cap", AGREEMENT, put(SECOND_POLICY, per_agreement="0.4")),
    ("agreement.period", AGREEMENT, put(AGREEMENT, starts="2027-01-01")),
    ("debit.agreement", DEBIT, put(DEBIT, agreement="never signed")),
    ("debit.period", DEBIT, put(AGREEMENT, ends="2026-11-21")),
    ("debit.period", DEBIT, put(AGREEMENT, starts="2026-11-23")),
    ("debit.dataset", SECOND_DEBIT, put(SECOND_AGREEMENT, datasets=["health/hie"])),
    ("debit.snapshot", DEBIT, put(DEBIT, snapshot="snapshot of health/costs")),
    ("debit.snapshot", DEBIT, put(DEBIT, snapshot="never recorded")),
    ("debit.policy", DEBIT, put(DEBIT, policy="0" * 64)),
    ("debit.policy", DEBIT, put(DEBIT, dataset="no/such")),
    ("debit.cost", DEBIT, put(DEBIT, cost={"rho": "-0.1", "delta": "0", "epsilon": None})),
    ("debit.cost", DEBIT, put(DEBIT, cost={"rho": "1/3", "delta": "-1", "epsilon": None})),
    ("debit.cost", DEBIT, put(DEBIT, cost={"rho": "1/3", "delta": "0", "epsilon": "-1"})),
    ("debit.cost", PURE_DEBIT, put(PURE_DEBIT, cost={"rho": "1", "delta": "0", "epsilon": None})),
    (
        "debit.cost",
        PURE_DEBIT,
        put(PURE_DEBIT, cost={"rho": "0.03", "delta": "0", "epsilon": "0.25"}),
    ),
    ("debit.balances", DEBIT, put(DEBIT, balances={"agreement/a1": "1/3"})),
    (
        "debit.balances",
        DEBIT,
        put(DEBIT, balances={"agreement/a1": "1/3", "source/health/people": "1/4"}),
    ),
    (
        "debit.balances",
        DEBIT,
        put(
            DEBIT,
            balances={"agreement/a1": "1/3", "source/health/people": "1/3", "agreement/a2": "0"},
        ),
    ),
    ("debit.over_cap", SECOND_DEBIT, put(SECOND_AGREEMENT, cap="0.1")),
    ("debit.repeated", END, again(DEBIT)),
    ("release.debit", RELEASE, put(RELEASE, debit=SECOND_DEBIT)),
    ("release.debit", RELEASE, put(RELEASE, debit=RELEASE + 100)),
    ("release.debit", RELEASE, put(RELEASE, submission="s2")),
    ("release.repeated", END, again(RELEASE)),
    ("failure.debit", FAILURE, put(FAILURE, debit=DEBIT)),
    ("failure.debit", FAILURE, put(FAILURE, debit=0)),
]


@pytest.mark.parametrize(
    ("code", "index", "change"),
    BROKEN,
    ids=[f"{code}-{number}" for number, (code, _, _) in enumerate(BROKEN)],
)
def test_each_broken_rule_is_found_at_its_entry(code: str, index: int, change: Change) -> None:
    story = copy.deepcopy(told())
    change(story)
    assert (index, code) in codes(story)


ABOUT_FILES = ("export.", "ledger.", "checkpoint.", "witness.")


def test_every_code_of_the_replay_has_a_test() -> None:
    elsewhere = {code for code in ERRORS if code.startswith(ABOUT_FILES)}
    elsewhere |= {"entry.not_canonical", "site.origin", "site.ledger_key"}
    assert {code for code, _, _ in BROKEN} == {*ERRORS, *WARNINGS} - elsewhere


def test_an_empty_log_is_no_ledger() -> None:
    assert codes([]) == {(None, "site.missing")}


def test_oddities_are_warnings_and_say_why() -> None:
    story = [*told(), {"kind": "cap_change", "index": END}]
    (finding,) = replayed(story).found
    assert (finding.severity, finding.why) == ("warning", WARNINGS["entry.kind"])


def test_a_removed_debit_is_named_and_its_release_has_no_debit() -> None:
    story = told()
    del story[DEBIT]
    assert {(DEBIT, "entry.index"), (RELEASE, "release.debit")} <= codes(story)


def test_covering_the_gap_shows_in_balances_and_releases() -> None:
    story = told()
    del story[DEBIT]
    found = codes(renumbered(story))
    assert {(RELEASE - 1, "release.debit"), (SECOND_DEBIT - 1, "debit.balances")} <= found


def test_a_failure_may_be_followed_by_the_release_and_a_release_by_a_failure() -> None:
    story = told()
    story.append({**story[FAILURE], "index": END})
    assert {code for _, code in codes(story)} == {"time.backwards"}


def test_a_new_snapshot_and_policy_are_current_from_then_on() -> None:
    story = told()
    again(POLICY, digest="1" * 64)(story)
    again(SNAPSHOT, policy="1" * 64, snapshot="newer")(story)
    balances = {"agreement/a1": "1/3", "source/health/people": "11/24"}
    free = {"rho": "0", "delta": "0", "epsilon": "0"}
    again(DEBIT, submission="s4", cost=free, balances=balances)(story)
    again(DEBIT, submission="s5", cost=free, balances=balances, snapshot="newer", policy="1" * 64)(
        story
    )
    found = {(index, code) for index, code in codes(story) if code != "time.backwards"}
    assert found == {(END + 2, "debit.policy"), (END + 2, "debit.snapshot")}


def test_two_agreements_over_one_source_share_its_cap() -> None:
    story = told()
    for policy in (POLICY, SECOND_POLICY):
        story[policy]["cap"] = "0.45"
    assert (SECOND_DEBIT, "debit.over_cap") in codes(story)
    assert (DEBIT, "debit.over_cap") not in codes(story)


def test_a_debit_without_an_agreement_still_counts_against_the_people() -> None:
    story = told()
    story[DEBIT]["agreement"] = "never signed"
    assert replayed(story).balances["source/health/people"].spent == Fraction(11, 24)


def test_a_negative_cost_gives_nothing_back() -> None:
    story = told()
    story[SECOND_DEBIT]["cost"]["rho"] = "-0.25"
    assert replayed(story).balances["source/health/people"].spent == Fraction(1, 3)


def test_sums_that_no_entry_can_state_are_refused_and_not_summed() -> None:
    story = told()
    for number in range(20):
        long = f"1/{10**1000 + 2 * number + 1}"
        again(
            DEBIT, submission=f"long {number}", cost={"rho": long, "delta": "0", "epsilon": None}
        )(story)
    assert (END + 19, "debit.cost") in codes(story)
    assert replayed(story).balances["agreement/a1"].spent.denominator < 10**2000


def test_findings_of_one_kind_are_listed_up_to_a_limit_and_hide_no_other() -> None:
    story = told()
    for _ in range(MAX_LISTED + 5):
        again(RELEASE)(story)
    again(DEBIT)(story)
    found = replayed(story).found
    repeated = [finding for finding in found if finding.code == "release.repeated"]
    assert len(repeated) == MAX_LISTED + 1
    assert (repeated[-1].index, repeated[-1].message) == (None, "5 further findings of this kind")
    assert any(finding.code == "debit.repeated" for finding in found)


def test_messages_show_hostile_text_short_and_without_control_characters() -> None:
    story = told()
    story[DEBIT]["agreement"] = "\x1b[2J" + "x" * 1000
    (finding,) = (one for one in replayed(story).found if one.code == "debit.agreement")
    assert finding.message.isprintable()
    assert len(finding.message) < 150


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.sampled_from(["", "0", "1/3", "9" * 5000, "1/0", "-1", "\ud800", "s1", "a1", "pure"])
    | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=4,
)


@settings(deadline=None)
@given(st.data())
def test_nothing_that_an_entry_holds_stops_the_replay(data: st.DataObject) -> None:
    story: list[Any] = copy.deepcopy(told())
    for _ in range(data.draw(st.integers(1, 4), "changes")):
        entry = story[data.draw(st.integers(0, END - 1), "entry")]
        entry[data.draw(st.sampled_from(sorted(entry)), "field")] = data.draw(VALUES, "value")
    replayed(story)


@given(st.lists(st.dictionaries(st.sampled_from(["kind", "index", "time", "x"]), VALUES)))
def test_any_objects_at_all_are_replayed(story: list[Entry]) -> None:
    assert replayed(story).found
