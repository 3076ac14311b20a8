"""What a body wants listed, and where two of them contradict each other."""

from dataclasses import dataclass

from sandbox.model.names import DatasetName, OwnerName
from sandbox.model.record import Record

ProposalKey = str
"""Owner and name of a proposal; `proposal_key` writes it."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """One record as a body would list it; its parent has not compiled it yet."""

    owner: OwnerName
    record: Record

    @property
    def key(self) -> ProposalKey:
        """Where it lies in the books."""
        return proposal_key(self.owner, self.record.name)


def proposal_key(owner: OwnerName, name: DatasetName) -> ProposalKey:
    """Write a key that no other owner and name share: a name has no line end."""
    return f"{name}\n{owner}"


@dataclass(frozen=True, slots=True)
class Clash:
    """One name that is listed in several ways; nothing of it is published until it is resolved."""

    name: DatasetName
    fields: tuple[str, ...]
    """What differs: `owner`, `openness`, `grade`."""
    proposals: tuple[Record, ...]
    published: Record | None
    """What the catalogue says of it until then."""


@dataclass(frozen=True, slots=True)
class Merged:
    """What became of the lists that a body compiled."""

    published: int
    unchanged: int
    clashes: tuple[Clash, ...]


def differences(records: tuple[Record, ...]) -> tuple[str, ...]:
    """Name what the versions of one record differ in that a parent must settle."""
    fields = ("owner", "openness", "grade")
    return tuple(name for name in fields if len({getattr(one, name) for one in records}) > 1)


@dataclass(frozen=True, slots=True)
class Taken:
    """How far an import has come."""

    done: int
    total: int
    waiting: int
    """Records that a body above has to compile."""
    merged: Merged
