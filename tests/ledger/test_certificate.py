"""Disposal certificates: what holds verifies offline, and what does not says what is wrong."""

import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.errors import BadInput, NotVerified
from sandbox.ledger.certificate import Ended, proven, verify_certificate
from sandbox.ledger.records import Agreement, Certificate, Disposal, read
from sandbox.ledger.tree import inclusion
from tests.support.honest_ledger import (
    LEDGER,
    NEXT_SITE,
    ORIGIN,
    VKEY,
    Entry,
    nodes,
    signed,
    told,
    written,
)

Document = dict[str, Any]
Change = Callable[[list[Entry]], object]


def places(story: list[Entry]) -> dict[str, int]:
    """Where the entries about `a2` stand."""
    return {
        entry["kind"]: entry["index"]
        for entry in story
        if entry.get("agreement") == "a2" and entry["kind"] in {"agreement", "disposal"}
    } | {"certificate": next(e["index"] for e in story if e["kind"] == "certificate")}


def document(change: Change = lambda _: None, **replaced: int | None) -> Document:
    """A certificate as a site with this ledger gives it, liars included."""
    story = told()
    change(story)
    leaves = written(story)
    found: dict[str, int | None] = {**places(told()), **replaced}
    parts = {
        kind: None
        if index is None
        else proven(leaves[index], index, inclusion(index, len(leaves), nodes(leaves)))
        for kind, index in found.items()
    }
    return {**parts, **texts(parts), "size": len(leaves), "checkpoint": signed(leaves)}


def texts(parts: Mapping[str, Document | None]) -> dict[str, str]:
    """What the entries say, if they are of the right kinds."""
    said = {kind: part and read(json.loads(part["entry"])) for kind, part in parts.items()}
    agreement, disposal, end = said["agreement"], said["disposal"], said["certificate"]
    if not isinstance(agreement, Agreement) or not isinstance(end, Certificate):
        return {"text": "", "text_zh": ""}
    disposal = disposal if isinstance(disposal, Disposal) else None
    text, text_zh = Ended(agreement, disposal, end).texts(ORIGIN)
    return {"text": text, "text_zh": text_zh}


def put(kind: str, **fields: object) -> Change:
    return lambda story: story[places(told())[kind]].update(fields)


HONEST = document()
EXPIRED = {"cause": "expired", "time": "2029-01-01T00:00:00.000000Z"}


def test_an_honest_certificate_holds_after_a_disposal_and_after_the_last_day() -> None:
    ended = verify_certificate(HONEST, VKEY)
    assert ended.certificate.agreement == ended.agreement.agreement == "a2"
    assert ended.certificate.key in HONEST["text"]
    assert "处置证明" in HONEST["text_zh"]
    by_the_calendar = document(put("certificate", **EXPIRED), disposal=None)
    assert verify_certificate(by_the_calendar, VKEY).disposal is None
    assert verify_certificate(json.loads(json.dumps(HONEST)), VKEY) == ended


LAST = len(told()) - 1
OTHERS = next(e["index"] for e in told() if e["kind"] == "agreement" and e["agreement"] == "a5")
WRONG: dict[str, tuple[Document, str]] = {
    "altered text": ({**HONEST, "text": HONEST["text"] + " "}, "certificate.text"),
    "altered Chinese text": ({**HONEST, "text_zh": ""}, "certificate.text"),
    "forged head": (
        {**HONEST, "checkpoint": signed(written(told()), NEXT_SITE)},
        "ledger.checkpoint",
    ),
    "another size": ({**HONEST, "size": 3}, "certificate.size"),
    "forged entry": (
        {
            **HONEST,
            "certificate": {
                **HONEST["certificate"],
                "entry": HONEST["certificate"]["entry"].replace('"tokens":1', '"tokens":2'),
            },
        },
        "ledger.inclusion",
    ),
    "an entry of another kind": (document(certificate=0), "certificate.entry"),
    "an entry of another place": (
        {**HONEST, "certificate": {**HONEST["certificate"], "index": 1}},
        "certificate.index",
    ),
    "another agreement": (document(agreement=OTHERS), "certificate.agreement"),
    "somebody else's disposal": (document(put("disposal", by="0" * 64)), "certificate.agreement"),
    "a disposal of another agreement": (
        document(put("disposal", agreement="a5")),
        "certificate.agreement",
    ),
    "a disposal that is left out": (document(disposal=None), "certificate.cause"),
    "a cause that is not there": (
        document(put("certificate", cause="expired"), disposal=None),
        "certificate.cause",
    ),
    "a disposal that was not the cause": (
        document(put("certificate", **EXPIRED)),
        "certificate.cause",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_certificate_that_does_not_hold_says_what_failed(name: str) -> None:
    wrong, code = WRONG[name]
    with pytest.raises(NotVerified) as refused:
        verify_certificate(wrong, VKEY)
    assert refused.value.code == code


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=5,
)


@given(st.sampled_from(sorted(HONEST)), JSON)
def test_a_misshapen_certificate_is_refused_and_never_crashes(name: str, value: object) -> None:
    if value == HONEST[name]:
        return
    with pytest.raises((BadInput, NotVerified)):
        verify_certificate({**HONEST, name: value}, VKEY)
    part = {**HONEST["certificate"], "entry": value}
    with pytest.raises((BadInput, NotVerified)):
        verify_certificate({**HONEST, "certificate": part}, VKEY)


def test_the_key_that_signs_the_log_is_the_one_that_counts() -> None:
    assert LEDGER is not NEXT_SITE
    with pytest.raises(BadInput):
        verify_certificate(HONEST, "no key")
