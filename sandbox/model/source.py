"""A source: the people behind one or more datasets, whose caps only the owner's key changes."""

from dataclasses import dataclass
from fractions import Fraction

from sandbox.model.cost import Accounting
from sandbox.model.names import PrincipalName, SourceName


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
