"""Everything that a step may use of the world, in one frozen value."""

from dataclasses import dataclass
from datetime import UTC, tzinfo

from sandbox.ledger.canonical import commitment, opening
from sandbox.model.names import Digest
from sandbox.model.step import Step
from sandbox.model.submission import PricedPlan
from sandbox.model.working_day import WEEKDAYS, Calendar
from sandbox.ports import (
    Blocks,
    Books,
    Chance,
    Clock,
    Engine,
    Onlooker,
    Page,
    Pseudonyms,
    Showcase,
    Signer,
    Vault,
    Workspaces,
)
from sandbox.settings import UNWITNESSED, Witnessing

SALT_BYTES = 32
ID_BYTES = 16


class Nobody:
    """Looks on at nothing: the onlooker of every site outside the tests."""

    def passed(self, step: Step) -> None:
        """Take no note."""


NOBODY = Nobody()


@dataclass(frozen=True, slots=True)
class Site:
    """One installation; `sandbox.assembly` builds it."""

    origin: str
    """Name of the site's ledger, as checkpoints carry it."""
    books: Books
    clock: Clock
    chance: Chance
    vault: Vault
    showcase: Showcase
    engine: Engine[PricedPlan]
    """Answers questions."""
    ledger_signer: Signer
    site_signer: Signer
    pseudonyms: Pseudonyms
    workspaces: Workspaces
    blocks: Blocks | None = None
    """Runs strangers' programs; None where this machine cannot hold one, and the lane is off."""
    calendar: Calendar = WEEKDAYS
    """Which days the office works."""
    zone: tzinfo = UTC
    """Where its days begin and end."""
    witnessing: Witnessing = UNWITNESSED
    onlooker: Onlooker = NOBODY

    def fresh_id(self) -> str:
        """Give a name that nobody can guess, 32 hexadecimal digits."""
        return self.chance.fresh(ID_BYTES).hex()

    def commit_to(self, page: Page, payload: bytes) -> Digest:
        """Keep the payload with a fresh salt, and give the commitment that the log may show."""
        salt = self.chance.fresh(SALT_BYTES)
        digest = Digest(commitment(payload, salt))
        page.openings.add(digest, opening(payload, salt))
        return digest
