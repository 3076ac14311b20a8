"""A key an agreement: what it sealed opens only with it, and never again once it is destroyed."""

import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.errors import Unavailable
from sandbox.ledger.canonical import sha256
from sandbox.model.names import AgreementId, SubmissionId
from sandbox.store.workspaces import DiskWorkspaces

MINE, OTHER = AgreementId("a" * 32), AgreementId("b" * 32)
PAID = SubmissionId("5" * 64)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("site") / "workspaces"


@given(st.binary(max_size=1000))
def test_what_was_sealed_opens_again_and_shows_nothing_meanwhile(
    folder: Path, answer: bytes
) -> None:
    workspaces = DiskWorkspaces(folder)
    workspaces.begin(MINE)
    sealed = workspaces.seal(MINE, PAID, answer)
    assert DiskWorkspaces(folder).unseal(MINE, PAID, sealed) == answer
    assert workspaces.seal(MINE, PAID, answer) != sealed
    assert len(answer) < 8 or answer not in sealed


@given(st.data())
def test_a_sealed_answer_that_was_touched_does_not_open(folder: Path, data: st.DataObject) -> None:
    workspaces = DiskWorkspaces(folder)
    workspaces.begin(MINE)
    workspaces.begin(OTHER)
    sealed = workspaces.seal(MINE, PAID, b"an answer")
    at = data.draw(st.integers(0, len(sealed) - 1))
    changed = sealed[:at] + bytes([sealed[at] ^ 1]) + sealed[at + 1 :]
    tries = [
        (MINE, PAID, changed),
        (MINE, PAID, sealed[:at]),
        (MINE, SubmissionId("6" * 64), sealed),
        (OTHER, PAID, sealed),
    ]
    for agreement, submission, kept in tries:
        with pytest.raises(Unavailable) as refused:
            workspaces.unseal(agreement, submission, kept)
        assert refused.value.code == "workspace.damaged"


def test_a_destroyed_key_is_gone_and_so_is_what_it_sealed(tmp_path: Path) -> None:
    workspaces = DiskWorkspaces(tmp_path / "workspaces")
    digest = workspaces.begin(MINE)
    assert workspaces.begin(MINE) == digest
    (file,) = (tmp_path / "workspaces").iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert sha256(file.read_bytes()) == digest
    sealed = workspaces.seal(MINE, PAID, b"an answer")
    for _ in range(2):
        workspaces.destroy(MINE)
        with pytest.raises(Unavailable) as refused:
            workspaces.unseal(MINE, PAID, sealed)
        assert refused.value.code == "workspace.key_missing"
    with pytest.raises(Unavailable):
        workspaces.require(MINE)
    assert list((tmp_path / "workspaces").iterdir()) == []
    assert workspaces.begin(MINE) != digest


def test_a_key_that_others_may_reach_is_refused(tmp_path: Path) -> None:
    workspaces = DiskWorkspaces(tmp_path / "workspaces")
    workspaces.begin(MINE)
    (file,) = (tmp_path / "workspaces").iterdir()
    file.chmod(0o644)
    with pytest.raises(Unavailable) as refused:
        workspaces.seal(MINE, PAID, b"an answer")
    assert refused.value.code == "keys.permissions"
