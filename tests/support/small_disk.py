"""A disk of its own in memory, small, which can be filled and changed while it is used."""

import os
import pwd
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest


@dataclass(frozen=True)
class SmallDisk:
    """Where it is mounted."""

    path: Path

    def change(self, options: str) -> bool:
        """Mount it, or mount it again, with these options."""
        mount = shutil.which("mount")
        if mount is None:
            return False
        command = [mount, "-t", "tmpfs", "-o", options, "none", str(self.path)]
        return subprocess.run(command, check=False).returncode == 0  # noqa: S603  (no outside input)

    def unmount(self) -> None:
        """Give it back."""
        subprocess.run([shutil.which("umount") or "", str(self.path)], check=True)  # noqa: S603


@contextmanager
def small_disk(path: Path, size: str, user: str | None = None) -> Iterator[SmallDisk]:
    """Mount one in a new folder, for a user of the machine; skip the test where nobody may."""
    disk = SmallDisk(path)
    path.mkdir()
    options = f"size={size}"
    if user:
        owner = pwd.getpwnam(user)
        options += f",uid={owner.pw_uid},gid={owner.pw_gid},mode=700"
    if os.geteuid() != 0 or not disk.change(options):
        pytest.skip("only root can mount a small disk")
    try:
        yield disk
    finally:
        disk.unmount()
