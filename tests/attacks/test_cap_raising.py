"""A14: the operator raises a cap, or has a policy say what its owner did not.

He writes the ledger and signs for the site, but has no owner's key: what he can append is what
owners signed once, and what he signs himself.
"""

from pathlib import Path

import pytest

from sandbox.ledger.canonical import sha256
from tests.support.honest_ledger import (
    DISTRICTS,
    LATER_CAPS,
    NEXT_OWNER,
    NEXT_SITE,
    OWNER,
    RIDERS,
    RIDERS_CAPS,
    TRIPS,
    Entry,
    Story,
    public_text,
    told,
)
from tests.support.rewriting import MALLORY, continued, cut_out, rewritten

END = len(told())
LAST_POLICY = 47


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "export"


def test_a_cap_raised_by_a_policy_is_named(folder: Path) -> None:
    """Even one that the owner signed: caps change by changes of caps, which are numbered."""
    found = continued(
        folder,
        lambda story: story.describe(
            TRIPS,
            RIDERS,
            "zcdp",
            limits={**LATER_CAPS, "source": "9"},
            partition=DISTRICTS,
            key=NEXT_OWNER,
        ),
    )
    assert found == {(END, "policy.terms")}


def test_a_cap_raised_under_the_operator_s_own_key_is_named(folder: Path) -> None:
    raised = {**LATER_CAPS, "source": "9"}
    found = continued(
        folder,
        lambda story: story.recap(RIDERS, "zcdp", LATER_CAPS, raised, change=3, key=NEXT_SITE),
    )
    assert found == {(END, "cap.owner_key")}


def test_a_cap_raised_in_the_owner_s_name_without_the_owner_s_key_is_named(folder: Path) -> None:
    raised = {**LATER_CAPS, "source": "9"}

    def forge(story: Story) -> None:
        story.recap(RIDERS, "zcdp", LATER_CAPS, raised, change=3, key=NEXT_SITE)
        story.entries[-1]["owner_key"] = public_text(NEXT_OWNER)

    assert continued(folder, forge) == {(END, "cap.signature")}


def test_a_raise_that_the_owner_took_back_cannot_be_replayed(folder: Path) -> None:
    raised = {**LATER_CAPS, "source": "2"}

    def replay(story: Story) -> None:
        story.recap(RIDERS, "zcdp", LATER_CAPS, raised, change=3, key=NEXT_OWNER)
        first = story.entries[-1]
        story.recap(RIDERS, "zcdp", raised, LATER_CAPS, change=4, key=NEXT_OWNER)
        time = story.entries[-1]["time"]
        story.entries.append({**first, "time": time, "index": len(story.entries)})

    assert continued(folder, replay) == {(END + 2, "cap.change")}


def test_a_raise_signed_with_a_key_that_was_replaced_is_named(folder: Path) -> None:
    raised = {**LATER_CAPS, "source": "2"}
    found = continued(
        folder, lambda story: story.recap(RIDERS, "zcdp", LATER_CAPS, raised, change=3, key=OWNER)
    )
    assert found == {(END, "cap.owner_key")}


def test_a_lowered_cap_left_out_is_named_by_the_next_change(folder: Path) -> None:
    lowered = {**LATER_CAPS, "source": "0.6"}

    def leave_out(story: Story) -> None:
        story.recap(RIDERS, "zcdp", LATER_CAPS, lowered, change=3, key=NEXT_OWNER)
        story.recap(RIDERS, "zcdp", lowered, LATER_CAPS, change=4, key=NEXT_OWNER)
        cut_out(story.entries, END)

    found = continued(folder, leave_out)
    assert found == {(END, "cap.before"), (END, "cap.change")}


def test_a_key_that_the_owner_did_not_name_is_named(folder: Path) -> None:
    """A key of the operator's is not in the ledger by the owner's word, so it signs nothing."""

    def seize(story: Story) -> None:
        story.rekey(f"source/{RIDERS}", 3, NEXT_OWNER, MALLORY)
        forged = story.entries[-1]
        forged["old_signature"] = forged["new_signature"]
        story.describe(TRIPS, RIDERS, "zcdp", limits=LATER_CAPS, partition=DISTRICTS, key=MALLORY)

    named = {(END, "key.signature"), (END + 1, "policy.owner_key")}
    assert continued(folder, seize) == named


def test_a_rewritten_policy_is_no_longer_what_its_owner_signed(folder: Path) -> None:
    found = rewritten(folder, lambda story: story[LAST_POLICY].update(per_agreement="0.9"))
    assert found == {(LAST_POLICY, "policy.signature")}


def test_a_policy_s_document_cannot_be_exchanged_behind_its_signature(folder: Path) -> None:
    def exchange(story: list[Entry]) -> None:
        digest = sha256(b"another document")
        story[LAST_POLICY]["digest"] = story[LAST_POLICY + 1]["policy"] = digest

    assert rewritten(folder, exchange) == {(LAST_POLICY, "policy.signature")}


def test_a_policy_re_signed_with_another_key_is_named(folder: Path) -> None:
    found = continued(
        folder,
        lambda story: story.describe(
            TRIPS, RIDERS, "zcdp", limits=LATER_CAPS, partition=DISTRICTS, key=MALLORY
        ),
    )
    assert found == {(END, "policy.owner_key")}


def test_a_policy_that_was_replaced_cannot_be_put_in_force_again(folder: Path) -> None:
    """Its signature holds for ever; its number does not come again."""

    def restore(story: Story) -> None:
        story.recap(RIDERS, "zcdp", LATER_CAPS, RIDERS_CAPS, change=3, key=NEXT_OWNER)
        story.rekey(f"source/{RIDERS}", 4, NEXT_OWNER, OWNER)
        old, time = story.entries[24], story.entries[-1]["time"]
        story.entries.append({**old, "time": time, "index": len(story.entries)})

    assert continued(folder, restore) == {(END + 2, "policy.version")}


def test_a_signature_under_a_policy_serves_for_no_change_of_caps(folder: Path) -> None:
    def pass_off(story: Story) -> None:
        raised = {**LATER_CAPS, "source": "9"}
        story.recap(RIDERS, "zcdp", LATER_CAPS, raised, change=3, key=NEXT_OWNER)
        story.entries[-1]["signature"] = story.entries[LAST_POLICY]["signature"]

    assert continued(folder, pass_off) == {(END, "cap.signature")}
