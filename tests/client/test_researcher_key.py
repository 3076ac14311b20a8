"""The researcher's key: made once, private, and refused where it is not one."""

import base64
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from sandbox.client.researcher_key import default_path, public_key, sign
from sandbox.errors import BadInput
from sandbox.ledger.signing import check


def test_a_key_is_made_once_and_is_its_owners_alone(tmp_path: Path) -> None:
    path = tmp_path / "new" / "folder" / "researcher.key"
    public = public_key(path)
    assert len(base64.b64decode(public)) == 32
    assert public_key(path) == public
    assert path.stat().st_mode & 0o777 == 0o600
    check(public, sign(path, b"message"), b"message")


def test_signing_never_makes_a_key(tmp_path: Path) -> None:
    with pytest.raises(BadInput) as refused:
        sign(tmp_path / "none.key", b"message")
    assert refused.value.code == "key.unreadable"
    assert not (tmp_path / "none.key").exists()


def test_a_file_that_is_no_ed25519_key_is_refused_and_kept(tmp_path: Path) -> None:
    other = generate_private_key(SECP256R1())
    pem = other.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    for content in (b"secret text", b"", b"\xff" * 99, pem):
        path = tmp_path / "other.key"
        path.write_bytes(content)
        with pytest.raises(BadInput) as refused:
            public_key(path)
        assert "secret" not in str(refused.value)
        assert refused.value.__cause__ is None
        assert path.read_bytes() == content


def test_the_place_of_the_key_can_be_chosen(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("DATARANGE_KEY", raising=False)
    assert default_path().parts[-3:] == (".config", "datarange", "researcher.key")
    monkeypatch.setenv("DATARANGE_KEY", str(tmp_path / "k"))
    assert default_path() == tmp_path / "k"
