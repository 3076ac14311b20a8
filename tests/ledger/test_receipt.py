"""Receipts: an honest one holds offline, every other one is refused with what failed."""

import base64
import json
from dataclasses import asdict
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox import wire
from sandbox.errors import BadInput, NotVerified
from sandbox.ledger.canonical import canonical, sha256
from sandbox.ledger.receipt import make, verify_receipt
from sandbox.ledger.tree import inclusion
from tests.support.honest_ledger import VKEY, Entry, nodes, signed, told, written

RELEASE, SECOND_RELEASE = 17, 21
ANSWER = {"submission": "s1", "columns": [{"values": [0.5, 2.0**60, None, "男"]}]}


def ledger() -> list[Entry]:
    story = told()
    story[RELEASE]["answer"] = sha256(canonical(ANSWER))
    return story


def receipt(index: int = RELEASE, size: int | None = None) -> dict[str, Any]:
    leaves = written(ledger())[:size]
    proof = inclusion(index, len(leaves), nodes(leaves))
    return make(leaves[index], index, len(leaves), proof, signed(leaves))


def test_an_honest_receipt_holds() -> None:
    verify_receipt(ANSWER, receipt(), VKEY)
    verify_receipt(ANSWER, receipt(size=RELEASE + 1), VKEY)


def test_a_receipt_has_the_fields_of_the_wire_and_survives_it() -> None:
    message = wire.read(wire.Receipt, json.loads(json.dumps(receipt())))
    verify_receipt(json.loads(json.dumps(ANSWER)), asdict(message), VKEY)


OTHER = receipt(SECOND_RELEASE)
SIZE = len(ledger())
WRONG: dict[str, tuple[dict[str, Any], dict[str, Any], str]] = {
    "changed estimate": ({**ANSWER, "columns": []}, {}, "receipt.answer"),
    "answer of another submission": ({**ANSWER, "submission": "s2"}, {}, "receipt.submission"),
    "entry of another release": (ANSWER, {"entry": OTHER["entry"]}, "receipt.index"),
    "whole receipt of another release": (ANSWER, OTHER, "receipt.submission"),
    "entry that is no release": (
        ANSWER,
        {"entry": written(ledger())[0].decode()},
        "receipt.entry",
    ),
    "entry that is no JSON": (ANSWER, {"entry": "{"}, "receipt.entry"),
    "entry that is no object": (ANSWER, {"entry": "[]"}, "receipt.entry"),
    "same entry, written otherwise": (
        ANSWER,
        {"entry": receipt()["entry"].replace(",", ", ")},
        "ledger.inclusion",
    ),
    "another size": (ANSWER, {"size": SIZE - 1}, "receipt.size"),
    "another index": (ANSWER, {"index": 16}, "receipt.index"),
    "head of a shorter log": (
        ANSWER,
        {"checkpoint": signed(written(ledger())[:5]), "size": 5},
        "ledger.inclusion",
    ),
    "short proof": (ANSWER, {"proof": receipt()["proof"][:-1]}, "ledger.inclusion"),
    "changed proof": (
        ANSWER,
        {"proof": [*receipt()["proof"][:-1], base64.b64encode(bytes(32)).decode()]},
        "ledger.inclusion",
    ),
    "changed head": (
        ANSWER,
        {"checkpoint": receipt()["checkpoint"].replace(f"\n{SIZE}\n", "\n999\n"), "size": 999},
        "ledger.checkpoint",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_receipt_that_does_not_hold_says_what_failed(name: str) -> None:
    answer, changes, code = WRONG[name]
    with pytest.raises(NotVerified) as refusal:
        verify_receipt(answer, {**receipt(), **changes}, VKEY)
    assert refusal.value.code == code


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("index", "17"),
        ("index", True),
        ("size", 60.0),
        ("entry", None),
        ("entry", "\ud800"),
        ("proof", "AAAA"),
        ("proof", ["AAAA"]),
        ("proof", [7]),
        ("proof", ["!" * 44]),
        ("proof", ["A" * 42 + "B="]),
        ("proof", ["A" * 43 + "="] * 64),
        ("checkpoint", b"bytes"),
    ],
)
def test_a_misshapen_receipt_is_refused_and_the_field_named(field: str, value: object) -> None:
    with pytest.raises(BadInput) as refusal:
        verify_receipt(ANSWER, {**receipt(), field: value}, VKEY)
    assert (refusal.value.code, str(refusal.value.place)) == (
        "receipt.malformed",
        f"receipt.{field}",
    )


HOSTILE = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters()),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=5,
)


@given(
    st.dictionaries(st.sampled_from(["submission", "columns", "\ud800"]), HOSTILE),
    st.dictionaries(st.sampled_from(sorted(receipt())), HOSTILE),
)
def test_hostile_receipts_and_answers_are_refused_and_nothing_else(
    answer: dict[str, Any], changes: dict[str, Any]
) -> None:
    with pytest.raises((NotVerified, BadInput)):
        verify_receipt(answer, {**receipt(), **changes}, VKEY)
    with pytest.raises((NotVerified, BadInput)):
        verify_receipt({**ANSWER, **answer, "x": 1}, changes, VKEY)
