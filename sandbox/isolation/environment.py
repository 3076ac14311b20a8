"""What every box sees: an interpreter, the C library, a fixed list of packages, and nothing else.

Everything is found on the site's machine and mounted read-only, at places that are the same on
every machine. Neither the site's own code nor anything else that is installed is in a box.
"""

import json
import re
import sys
import sysconfig
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from importlib.util import cache_from_source
from pathlib import Path

from sandbox.isolation.limits import Limits

OFFERED = ("numpy", "polars", "pandas", "scipy", "scikit-learn", "statsmodels")
"""What programs may import, with all that these need; what is not installed is left out."""
PYTHON = f"python{sys.version_info.major}.{sys.version_info.minor}"
INTERPRETER = f"/python/bin/{PYTHON}"
GUEST = "/guest.py"
HOSTNAME = "box"
NOBODY = 65534
"""User and group inside a box, and outside where we are root."""
PLACES = ("/tmp", "/dev/shm")  # noqa: S108  (the box's own, not the site's)
"""Where a box may write."""
DEVICES = ("/dev/null", "/dev/zero", "/dev/random", "/dev/urandom")
_RESERVED = 2**31
"""Bytes of address space beyond memory: libraries map files, and reserve what they never touch."""


@dataclass(frozen=True, slots=True)
class Bind:
    """A file or folder of the machine, and where boxes see it."""

    source: Path
    target: str


@cache
def binds() -> tuple[Bind, ...]:
    """Everything that is mounted, read-only, into every box."""
    guest = Bind(Path(__file__).with_name("guest.py"), GUEST)
    return (guest, *_interpreter(), *_libraries(), *_packages())


@cache
def packages() -> dict[str, str]:
    """Versions of the packages that programs may import, by name; for the catalogue."""
    found = {one.name: one.version for one in _distributions()}
    return dict(sorted(found.items()))


def variables(limits: Limits) -> dict[str, str]:
    """Every environment variable of a box."""
    threads = ("POLARS_MAX_THREADS", "OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")
    return {
        "PATH": "/python/bin",
        "LD_LIBRARY_PATH": "/python/lib",
        **dict.fromkeys(("HOME", "PWD"), "/tmp"),  # noqa: S108  (the box's own)
        "LANG": "C.UTF-8",
        "TZ": "UTC",
        "PYTHONHASHSEED": "0",
        **dict.fromkeys(threads, str(limits.processors)),
    }


def command(limits: Limits, warm: tuple[str, ...]) -> tuple[str, ...]:
    """What a box runs, the same for every box with these limits."""
    held = {
        "CORE": 0,
        "MEMLOCK": 0,
        "NPROC": limits.processes,
        "NOFILE": limits.files,
        "FSIZE": limits.tmp,
        "DATA": limits.memory,
        "AS": limits.memory + _RESERVED,
    }
    return (INTERPRETER, "-s", "-S", "-P", "-B", GUEST, ",".join(warm), json.dumps(held))


def _interpreter() -> Iterator[Bind]:
    """The running interpreter, its standard library, and its shared library if it has one."""
    base = Path(sys.base_prefix)
    yield Bind((base / "bin" / PYTHON).resolve(), INTERPRETER)
    yield Bind(Path(sysconfig.get_path("stdlib")).resolve(), f"/python/lib/{PYTHON}")
    shared = sysconfig.get_config_var("INSTSONAME") or ""
    file = Path(sysconfig.get_config_var("LIBDIR") or base / "lib") / shared
    if ".so" in shared and file.is_file():
        yield Bind(file.resolve(), f"/python/lib/{shared}")


def _libraries() -> Iterator[Bind]:
    """The C library and what else extension modules link to, and the loader."""
    multiarch = sysconfig.get_config_var("MULTIARCH") or ""
    folders = [f"/usr/lib/{multiarch}" if multiarch else "/usr/lib", "/usr/lib64"]
    for folder in folders:
        if Path(folder).is_dir():
            yield Bind(Path(folder).resolve(), folder)
    for link, kept in (("/lib", f"/lib/{multiarch}" if multiarch else "/lib"), ("/lib64",) * 2):
        if Path(link).is_dir() and Path(kept).is_dir():
            yield Bind(Path(kept).resolve(), kept)


def _packages() -> Iterator[Bind]:
    """Each folder and module that an offered package put into site-packages."""
    seen: set[str] = set()
    for one in _distributions():
        tops = {file.parts[0] for file in one.files or ()}
        for top in sorted(tops - seen):
            source = Path(str(one.locate_file(top)))
            if top == ".." or top.endswith((".dist-info", ".pth", "__pycache__")):
                continue
            if source.exists():
                seen.add(top)
                yield Bind(source.resolve(), f"/packages/{top}")
                yield from _compiled(source)


def _compiled(module: Path) -> Iterator[Bind]:
    """A single module's bytecode, which lies beside it; no box could keep what it compiles."""
    if module.suffix == ".py":
        code = Path(cache_from_source(str(module)))
        if code.is_file():
            yield Bind(code.resolve(), f"/packages/{code.parent.name}/{code.name}")


@cache
def _distributions() -> tuple[Distribution, ...]:
    """Find the offered packages, and all that they need."""
    found: dict[str, Distribution] = {}
    asked = list(OFFERED)
    while asked:
        name = re.sub(r"[-_.]+", "-", asked.pop()).lower()
        if name in found:
            continue
        try:
            found[name] = distribution(name)
        except PackageNotFoundError:
            continue
        asked += [
            need[0]
            for text in found[name].requires or ()
            if "extra ==" not in text and (need := re.match(r"[A-Za-z0-9._-]+", text))
        ]
    return tuple(found[name] for name in sorted(found))
