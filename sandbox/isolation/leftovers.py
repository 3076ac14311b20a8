"""Folders of boxes whose warden was killed: it is the one thing that nobody else removes."""

import fcntl
import os
import shutil
import tempfile
import time
from contextlib import suppress
from pathlib import Path

from sandbox.isolation.box import PREFIX

AGE = 60.0
"""Seconds after which a folder that no warden holds is nobody's, not one just being made."""


def sweep(age: float = AGE) -> int:
    """Remove them; give how many there were. Boxes that live are not touched."""
    swept = 0
    for folder in Path(tempfile.gettempdir()).resolve().glob(f"{PREFIX}*"):
        with suppress(OSError):
            swept += _removed(folder, age)
    return swept


def _removed(folder: Path, age: float) -> bool:
    """Remove a folder of ours, unless a warden holds its lock or has just made it.

    Raises:
        OSError: it is no folder of ours, or its warden lives.
    """
    opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        about = os.fstat(opened)
        # File times are of the wall clock; here it only tells a new folder from an old one.
        if about.st_uid != os.geteuid() or time.clock_gettime(0) - about.st_ctime < age:
            return False
        fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
        shutil.rmtree(folder)
    finally:
        os.close(opened)
    return True
