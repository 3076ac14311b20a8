"""How people sign in is read strictly, and its secret stands elsewhere."""

from datetime import timedelta
from pathlib import Path

import pytest

from sandbox.cli.identity_file import SECRET, read_identity
from sandbox.errors import BadInput
from sandbox.settings import LOCAL

PROVIDER = """\
public_url: https://range.example
limits:
  sign_ins_per_account: {count: 3, span: PT1H}
provider:
  issuer: https://sso.example
  client_id: datarange
  roles: [[officials, steward], [scientists, researcher]]
"""


def refused(tmp_path: Path, text: str) -> BadInput:
    file = tmp_path / "identity.yaml"
    file.write_text(text)
    with pytest.raises(BadInput) as refusal:
        read_identity(file)
    assert refusal.value.code == "identity.file"
    return refusal.value


def test_limits_and_a_provider_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(SECRET, "of-the-client")
    file = tmp_path / "identity.yaml"
    file.write_text(PROVIDER)
    identity = read_identity(file)
    assert identity.limits.sign_ins_per_account.span == timedelta(hours=1)
    assert identity.limits.sign_ins_per_address == LOCAL.limits.sign_ins_per_address
    assert identity.provider is not None
    assert identity.provider.roles[0] == ("officials", "steward")
    assert identity.provider.client_secret == "of-the-client"  # noqa: S105
    assert "of-the-client" not in repr(identity)


def test_the_secret_stands_in_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(SECRET, raising=False)
    assert SECRET in refused(tmp_path, PROVIDER).message
    monkeypatch.setenv(SECRET, "x")
    inside = refused(tmp_path, PROVIDER + "  client_secret: hunter2\n")
    assert "hunter2" not in str(inside)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "- list",
        "a: [",
        "unknown: 1",
        "limits: {sign_ins_per_account: {count: many, span: PT1H}}",
        PROVIDER.replace("steward", "root"),
        PROVIDER.replace("public_url: https://range.example\n", ""),
        PROVIDER.replace("  issuer: https://sso.example\n", ""),
        "!!python/object/apply:os.system [id]",
    ],
)
def test_what_is_wrong_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    monkeypatch.setenv(SECRET, "x")
    refused(tmp_path, text)
