"""Agreement signatures: bound to label, digest and key."""

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from sandbox.errors import NotVerified
from sandbox.ledger.signing import agreement_message, check

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


@given(st.text(), st.text())
def test_malformed_keys_and_signatures_are_not_verified(public: str, signature: str) -> None:
    for attempt in ((public, SIGNATURE), (PUBLIC, signature)):
        with pytest.raises(NotVerified) as refusal:
            check(*attempt, agreement_message(DIGEST))
        assert refusal.value.code == "signature.invalid"
