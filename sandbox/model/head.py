"""Heads of the ledger with what witnesses have put under them."""

from collections.abc import Container
from dataclasses import dataclass, replace
from typing import Self


@dataclass(frozen=True, slots=True)
class HeldCosignature:
    """A witness's line under a head, as it was checked when it came."""

    key: str
    """The witness's C2SP verifier key, as the site is configured."""
    time: int
    """When the witness says that it signed, in POSIX seconds."""
    line: str


@dataclass(frozen=True, slots=True)
class Head:
    """The first `size` entries; root and signature follow from the log."""

    size: int
    cosignatures: tuple[HeldCosignature, ...] = ()
    """At most one a witness, the latest."""

    def signed_by(self, key: str) -> HeldCosignature | None:
        """Find a witness's co-signature."""
        return next((held for held in self.cosignatures if held.key == key), None)

    def joined_by(self, cosignature: HeldCosignature) -> Self:
        """Put a co-signature under the head, in place of the witness's last one."""
        others = (held for held in self.cosignatures if held.key != cosignature.key)
        return replace(self, cosignatures=(*others, cosignature))

    def agreed(self, keys: Container[str], required: int) -> int | None:
        """Tell since when that many of these witnesses stand behind the head, if they do."""
        times = sorted((held.time for held in self.cosignatures if held.key in keys), reverse=True)
        return times[required - 1] if 0 < required <= len(times) else None


@dataclass(frozen=True, slots=True)
class Heads:
    """The two heads that matter to witnesses."""

    witnessed: Head | None = None
    """The newest with enough co-signatures."""
    pending: Head | None = None
    """A newer one that still lacks some; it waits, so that witnesses meet on one head."""
