"""Co-signatures against a checkpoint that real witnesses signed, and against every forgery."""

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from sandbox.errors import BadInput, NotVerified
from sandbox.ledger.cosignature import (
    MAX_TIME,
    Cosignature,
    cosign,
    find_cosignature,
    read_cosignature,
    witness_key,
)
from sandbox.ledger.note import Checkpoint, open_note, sign_checkpoint, verifier_key

# A head of a public log of the transparency community, with the key of the log and of a witness.
# The log's first line is of a type that is none of ours (an RFC 6962 tree head).
REAL = """\
arche2025h1.staging.ct.transparency.dev
1432088532
U7WM79jrzyhGZ5/GUBTpM7NzwdyfFx61t3RovgcC4Ro=

— arche2025h1.staging.ct.transparency.dev zTM8sQAAAZ5W0WdjBAMARjBEAiBjW5IQf9pvsYLfQFX6hoGREPMHbdQ3urbllzalApkptQIgIpwtEroeW2BXaHAI4kJXFbon5Ch9MNL5zRNZ55lvGt0=
— arche2025h1.staging.ct.transparency.dev ui8GwCF1+kWqZrxGdhj4aX3gcw7XUlXQQabg/27lefwhUkzbC3NygNI75MdhL1bfTW9g8Ei59RA23oHP7Ry1k3ZFWwQ=
— transparency.dev/DEV:witness-little-garden 2AQqhwAAAABqEiEgzgFIqqhbUoDwjMWE6UP8nd8/KYTzwZ2rhIgcqoXHAwVkjZr4AscylP3v7sEodkRAErumC2q44vdgJY096st5BQ==
— remora.n621.de 2net5wAAAABqEiEgPlfF3V06o0Y+fHM+J5J9s27wgxxcOVSpZ/2g/KSiXCg9DEZI+aVCIobWX9sXTynk5XeU/zZ0WBxtqB0DrAWfBw==
"""  # noqa: E501  (as it was published)
REAL_LOG = (
    "arche2025h1.staging.ct.transparency.dev+ba2f06c0+AU0vHmlGCS/PdN8b2OaGmKprLI8HKM+dJ472xgFYh15f"
)
REMORA = "remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2"

LOG = Ed25519PrivateKey.from_private_bytes(b"l" * 32)
WITNESS = Ed25519PrivateKey.from_private_bytes(b"w" * 32)
PUBLIC = WITNESS.public_key().public_bytes_raw()
NAME = "witness.example/w1"
VKEY = witness_key(NAME, PUBLIC)
HEAD = Checkpoint("site.example/range", 42, bytes(range(32)))
OTHER = Checkpoint("site.example/range", 42, bytes(32))
SIGNED = sign_checkpoint(HEAD, LOG.public_key().public_bytes_raw(), LOG.sign)
COSIGNED = cosign(HEAD.body, NAME, PUBLIC, WITNESS.sign, 1_679_315_147)
TEXT = f"{SIGNED}{COSIGNED.line}\n"


def code_of(text: str, vkey: str = VKEY) -> str:
    with pytest.raises((NotVerified, BadInput)) as refusal:
        find_cosignature(text, vkey)
    return refusal.value.code


def test_a_real_witness_s_co_signature_holds() -> None:
    found = find_cosignature(REAL, REMORA)
    assert (found.witness, found.time) == ("remora.n621.de", 1_779_573_024)
    assert found.line in REAL.splitlines()
    assert open_note(REAL, REAL_LOG).startswith("arche2025h1")


@pytest.mark.parametrize(
    ("was", "becomes"), [("1432088532", "42"), ("U7WM", "V7WM"), ("AABqEiEgPlfF", "AABqEiEhPlfF")]
)
def test_a_real_witness_did_not_sign_anything_else(was: str, becomes: str) -> None:
    assert code_of(REAL.replace(was, becomes), REMORA) == "witness.signature"


def test_the_message_is_the_specification_s() -> None:
    """Two lines and the whole text; the time is eight big-endian bytes before the signature."""
    message = b"cosignature/v1\ntime 1679315147\n" + HEAD.body.encode()
    name, signed = COSIGNED.line.removeprefix("— ").split(" ")
    key_id, time, signature = (
        base64.b64decode(signed)[a:b] for a, b in ((0, 4), (4, 12), (12, None))
    )
    assert (name, key_id.hex()) == (NAME, VKEY.split("+")[1])
    assert int.from_bytes(time, "big") == 1_679_315_147
    WITNESS.public_key().verify(signature, message)


def test_a_co_signature_is_found_beside_the_log_s_own() -> None:
    assert find_cosignature(TEXT, VKEY) == COSIGNED
    assert read_cosignature(COSIGNED.line, HEAD.body, VKEY) == COSIGNED


def test_of_several_the_latest_counts() -> None:
    later = cosign(HEAD.body, NAME, PUBLIC, WITNESS.sign, 1_679_315_148)
    for lines in (f"{later.line}\n{COSIGNED.line}\n", f"{COSIGNED.line}\n{later.line}\n"):
        assert find_cosignature(SIGNED + lines, VKEY) == later


def test_a_head_without_the_witness_is_told_from_one_with_a_wrong_line() -> None:
    foreign = cosign(OTHER.body, NAME, PUBLIC, WITNESS.sign, 1_679_315_147)
    assert code_of(SIGNED) == "witness.missing"
    assert code_of(f"{SIGNED}{foreign.line}\n") == "witness.signature"
    assert code_of(f"{TEXT}{foreign.line}\n") == "witness.signature"


def test_the_same_name_with_another_key_is_another_witness() -> None:
    other = Ed25519PrivateKey.from_private_bytes(b"x" * 32)
    vkey = witness_key(NAME, other.public_key().public_bytes_raw())
    assert code_of(TEXT, vkey) == "witness.missing"


def test_a_plain_signature_by_the_witness_is_no_co_signature() -> None:
    """Keys of both types may share the secret; their ids differ, and so does what is signed."""
    plain = sign_checkpoint(Checkpoint(NAME, 42, HEAD.root), PUBLIC, WITNESS.sign)
    assert code_of(plain) == "witness.missing"
    assert code_of(TEXT, verifier_key(NAME, PUBLIC)) == "key.malformed"


@pytest.mark.parametrize("bare", [b"", b"\0" * 64, b"\0" * 73, b"\xff" * 72])
def test_a_line_of_another_length_or_time_is_refused(bare: bytes) -> None:
    key_id = bytes.fromhex(VKEY.split("+")[1])
    line = base64.b64encode(key_id + bare).decode()
    assert code_of(f"{SIGNED}— {NAME} {line}\n") in {"witness.signature", "checkpoint.malformed"}


@given(st.integers(0, MAX_TIME))
def test_what_was_co_signed_at_any_time_is_found(time: int) -> None:
    made = cosign(HEAD.body, NAME, PUBLIC, WITNESS.sign, time)
    assert find_cosignature(f"{SIGNED}{made.line}\n", VKEY) == Cosignature(NAME, time, made.line)


@given(st.integers(0, len(COSIGNED.line) - 1), st.characters())
def test_no_character_of_a_co_signature_can_be_changed(place: int, character: str) -> None:
    changed = f"{COSIGNED.line[:place]}{character}{COSIGNED.line[place + 1 :]}"
    if changed != COSIGNED.line:
        with pytest.raises((NotVerified, BadInput)):
            read_cosignature(changed, HEAD.body, VKEY)
