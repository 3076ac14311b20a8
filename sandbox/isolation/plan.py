"""What a warden is told: how to start one box, and what that box may use."""

import base64
import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Protocol

from sandbox.isolation.limits import Limits
from sandbox.isolation.warden import LENGTH


@dataclass(frozen=True, slots=True)
class Plan:
    """How a back end starts a box whose folder is given; the warden does it, and cleans up."""

    argv: tuple[str, ...]
    folder: Path
    """Of the box alone; made by the warden before the box, and removed after it."""
    folders: tuple[str, ...] = ()
    """To make below the box's folder."""
    files: tuple[tuple[str, str], ...] = ()
    """Name below the box's folder, and text."""
    stage: tuple[tuple[str, str], ...] = ()
    """Source, and name below the box's folder where the box's starter alone sees it."""
    places: tuple[tuple[str, str], ...] = ()
    """Name below the box's folder of a file system in memory, and its mount options."""
    user: int | None = None
    """Whom to become before the start; None stays who we are."""
    handed: bytes = b""
    """What descriptor 3 of the starter reads, if anything."""

    def told(self, limits: Limits, processors: tuple[int, ...]) -> bytes:
        """Write this down for the warden: its length as eight bytes, big-endian, and JSON."""
        said = asdict(self) | {
            "folder": str(self.folder),
            "handed": base64.b64encode(self.handed).decode(),
            "wall": limits.wall,
            "memory": limits.memory,
            "tasks": limits.processes,
            "processors": processors,
        }
        written = json.dumps(said).encode()
        return len(written).to_bytes(LENGTH, "big") + written


class BackEnd(Protocol):
    """One way to hold a stranger's program."""

    @property
    def name(self) -> str:
        """What it is called, for people and programs."""

    @property
    def shares_kernel(self) -> bool:
        """Say whether the stranger's system calls reach the host's own kernel."""

    def plan(self, folder: Path, limits: Limits, warm: tuple[str, ...]) -> Plan:
        """Say how to start a box that has these modules imported when it is warm."""
