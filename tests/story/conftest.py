"""Real processes in a world of their own: home, temporary files and working folder."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, sleep

import pytest

PATIENCE = 180.0
"""Seconds; the promise is 60 on an idle machine, and tests share theirs."""


@dataclass(frozen=True)
class World:
    """Where a command runs, and what it may have touched."""

    root: Path

    @property
    def work(self) -> Path:
        return self.root / "work"

    @property
    def elsewhere(self) -> list[Path]:
        """Give what stands in the home and temporary folders."""
        return [*(self.root / "home").rglob("*"), *(self.root / "tmp").rglob("*")]

    @property
    def processes(self) -> list[str]:
        """Give the command lines of all processes that name this world."""
        found = (command_line(entry) for entry in Path("/proc").iterdir() if entry.name.isdigit())
        return [line for line in found if str(self.root) in line]

    def run(self, *words: str, locale: dict[str, str]) -> subprocess.CompletedProcess[str]:
        with self.started(*words, locale=locale) as process:
            out, err = process.communicate(timeout=PATIENCE)
        return subprocess.CompletedProcess(process.args, process.returncode, out, err)

    @contextmanager
    def started(self, *words: str, locale: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
        with subprocess.Popen(  # noqa: S603  (our own program)
            [sys.executable, "-m", "sandbox.cli.main", *words],
            cwd=self.work,
            env=self._environment | locale,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
        ) as process:
            try:
                yield process
            finally:
                process.send_signal(signal.SIGKILL)

    def wait_until_quiet(self, seconds: float = 30.0) -> None:
        """Wait until no process is left."""
        end = monotonic() + seconds
        while self.processes and monotonic() < end:
            sleep(0.1)
        assert not self.processes

    @property
    def _environment(self) -> dict[str, str]:
        return {
            "PATH": os.environ["PATH"],
            "HOME": str(self.root / "home"),
            "TMPDIR": str(self.root / "tmp"),
            "COLUMNS": "80",
        }


def command_line(entry: Path) -> str:
    try:
        return (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        return ""


def world_in(root: Path) -> World:
    for name in ("work", "home", "tmp"):
        (root / name).mkdir()
    return World(root)


@pytest.fixture
def world(tmp_path: Path) -> World:
    return world_in(tmp_path)
