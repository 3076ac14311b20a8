"""Canonical bytes: the published vectors of RFC 8785, and strict readers."""

import hashlib
import json

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from sandbox.errors import BadInput
from sandbox.ledger.canonical import (
    canonical,
    commitment,
    from_base64,
    opening,
    parse,
    read,
    sha256,
    to_base64,
)

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


def test_writes_the_sample_of_rfc_8785_section_3_2_2() -> None:
    sample = parse(
        rb"""{"numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
        "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
        "literals": [null, true, false]}"""
    )
    assert canonical(sample).decode() == (
        '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],'
        '"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}'
    )


def test_sorts_keys_by_utf_16_as_rfc_8785_section_3_2_3_shows() -> None:
    keys = ["\u20ac", "\r", "\ufb33", "1", "\U0001f600", "\x80", "\xf6"]
    written = json.loads(canonical(dict.fromkeys(keys, "")))
    assert list(written) == ["\r", "1", "\x80", "\xf6", "\u20ac", "\U0001f600", "\ufb33"]


PLAIN = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.text()
    | st.text('\x00\x1f\x7f\u2028"\\/\b\n\U0001f600'),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(st.characters(codec="ascii")), inner),
)


@given(PLAIN)
def test_the_fast_way_writes_what_rfc_8785_asks_for(value: object) -> None:
    assert canonical(value) == rfc8785.dumps(value)  # type: ignore[arg-type]


@given(JSON)
def test_reading_and_writing_again_changes_nothing(value: object) -> None:
    written = canonical(value)
    assert canonical(parse(written)) == written


@given(st.floats(min_value=2.0**53, allow_infinity=False))
def test_large_estimates_survive_their_own_json(estimate: float) -> None:
    written = canonical({"values": [estimate, -estimate]})
    assert canonical(parse(written)) == written


@pytest.mark.parametrize(
    "value",
    [
        float("nan"),
        float("inf"),
        2**53 + 1,
        -(2**53) - 1,
        10**400,
        "\ud800",
        {1: "a"},
        {"\ud800": 1},
        object(),
    ],
)
def test_what_json_cannot_say_is_refused(value: object) -> None:
    with pytest.raises(BadInput) as refusal:
        canonical(value)
    assert refusal.value.code == "json.not_canonical"


@pytest.mark.parametrize(
    "data", [b"", b"{", b"\xff", b"NaN", b"[Infinity]", b"[" * 100_000, b"1" * 5000]
)
def test_what_is_not_json_is_refused(data: bytes) -> None:
    with pytest.raises(BadInput) as refusal:
        parse(data)
    assert refusal.value.code == "json.malformed"


def test_depth_beyond_reason_is_refused_when_writing() -> None:
    deep: list[object] = []
    for _ in range(20_000):
        deep = [deep]
    with pytest.raises(BadInput):
        canonical(deep)


@given(st.binary())
def test_base64_has_one_spelling(data: bytes) -> None:
    assert from_base64(to_base64(data)) == data


@pytest.mark.parametrize("text", ["AB==", "AA", "AA==\n", " AA==", "A-_=", "é", "AA==AA=="])
def test_other_spellings_of_base64_are_refused(text: str) -> None:
    with pytest.raises(BadInput) as refusal:
        from_base64(text)
    assert refusal.value.code == "base64.malformed"


def test_a_commitment_is_the_digest_of_label_salt_and_payload() -> None:
    salt = bytes(range(32))
    expected = hashlib.sha256(b"datarange/v1 commitment\n" + salt + b"payload").hexdigest()
    assert commitment(b"payload", salt) == expected
    assert opening(b"payload", salt) == salt + b"payload"
    assert sha256(b"") == hashlib.sha256(b"").hexdigest()


@given(st.binary(), st.binary(min_size=32, max_size=32), st.binary(min_size=32, max_size=32))
def test_salt_hides_equal_payloads(payload: bytes, one: bytes, two: bytes) -> None:
    assert (commitment(payload, one) == commitment(payload, two)) == (one == two)


def test_a_salt_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        commitment(b"payload", b"short")


BYTES = JSON.flatmap(
    lambda value: st.sampled_from(
        [
            json.dumps(value),
            json.dumps(value, ensure_ascii=False),
            json.dumps(value, separators=(",", ":"), sort_keys=True),
            json.dumps(value, separators=(",", ":"), sort_keys=True, ensure_ascii=False),
            canonical(value).decode(),
        ]
    )
).map(lambda text: text.encode("utf-8", "surrogatepass"))
"""JSON as different programs write it; the last way is the right one."""


@given(BYTES | st.binary(max_size=20))
def test_reading_agrees_with_the_reference_about_what_is_canonical(data: bytes) -> None:
    try:
        value = parse(data)
        expected = (repr(value), rfc8785.dumps(value) == data)
    except (BadInput, rfc8785.CanonicalizationError, RecursionError):
        return
    found = read(data)
    assert (repr(found.value), found.is_canonical) == expected


@given(st.text(alphabet=st.characters(max_codepoint=0x7F)))
def test_every_ascii_text_is_written_as_the_reference_writes_it(text: str) -> None:
    data = rfc8785.dumps({text: text})
    assert read(data) == ({text: text}, True)


@pytest.mark.parametrize(
    "data",
    [
        b'{"a": 1}',
        b'{"b":1,"a":1}',
        b'{"a":1,"a":1}',
        b'{"a":1.0}',
        b'{"a":1e+16}',
        b'{"a":-0}',
        b'{"a":"\\u0061"}',
        b'{"a":"\\/"}',
        b'{"a":"\\u000A"}',
        b"[1 ]",
        '{"\ufb33":1,"\U0001f600":2}'.encode(),
        b"-0",
        b"1E2",
    ],
)
def test_other_spellings_of_a_value_are_found_out(data: bytes) -> None:
    assert not read(data).is_canonical


@pytest.mark.parametrize("data", [b"9007199254740993", b"[NaN]", b"{", b"\xff", b"[" * 100_000])
def test_what_has_no_canonical_form_cannot_be_read(data: bytes) -> None:
    with pytest.raises(BadInput):
        read(data)
