"""Keys are made once, belong to their owner alone, and are never shown."""

import hashlib
import re
import stat
import threading
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from hypothesis import given
from hypothesis import strategies as st

from sandbox.errors import Conflict, Unavailable
from sandbox.store.keys import Ed25519Signer, KeyedPseudonyms, Keys, load_or_create_signer


def test_keys_are_made_at_first_use_and_found_again(tmp_path: Path) -> None:
    first = Keys(tmp_path / "site" / "keys")
    again = Keys(tmp_path / "site" / "keys")
    assert first.ledger.public == again.ledger.public
    assert first.site.public == again.site.public
    assert first.person_key("health") == again.person_key("health")
    assert first.ledger.public != first.site.public


def test_signatures_verify_under_the_public_key(tmp_path: Path) -> None:
    signer = Keys(tmp_path / "keys").ledger
    signature = signer.sign(b"head")
    assert (len(signer.public), len(signature)) == (32, 64)
    Ed25519PublicKey.from_public_bytes(signer.public).verify(signature, b"head")


def test_a_seed_gives_the_key_of_rfc_8032() -> None:
    seed = bytes.fromhex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")
    public = bytes.fromhex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")
    assert Ed25519Signer(seed).public == public


def test_files_and_folder_belong_to_their_owner_alone(tmp_path: Path) -> None:
    folder = tmp_path / "keys"
    Keys(folder)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {file.name: stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()} == {
        "ledger.key": 0o600,
        "site.key": 0o600,
        "secret.key": 0o600,
    }


@pytest.mark.parametrize("mode", [0o604, 0o640, 0o622, 0o644])
def test_a_key_that_others_may_reach_is_refused(tmp_path: Path, mode: int) -> None:
    Keys(tmp_path)
    (tmp_path / "site.key").chmod(mode)
    with pytest.raises(Unavailable, match=r"site\.key") as refusal:
        Keys(tmp_path)
    assert refusal.value.code == "keys.permissions"


@pytest.mark.parametrize("content", [b"", b"x" * 31, b"x" * 33])
def test_a_damaged_key_is_refused_and_never_replaced(tmp_path: Path, content: bytes) -> None:
    Keys(tmp_path)
    (tmp_path / "secret.key").write_bytes(content)
    with pytest.raises(Unavailable) as refusal:
        Keys(tmp_path)
    assert refusal.value.code == "keys.damaged"
    assert (tmp_path / "secret.key").read_bytes() == content


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "keys").write_text("a file", encoding="utf-8")
    with pytest.raises(Unavailable) as refusal:
        Keys(tmp_path / "keys")
    assert refusal.value.code == "keys.unavailable"


def test_whoever_comes_at_once_gets_the_same_key(tmp_path: Path) -> None:
    start = threading.Barrier(16)
    found: list[bytes] = []

    def load() -> None:
        start.wait()
        found.append(load_or_create_signer(tmp_path / "researcher.key").public)

    threads = [threading.Thread(target=load) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 16
    assert len(set(found)) == 1
    assert [file.name for file in tmp_path.iterdir()] == ["researcher.key"]


@given(st.lists(st.text(), unique=True, min_size=2, max_size=8))
def test_each_source_has_a_person_key_of_its_own(
    tmp_path_factory: pytest.TempPathFactory, sources: list[str]
) -> None:
    folder = tmp_path_factory.getbasetemp() / "person-keys"
    keys = [Keys(folder).person_key(source) for source in sources]
    assert {len(key) for key in keys} == {32}
    assert len(set(keys)) == len(sources)


@given(st.lists(st.text(), unique=True, min_size=2, max_size=8))
def test_each_name_has_a_pseudonym_of_its_own_which_stays(names: list[str]) -> None:
    first, again = KeyedPseudonyms(b"k" * 32), KeyedPseudonyms(b"k" * 32)
    pseudonyms = [first.of(name) for name in names]
    assert len(set(pseudonyms)) == len(names)
    assert pseudonyms == [again.of(name) for name in names]
    assert all(re.fullmatch(r"[0-9a-f]{64}", pseudonym) for pseudonym in pseudonyms)


def test_nobody_without_the_secret_can_look_a_pseudonym_up(tmp_path: Path) -> None:
    keys, others = Keys(tmp_path / "a"), Keys(tmp_path / "b")
    pseudonym = keys.pseudonyms.of("health")
    assert pseudonym == Keys(tmp_path / "a").pseudonyms.of("health")
    assert pseudonym != others.pseudonyms.of("health")
    assert pseudonym != keys.person_key("health").hex()
    assert pseudonym not in {
        hashlib.sha256(label + b"health").hexdigest() for label in (b"", b"datarange pseudonym\0")
    }


def test_two_sites_hide_the_same_people_differently(tmp_path: Path) -> None:
    assert Keys(tmp_path / "a").person_key("health") != Keys(tmp_path / "b").person_key("health")


def test_no_secret_shows_when_keys_are_printed(tmp_path: Path) -> None:
    keys = Keys(tmp_path)
    shown = repr(keys) + str(keys) + repr(keys.ledger) + str(keys.site)
    for file in tmp_path.iterdir():
        secret = file.read_bytes()
        assert secret.hex() not in shown
        assert repr(secret) not in shown


def test_a_successor_waits_beside_the_key_until_the_books_name_it(tmp_path: Path) -> None:
    keys = Keys(tmp_path)
    old, successor = keys.site.public, keys.make_successor().public
    assert (tmp_path / "site.next.key").exists()
    assert keys.make_successor().public == successor != old == Keys(tmp_path).site.public
    keys.settle(successor)
    assert keys.is_settled
    assert keys.site.public == Keys(tmp_path).site.public == successor


def test_a_successor_that_the_books_never_named_is_dropped(tmp_path: Path) -> None:
    keys = Keys(tmp_path)
    old, successor = keys.site.public, keys.make_successor().public
    keys.settle(old)
    assert keys.is_settled
    assert keys.site.public == Keys(tmp_path).site.public == old
    assert keys.make_successor().public != successor


def test_nothing_is_dropped_where_neither_key_is_in_force(tmp_path: Path) -> None:
    keys = Keys(tmp_path)
    old, successor = keys.site.public, keys.make_successor().public
    with pytest.raises(Conflict) as refusal:
        keys.settle(bytes(32))
    assert refusal.value.code == "site.key"
    assert (Keys(tmp_path).site.public, Keys(tmp_path).make_successor().public) == (old, successor)
