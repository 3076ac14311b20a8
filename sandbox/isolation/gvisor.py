"""gVisor: the stranger's system calls end in a kernel of their own, written in a safe language.

`runsc` of 2024 or newer, platform systrap, without a network stack to speak of: not even a loopback
device is up. Tested as root and meant for ordinary users too (`--rootless`), who need user
namespaces.
"""

import json
import os
from dataclasses import dataclass
from pathlib import Path

from sandbox.isolation import environment
from sandbox.isolation.limits import Limits
from sandbox.isolation.plan import Plan

FLAGS = (
    "--network=none",
    "--platform=systrap",
    "--overlay2=none",
    "--host-uds=none",
    "--host-fifo=none",
    "--ignore-cgroups",  # Memory is the warden's to watch: rootless gVisor ignores cgroups anyway.
)
CAPABILITIES = ("bounding", "effective", "permitted", "inheritable", "ambient")
READ_ONLY = ["rbind", "ro", "nosuid", "nodev"]


@dataclass(frozen=True, slots=True)
class Gvisor:
    """Boxes by `runsc`."""

    runsc: Path
    name: str = "gvisor"
    shares_kernel: bool = False

    def plan(self, folder: Path, limits: Limits, warm: tuple[str, ...]) -> Plan:
        """Say how to start a box: one OCI bundle, whose state lies in the box's own folder."""
        rootless = () if os.geteuid() == 0 else ("--rootless",)
        return Plan(
            argv=(
                str(self.runsc), "--root", f"{folder}/state", *FLAGS, *rootless,
                "run", "--bundle", str(folder), folder.name,
            ),
            folder=folder,
            folders=("state", "rootfs"),
            files=(("config.json", json.dumps(_bundle(limits, warm))),),
        )  # fmt: skip


def _bundle(limits: Limits, warm: tuple[str, ...]) -> dict[str, object]:
    """Write the OCI runtime specification of a box."""
    return {
        "ociVersion": "1.0.0",
        "hostname": environment.HOSTNAME,
        "root": {"path": "rootfs", "readonly": True},
        "process": {
            "user": {"uid": environment.NOBODY, "gid": environment.NOBODY},
            "cwd": "/tmp",  # noqa: S108  (the box's own)
            "args": environment.command(limits, warm),
            "env": [f"{name}={value}" for name, value in environment.variables(limits).items()],
            "capabilities": {kind: [] for kind in CAPABILITIES},
            "noNewPrivileges": True,
        },
        "mounts": [
            {"destination": "/proc", "type": "proc", "source": "proc", "options": ["ro"]},
            _memory("/dev", 1, "0755"),
            *(_memory(place, limits.tmp, "1777") for place in environment.PLACES),
            *(
                {
                    "destination": bind.target,
                    "type": "bind",
                    "source": str(bind.source),
                    "options": READ_ONLY,
                }
                for bind in environment.binds()
            ),
        ],
        "linux": {
            "namespaces": [{"type": kind} for kind in ("pid", "mount", "uts", "ipc", "network")]
        },
    }


def _memory(place: str, size: int, mode: str) -> dict[str, object]:
    """Mount a file system in the box's memory."""
    options = ["nosuid", "nodev", f"mode={mode}", f"size={size}"]
    return {"destination": place, "type": "tmpfs", "source": "tmpfs", "options": options}
