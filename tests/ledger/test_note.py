"""Signed heads against the published examples of the note format, and hostile texts."""

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from sandbox.errors import BadInput, NotVerified
from sandbox.ledger.note import (
    Checkpoint,
    open_checkpoint,
    open_note,
    read_checkpoint,
    sign_checkpoint,
    sign_note,
    verifier_key,
)

# Keys and notes of the Go reference implementation's documentation and tests.
PETER = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
PETER_SEED = base64.b64decode("AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz")[1:]
ENOCH = "EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop"
TEXT = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
)
BY_PETER = (
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZ"
    "b6KE6RyyBwJnAM=\n"
)
BY_ENOCH = (
    "— EnochRoot rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/5n2tiOHp+vAF1aGrQ5ovTG01oOTGwnWLox33"
    "WWd1RvMc+QQ=\n"
)

LOG = Ed25519PrivateKey.from_private_bytes(b"l" * 32)
LOG_PUBLIC = LOG.public_key().public_bytes_raw()
ORIGIN = "site.example/range"
VKEY = verifier_key(ORIGIN, LOG_PUBLIC)
HEAD = Checkpoint(ORIGIN, 42, bytes(range(32)))
SIGNED = sign_checkpoint(HEAD, LOG_PUBLIC, LOG.sign)


def test_the_published_key_has_the_published_text() -> None:
    public = Ed25519PrivateKey.from_private_bytes(PETER_SEED).public_key().public_bytes_raw()
    assert verifier_key("PeterNeumann", public) == PETER


def test_the_published_note_is_signed_to_the_byte() -> None:
    key = Ed25519PrivateKey.from_private_bytes(PETER_SEED)
    public = key.public_key().public_bytes_raw()
    assert sign_note(TEXT, "PeterNeumann", public, key.sign) == f"{TEXT}\n{BY_PETER}"


def test_published_notes_open_and_unknown_signers_are_ignored() -> None:
    assert open_note(f"{TEXT}\n{BY_PETER}{BY_ENOCH}", PETER) == TEXT
    assert open_note(f"{TEXT}\n{BY_PETER}{BY_ENOCH}", ENOCH) == TEXT
    assert open_note(f"{TEXT}\n{BY_PETER}{BY_PETER}", PETER) == TEXT


def test_a_note_without_our_signature_is_not_verified() -> None:
    with pytest.raises(NotVerified) as refusal:
        open_note(f"{TEXT}\n{BY_PETER}", ENOCH)
    assert refusal.value.code == "ledger.checkpoint"


def test_one_failing_signature_by_our_key_condemns_the_note() -> None:
    forged = f"{BY_PETER[:60]}ABCD{BY_PETER[60:]}"
    with pytest.raises(NotVerified):
        open_note(f"{TEXT}\n{BY_PETER}{forged}", PETER)


@pytest.mark.parametrize(
    "text",
    [
        "",
        TEXT,
        f"{TEXT}\n",
        f"{TEXT}\n{BY_PETER[:-1]}",
        f"\x01{TEXT}\n{BY_PETER}",
        f"\ud800{TEXT}\n{BY_PETER}",
        f"{TEXT}\n{BY_PETER.replace('PeterNeumann', 'Bad Name')}",
        f"{TEXT}\n{BY_PETER.replace('PeterNeumann', 'a+b')}",
        f"{TEXT}\n{BY_PETER.replace('—', '-')}",
        f"{TEXT}\n{BY_PETER}Unexpected line.\n",
        f"{TEXT}\n{BY_PETER}\n",
        f"{TEXT}\n— PeterNeumann x08gow==\n",
        f"{TEXT}\n{BY_PETER.replace('nAM=', 'nAN=')}",
        f"{TEXT}\n{BY_PETER * 101}",
        f"{'x' * 70_000}\n\n{BY_PETER}",
    ],
)
def test_malformed_notes_are_refused(text: str) -> None:
    with pytest.raises(BadInput) as refusal:
        open_note(text, PETER)
    assert refusal.value.code == "checkpoint.malformed"


def test_every_part_of_a_verifier_key_is_bound_to_the_others() -> None:
    for start in range(len(PETER) + 1):
        for stop in range(start, len(PETER) + 1):
            if (start, stop) != (0, len(PETER)):
                with pytest.raises(BadInput):
                    open_note(f"{TEXT}\n{BY_PETER}", PETER[start:stop])
    for place, character in enumerate(PETER):
        with pytest.raises(BadInput) as refusal:
            open_note("", f"{PETER[:place]}{chr(ord(character) + 1)}{PETER[place + 1 :]}")
        assert refusal.value.code == "key.malformed"


@pytest.mark.parametrize(
    ("name", "public"), [("", b"k" * 32), ("a b", b"k" * 32), ("a+b", b"k" * 32), ("a", b"k" * 31)]
)
def test_a_key_without_a_proper_name_or_length_is_refused(name: str, public: bytes) -> None:
    with pytest.raises(BadInput) as refusal:
        verifier_key(name, public)
    assert refusal.value.code == "key.malformed"


def test_a_head_is_written_as_the_checkpoint_specification_shows() -> None:
    root = base64.b64decode("CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=")
    body = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
    head = Checkpoint("example.com/behind-the-sofa", 20852163, root)
    assert head.body == body
    assert read_checkpoint(body) == head


@given(st.integers(0, 2**63 - 1), st.binary(min_size=32, max_size=32))
def test_what_was_signed_opens(size: int, root: bytes) -> None:
    head = Checkpoint(ORIGIN, size, root)
    assert open_checkpoint(sign_checkpoint(head, LOG_PUBLIC, LOG.sign), VKEY) == head


@given(st.integers(0, len(SIGNED) - 1), st.characters())
def test_no_character_of_a_signed_head_can_be_changed(place: int, character: str) -> None:
    changed = f"{SIGNED[:place]}{character}{SIGNED[place + 1 :]}"
    if changed != SIGNED:
        with pytest.raises((NotVerified, BadInput)):
            open_checkpoint(changed, VKEY)


@given(st.text())
def test_any_text_opens_or_is_refused(text: str) -> None:
    with pytest.raises((NotVerified, BadInput)):
        open_checkpoint(text, VKEY)


def test_a_head_of_another_log_under_the_same_key_is_not_ours() -> None:
    note = sign_note(Checkpoint("other.example", 1, bytes(32)).body, ORIGIN, LOG_PUBLIC, LOG.sign)
    with pytest.raises(NotVerified) as refusal:
        open_checkpoint(note, VKEY)
    assert refusal.value.code == "ledger.checkpoint"


@pytest.mark.parametrize(
    "body",
    [
        f"{ORIGIN}\n042\n{'A' * 43}=\n",
        f"{ORIGIN}\n-1\n{'A' * 43}=\n",
        f"{ORIGIN}\n{2**63}\n{'A' * 43}=\n",
        f"{ORIGIN}\n{'9' * 100}\n{'A' * 43}=\n",
        f"{ORIGIN}\n42\n{'A' * 42}B=\n",
        f"{ORIGIN}\n42\nAAAA\n",
        f"{ORIGIN}\n42\n{'A' * 43}=\nextension\n",
        f"\n42\n{'A' * 43}=\n",
        f"{ORIGIN}\n٤٢\n{'A' * 43}=\n",
    ],
)
def test_a_signed_text_that_is_no_head_is_refused(body: str) -> None:
    note = sign_note(body, ORIGIN, LOG_PUBLIC, LOG.sign)
    with pytest.raises(BadInput) as refusal:
        open_checkpoint(note, VKEY)
    assert refusal.value.code == "checkpoint.malformed"
