"""Signatures in the ledger: bound to a label, to what is said and to a key."""

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from sandbox.errors import NotVerified
from sandbox.ledger.signing import (
    agreement_message,
    cap_message,
    check,
    key_message,
    policy_message,
)

KEY = Ed25519PrivateKey.from_private_bytes(b"k" * 32)
PUBLIC = base64.b64encode(KEY.public_key().public_bytes_raw()).decode()
DIGEST = "ab" * 32
SIGNATURE = base64.b64encode(KEY.sign(agreement_message(DIGEST))).decode()


def test_an_honest_signature_holds() -> None:
    check(PUBLIC, SIGNATURE, agreement_message(DIGEST))


def test_the_message_is_a_label_and_the_digest() -> None:
    assert agreement_message(DIGEST) == b"datarange/v1 agreement\n" + DIGEST.encode()


def test_a_signature_under_the_bare_digest_does_not_hold() -> None:
    bare = base64.b64encode(KEY.sign(DIGEST.encode())).decode()
    with pytest.raises(NotVerified):
        check(PUBLIC, bare, agreement_message(DIGEST))


def test_a_signature_under_another_agreement_does_not_hold() -> None:
    with pytest.raises(NotVerified):
        check(PUBLIC, SIGNATURE, agreement_message("cd" * 32))


TERMS = {"source": "health/people", "change": 1, "caps": {"source": "0.5", "day": None}}
MESSAGES = {
    "datarange/v1 policy": policy_message,
    "datarange/v1 cap change": cap_message,
    "datarange/v1 key change": key_message,
}


@pytest.mark.parametrize("label", MESSAGES)
def test_what_an_owner_signs_is_a_label_and_the_terms(label: str) -> None:
    terms = b'{"caps":{"day":null,"source":"0.5"},"change":1,"source":"health/people"}'
    assert MESSAGES[label](TERMS) == label.encode() + b"\n" + terms


def test_a_signature_under_one_label_serves_under_no_other() -> None:
    messages = [message(TERMS) for message in MESSAGES.values()]
    for number, signed in enumerate(messages):
        signature = base64.b64encode(KEY.sign(signed)).decode()
        for other, message in enumerate(messages):
            if other == number:
                check(PUBLIC, signature, message)
            else:
                with pytest.raises(NotVerified):
                    check(PUBLIC, signature, message)


@pytest.mark.parametrize(
    "changed",
    [
        {**TERMS, "change": 2},
        {**TERMS, "caps": {"source": "0.50", "day": None}},
        {**TERMS, "caps": {"source": "0.5"}},
        {**TERMS, "more": None},
    ],
)
def test_other_terms_are_not_what_was_signed(changed: dict[str, object]) -> None:
    signature = base64.b64encode(KEY.sign(cap_message(TERMS))).decode()
    with pytest.raises(NotVerified):
        check(PUBLIC, signature, cap_message(changed))


@given(st.text(), st.text())
def test_malformed_keys_and_signatures_are_not_verified(public: str, signature: str) -> None:
    for attempt in ((public, SIGNATURE), (PUBLIC, signature)):
        with pytest.raises(NotVerified) as refusal:
            check(*attempt, agreement_message(DIGEST))
        assert refusal.value.code == "signature.invalid"
