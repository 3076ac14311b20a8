"""A source: the people behind one or more datasets, whose caps only the owner's key changes."""

from dataclasses import dataclass
from fractions import Fraction

from sandbox.model.cost import Accounting
from sandbox.model.names import PrincipalName, SourceName

MAX_PARTS = 64
"""Keys of a partition."""


@dataclass(frozen=True, slots=True)
class Caps:
    """What a source may lose; in rho under `zcdp`, in epsilon under `pure`. None: no such limit."""

    source: Fraction
    """In its whole life."""
    delta: Fraction
    """The delta that its epsilons are read at."""
    person: Fraction | None = None
    """To one person or team, over all of their agreements, in its whole life."""
    day: Fraction | None = None
    """In one calendar day, UTC; the whole life's cap holds all the same."""
    month: Fraction | None = None
    quarter: Fraction | None = None
    emergency: Fraction | None = None
    """Part of the whole that only a declared emergency may spend."""

    @property
    def of_person(self) -> Fraction:
        """What a person's account can hold.

        Without a limit of its own it is one that the source's cap keeps it from ever reaching:
        somebody who asks of each part separately is charged for each, the source for the dearest.
        """
        return self.source * MAX_PARTS if self.person is None else self.person


@dataclass(frozen=True, slots=True)
class Source:
    """Who answers for the people of a source, and what may be lost of their privacy."""

    name: SourceName
    owner: PrincipalName
    owner_key: str
    """Ed25519, base64 of 32 bytes: signs policies, cap changes, and the key that follows it."""
    accounting: Accounting
    caps: Caps
    changes: int = 0
    """How often its caps or its key were changed: no signature under a change serves twice."""
