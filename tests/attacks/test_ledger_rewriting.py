"""A14: an operator rewrites the ledger, from outside with a file editor or inside with the key.

Whoever holds only the files is caught by hashes and signature. The insider also holds the ledger's
key and can sign any log; what catches him is that the rewritten log must still keep its rules, and
that older heads and receipts stay out in the world.
"""

import copy
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from sandbox.errors import NotVerified
from sandbox.ledger import tree
from sandbox.ledger.canonical import canonical, sha256
from sandbox.ledger.note import open_checkpoint, verifier_key
from sandbox.ledger.receipt import make, verify_receipt
from sandbox.ledger.tiles import pack
from sandbox.ledger.verify import verify_export
from tests.support.honest_ledger import (
    VKEY,
    Entry,
    exported,
    nodes,
    renumbered,
    signed,
    told,
    written,
)

HONEST = written(told())
DEBIT, RELEASE, SECOND_DEBIT, SECOND_RELEASE = 16, 17, 18, 21
BUNDLE = f"tile/entries/000.p/{len(HONEST)}"
MALLORY = Ed25519PrivateKey.from_private_bytes(b"a key that nobody trusts........")

Found = set[tuple[int | None, str]]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "export"


@pytest.fixture(scope="module")
def honest(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return exported(tmp_path_factory.mktemp("honest") / "export", HONEST)


def audited(folder: Path, vkey: str = VKEY) -> Found:
    """Audit an export that must not pass."""
    report = verify_export(folder, vkey)
    assert not report.verified
    return {(one.index, one.code) for one in report.findings if one.severity == "error"}


def rewritten(folder: Path, change: Callable[[list[Entry]], object]) -> Found:
    """Let the insider change entries, rebuild all tiles and sign the new head with the true key."""
    story = copy.deepcopy(told())
    change(story)
    return audited(exported(folder, written(story)))


def at(leaf: int) -> int:
    """Find where an entry's bytes begin in the bundle."""
    return sum(len(pack(entry)) for entry in HONEST[:leaf]) + 2


def test_the_honest_ledger_is_verified(honest: Path) -> None:
    assert verify_export(honest, VKEY).verified


# From outside: no key.


@settings(max_examples=150, deadline=None)
@given(st.integers(0, len(HONEST) - 1), st.integers(1, 255), st.data())
def test_any_flipped_byte_of_any_entry_names_the_entry(
    honest: Path,
    tmp_path_factory: pytest.TempPathFactory,
    leaf: int,
    flip: int,
    data: st.DataObject,
) -> None:
    place = at(leaf) + data.draw(st.integers(0, len(HONEST[leaf]) - 1), "byte")
    folder = tmp_path_factory.mktemp("flipped") / "export"
    shutil.copytree(honest, folder)
    content = bytearray((folder / BUNDLE).read_bytes())
    content[place] ^= flip
    (folder / BUNDLE).write_bytes(content)
    found = audited(folder)
    assert (leaf, "ledger.leaf") in found
    assert {index for index, code in found if code == "ledger.leaf"} == {leaf}


@settings(max_examples=50, deadline=None)
@given(leaf=st.integers(0, len(HONEST) - 1), flip=st.integers(1, 255), low=st.booleans())
def test_a_flipped_length_names_the_entry(
    honest: Path, tmp_path_factory: pytest.TempPathFactory, leaf: int, flip: int, *, low: bool
) -> None:
    folder = tmp_path_factory.mktemp("flipped") / "export"
    shutil.copytree(honest, folder)
    content = bytearray((folder / BUNDLE).read_bytes())
    content[at(leaf) - 1 - low] ^= flip
    (folder / BUNDLE).write_bytes(content)
    assert {(leaf, "ledger.leaf"), (leaf, "export.torn")} & audited(folder)


@pytest.mark.parametrize("leaf", [1, DEBIT, len(HONEST) - 2])
def test_an_entry_cut_out_of_the_bundle_is_named(honest: Path, folder: Path, leaf: int) -> None:
    shutil.copytree(honest, folder)
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
    def remove(story: list[Entry]) -> None:
        del story[DEBIT]
        story[:] = renumbered(story)
        for entry in story:
            if entry.get("debit", 0) > DEBIT:
                entry["debit"] -= 1

    found = rewritten(folder, remove)
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
    found = rewritten(folder, lambda story: story[9].update(digest=sha256(b"other clauses")))
    assert {(9, "agreement.researcher_signature"), (9, "agreement.site_signature")} <= found


def test_a_sum_over_the_cap_is_named(folder: Path) -> None:
    def overspend(story: list[Entry]) -> None:
        extra = {
            "submission": "s4",
            "index": len(story),
            "cost": {"rho": "0.25", "delta": "0", "epsilon": None},
            "balances": {"agreement/a1": "7/12", "source/health/people": "17/24"},
        }
        story.append({**story[DEBIT], **extra})

    assert rewritten(folder, overspend) == {(len(HONEST), "debit.over_cap")}


def test_a_raised_cap_is_named(folder: Path) -> None:
    raised = {**told()[1], "index": len(HONEST), "cap": "100"}
    found = rewritten(folder, lambda story: story.append(raised))
    assert found == {(len(HONEST), "policy.terms")}


def test_a_rewritten_policy_is_named_where_it_was_used(folder: Path) -> None:
    """The first policy of a source can say anything; what was agreed under it gives it away."""
    found = rewritten(folder, lambda story: story[1].update(per_agreement="0.1", cap="0.4"))
    assert {(3, "policy.terms"), (9, "agreement.cap"), (SECOND_DEBIT, "debit.over_cap")} <= found


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
