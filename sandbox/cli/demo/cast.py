"""Who acts in the story, and how each of them reaches the site."""

from collections.abc import Mapping
from dataclasses import dataclass

from sandbox.client import Range, connect

DATASET = "health/hie"
PURPOSE = "health-economics-teaching"


@dataclass(frozen=True, slots=True)
class Cast:
    """Owner, steward, researcher and auditor, at the address where the site is now."""

    url: str
    tokens: Mapping[str, str]
    """By role."""

    def range_of(self, role: str) -> Range:
        """Connect as somebody."""
        return connect(self.url, self.tokens[role])

    def environment_of(self, role: str) -> dict[str, str]:
        """Give what somebody's commands read."""
        return {"DATARANGE_URL": self.url, "DATARANGE_TOKEN": self.tokens[role]}
