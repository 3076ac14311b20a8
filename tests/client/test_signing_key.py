"""A person's key: made once, private, and refused where it is not one."""

import base64
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from sandbox.client.signing_key import default_path, make_if_missing, public_key, sign
from sandbox.errors import BadInput
from sandbox.ledger.signing import check


def test_a_key_is_made_once_and_is_its_owners_alone(tmp_path: Path) -> None:
    path = make_if_missing(tmp_path / "new" / "folder" / "owner.key")
    public = public_key(path)
    assert len(base64.b64decode(public)) == 32
    assert public_key(make_if_missing(path)) == public
    assert path.stat().st_mode & 0o777 == 0o600
    check(public, sign(path, b"message"), b"message")


def test_neither_signing_nor_reading_makes_a_key(tmp_path: Path) -> None:
    for use in (public_key, lambda path: sign(path, b"message")):
        with pytest.raises(BadInput) as refused:
            use(tmp_path / "none.key")
        assert refused.value.code == "key.unreadable"
    assert not (tmp_path / "none.key").exists()


def test_a_file_that_is_no_ed25519_key_is_refused_and_kept(tmp_path: Path) -> None:
    other = generate_private_key(SECP256R1())
    pem = other.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    for content in (b"secret text", b"", b"\xff" * 99, pem):
        path = tmp_path / "other.key"
        path.write_bytes(content)
        with pytest.raises(BadInput) as refused:
            public_key(make_if_missing(path))
        assert "secret" not in str(refused.value)
        assert refused.value.__cause__ is None
        assert path.read_bytes() == content


def test_a_key_that_cannot_be_written_is_said_so(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(BadInput) as refused:
        make_if_missing(tmp_path / "file" / "owner.key")
    assert refused.value.code == "key.unreadable"


def test_owners_and_researchers_have_keys_of_their_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATARANGE_KEY", raising=False)
    for signatory in ("owner", "researcher"):
        place = default_path(signatory)
        assert place.parts[-3:] == (".config", "datarange", f"{signatory}.key")


def test_the_place_of_the_key_can_be_chosen(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("DATARANGE_KEY", str(tmp_path / "k"))
    assert default_path("owner") == default_path("researcher") == tmp_path / "k"
