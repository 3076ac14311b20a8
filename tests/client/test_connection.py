"""A token goes to one site only, encrypted, and is never shown."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from socket import create_server
from threading import Thread

import pytest

import sandbox.client as dr
from sandbox.client.connection import Connection
from sandbox.errors import BadInput, Unavailable

TOKEN = "dr-owner-0123456789abcdef"  # noqa: S105  (an invented one)


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org",
        "http://10.0.0.1:8360",
        "http://localhost.example.org",
        "http://0.0.0.0",
    ],
)
def test_a_token_never_crosses_a_network_in_the_clear(url: str) -> None:
    with pytest.raises(BadInput) as refused:
        Connection(url, TOKEN)
    assert refused.value.code == "site.insecure"
    Connection(url, None)


@pytest.mark.parametrize(
    "url", ["https://example.org", "http://127.0.0.1:1", "http://localhost:1", "http://[::1]:1"]
)
def test_a_token_goes_over_tls_or_stays_on_this_machine(url: str) -> None:
    assert TOKEN not in repr(Connection(url, TOKEN))


@pytest.mark.parametrize(
    "url",
    [
        "",
        "example.org",
        "ftp://example.org",
        "file:///etc/passwd",
        "http://",
        "http://user:secret@127.0.0.1",
        "http://127.0.0.1:99999",
        "http://127.0.0.1/?token=x",
        "http://127.0.0.1:0",
        "http://127.0.0.1:port",
        "http://exa mple.org",
        "http://example.org\n.evil.example",
    ],
)
def test_what_is_no_address_is_refused_and_not_quoted(url: str) -> None:
    with pytest.raises(BadInput) as refused:
        Connection(url, None)
    assert refused.value.code == "site.url"
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize("token", ["two words", "line\nbreak", "ä", "\x00"])
def test_a_malformed_token_is_refused_and_not_quoted(token: str) -> None:
    with pytest.raises(BadInput) as refused:
        Connection("http://127.0.0.1:1", token)
    assert refused.value.code == "token.malformed"
    assert token not in str(refused.value)


def test_a_site_that_is_not_there_is_named_by_its_host_alone() -> None:
    with create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(Unavailable) as refused:
        dr.connect(f"http://127.0.0.1:{port}", TOKEN)
    assert refused.value.code == "site.unreachable"
    assert "127.0.0.1" in str(refused.value)
    assert refused.value.__cause__ is None
    assert TOKEN not in repr(refused.value)


class Stranger(BaseHTTPRequestHandler):
    """Some other program on the port; sends people elsewhere."""

    def do_GET(self) -> None:
        away = self.path.endswith("/me")
        self.send_response(302 if away else 200)
        self.send_header("location", "https://evil.example/")
        self.end_headers()
        self.wfile.write(b"<html>Welcome</html>")

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def stranger() -> Iterator[str]:
    with HTTPServer(("127.0.0.1", 0), Stranger) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_another_program_on_the_port_is_told_apart(stranger: str) -> None:
    with pytest.raises(Unavailable) as refused:
        dr.connect(stranger, TOKEN)
    assert refused.value.code == "site.foreign_answer"
    assert "Welcome" not in str(refused.value)


def test_a_redirection_is_not_followed(stranger: str) -> None:
    with pytest.raises(Unavailable) as refused:
        Connection(stranger, TOKEN).raw("GET", "/me")
    assert refused.value.code == "site.foreign_answer"


def test_address_and_token_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATARANGE_URL", "http://example.org")
    monkeypatch.setenv("DATARANGE_TOKEN", TOKEN)
    with pytest.raises(BadInput) as refused:
        dr.connect()
    assert refused.value.code == "site.insecure"


def test_a_file_that_is_not_there_is_bad_input(tmp_path: Path) -> None:
    with pytest.raises(BadInput) as refused:
        Connection("http://127.0.0.1:1", None).upload(dict, "/uploads", tmp_path / "none.csv")
    assert refused.value.code == "file.unreadable"
