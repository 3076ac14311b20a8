"""A13, A14: parallel composition as a loophole: questions about parts that are no parts.

The verifier does not see the question, only its commitment; it holds every debit that names parts
to the partition that the owner signed and ingest kept to.
"""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.honest_ledger import (
    DISTRICTS,
    LATER_CAPS,
    NEXT_OWNER,
    RIDERS,
    TRIPS,
    Entry,
    Story,
    riders,
    told,
    zcdp,
)
from tests.support.rewriting import Found, continued, rewritten

END = len(told())
DEBIT, POLICY, PART, SECOND_PART = 16, 24, 31, 37


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "export"


PARTS: dict[str, tuple[Callable[[list[Entry]], object], Found]] = {
    "a part that nobody declared": (
        lambda story: story[PART].update(parts=["elsewhere"]),
        {(PART, "debit.parts"), (PART, "debit.balances")},
    ),
    "all parts, as if everybody were somebody else": (
        lambda story: story[PART].update(parts=DISTRICTS["keys"]),
        {(PART, "debit.parts"), (PART, "debit.balances")},
    ),
    "one part twice, paid once": (
        lambda story: story[PART].update(parts=["north", "north"]),
        {(PART, "debit.parts"), (PART, "debit.balances")},
    ),
    "no part at all": (
        lambda story: story[PART].update(parts=[]),
        {(PART, "debit.parts"), (PART, "debit.balances")},
    ),
    "parts of a dataset that has none": (
        lambda story: story[DEBIT].update(parts=["north"]),
        {(DEBIT, "debit.parts")},
    ),
    "the source charged for the dearest part alone": (
        lambda story: story[SECOND_PART]["balances"].update({f"source/{RIDERS}": "0.275"}),
        {(SECOND_PART, "debit.balances")},
    ),
    "the part left uncharged": (
        lambda story: story[PART]["balances"].pop(f"part/snapshot of {TRIPS}/north"),
        {(PART, "debit.balances")},
    ),
    "fewer parts a person than the owner declared": (
        lambda story: story[POLICY].update(partition={**DISTRICTS, "most": 1}),
        {(POLICY, "policy.signature")},
    ),
}


@pytest.mark.parametrize("dodge", PARTS)
def test_parts_cannot_be_used_to_dodge_the_source_s_cap(folder: Path, dodge: str) -> None:
    change, named = PARTS[dodge]
    assert rewritten(folder, change) >= named


def test_a_kinder_partition_does_not_reach_back_to_rows_taken_in_under_another(
    folder: Path,
) -> None:
    """`most` is what ingest kept to; a policy without rows of its own changes nothing about it."""

    def loosen(story: Story) -> None:
        policy, current = story.policies[TRIPS], story.snapshots[TRIPS]
        kinder = {**DISTRICTS, "most": 1}
        story.describe(TRIPS, RIDERS, "zcdp", limits=LATER_CAPS, partition=kinder, key=NEXT_OWNER)
        story.entries.pop()
        story.snapshots[TRIPS] = current
        for number, (key, source) in enumerate((("north", "0.415"), ("south", "0.415"))):
            leaves = ("0.415", "0.455")[number]
            part = {f"part/{current}/{key}": "0.04"}
            balances = {**riders(leaves, source), **part}
            story.debit(f"d{number}", "a4", TRIPS, zcdp("0.04"), balances, parts=[key])
        assert policy["partition"]["most"] == 2

    assert continued(folder, loosen) == {(END + 2, "debit.balances")}
