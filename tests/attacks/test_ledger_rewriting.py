"""A14: an operator rewrites the ledger, from outside with a file editor or inside with the key.

Whoever holds only the files is caught by hashes and signature. The insider also holds the keys of
the ledger and of the site, and can sign any log; what catches him is that the rewritten log must
still keep its rules, that he lacks the owners' and the researchers' keys, and that older heads,
receipts and co-signatures stay out in the world.
"""

import shutil
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sandbox.errors import NotVerified
from sandbox.ledger import tree
from sandbox.ledger.canonical import canonical, sha256
from sandbox.ledger.note import open_checkpoint, verifier_key
from sandbox.ledger.receipt import make, verify_receipt
from sandbox.ledger.signing import agreement_digest, agreement_message
from sandbox.ledger.tiles import pack
from sandbox.ledger.verify import Demand, verify_export
from tests.support.honest_ledger import (
    SITE,
    TRIPS,
    VKEY,
    Entry,
    Story,
    exported,
    honest,
    nodes,
    riders,
    signed,
    signed_by,
    told,
    written,
    zcdp,
)
from tests.support.rewriting import MALLORY, audited, continued, cut_out, rewritten

HONEST = written(told())
AGREEMENT, DEBIT, RELEASE, SECOND_DEBIT, REFUSAL, PURE_DEBIT = 9, 16, 17, 18, 20, 22
CANCELLED, CANCELLATION, PAID_AGAIN, LAST_POLICY = 33, 34, 35, 47
BUNDLE = f"tile/entries/000.p/{len(HONEST)}"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "export"


@pytest.fixture(scope="module")
def untouched(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return exported(tmp_path_factory.mktemp("honest") / "export", HONEST)


def at(leaf: int) -> int:
    """Find where an entry's bytes begin in the bundle."""
    return sum(len(pack(entry)) for entry in HONEST[:leaf]) + 2


def test_the_honest_ledger_is_verified(untouched: Path) -> None:
    assert verify_export(untouched, VKEY).verified


# From outside: no key.


@settings(max_examples=150, deadline=None)
@given(st.integers(0, len(HONEST) - 1), st.integers(1, 255), st.data())
def test_any_flipped_byte_of_any_entry_names_the_entry(
    untouched: Path,
    tmp_path_factory: pytest.TempPathFactory,
    leaf: int,
    flip: int,
    data: st.DataObject,
) -> None:
    place = at(leaf) + data.draw(st.integers(0, len(HONEST[leaf]) - 1), "byte")
    folder = tmp_path_factory.mktemp("flipped") / "export"
    shutil.copytree(untouched, folder)
    content = bytearray((folder / BUNDLE).read_bytes())
    content[place] ^= flip
    (folder / BUNDLE).write_bytes(content)
    found = audited(folder)
    assert (leaf, "ledger.leaf") in found
    assert {index for index, code in found if code == "ledger.leaf"} == {leaf}


@settings(max_examples=50, deadline=None)
@given(leaf=st.integers(0, len(HONEST) - 1), flip=st.integers(1, 255), low=st.booleans())
def test_a_flipped_length_names_the_entry(
    untouched: Path, tmp_path_factory: pytest.TempPathFactory, leaf: int, flip: int, *, low: bool
) -> None:
    folder = tmp_path_factory.mktemp("flipped") / "export"
    shutil.copytree(untouched, folder)
    content = bytearray((folder / BUNDLE).read_bytes())
    content[at(leaf) - 1 - low] ^= flip
    (folder / BUNDLE).write_bytes(content)
    assert {(leaf, "ledger.leaf"), (leaf, "export.torn")} & audited(folder)


@pytest.mark.parametrize("leaf", [1, DEBIT, len(HONEST) - 2])
def test_an_entry_cut_out_of_the_bundle_is_named(untouched: Path, folder: Path, leaf: int) -> None:
    shutil.copytree(untouched, folder)
    content = (folder / BUNDLE).read_bytes()
    (folder / BUNDLE).write_bytes(content[: at(leaf) - 2] + content[at(leaf + 1) - 2 :])
    assert {(leaf, "ledger.leaf"), (leaf, "entry.index")} <= audited(folder)


@pytest.mark.parametrize("leaf", [1, DEBIT, len(HONEST) - 2])
def test_a_removed_entry_with_tiles_rebuilt_is_named(folder: Path, leaf: int) -> None:
    left = HONEST[:leaf] + HONEST[leaf + 1 :]
    found = audited(exported(folder, left, signed(HONEST)))
    assert {(leaf, "entry.index"), (len(left), "ledger.size")} <= found


@pytest.mark.parametrize("kept", [1, DEBIT, len(HONEST) - 1])
def test_a_truncated_tail_is_named(folder: Path, kept: int) -> None:
    assert (kept, "ledger.size") in audited(exported(folder, HONEST[:kept], signed(HONEST)))


def test_entries_in_another_order_have_another_root(folder: Path) -> None:
    swapped = [*HONEST[:DEBIT], HONEST[SECOND_DEBIT], HONEST[RELEASE], HONEST[DEBIT], *HONEST[19:]]
    found = audited(exported(folder, swapped, signed(HONEST)))
    assert {(None, "ledger.root"), (DEBIT, "entry.index")} <= found


@pytest.mark.parametrize("tile", ["entries", "0"])
def test_a_tile_replaced_by_one_of_another_ledger_is_named(folder: Path, tile: str) -> None:
    story = told()
    story[DEBIT]["submission"] = "another"
    other = exported(folder.with_name("other"), written(story))
    ours, path = exported(folder, HONEST), f"tile/{tile}/000.p/{len(HONEST)}"
    (ours / path).write_bytes((other / path).read_bytes())
    assert (DEBIT, "ledger.leaf") in audited(ours)


def test_a_head_forged_under_another_key_is_found(folder: Path) -> None:
    forged = exported(folder, HONEST, signed(HONEST, MALLORY))
    assert audited(forged) == {(None, "ledger.checkpoint")}


def test_a_head_with_another_root_is_found(folder: Path) -> None:
    other = signed(HONEST[:-1]).replace(f"\n{len(HONEST) - 1}\n", f"\n{len(HONEST)}\n")
    assert audited(exported(folder, HONEST, other)) == {(None, "ledger.checkpoint")}


def test_the_ledger_of_another_key_is_not_ours(folder: Path) -> None:
    other = verifier_key("site.example/range", MALLORY.public_key().public_bytes_raw())
    found = audited(exported(folder, HONEST), other)
    assert found == {(0, "site.ledger_key"), (None, "ledger.checkpoint")}


# From inside: with the true key.


@pytest.mark.parametrize("leaf", [1, DEBIT, len(HONEST) - 2])
def test_the_insider_s_removed_entry_is_named(folder: Path, leaf: int) -> None:
    assert (leaf, "entry.index") in rewritten(folder, lambda story: story.pop(leaf))


def test_the_insider_s_removed_debit_is_named_even_renumbered(folder: Path) -> None:
    found = rewritten(folder, lambda story: cut_out(story, DEBIT))
    # Its release has lost its debit, and the next debit of the source states a larger sum.
    assert found == {(RELEASE - 1, "release.debit"), (SECOND_DEBIT - 1, "debit.balances")}


def test_the_insider_s_new_order_is_named(folder: Path) -> None:
    def swap(story: list[Entry]) -> None:
        story[DEBIT], story[RELEASE] = story[RELEASE], story[DEBIT]

    found = rewritten(folder, swap)
    assert {(DEBIT, "entry.index"), (RELEASE, "release.debit")} <= found


def test_a_release_without_a_debit_is_named(folder: Path) -> None:
    extra = {**told()[RELEASE], "index": len(HONEST), "submission": "free", "debit": RELEASE}
    found = rewritten(folder, lambda story: story.append(extra))
    assert found == {(len(HONEST), "release.debit")}


def test_two_releases_of_one_debit_are_named(folder: Path) -> None:
    second = {**told()[RELEASE], "index": len(HONEST), "answer": sha256(b"another answer")}
    found = rewritten(folder, lambda story: story.append(second))
    assert found == {(len(HONEST), "release.repeated")}


def test_a_debit_without_an_agreement_is_named(folder: Path) -> None:
    found = rewritten(folder, lambda story: story[DEBIT].update(agreement="never signed"))
    assert (DEBIT, "debit.agreement") in found


def test_an_agreement_that_the_researcher_never_signed_is_named(folder: Path) -> None:
    def rewrite(story: list[Entry]) -> None:
        words = sha256(b"other clauses")
        digest = agreement_digest(story[AGREEMENT], words)
        signature = signed_by(SITE, agreement_message(digest))
        story[AGREEMENT].update(words=words, digest=digest, site_signature=signature)

    assert rewritten(folder, rewrite) == {(AGREEMENT, "agreement.researcher_signature")}


def test_a_debit_that_waits_for_its_release_is_in_order(folder: Path) -> None:
    """It was spent before rows were read, and stays spent: nobody got anything for nothing."""
    story = told()
    waiting = {**story[PAID_AGAIN], "index": len(story), "submission": "waits", "parts": None}
    waiting |= {"cost": zcdp("0"), "snapshot": f"snapshot 1 of {TRIPS}"}
    waiting |= {"policy": story[LAST_POLICY]["digest"], "balances": riders("0.375", "0.375")}
    report = verify_export(exported(folder, written([*story, waiting])), VKEY)
    assert report.verified
    assert report.counts["debit"] == report.counts["release"] + 2  # one was cancelled


def test_a_release_cut_out_by_renumbering_is_not_what_the_head_signed(folder: Path) -> None:
    story = told()
    cut_out(story, RELEASE)
    found = audited(exported(folder, written(story), signed(HONEST)))
    assert found == {(len(HONEST) - 1, "ledger.size")}
    harmless = next(entry for entry in story if entry["kind"] == "refusal")
    filled = [*story, {**harmless, "index": len(story), "time": story[-1]["time"]}]
    found = audited(exported(folder.with_name("filled"), written(filled), signed(HONEST)))
    assert found == {(None, "ledger.root")}


def test_a_release_cut_out_and_the_head_signed_anew_contradicts_what_is_out_in_the_world(
    folder: Path,
) -> None:
    """The rest keeps every rule, as if the debit waited; older heads and anchors remember."""
    story = told()
    cut_out(story, RELEASE)
    cut = exported(folder, written(story))
    assert verify_export(cut, VKEY).verified
    kept = open_checkpoint(signed(HONEST[: RELEASE + 1]), VKEY)
    report = verify_export(cut, VKEY, Demand(older=[kept]))
    assert {one.code for one in report.findings} == {"ledger.consistency"}


def test_what_was_rewritten_before_an_anchor_is_named_by_the_anchor(folder: Path) -> None:
    """The insider cannot make the witnesses sign another head, even for the past."""
    story = honest()
    anchor = story.anchor(len(story.entries))
    story.entries[REFUSAL]["codes"] = ["another.reason"]
    assert audited(exported(folder, written(story.entries))) == {(anchor, "anchor.root")}


def test_what_was_cut_out_before_an_anchor_leaves_it_too_large(folder: Path) -> None:
    story = honest()
    anchor = story.anchor(len(story.entries))
    cut_out(story.entries, RELEASE)
    assert audited(exported(folder, written(story.entries))) == {(anchor - 1, "anchor.size")}


def test_an_anchor_with_the_rewritten_root_is_not_co_signed(folder: Path) -> None:
    story = honest()
    anchor = story.anchor(len(story.entries))
    story.entries[REFUSAL]["codes"] = ["another.reason"]
    leaves = written(story.entries[:anchor])
    story.entries[anchor]["root"] = tree.root(anchor, nodes(leaves)).hex()
    found = audited(exported(folder, written(story.entries)))
    assert found == {(anchor, "anchor.cosignature")}


def test_a_sum_over_the_cap_is_named(folder: Path) -> None:
    def overspend(story: list[Entry]) -> None:
        spent = {"agreement/a3": "0.55", "source/school/pupils": "0.55"}
        person = next(name for name in story[PURE_DEBIT]["balances"] if name.startswith("person"))
        extra = {
            "submission": "s10",
            "index": len(story),
            "time": story[-1]["time"],
            "cost": zcdp("0.045", "0.3"),
            "balances": {**spent, person: "0.55"},
        }
        story.append({**story[PURE_DEBIT], **extra})

    assert rewritten(folder, overspend) == {(len(HONEST), "debit.over_cap")}


def test_a_cancellation_after_the_release_is_named(folder: Path) -> None:
    """The answer is out, and its price would be there to be spent again."""

    def give_back(story: Story) -> None:
        story.cancel("s6", PAID_AGAIN, riders("0.325", "0.325", south="0.05", east="0.05"))

    assert continued(folder, give_back) == {(len(HONEST), "cancellation.late")}


def test_a_release_after_the_cancellation_is_named(folder: Path) -> None:
    found = continued(folder, lambda story: story.release("s6", CANCELLED))
    assert found == {(len(HONEST), "release.cancelled")}


def test_a_cancellation_that_gives_back_more_than_was_paid_is_named(folder: Path) -> None:
    more = riders("0.125", "0.125", south="0", east="0")
    found = rewritten(folder, lambda story: story[CANCELLATION].update(balances=more))
    assert found == {(CANCELLATION, "cancellation.balances")}


@given(st.sampled_from(["agreement/a1", "source/health/people"]), st.integers(0, 10**6))
@settings(max_examples=30, deadline=None)
def test_a_lie_about_a_balance_is_named(
    tmp_path_factory: pytest.TempPathFactory, account: str, lie: int
) -> None:
    folder = tmp_path_factory.mktemp("lie") / "export"
    found = rewritten(folder, lambda story: story[DEBIT]["balances"].update({account: str(lie)}))
    assert found == {(DEBIT, "debit.balances")}


def test_cheaper_debits_do_not_add_up(folder: Path) -> None:
    cheaper = {"rho": "0.001", "delta": "0", "epsilon": None}
    found = rewritten(folder, lambda story: story[DEBIT].update(cost=cheaper))
    assert found == {(DEBIT, "debit.balances"), (SECOND_DEBIT, "debit.balances")}


def test_a_log_cut_back_and_signed_anew_contradicts_every_older_head(folder: Path) -> None:
    """Alone, a shorter log of one's own is a valid log: that is why heads must be kept."""
    older, cut = open_checkpoint(signed(HONEST), VKEY), HONEST[:DEBIT]
    assert verify_export(exported(folder, cut), VKEY).verified
    head = open_checkpoint(signed(cut), VKEY)
    with pytest.raises(NotVerified) as refusal:
        tree.check_consistency(older.size, head.size, (), older.root, head.root)
    assert refusal.value.code == "ledger.consistency"


def test_a_log_rewritten_and_grown_contradicts_every_older_head() -> None:
    older, story = open_checkpoint(signed(HONEST[:SECOND_DEBIT]), VKEY), told()
    story[DEBIT]["cost"]["rho"] = "0.001"
    leaves = written(story)
    head = open_checkpoint(signed(leaves), VKEY)
    proof = tree.consistency(older.size, head.size, nodes(leaves))
    with pytest.raises(NotVerified) as refusal:
        tree.check_consistency(older.size, head.size, proof, older.root, head.root)
    assert refusal.value.code == "ledger.consistency"


# Receipts.


def receipted(leaves: list[bytes], index: int, head: str) -> dict[str, object]:
    proof = tree.inclusion(index, len(leaves), nodes(leaves))
    return make(leaves[index], index, len(leaves), proof, head)


def test_a_receipt_of_another_site_is_refused() -> None:
    """The same entries, truly signed by another site, prove nothing about this one."""
    answer = {"submission": "s1"}
    verify_receipt(answer, receipted(HONEST, RELEASE, signed(HONEST)), VKEY)
    for replayed in (signed(HONEST, MALLORY), signed(HONEST, MALLORY, "other.example")):
        with pytest.raises(NotVerified) as refusal:
            verify_receipt(answer, receipted(HONEST, RELEASE, replayed), VKEY)
        assert refusal.value.code == "ledger.checkpoint"


def test_a_receipt_of_an_entry_that_was_never_logged_is_refused() -> None:
    answer = {"submission": "s1", "columns": "forged"}
    forged = list(HONEST)
    forged[RELEASE] = canonical({**told()[RELEASE], "answer": sha256(canonical(answer))})
    with pytest.raises(NotVerified) as refusal:
        verify_receipt(answer, receipted(forged, RELEASE, signed(HONEST)), VKEY)
    assert refusal.value.code == "ledger.inclusion"
