"""Files come in whole or not at all, are private, and are gone after one use."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import anyio
import anyio.lowlevel
import httpx
import pytest

from sandbox.errors import NotFound, Unavailable
from sandbox.model.names import PrincipalName
from sandbox.model.principal import Role
from sandbox.web import uploads as module
from sandbox.web.problems import TooLong
from sandbox.web.uploads import Uploads, sweep
from tests.support.served import Served

API = "/api/v1"
OWNER = PrincipalName("市卫生局")
ID = "0" * 32


async def blocks(*sizes: int) -> AsyncIterator[bytes]:
    for size in sizes:
        await anyio.lowlevel.checkpoint()
        yield b"x" * size


def receive(uploads: Uploads, *sizes: int) -> None:
    async def run() -> None:
        await uploads.receive(OWNER, ID, blocks(*sizes))

    anyio.run(run)


def left(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


@pytest.fixture
def uploads(tmp_path: Path) -> Uploads:
    sweep(tmp_path / "uploads")
    return Uploads(tmp_path / "uploads", limit=3 * 2**20)


def test_a_file_arrives_byte_for_byte_and_private(uploads: Uploads) -> None:
    receive(uploads, 1, 2**20, 7)
    with uploads.take(OWNER, ID) as path:
        assert path.read_bytes() == b"x" * (2**20 + 8)
        assert [part.stat().st_mode & 0o777 for part in (path, path.parent, uploads.folder)] == [
            0o600,
            0o700,
            0o700,
        ]
    assert not left(uploads.folder)


def test_an_empty_file_is_a_file(uploads: Uploads) -> None:
    receive(uploads)
    with uploads.take(OWNER, ID) as path:
        assert path.read_bytes() == b""


def test_a_file_beyond_the_limit_leaves_nothing(uploads: Uploads) -> None:
    with pytest.raises(TooLong):
        receive(uploads, 2**20, 2**20, 2**20, 1)
    assert not left(uploads.folder)


def test_a_torn_upload_leaves_nothing(uploads: Uploads) -> None:
    async def torn() -> AsyncIterator[bytes]:
        yield b"x" * 2**21
        await anyio.lowlevel.checkpoint()
        raise ConnectionResetError

    async def run() -> None:
        await uploads.receive(OWNER, ID, torn())

    with pytest.raises(ConnectionResetError):
        anyio.run(run)
    assert not left(uploads.folder)


def test_a_nearly_full_disk_takes_no_file(
    uploads: Uploads, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "SPARE", 2**62)
    with pytest.raises(Unavailable) as refused:
        receive(uploads, 1)
    assert refused.value.code == "upload.disk"
    assert not left(uploads.folder)


@pytest.mark.parametrize(
    "name", ["..", "../x", "", "0" * 31, "G" * 32, "0" * 32 + "\n", "/etc/passwd"]
)
def test_a_name_that_is_no_id_leads_nowhere(uploads: Uploads, name: str) -> None:
    with pytest.raises(NotFound), uploads.take(OWNER, name):
        pass


def test_a_file_is_gone_even_if_its_use_fails(uploads: Uploads) -> None:
    receive(uploads, 1)
    with pytest.raises(ZeroDivisionError), uploads.take(OWNER, ID):
        raise ZeroDivisionError
    assert not left(uploads.folder)


def test_a_file_is_lent_once(uploads: Uploads) -> None:
    receive(uploads, 1)
    with uploads.take(OWNER, ID), pytest.raises(NotFound), uploads.take(OWNER, ID):
        pass


def test_what_an_earlier_run_left_is_swept(uploads: Uploads) -> None:
    receive(uploads, 1)
    sweep(uploads.folder)
    assert not left(uploads.folder)


@pytest.fixture
def owner(clinic: Served) -> Iterator[httpx.Client]:
    with clinic.http(Role.OWNER) as http:
        yield http


UNSIGNED = {"owner_key": "A" * 43 + "=", "signature": "none"}
"""Nobody gets as far as the signature here."""


def upload(http: httpx.Client, content: bytes = b"person\n1\n") -> str:
    reply = http.post(f"{API}/uploads", content=content)
    assert reply.status_code == 201
    return str(reply.json()["id"])


def test_an_upload_serves_its_owner_only(clinic: Served, owner: httpx.Client) -> None:
    form = {"policy": "", "upload": upload(owner), "form": "csv", **UNSIGNED}
    with clinic.http(clinic.admit("another-owner", Role.OWNER)) as other:
        reply = other.post(f"{API}/datasets", json=form)
    assert (reply.status_code, reply.json()["code"]) == (404, "upload.unknown")
    assert owner.post(f"{API}/datasets", json=form).json()["code"] == "policy.invalid"
    assert owner.post(f"{API}/datasets", json=form).json()["code"] == "upload.unknown"


@pytest.mark.parametrize("form", ["xlsx", "CSV", "", "../csv"])
def test_an_unknown_form_is_refused_and_the_file_removed(
    clinic: Served, owner: httpx.Client, form: str
) -> None:
    before = left(clinic.folder / "site" / "uploads")
    message = {"policy": "", "upload": upload(owner), "form": form, **UNSIGNED}
    reply = owner.post(f"{API}/datasets", json=message)
    assert (reply.status_code, reply.json()["code"]) == (422, "upload.form")
    assert left(clinic.folder / "site" / "uploads") == before


def test_somebody_elses_source_cannot_be_taken_over(clinic: Served) -> None:
    policy = (clinic.folder / "clinic.yaml").read_text()
    with clinic.http(clinic.admit("rival", Role.OWNER)) as rival:
        form = {"policy": policy, "upload": upload(rival), "form": "csv", **UNSIGNED}
        reply = rival.post(f"{API}/datasets", json=form)
    assert (reply.status_code, reply.json()["code"]) == (403, "dataset.not_yours")


@pytest.mark.parametrize(
    ("content", "form"),
    [
        (b"", "csv"),
        (b"person,site,age,cost,name\n", "csv"),
        (b"person,site,age,cost,name\np,north,1,Zanzibar,x\n", "csv"),
        (b"PAR1 Zanzibar PAR1", "parquet"),
        (b"\xff\xfe\x00Zanzibar", "csv"),
        (b"person,site\nZanzibar,north\n", "csv"),
    ],
)
def test_a_bad_file_is_refused_with_a_code_and_without_its_values(
    clinic: Served, owner: httpx.Client, content: bytes, form: str
) -> None:
    signed = clinic.signed((clinic.folder / "clinic.yaml").read_text())
    before = sorted((clinic.folder / "site" / "snapshots").iterdir())
    message = {"upload": upload(owner, content), "form": form, **signed}
    reply = owner.post(f"{API}/datasets", json=message)
    assert reply.status_code == 422
    assert "Zanzibar" not in reply.text
    assert sorted((clinic.folder / "site" / "snapshots").iterdir()) == before


def test_nothing_is_listed_under_anothers_signature(clinic: Served, owner: httpx.Client) -> None:
    other = (clinic.folder / "clinic.yaml").read_text().replace("town/clinic", "town/other")
    signature = clinic.signed(other)["signature"]
    signed = clinic.signed((clinic.folder / "clinic.yaml").read_text())
    for lie in ({"signature": signature}, {"signature": ""}, {"policy": other}):
        message = {"upload": upload(owner), "form": "csv", **signed, **lie}
        reply = owner.post(f"{API}/datasets", json=message)
        assert (reply.status_code, reply.json()["code"]) == (409, "signature.invalid")
    assert owner.get(f"{API}/datasets/town/other").status_code == 404
