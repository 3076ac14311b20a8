"""A site is served from one folder by one process, stops when told, and comes back as it was."""

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from socket import create_server

import httpx
import pytest

from sandbox.assembly import open_site, serve, sole_user
from sandbox.errors import Conflict, Unavailable
from sandbox.flow.found import found
from sandbox.model.principal import Role
from sandbox.settings import Settings

PROGRAM = """
import json, sys
from pathlib import Path
from sandbox.assembly import serve
from sandbox.model.principal import Role
from sandbox.settings import Settings

def ready(url, tokens, lane):
    print(json.dumps([url, {role.value: token for role, token in tokens.items()}]), flush=True)

serve(Settings(Path(sys.argv[1]), port=0), ready)
print("stopped", flush=True)
"""


@contextmanager
def started(folder: Path) -> Iterator[tuple[subprocess.Popen[str], str, dict[str, str]]]:
    with subprocess.Popen(  # noqa: S603  (our own program)
        [sys.executable, "-c", PROGRAM, str(folder)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        try:
            url, tokens = json.loads(process.stdout.readline())
            yield process, f"{url}/api/v1", tokens
        finally:
            process.kill()


def stop(process: subprocess.Popen[str], how: signal.Signals) -> tuple[int, str, str]:
    process.send_signal(how)
    out, err = process.communicate(timeout=30)
    return process.returncode, out, err


@pytest.mark.slow
def test_a_site_stops_when_told_and_comes_back_as_it_was(tmp_path: Path) -> None:
    with started(tmp_path / "site") as (process, url, tokens):
        assert set(tokens) == {role.value for role in Role}
        owner = {"authorization": f"Bearer {tokens['owner']}"}
        named = httpx.get(f"{url}/site").json()["name"]
        upload = httpx.post(f"{url}/uploads", content=b"x", headers=owner)
        httpx.get(f"{url}/me", headers={"authorization": "Bearer wrong"})
        assert upload.status_code == 201
        assert stop(process, signal.SIGINT) == (0, "stopped\n", "")
    with started(tmp_path / "site") as (process, url, again):
        assert again == {}
        assert httpx.get(f"{url}/me", headers=owner).json() == {"name": "owner", "role": "owner"}
        assert httpx.get(f"{url}/site").json()["name"] == named
        assert not list((tmp_path / "site" / "uploads").iterdir())
        assert stop(process, signal.SIGTERM) == (0, "stopped\n", "")


def refuse(settings: Settings) -> str:
    def ready(_url: str, _tokens: dict[Role, str], _lane: str | None) -> None:
        pytest.fail("it must not get ready")

    with pytest.raises(Unavailable) as refused:
        serve(settings, ready)
    return refused.value.code


def test_two_servers_never_share_a_folder(tmp_path: Path) -> None:
    with sole_user(tmp_path):
        assert refuse(Settings(tmp_path, port=0)) == "site.running"


def test_the_folder_is_free_again_when_its_user_is_gone(tmp_path: Path) -> None:
    for _ in range(2):
        with sole_user(tmp_path):
            pass


def test_a_taken_address_is_said_to_be_taken(tmp_path: Path) -> None:
    with create_server(("127.0.0.1", 0)) as other:
        assert refuse(Settings(tmp_path, port=other.getsockname()[1])) == "site.address"


def test_a_folder_that_cannot_be_made_is_said_so(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert refuse(Settings(tmp_path / "file" / "site", port=0)) == "site.folder"


def test_everything_on_the_disk_is_the_sites_users_alone(tmp_path: Path) -> None:
    site = open_site(Settings(tmp_path / "site"))
    found(site)
    site.books.close()
    private = [tmp_path / "site", *(tmp_path / "site").glob("keys/*")]
    assert len(private) > 1
    assert not [path for path in private if path.stat().st_mode & 0o077]


def test_a_ledger_keeps_its_name(tmp_path: Path) -> None:
    first = open_site(Settings(tmp_path, origin="health.example/range"))
    found(first)
    first.books.close()
    again = open_site(Settings(tmp_path))
    assert again.origin == "health.example/range"
    again.books.close()
    with pytest.raises(Conflict) as refused:
        open_site(Settings(tmp_path, origin="other.example/range"))
    assert refused.value.code == "site.origin"
