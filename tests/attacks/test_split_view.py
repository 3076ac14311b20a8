"""A14: one key, two histories: what each auditor is shown is a valid log of its own.

Each fork keeps every rule and is truly signed, so nothing inside it is wrong. What gives it away is
a head from elsewhere: another auditor's, a receipt's, or a witness's.
"""

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from sandbox.client.witness_key import WitnessKey
from sandbox.ledger import tree
from sandbox.ledger.note import Checkpoint, open_checkpoint, parts
from sandbox.ledger.receipt import make, verify_receipt
from sandbox.ledger.verify import Demand, verify_export
from tests.support.honest_ledger import (
    VKEY,
    committed,
    exported,
    nodes,
    signed,
    told,
    written,
)
from tests.support.witnesses import ALPHA, BETA

DEBIT, RELEASE = 16, 17
FIRST = written(told())


def forked() -> list[bytes]:
    """Tell another auditor that a refusal was about another question; no rule is broken."""
    story = told()
    refusal = next(entry for entry in story if entry["kind"] == "refusal")
    refusal["request"] = committed("another request")
    return written(story)


SECOND = forked()
FORK = next(index for index, (a, b) in enumerate(zip(FIRST, SECOND, strict=True)) if a != b)


def head_of(leaves: list[bytes]) -> Checkpoint:
    return open_checkpoint(signed(leaves), VKEY)


def cosigned(leaves: list[bytes], *witnesses: WitnessKey) -> str:
    text = signed(leaves)
    body, _ = parts(text)
    return text + "".join(f"{key.cosign(body, 1_795_339_800).line}\n" for key in witnesses)


def found(folder: Path, demand: Demand) -> set[str]:
    report = verify_export(folder, VKEY, demand)
    assert report.verified == (not report.findings)
    return {finding.code for finding in report.findings}


@pytest.fixture
def shown_to_first(tmp_path: Path) -> Path:
    return exported(tmp_path / "first", FIRST, cosigned(FIRST, ALPHA, BETA))


@pytest.fixture
def shown_to_second(tmp_path: Path) -> Path:
    return exported(tmp_path / "second", SECOND)


def test_each_of_two_histories_alone_is_a_valid_ledger(
    shown_to_first: Path, shown_to_second: Path
) -> None:
    assert found(shown_to_first, Demand()) == found(shown_to_second, Demand()) == set()


def test_two_auditors_who_compare_heads_find_two_histories(
    shown_to_first: Path, shown_to_second: Path
) -> None:
    assert found(shown_to_first, Demand(older=[head_of(SECOND)])) == {"ledger.consistency"}
    assert found(shown_to_second, Demand(older=[head_of(FIRST)])) == {"ledger.consistency"}


@pytest.mark.parametrize("size", [FORK + 1, len(FIRST) - 1])
def test_an_older_head_after_the_fork_is_enough(shown_to_second: Path, size: int) -> None:
    assert found(shown_to_second, Demand(older=[head_of(FIRST[:size])])) == {"ledger.consistency"}


def test_an_older_head_before_the_fork_proves_nothing(shown_to_second: Path) -> None:
    assert found(shown_to_second, Demand(older=[head_of(FIRST[:FORK])])) == set()


def test_whoever_demands_a_witness_cannot_be_shown_the_other_history(
    shown_to_first: Path, shown_to_second: Path
) -> None:
    demand = Demand(witnesses=[ALPHA.public])
    assert found(shown_to_first, demand) == set()
    assert found(shown_to_second, demand) == {"witness.missing"}


def test_a_co_signature_moved_to_the_other_history_is_found(tmp_path: Path) -> None:
    lines = cosigned(FIRST, ALPHA).removeprefix(signed(FIRST))
    folder = exported(tmp_path / "moved", SECOND, signed(SECOND) + lines)
    assert found(folder, Demand(witnesses=[ALPHA.public])) == {"witness.signature"}


def test_a_co_signature_of_an_older_head_replayed_on_a_newer_is_found(tmp_path: Path) -> None:
    older = FIRST[:DEBIT]
    lines = cosigned(older, ALPHA).removeprefix(signed(older))
    folder = exported(tmp_path / "replayed", FIRST, signed(FIRST) + lines)
    assert found(folder, Demand(witnesses=[ALPHA.public])) == {"witness.signature"}


def test_a_stranger_under_the_witness_s_name_is_not_the_witness(tmp_path: Path) -> None:
    mallory = WitnessKey(ALPHA.name, b"m" * 32)
    folder = exported(tmp_path / "mallory", SECOND, cosigned(SECOND, mallory))
    assert found(folder, Demand(witnesses=[ALPHA.public])) == {"witness.missing"}


def test_every_demanded_witness_must_have_signed(shown_to_first: Path, tmp_path: Path) -> None:
    both = Demand(witnesses=[ALPHA.public, BETA.public])
    assert found(shown_to_first, both) == set()
    one = exported(tmp_path / "one", FIRST, cosigned(FIRST, ALPHA))
    assert found(one, both) == {"witness.missing"}


def test_witnesses_are_no_substitute_for_the_log_s_own_key(tmp_path: Path) -> None:
    """A forged head is forged, whoever has put a line under it."""
    mallory = Ed25519PrivateKey.from_private_bytes(b"m" * 32)
    forged = signed(FIRST, mallory)
    line = ALPHA.cosign(parts(forged)[0], 1_795_339_800).line
    folder = exported(tmp_path / "forged", FIRST, f"{forged}{line}\n")
    assert found(folder, Demand(witnesses=[ALPHA.public])) == {"ledger.checkpoint"}


def test_a_tail_cut_off_and_signed_anew_contradicts_an_older_head(tmp_path: Path) -> None:
    folder = exported(tmp_path / "cut", FIRST[:-1])
    assert found(folder, Demand()) == set()
    report = verify_export(folder, VKEY, Demand(older=[head_of(FIRST)]))
    (cut,) = report.findings
    assert (cut.code, report.verified) == ("ledger.cut_back", False)
    assert f"{len(FIRST)} entries; {len(FIRST) - 1} could be read" in cut.message


def test_a_receipt_of_the_other_history_gives_it_away(shown_to_first: Path) -> None:
    """The receipt verifies alone, for its head is truly signed; that head is the evidence."""
    proof = tree.inclusion(RELEASE, len(SECOND), nodes(SECOND))
    receipt = make(SECOND[RELEASE], RELEASE, len(SECOND), proof, signed(SECOND))
    verify_receipt({"submission": "s1"}, receipt, VKEY)
    kept = open_checkpoint(receipt["checkpoint"], VKEY)
    assert found(shown_to_first, Demand(older=[kept])) == {"ledger.consistency"}


@pytest.mark.parametrize("kind", ["entries", "0"])
def test_a_tile_of_the_other_history_in_this_one_is_found(
    shown_to_first: Path, shown_to_second: Path, kind: str
) -> None:
    tile = f"tile/{kind}/000.p/{len(FIRST)}"
    (shown_to_first / tile).write_bytes((shown_to_second / tile).read_bytes())
    report = verify_export(shown_to_first, VKEY)
    named = {(one.index, one.code) for one in report.findings}
    assert (FORK, "ledger.leaf") in named
    assert ((None, "ledger.root") in named) == (kind == "entries")
