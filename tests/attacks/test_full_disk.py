"""A9: a disk that fills up or turns read-only stops a site with a clear word, and costs nobody."""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from itertools import count
from pathlib import Path

import pytest

from sandbox.assembly import serve
from sandbox.errors import Unavailable
from sandbox.model.step import Step
from sandbox.settings import Settings
from sandbox.store.place import open_books
from tests.support.mortal import LEFT, Mortal, mortal, question

SIZE = 16 * 2**20
SMALL = f"remount,size={SIZE}"
"""A disk that is soon filled; a site takes no files in that would leave it little room."""
ALONE = [step for step in LEFT if step not in {Step.CANCELLED, Step.FAILED}]
"""What a lone question passes while nothing is wrong."""

numbers = count()


def mount(folder: Path, options: str) -> bool:
    """Give the folder a disk of its own in memory, or change that disk's options."""
    program = shutil.which("mount")
    if os.geteuid() != 0 or program is None:
        return False
    command = [program, "-t", "tmpfs", "-o", options, "none", str(folder)]
    return subprocess.run(command, check=False).returncode == 0  # noqa: S603  (no outside input)


@pytest.fixture(scope="module")
def disk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A disk of a site."""
    disk = tmp_path_factory.mktemp("world") / "site"
    disk.mkdir()
    if not mount(disk, "size=4g"):
        pytest.skip("only root can mount a small disk; tests/store has one that needs no root")
    yield disk
    subprocess.run([shutil.which("umount") or "", str(disk)], check=True)  # noqa: S603


@pytest.fixture(scope="module")
def site(disk: Path) -> Iterator[Mortal]:
    """One site, whose disk fills up at one step after another."""
    with mortal(disk.parent, None) as site:
        assert mount(disk, SMALL)
        yield site


def fold_log_back(site: Mortal) -> None:
    """End the life; then leave SQLite no written pages that it could use again on a full disk."""
    site.lives.kill()
    with closing(open_books(site.folder / "site", None)) as books, books.write():
        pass


@pytest.mark.slow
@pytest.mark.parametrize("step", ALONE)
def test_a_disk_that_is_full_from_a_step_on_refuses_and_costs_nobody(
    site: Mortal, disk: Path, step: Step
) -> None:
    known, asked = question(next(numbers)), question(next(numbers))
    site.lives.begin()
    assert site.ask(known)
    site.audit()
    fold_log_back(site)
    site.lives.begin("fill", step, "1")
    site.look()
    if step is Step.RECORDED:
        assert site.ask(asked)
    else:
        with pytest.raises(Unavailable) as refusal:
            site.send(asked)
        assert refusal.value.code == "books.unavailable"
    assert site.ask(known), "what is stored is there all the same"
    left = site.audit()
    assert left == LEFT[step]
    (disk / "filler").unlink()
    assert site.ask(asked)
    gained = left + site.audit()
    assert gained["debit"] == gained["release"] == 1


@contextmanager
def read_only(disk: Path) -> Iterator[None]:
    assert mount(disk, "remount,ro")
    try:
        yield
    finally:
        assert mount(disk, f"{SMALL},rw")


@contextmanager
def full(disk: Path) -> Iterator[None]:
    filler = disk / "filler"
    with pytest.raises(OSError, match="space"):
        filler.write_bytes(bytes(SIZE))
    try:
        yield
    finally:
        filler.unlink()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("spoilt", "code"), [(read_only, "site.folder"), (full, "books.unavailable")]
)
def test_a_site_starts_on_no_spoilt_disk_and_on_a_sound_one_again(
    site: Mortal,
    disk: Path,
    spoilt: Callable[[Path], AbstractContextManager[None]],
    code: str,
) -> None:
    known = question(next(numbers))
    site.lives.begin()
    assert site.ask(known)
    fold_log_back(site)
    with spoilt(disk), pytest.raises(Unavailable) as refusal:
        serve(Settings(disk, port=0), lambda _address, _tokens, _lane: pytest.fail("it started"))
    assert refusal.value.code == code
    site.lives.begin()
    assert site.ask(known)
    site.audit()
