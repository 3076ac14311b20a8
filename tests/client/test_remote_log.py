"""A log read from a site that lies about it: findings, never a hang and never a full memory."""

from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from sandbox.client.connection import Connection
from sandbox.client.export import export
from sandbox.client.log import RemoteLog
from sandbox.errors import Unavailable
from sandbox.ledger.note import Checkpoint, sign_checkpoint
from sandbox.ledger.verify import verify_log
from tests.support.honest_ledger import LEDGER, ORIGIN, VKEY, exported, told, written

Answer = Callable[[str], bytes | None]
Serve = Callable[[Answer], Connection]
PROBLEM = (
    b'{"type":"urn:datarange:problem:tile.unknown","title":"Not found","status":404,'
    b'"detail":"The log has no such tile","code":"tile.unknown","exit_code":5}'
)


@pytest.fixture
def serve() -> Iterator[Serve]:
    servers: list[ThreadingHTTPServer] = []

    def serving(answer: Answer) -> Connection:
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                content = answer(self.path.removeprefix("/log/"))
                self.send_response(404 if content is None else 200)
                self.end_headers()
                self.wfile.write(PROBLEM if content is None else content)

            def log_message(self, *_: object) -> None:
                """Keep the test's output clean."""

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        servers.append(server)
        Thread(target=server.serve_forever, daemon=True).start()
        return Connection(f"http://127.0.0.1:{server.server_port}", None)

    yield serving
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return exported(tmp_path / "export", written(told()))


def files(folder: Path, **changed: bytes | None) -> Answer:
    """Serve a folder's files, some of them changed or gone."""

    def answer(path: str) -> bytes | None:
        for part, content in changed.items():
            if part in path:
                return content
        file = folder / path
        return file.read_bytes() if file.is_file() else None

    return answer


def codes(connection: Connection) -> set[str]:
    report = verify_log(RemoteLog(connection), VKEY)
    assert report.verified == (not report.findings)
    return {finding.code for finding in report.findings}


def test_a_log_s_tiles_can_lie_on_any_web_server(serve: Serve, folder: Path) -> None:
    assert codes(serve(files(folder))) == set()


def test_missing_entries_are_found(serve: Serve, folder: Path) -> None:
    found = codes(serve(files(folder, entries=None)))
    assert found == {"export.torn", "site.missing", "ledger.size"}


def test_missing_hashes_are_found(serve: Serve, folder: Path) -> None:
    assert codes(serve(files(folder, **{"tile/0": None}))) == {"export.torn", "ledger.tile"}


@pytest.mark.parametrize("content", [b"", b"\xff", b"not a checkpoint"])
def test_a_head_that_is_none_is_found(serve: Serve, folder: Path, content: bytes) -> None:
    assert "checkpoint.malformed" in codes(serve(files(folder, checkpoint=content)))


def test_a_claimed_size_is_not_believed(serve: Serve, folder: Path) -> None:
    head = Checkpoint(ORIGIN, 2**63 - 1, bytes(32))
    huge = sign_checkpoint(head, LEDGER.public_key().public_bytes_raw(), LEDGER.sign).encode()
    assert {"export.torn", "ledger.size"} <= codes(serve(files(folder, checkpoint=huge)))


@pytest.mark.parametrize("part", ["checkpoint", "tile/0"])
def test_an_endless_file_is_not_read_to_its_end(serve: Serve, folder: Path, part: str) -> None:
    with pytest.raises(Unavailable) as refusal:
        codes(serve(files(folder, **{part: bytes(2**20)})))
    assert refusal.value.code == "site.foreign_answer"


def test_an_export_of_what_is_no_ledger_leaves_nothing_behind(
    serve: Serve, folder: Path, tmp_path: Path
) -> None:
    for answer in (files(folder, checkpoint=b"none"), files(folder, entries=None)):
        with pytest.raises(Unavailable):
            export(serve(answer), tmp_path / "copy", witnessed=False)
        assert not (tmp_path / "copy").exists()
